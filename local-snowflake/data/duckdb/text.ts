/** A DuckDB string literal. DuckDB knows no backslash escapes; a NUL cannot stand in SQL text and is spliced in. */
export function duckString(value: string): string {
  const quoted = `'${value.replaceAll("'", "''")}'`;
  return quoted.includes('\0') ? `(${quoted.split('\0').join("' || chr(0) || '")})` : quoted;
}
