import type { FromItem } from '../syntax/tree.ts';
import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { types } from '../../sql/types.ts';
import { duckString } from '../duckdb/text.ts';
import type { BindContext } from './bind-context.ts';
import { unify } from './bind-expression.ts';
import { bindFrom } from './bind-from.ts';
import { queryRelation } from './bind-table.ts';
import type { QueryColumn } from './bound-query.ts';
import { type ExpressionContext, newBlock } from './expression-context.ts';
import type { FromBinding } from './from-binding.ts';
import { Scope } from './scope.ts';

/** https://docs.snowflake.com/en/sql-reference/constructs/unpivot */
export function bindUnpivot(
  item: Extract<FromItem, { kind: 'unpivot' }>,
  bind: BindContext,
  outer: Scope | undefined,
): FromBinding {
  const source = bindFrom(item.source, bind, outer, []);
  const scope = new Scope(source.relations, outer);
  const context: ExpressionContext = { bind, scope, block: newBlock() };
  const turned = unify(
    item.columns.map((entry) => scope.column([entry.column]).bound()),
    'UNPIVOT',
    context,
  );
  const names = new Set(item.columns.map((entry) => entry.column.name));
  const kept = source.relations
    .flatMap((relation) =>
      relation.columns.filter((column) => !names.has(column.name) && column.pseudo !== true && column.merged !== true),
    )
    .map((column) => ({ name: column.name, bound: column.bound() }));
  const output = (name: string, type: QueryColumn['type']): QueryColumn => ({
    name,
    type,
    nullable: true,
    internal: bind.state.name('c'),
  });
  const columns = [
    ...kept.map((column) => output(column.name, column.bound.type)),
    output(item.name.name, types.varchar()),
    output(item.value.name, turned[0]?.type ?? missing()),
  ];
  const nameColumn = columns.at(-2)?.internal ?? '';
  const valueColumn = columns.at(-1)?.internal ?? '';
  const entries = item.columns.map(
    (entry, index) => `struct_pack(k := ${duckString(entry.alias ?? entry.column.name)}, v := ${turned[index]?.sql ?? 'NULL'})`,
  );
  const e = bind.state.name('u');
  const query = {
    columns,
    get sql() {
      const keep = kept.map((column, index) => `${column.bound.sql} AS ${columns[index]?.internal ?? ''}`);
      const rows = `SELECT ${[...keep, `unnest([${entries.join(', ')}]) AS ${e}`].join(', ')} FROM ${source.render()}`;
      const list = [
        ...kept.map((_, index) => columns[index]?.internal ?? ''),
        `${e}.k AS ${nameColumn}`,
        `${e}.v AS ${valueColumn}`,
      ];
      return `SELECT ${list.join(', ')} FROM (${rows}) AS ${e}_r${item.includeNulls ? '' : ` WHERE ${e}.v IS NOT NULL`}`;
    },
  };
  return queryRelation(query, item.alias, bind);
}

function missing(): never {
  throw SnowflakeError.of('argumentCount', { name: 'UNPIVOT', expected: '1', got: 0 });
}
