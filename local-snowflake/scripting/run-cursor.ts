import { SnowflakeError } from '../errors/snowflake-error.ts';
import type { TypedValue } from '../objects/extensions.ts';
import type { ResultSet, Row } from '../sql/result-set.ts';
import { bindStatement } from './bind-names.ts';
import { evaluate } from './evaluate.ts';
import type { Frame } from './frame.ts';
import { assignRow, runSql } from './run-sql.ts';
import type { CursorEntry, ResultsetEntry } from './scope.ts';
import { asException } from './script-error.ts';
import type { Binds } from './script-port.ts';
import type { Expression, NameAt, Statement } from './tree.ts';

/** The cursor of a name; that it is one was checked before the script ran. */
export function cursorOf(name: NameAt, frame: Frame): CursorEntry {
  const entry = frame.scope.find(name.name);
  if (entry?.kind !== 'cursor') throw statementError(SnowflakeError.of('invalidIdentifier', { name: name.name }), name.at, frame);
  return entry;
}

function statementError(error: SnowflakeError, at: number, frame: Frame): unknown {
  return asException('STATEMENT_ERROR', error, at, frame.run.port.signal);
}

/** OPEN c [USING (…)]. https://docs.snowflake.com/en/sql-reference/snowflake-scripting/open */
export async function openCursor(statement: Extract<Statement, { kind: 'open' }>, frame: Frame): Promise<void> {
  const cursor = cursorOf(statement.cursor, frame);
  if (cursor.open !== undefined)
    throw statementError(SnowflakeError.of('cursorOpen', { name: statement.cursor.name }), statement.at, frame);
  await open(cursor, statement.cursor, await usingValues(statement.using, frame), statement.at, frame);
}

async function usingValues(using: readonly Expression[], frame: Frame): Promise<Binds> {
  const binds = new Map<string, TypedValue>();
  for (const [index, expression] of using.entries()) binds.set(String(index + 1), await evaluate(expression, frame));
  return binds;
}

/** Runs the cursor's query, or takes the rows of the RESULTSET that it was declared for. */
async function open(cursor: CursorEntry, name: NameAt, using: Binds, at: number, frame: Frame): Promise<ResultSet> {
  const { source } = cursor;
  const filled =
    source.kind === 'sql'
      ? await runSql({ ...source, at }, new Map([...bindStatement(source, frame), ...using]), frame)
      : filledOf(source, name, at, frame);
  cursor.open = { result: filled.result, queryId: filled.queryId, next: 0 };
  return filled.result;
}

function filledOf(resultset: ResultsetEntry, name: NameAt, at: number, frame: Frame): NonNullable<ResultsetEntry['filled']> {
  if (resultset.job !== undefined) throw statementError(SnowflakeError.of('resultsetNotAwaited', { name: name.name }), at, frame);
  if (resultset.filled === undefined) throw statementError(SnowflakeError.of('resultsetEmpty', { name: name.name }), at, frame);
  return resultset.filled;
}

/** FETCH c INTO v, …; NULL behind the last row. https://docs.snowflake.com/en/sql-reference/snowflake-scripting/fetch */
export async function fetchRow(statement: Extract<Statement, { kind: 'fetch' }>, frame: Frame): Promise<void> {
  const cursor = cursorOf(statement.cursor, frame);
  const { open: opened } = cursor;
  if (opened === undefined)
    throw statementError(SnowflakeError.of('cursorNotOpen', { name: statement.cursor.name }), statement.at, frame);
  const row = opened.result.rows[opened.next];
  if (row !== undefined) opened.next += 1;
  const values = opened.result.columns.map((column, index) => ({ type: column.type, cell: row?.[index] ?? null }));
  try {
    await assignRow(statement.into, values, frame);
  } catch (thrown) {
    throw asException('STATEMENT_ERROR', thrown, statement.at, frame.run.port.signal);
  }
}

export function closeCursor(statement: Extract<Statement, { kind: 'close' }>, frame: Frame): void {
  const cursor = cursorOf(statement.cursor, frame);
  if (cursor.open === undefined)
    throw statementError(SnowflakeError.of('cursorNotOpen', { name: statement.cursor.name }), statement.at, frame);
  cursor.open = undefined;
}

/** Rows that a FOR loop goes through, one by one: FETCH in the loop moves the same cursor on. */
export interface LoopRows {
  readonly columns: ResultSet['columns'];
  next(): Row | undefined;
  /** Closes a cursor that the loop itself has opened. */
  end(): void;
}

/** https://docs.snowflake.com/en/developer-guide/snowflake-scripting/loops#cursor-based-for-loops */
export async function loopRows(source: NameAt, at: number, frame: Frame): Promise<LoopRows> {
  const entry = frame.scope.find(source.name);
  if (entry?.kind === 'resultset') {
    const { result } = filledOf(entry, source, at, frame);
    let next = 0;
    return { columns: result.columns, next: () => result.rows[next++], end: () => undefined };
  }
  const cursor = cursorOf(source, frame);
  const opens = cursor.open === undefined;
  if (opens) await open(cursor, source, new Map(), at, frame);
  return {
    columns: cursor.open?.result.columns ?? [],
    next: () => {
      const { open: opened } = cursor;
      const row = opened?.result.rows[opened.next];
      if (opened !== undefined && row !== undefined) opened.next += 1;
      return row;
    },
    end: () => {
      if (opens) cursor.open = undefined;
    },
  };
}

/** What `RETURN TABLE(…)` hands back: all rows, however far a cursor has gone. */
export function tableOf(statement: Extract<Statement, { kind: 'returnTable' }>, frame: Frame): ResultSet {
  const { source, at } = statement;
  if (!statement.cursor) {
    const entry = frame.scope.find(source.name);
    if (entry?.kind !== 'resultset') throw statementError(SnowflakeError.of('invalidIdentifier', { name: source.name }), at, frame);
    return filledOf(entry, source, at, frame).result;
  }
  const cursor = cursorOf(source, frame);
  if (cursor.open === undefined) throw statementError(SnowflakeError.of('cursorNotOpen', { name: source.name }), at, frame);
  return cursor.open.result;
}
