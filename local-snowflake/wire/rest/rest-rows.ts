import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { systemIds } from '../../platform/ids.ts';
import type { ClientSession } from '../../session/service.ts';
import type { ResultColumn, ResultSet } from '../../sql/result-set.ts';
import type { JsonObject } from '../fields.ts';

/**
 * What a statement answers in the request's session, a JSON object a row: names in lower case unless `named` says otherwise, numbers, booleans and
 * ISO 8601 times as JSON carries them, null left out. REST operations are these statements and nothing besides.
 * @throws SnowflakeError
 */
export async function restRows(
  session: ClientSession,
  statement: string,
  binds: readonly (string | number)[] = [],
  named: (column: string) => string = (column) => column.toLowerCase(),
): Promise<JsonObject[]> {
  const bindings = Object.fromEntries(
    binds.map((value, index) => [String(index + 1), { type: typeof value === 'number' ? 'FIXED' : 'TEXT', value: String(value) }]),
  );
  const query = session.submit({
    requestId: systemIds.uuid(),
    text: statement,
    describeOnly: false,
    bindings,
    // A text from the request that closes its statement cannot bring another one.
    parameters: { MULTI_STATEMENT_COUNT: 1 },
  });
  const outcome = await query.outcome();
  if (outcome.kind !== 'result') throw SnowflakeError.of('internal', { message: `REST statement answered ${outcome.kind}` });
  return objects(outcome.result, named);
}

/** A statement's `status`, as REST answers what changes something. */
export async function restStatus(session: ClientSession, statement: string): Promise<{ status: string }> {
  const [row] = await restRows(session, statement);
  const status = Object.values(row ?? {})[0];
  return { status: typeof status === 'string' ? status : 'Statement executed successfully.' };
}

function objects({ columns, rows }: ResultSet, named: (column: string) => string): JsonObject[] {
  return rows.map((row) =>
    Object.fromEntries(
      columns.flatMap((column, index) => {
        const cell = row[index];
        return cell === null || cell === undefined ? [] : [[named(column.name), jsonValue(column, cell)]];
      }),
    ),
  );
}

function jsonValue({ type }: ResultColumn, cell: string): unknown {
  switch (type.kind) {
    case 'NUMBER':
    case 'FLOAT':
      return Number(cell);
    case 'BOOLEAN':
      return cell === '1';
    case 'TIMESTAMP_LTZ':
    case 'TIMESTAMP_NTZ':
    case 'TIMESTAMP_TZ':
      return new Date(Math.round(Number.parseFloat(cell) * 1000)).toISOString();
    default:
      return cell;
  }
}
