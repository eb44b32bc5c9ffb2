import { SnowflakeError } from '../errors/snowflake-error.ts';

/** A possibly qualified name, parts already folded (unquoted → upper case), outermost first. */
export type ObjectName = readonly string[];

const plain = /^[A-Z_][A-Z0-9_$]*$/u;
const unquoted = /^[A-Za-z_][A-Za-z0-9_$]*$/u;

/** Folds an identifier as written. https://docs.snowflake.com/en/sql-reference/identifiers-syntax */
export function foldIdentifier(written: string): string {
  if (written.startsWith('"')) {
    if (written.length < 3 || !written.endsWith('"')) {
      throw SnowflakeError.of('invalidIdentifier', { name: written });
    }
    return written.slice(1, -1).replaceAll('""', '"');
  }
  if (!unquoted.test(written)) throw SnowflakeError.of('invalidIdentifier', { name: written });
  return written.toUpperCase();
}

/** Always quoted: safe to put into any SQL text. */
export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** Quoted only where needed, as Snowflake prints names in messages and in SHOW output. */
export function displayIdentifier(name: string): string {
  return plain.test(name) ? name : quoteIdentifier(name);
}

export function displayName(name: ObjectName): string {
  return name.map(displayIdentifier).join('.');
}

export function quoteName(name: ObjectName): string {
  return name.map(quoteIdentifier).join('.');
}

/**
 * Parses `a."b".c` from a string value (as in `IDENTIFIER('…')` or a function's name argument).
 * `a..c` names schema PUBLIC. @throws SnowflakeError `invalidIdentifier`
 */
export function parseName(text: string): ObjectName {
  const parts: string[] = [];
  const trimmed = text.trim();
  let rest = trimmed;
  for (;;) {
    const match = /^(?:"(?:[^"]|"")+"|[A-Za-z_][A-Za-z0-9_$]*)/u.exec(rest);
    if (match === null) {
      if (parts.length === 1 && rest.startsWith('.')) {
        parts.push('PUBLIC');
        rest = rest.slice(1);
        continue;
      }
      throw SnowflakeError.of('invalidIdentifier', { name: trimmed });
    }
    parts.push(foldIdentifier(match[0]));
    rest = rest.slice(match[0].length);
    if (rest === '') return parts;
    if (!rest.startsWith('.')) throw SnowflakeError.of('invalidIdentifier', { name: trimmed });
    rest = rest.slice(1);
  }
}
