/**
 * A string constant. Backslash is an escape character inside quotes, so both it and the quote are doubled.
 * https://docs.snowflake.com/en/sql-reference/data-types-text#single-quoted-string-constants
 */
export function literal(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
}

/** `('a', 'b')` */
export function literalList(texts: readonly string[]): string {
  return `(${texts.map(literal).join(', ')})`;
}

/** A double-quoted identifier. https://docs.snowflake.com/en/sql-reference/identifiers-syntax */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** `"DB"."SCHEMA"."NAME"` */
export function qualified(...parts: readonly string[]): string {
  return parts.map(quoted).join('.');
}

export function booleanText(value: boolean): 'TRUE' | 'FALSE' {
  return value ? 'TRUE' : 'FALSE';
}
