/** A cell as snowflake-sdk hands it out: numbers and booleans as such, timestamps as Date, semi-structured values parsed. */
export type SqlValue = string | number | boolean | bigint | null | object;
export type SqlRow = Readonly<Record<string, SqlValue>>;

/** One session with an account. Statements may be sent side by side. */
export interface SqlClient {
  /** Where it is connected, for messages: never a secret. */
  readonly address: string;
  /** @throws SqlFailure when Snowflake refuses the statement, PipelineFailure when it cannot be reached. */
  query(sql: string): Promise<readonly SqlRow[]>;
  close(): Promise<void>;
}

const cell = (row: SqlRow, column: string): SqlValue => {
  const value = row[column];
  if (value === undefined) throw new Error(`The result has no column ${column}, only ${Object.keys(row).join(', ')}.`);
  return value;
};

export const textOrNull = (row: SqlRow, column: string): string | null => {
  const value = cell(row, column);
  if (value === null) return null;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
};

/** The text of a cell, empty for NULL. */
export const text = (row: SqlRow, column: string): string => textOrNull(row, column) ?? '';

export const numberOrNull = (row: SqlRow, column: string): number | null => {
  const value = cell(row, column);
  return value === null ? null : Number(value);
};

/** A timestamp cell in epoch milliseconds. */
export const timeOrNull = (row: SqlRow, column: string): number | null => {
  const value = cell(row, column);
  if (value === null) return null;
  if (value instanceof Date) return value.getTime();
  const parsed = typeof value === 'string' ? Date.parse(value) : Number(value);
  if (Number.isNaN(parsed)) throw new Error(`Column ${column} holds no timestamp.`);
  return parsed;
};
