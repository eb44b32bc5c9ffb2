import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { type ObjectName, parseName } from '../../sql/identifier.ts';
import { column, type ResultColumn } from '../../sql/result-set.ts';
import { types } from '../../sql/types.ts';
import { duckString } from '../duckdb/text.ts';
import type { FromItem } from '../syntax/tree.ts';
import { bindExpression } from './bind-expression.ts';
import { aliasOf, simpleRelation } from './bind-table.ts';
import { loadedTable } from './bind-validate.ts';
import { type Bound, constantText } from './bound.ts';
import { castTo } from './cast.ts';
import type { ExpressionContext } from './expression-context.ts';
import type { FromBinding } from './from-binding.ts';

const number = types.number(38, 0);
const count = (sql: string): string => `CAST(${sql} AS DECIMAL(38,0))`;
const nothing = 'CAST(NULL AS VARCHAR)';

/** Columns as the page lists them, with DuckDB SQL over `_catalog.loads`. */
const outputs: readonly (readonly [column: ResultColumn, sql: string])[] = [
  [column('FILE_NAME'), 'file'],
  [column('STAGE_LOCATION'), 'stage'],
  [column('LAST_LOAD_TIME', types.timestampLtz()), `timezone('UTC', make_timestamp(loaded_at * 1000))`],
  [column('ROW_COUNT', number), count('loaded')],
  [column('ROW_PARSED', number), count('parsed')],
  [column('FILE_SIZE', number), count('size')],
  [column('FIRST_ERROR_MESSAGE'), 'error'],
  [column('FIRST_ERROR_LINE_NUMBER', number), count('error_line')],
  [column('FIRST_ERROR_CHARACTER_POS', number), count('CASE WHEN error IS NOT NULL THEN 1 END')],
  [column('FIRST_ERROR_COLUMN_NAME'), 'error_column'],
  [column('ERROR_COUNT', number), count('errors')],
  [column('ERROR_LIMIT', number), count('error_limit')],
  [column('STATUS'), `CASE WHEN errors = 0 THEN 'Loaded' WHEN loaded = 0 THEN 'Load failed' ELSE 'Partially loaded' END`],
  [column('TABLE_CATALOG_NAME'), 'catalog_name'],
  [column('TABLE_SCHEMA_NAME'), 'schema_name'],
  [column('TABLE_NAME'), 'table_name'],
  [column('PIPE_CATALOG_NAME'), nothing],
  [column('PIPE_SCHEMA_NAME'), nothing],
  [column('PIPE_NAME'), nothing],
  [column('PIPE_RECEIVED_TIME', types.timestampLtz()), 'CAST(NULL AS TIMESTAMPTZ)'],
  [column('BYTES_BILLED', number), count('NULL')],
];

export function isCopyHistory(name: ObjectName): boolean {
  return name.at(-1) === 'COPY_HISTORY' && name.at(-2) === 'INFORMATION_SCHEMA';
}

/** What COPY has loaded into a table. https://docs.snowflake.com/en/sql-reference/functions/copy_history */
export function bindCopyHistory(item: Extract<FromItem, { kind: 'function' }>, context: ExpressionContext): FromBinding {
  const given = new Map<string, Bound>();
  for (const { name, value } of item.call.args) {
    if (name === undefined || value.kind === 'star')
      throw SnowflakeError.of('unsupported', { feature: 'positional arguments of COPY_HISTORY' });
    given.set(name, bindExpression(value, context));
  }
  if (given.has('PIPE_NAME')) throw SnowflakeError.of('unsupported', { feature: 'COPY_HISTORY(PIPE_NAME => …)' });
  const written = constantText(given.get('TABLE_NAME'));
  const start = given.get('START_TIME');
  if (written === undefined || start === undefined)
    throw SnowflakeError.of('argumentCount', { name: 'COPY_HISTORY', expected: 'TABLE_NAME and START_TIME', got: given.size });
  const { facts } = context.bind.ports;
  const name = parseName(written);
  const { physicalName } = loadedTable(name, context);
  const [catalog, schema, table] = fullName(name, context);
  const milliseconds = (value: Bound): string => `epoch_ms(${castTo(value, types.timestampLtz(), 'explicit', facts).sql})`;
  const end = given.get('END_TIME');
  const conditions = [
    `physical_name = ${duckString(physicalName)}`,
    'file IS NOT NULL',
    `loaded_at >= ${milliseconds(start)}`,
    ...(end === undefined ? [] : [`loaded_at <= ${milliseconds(end)}`]),
  ];
  const names = `${text(catalog)} AS catalog_name, ${text(schema)} AS schema_name, ${text(table)} AS table_name`;
  return simpleRelation(
    outputs.map(([each]) => each),
    (index) => outputs[index]?.[1] ?? 'NULL',
    () => `(SELECT *, ${names} FROM _catalog.loads WHERE ${conditions.join(' AND ')}) AS ${context.bind.state.name('h')}`,
    aliasOf(item.alias, ['COPY_HISTORY']),
    context.bind,
  );
}

function fullName(name: ObjectName, context: ExpressionContext): (string | null | undefined)[] {
  const { database, schema } = context.bind.ports.facts;
  return [database, schema].slice(0, Math.max(0, 3 - name.length)).concat(name.slice(-3));
}

function text(value: string | null | undefined): string {
  return value === null || value === undefined ? 'NULL' : duckString(value);
}
