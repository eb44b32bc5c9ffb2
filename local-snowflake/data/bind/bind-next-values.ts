import { SnowflakeError } from '../../errors/snowflake-error.ts';
import type { Call, FromItem } from '../syntax/tree.ts';
import type { BindContext } from './bind-context.ts';
import { type Bound, bound } from './bound.ts';
import { newBlock } from './expression-context.ts';
import { type FromBinding, UsedColumns } from './from-binding.ts';
import { Scope } from './scope.ts';
import { bindSequence } from './sequence.ts';

export function isNextValues(call: Call): boolean {
  return call.name.kind === 'name' && call.name.parts.length === 1 && call.name.parts[0]?.name === 'GETNEXTVAL';
}

/**
 * `TABLE(GETNEXTVAL(s))`: beside each row a value of its own, the same wherever the row's NEXTVAL is named.
 * https://docs.snowflake.com/en/user-guide/querying-sequences#using-a-sequence-as-a-table-function
 */
export function bindNextValues(
  item: Extract<FromItem, { kind: 'function' }>,
  left: FromBinding | undefined,
  bind: BindContext,
  outer: Scope | undefined,
): FromBinding {
  const next = valueOf(item.call, bind, outer);
  const internal = bind.state.name('c');
  const alias = bind.state.name('n');
  const used = new UsedColumns();
  used.add(internal, next.sql);
  const column = {
    name: item.alias.columns[0]?.name ?? 'NEXTVAL',
    bound: () => {
      used.use(internal);
      return bound(next.type, internal, false);
    },
  };
  return {
    relations: [...(left?.relations ?? []), { alias: item.alias.name?.name ?? 'GETNEXTVAL', qualifier: [], columns: [column] }],
    render: () => {
      const rows = left === undefined ? '(SELECT 1) AS one' : left.render();
      return `(SELECT ${[...(left?.used() ?? []), used.list()].join(', ')} FROM ${rows}) AS ${alias}`;
    },
    used: () => [...(left?.used() ?? []), ...used.used()],
  };
}

function valueOf(call: Call, bind: BindContext, outer: Scope | undefined): Bound {
  const [sequence, ...more] = call.args;
  if (sequence?.value.kind !== 'column' || more.length > 0)
    throw SnowflakeError.of('argumentCount', { name: 'GETNEXTVAL', expected: '1', got: call.args.length });
  const parts = [...sequence.value.parts, { name: 'NEXTVAL', quoted: false }];
  return bindSequence(parts, { bind, scope: outer ?? new Scope([]), block: newBlock() });
}
