import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { types } from '../../sql/types.ts';
import type { Call, FromItem } from '../syntax/tree.ts';
import { besideRows } from './beside-rows.ts';
import type { BindContext } from './bind-context.ts';
import { checkAliasColumns } from './bind-from.ts';
import { castTo } from './cast.ts';
import { type ExpressionContext, newBlock } from './expression-context.ts';
import type { FromBinding } from './from-binding.ts';
import { Scope } from './scope.ts';
import { argument } from './table-argument.ts';

/** How each takes a text apart: a list of texts. */
const splits: Readonly<Record<string, (text: string, delimiter: string) => string>> = {
  SPLIT_TO_TABLE: (text, delimiter) => `sf_split(${text}, ${delimiter})`,
  STRTOK_SPLIT_TO_TABLE: (text, delimiter) => `sf_strtok_array(${text}, ${delimiter})`,
};

export function isSplit(call: Call): boolean {
  return call.name.kind === 'name' && call.name.parts.length === 1 && Object.hasOwn(splits, call.name.parts[0]?.name ?? '');
}

/**
 * The parts of a text, beside the row that it is in.
 * https://docs.snowflake.com/en/sql-reference/functions/split_to_table
 * https://docs.snowflake.com/en/sql-reference/functions/strtok_split_to_table
 */
export function bindSplit(
  item: Extract<FromItem, { kind: 'function' }>,
  left: FromBinding | undefined,
  leftJoin: boolean,
  bind: BindContext,
  outer: Scope | undefined,
): FromBinding {
  const context: ExpressionContext = { bind, scope: new Scope(left?.relations ?? [], outer), block: newBlock() };
  const { call } = item;
  checkAliasColumns(item.alias.columns.length, 3);
  const name = call.name.kind === 'name' ? (call.name.parts[0]?.name ?? '') : '';
  const text = argument(call.args, 'STRING', 0, context);
  const delimiter = argument(call.args, 'DELIMITER', 1, context);
  if (text === undefined || (delimiter === undefined && name === 'SPLIT_TO_TABLE'))
    throw SnowflakeError.of('argumentCount', { name, expected: '2', got: call.args.length });
  const texts = (value: typeof text): string => castTo(value, types.varchar(), 'implicit', bind.ports.facts).sql;
  const parts = splits[name]?.(texts(text), delimiter === undefined ? "' '" : texts(delimiter)) ?? '';
  return besideRows(item.alias, left, bind, {
    name,
    input: parts,
    entries: (list) => `list_transform(${list}, lambda sf_v, sf_n: struct_pack(n := sf_n, v := sf_v))`,
    missing: 'struct_pack(n := CAST(NULL AS BIGINT), v := CAST(NULL AS VARCHAR))',
    keepsEmpty: leftJoin,
    columns: ({ entry, sequence }) => [
      ['SEQ', types.number(), sequence],
      ['INDEX', types.number(), `CAST(${entry}.n AS DECIMAL(38,0))`],
      ['VALUE', types.varchar(), `${entry}.v`],
    ],
  });
}
