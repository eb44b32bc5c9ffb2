import { itemName } from '../bind/bind-select.ts';
import { builtIn } from '../functions/registry.ts';
import type { StatementPorts, TypedCell } from '../ports.ts';
import type { ResultSet } from '../../sql/result-set.ts';
import { types } from '../../sql/types.ts';
import type { Call, Expression, SelectItem, Statement } from '../syntax/tree.ts';

/**
 * The answer of `SELECT SYSTEM$F('…')` alone; undefined when the statement is anything else. It reads no data, so that it
 * has not to wait for the session's other statements: SYSTEM$CANCEL_QUERY is there to end one of them.
 */
export function loneSystemCall(statement: Statement, ports: StatementPorts): Promise<ResultSet> | undefined {
  const item = loneItem(statement);
  if (item?.kind !== 'expression' || item.expression.kind !== 'call') return undefined;
  const { expression: call } = item;
  const name = plainName(call);
  const fn = name === undefined || builtIn(name) !== undefined ? undefined : ports.systemFunction([name]);
  const args = call.args.map(({ value }) => (value.kind === 'star' ? undefined : constant(value, ports)));
  if (fn === undefined || call.over !== undefined || args.includes(undefined)) return undefined;
  const columns = [{ name: itemName(item), type: fn.returns, nullable: true }];
  return fn.call(args.flatMap((arg) => arg ?? [])).then((cell) => ({ columns, rows: [[cell]] }));
}

function loneItem(statement: Statement): SelectItem | undefined {
  if (statement.kind !== 'query') return undefined;
  const { body, commonTables, limit, offset } = statement.query;
  if (body.kind !== 'select' || commonTables.length > 0 || limit !== undefined || offset !== undefined) return undefined;
  if (body.from.length > 0 || body.items.length !== 1 || body.distinct) return undefined;
  if (body.where !== undefined || body.having !== undefined || body.qualify !== undefined || body.top !== undefined)
    return undefined;
  return body.items[0];
}

function plainName(call: Call): string | undefined {
  return call.name.kind === 'name' && call.name.parts.length === 1 ? call.name.parts[0]?.name : undefined;
}

function constant(value: Expression, ports: StatementPorts): TypedCell | undefined {
  if (value.kind === 'bind') return ports.bind(value.key);
  if (value.kind !== 'literal') return undefined;
  if (value.literal === 'string') return { type: types.varchar(), cell: value.text };
  return value.literal === 'number' && /^\d{1,38}$/u.test(value.text) ? { type: types.number(), cell: value.text } : undefined;
}
