/** One row of an answer, by column name as the statement spells it (lower case for SHOW and DESCRIBE). */
export type Row = Readonly<Record<string, unknown>>;

/** What resource kinds need of Snowflake. Statements go to one session, one after the other or side by side. */
export interface Session {
  execute(statement: string): Promise<readonly Row[]>;
  /** Waits between two looks at an object that is changing its state. */
  pause(milliseconds: number): Promise<void>;
}

/** A refusal by Snowflake: the code and message it gave, without the statement, which may hold a secret. */
export class StatementFailed extends Error {
  readonly code: number | undefined;

  constructor(message: string, code: number | undefined) {
    super(message);
    this.name = 'StatementFailed';
    this.code = code;
  }
}

// 002003: the object, 002043: the object or operation; both also mean "not authorized", which Snowflake does not tell apart.
const missingObjectCodes = new Set([2003, 2043]);

export function isMissingObject(error: unknown): boolean {
  return error instanceof StatementFailed && error.code !== undefined && missingObjectCodes.has(error.code);
}

/** Runs `statement`; an answer that the object does not exist counts as no rows. */
export async function executeIfExists(session: Session, statement: string): Promise<readonly Row[]> {
  try {
    return await session.execute(statement);
  } catch (error) {
    if (isMissingObject(error)) return [];
    throw error;
  }
}

/** The text in a cell; absent and NULL become ''. Snowflake shows some absent names as the word `null`. */
export function cellText(row: Row, column: string): string {
  const value = row[column];
  if (value === null || value === undefined || value === 'null') return '';
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  return JSON.stringify(value);
}

export function cellNumber(row: Row, column: string): number {
  return Number(cellText(row, column));
}

export function cellBoolean(row: Row, column: string): boolean {
  return ['true', 'y', '1'].includes(cellText(row, column).toLowerCase());
}
