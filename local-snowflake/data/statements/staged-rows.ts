import { bindFromList } from '../bind/bind-from.ts';
import { booleanOf } from '../bind/bind-operator.ts';
import { bindExpression } from '../bind/bind-expression.ts';
import { protectedRelation } from '../bind/bind-protected.ts';
import { simpleRelation } from '../bind/bind-table.ts';
import type { Bound } from '../bind/bound.ts';
import { type ExpressionContext, newBlock } from '../bind/expression-context.ts';
import type { FromBinding } from '../bind/from-binding.ts';
import { materialisePython } from '../bind/python-block.ts';
import { Scope } from '../bind/scope.ts';
import { quoteIdentifier } from '../../sql/identifier.ts';
import { types } from '../../sql/types.ts';
import type { Expression, FromItem, TableAlias } from '../syntax/tree.ts';
import type { StatementFrame } from './statement-frame.ts';
import type { TargetTable } from './target-table.ts';

/** Rows of a target, by rowid, beside the rows of other tables. */
export interface StagedRows {
  readonly context: ExpressionContext;
  /** SQL of the target's rowid. */
  readonly rowid: Bound;
  /** `SELECT list FROM … WHERE …`; to be called when everything is bound. */
  select(list: readonly string[]): string;
}

export function stageRows(
  target: TargetTable,
  alias: TableAlias,
  others: readonly FromItem[],
  where: Expression | undefined,
  frame: StatementFrame,
): StagedRows {
  const rows = targetRows(target, alias, frame);
  const other = bindFromList(others, frame.bind, undefined);
  const block = newBlock();
  const scope = new Scope([rows.relation, ...other.relations]);
  const context: ExpressionContext = { bind: frame.bind, scope, block };
  const condition = where === undefined ? undefined : booleanOf(bindExpression(where, { ...context, clause: 'WHERE' }), context);
  const from: FromBinding = {
    relations: scope.relations,
    render: () => [rows.binding.render(), ...(others.length === 0 ? [] : [other.render()])].join(', '),
    used: () => [...rows.binding.used(), ...other.used()],
  };
  return {
    context,
    rowid: rows.rowid,
    select: (list) => {
      const source = block.pythonCalls.length === 0 ? undefined : materialisePython(from, condition, block.pythonCalls, frame.bind);
      const filter = source === undefined ? condition?.sql : source.where;
      return `SELECT ${list.join(', ')}${source?.from ?? ` FROM ${from.render()}`}${filter === undefined ? '' : ` WHERE ${filter}`}`;
    },
  };
}

/** The target as a relation with its rowid, which no user's name can reach: the rows, and their values, that the session may see. */
export function targetRows(
  target: TargetTable,
  alias: TableAlias,
  frame: StatementFrame,
): { binding: FromBinding; rowid: Bound; relation: FromBinding['relations'][number] } {
  const columns = [...target.columns, { name: '\u0000rowid', type: types.number(19, 0), nullable: true, physical: 'rowid' }];
  const rows = simpleRelation(
    columns,
    (index) => (index === target.columns.length ? 'rowid' : quoteIdentifier(columns[index]?.physical ?? '')),
    () => target.sql,
    {
      name: alias.name?.name ?? target.name.at(-1),
      columns: [],
      qualifier: alias.name === undefined ? target.name.slice(0, -1) : [],
    },
    frame.bind,
  );
  const binding = protectedRelation(rows, target.protection, frame.bind);
  const [relation] = binding.relations;
  const last = relation?.columns.at(-1);
  if (relation === undefined || last === undefined) throw new Error('the relation was just made');
  return { binding, rowid: last.bound(), relation: { ...relation, columns: relation.columns.slice(0, -1) } };
}
