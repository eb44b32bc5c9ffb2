import { SnowflakeError } from '../../errors/snowflake-error.ts';
import type { FromItem } from '../syntax/tree.ts';
import type { BindContext } from './bind-context.ts';
import { bindJoin } from './bind-join.ts';
import { bindPivot } from './bind-pivot.ts';
import { matchQuery } from './match-recognize.ts';
import { bindUnpivot } from './bind-unpivot.ts';
import { bindStage } from './bind-stage.ts';
import { bindTable, queryRelation, sampled } from './bind-table.ts';
import { bindTableFunction } from './bind-table-function.ts';
import { bindQuery } from './bind-query.ts';
import type { FromBinding } from './from-binding.ts';
import { Scope, type ScopeRelation } from './scope.ts';

/** Items of FROM, separated by commas: later lateral ones see the earlier ones. */
export function bindFromList(items: readonly FromItem[], bind: BindContext, outer: Scope | undefined): FromBinding {
  const [first, ...rest] = items;
  if (first === undefined) return { relations: [], render: () => '', used: () => [] };
  return rest.reduce<FromBinding>(
    (left, item) =>
      bindJoin(
        { kind: 'join', join: 'CROSS', left: first, right: item, on: undefined, using: [], natural: false, match: undefined },
        left,
        bind,
        outer,
      ),
    bindFrom(first, bind, outer, []),
  );
}

/** `left`: relations that a lateral item may speak of. */
export function bindFrom(item: FromItem, bind: BindContext, outer: Scope | undefined, left: readonly ScopeRelation[]): FromBinding {
  switch (item.kind) {
    case 'table':
      return bindTable(item, bind, outer);
    case 'derived': {
      const scope = item.lateral ? new Scope(left, outer) : outer;
      return sampled(queryRelation(bindQuery(item.query, bind, scope), item.alias, bind, item.lateral), item.sample, bind);
    }
    case 'stage':
      return bindStage(item, bind);
    case 'function':
      return bindTableFunction(item, bind, new Scope(left, outer));
    case 'join':
      return bindJoin(item, bindFrom(item.left, bind, outer, left), bind, outer);
    case 'pivot':
      return bindPivot(item, bind, outer);
    case 'match':
      return queryRelation(bindQuery(matchQuery(item), bind, outer), item.alias, bind, false);
    case 'unpivot':
      return bindUnpivot(item, bind, outer);
  }
}

/** Checks `AS t (a, b)`: as many names as columns. */
export function checkAliasColumns(given: number, columns: number): void {
  if (given > 0 && given !== columns) throw SnowflakeError.of('columnCount', { expected: columns, got: given, branch: 1 });
}
