import type { DuckDBConnection } from '@duckdb/node-api';
import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { column } from '../../sql/result-set.ts';
import { types } from '../../sql/types.ts';
import { inferSchema, type InferOptions } from '../copy/infer-schema.ts';
import type { FromItem } from '../syntax/tree.ts';
import { bindExpression } from './bind-expression.ts';
import { aliasOf, rowsRelation } from './bind-table.ts';
import { constantText } from './bound.ts';
import type { ExpressionContext } from './expression-context.ts';
import type { FromBinding } from './from-binding.ts';

const columns = [
  column('COLUMN_NAME'),
  column('TYPE'),
  column('NULLABLE', types.boolean),
  column('EXPRESSION'),
  column('FILENAMES'),
  column('ORDER_ID', types.number(38, 0)),
];

/** https://docs.snowflake.com/en/sql-reference/functions/infer_schema */
export function bindInferSchema(item: Extract<FromItem, { kind: 'function' }>, context: ExpressionContext): FromBinding {
  const options = readOptions(item, context);
  const { ports } = context.bind;
  return rowsRelation(
    columns,
    (connection: DuckDBConnection) => inferSchema(options, ports, connection),
    aliasOf(item.alias, ['INFER_SCHEMA']),
    context.bind,
  );
}

function readOptions(item: Extract<FromItem, { kind: 'function' }>, context: ExpressionContext): InferOptions {
  const texts = new Map<string, readonly string[]>();
  for (const argument of item.call.args) {
    const { name, value } = argument;
    if (name === undefined || value.kind === 'star')
      throw SnowflakeError.of('unsupported', { feature: 'positional arguments of INFER_SCHEMA' });
    const items = value.kind === 'tuple' || value.kind === 'array' ? value.items : [value];
    texts.set(
      name,
      items.map((one) => {
        const text = constantText(bindExpression(one, context));
        if (text === undefined) throw SnowflakeError.of('notConstant', { name: 'INFER_SCHEMA', argument: name });
        return text;
      }),
    );
  }
  const one = (name: string): string | undefined => texts.get(name)?.[0];
  const location = one('LOCATION');
  const format = one('FILE_FORMAT');
  if (location === undefined || format === undefined)
    throw SnowflakeError.of('argumentCount', { name: 'INFER_SCHEMA', expected: 'LOCATION and FILE_FORMAT', got: texts.size });
  if ((one('KIND') ?? 'STANDARD').toUpperCase() !== 'STANDARD')
    throw SnowflakeError.of('unsupported', { feature: `INFER_SCHEMA(KIND => '${one('KIND') ?? ''}')` });
  return {
    location,
    format,
    files: texts.get('FILES'),
    ignoreCase: one('IGNORE_CASE') === '1',
    maxFiles: one('MAX_FILE_COUNT') === undefined ? undefined : Number(one('MAX_FILE_COUNT')),
    maxRecords: one('MAX_RECORDS_PER_FILE') === undefined ? undefined : Number(one('MAX_RECORDS_PER_FILE')),
  };
}
