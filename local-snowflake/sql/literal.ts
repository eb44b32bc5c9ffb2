/** A single-quoted SQL string literal that reads back as `text` whatever it holds. */
export function quoteString(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
}

const escapes: Record<string, string> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f', '0': '\0' };

/**
 * Value of a single-quoted literal's inside: `''` and Snowflake's backslash escapes.
 * https://docs.snowflake.com/en/sql-reference/data-types-text#escape-sequences-in-single-quoted-string-constants
 */
export function unescapeString(inside: string): string {
  return inside.replace(
    /''|\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|([0-3][0-7]{2})|([\s\S]))/gu,
    (whole: string, hex?: string, unicode?: string, octal?: string, single?: string) => {
      if (whole === "''") return "'";
      if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
      if (unicode !== undefined) return String.fromCharCode(Number.parseInt(unicode, 16));
      if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8));
      return single === undefined ? whole : (escapes[single] ?? single);
    },
  );
}

/** Matches SQL LIKE: `%` any run, `_` one character; `\` escapes. Case-insensitive as in SHOW … LIKE. */
export function likeMatcher(pattern: string): (text: string) => boolean {
  let source = '';
  for (let index = 0; index < pattern.length; index += 1) {
    const character = pattern.charAt(index);
    if (character === '%') source += '[\\s\\S]*';
    else if (character === '_') source += '[\\s\\S]';
    else {
      const literal = character === '\\' && index + 1 < pattern.length ? pattern.charAt((index += 1)) : character;
      source += literal.replace(/[\\^$.*+?()[\]{}|/]/gu, '\\$&');
    }
  }
  const regex = new RegExp(`^${source}$`, 'iu');
  return (text) => regex.test(text);
}
