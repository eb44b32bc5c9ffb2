import type { SnowflakeType } from '../../sql/types.ts';
import type { TableAlias } from '../syntax/tree.ts';
import type { BindContext } from './bind-context.ts';
import { bound } from './bound.ts';
import { type FromBinding, UsedColumns } from './from-binding.ts';
import type { ScopeColumn } from './scope.ts';

/** What a table function makes of each row beside it: a list of structs, one for each row that it gives. */
export interface TakenApart {
  /** Of the function: its rows' alias where they have none. */
  readonly name: string;
  /** DuckDB SQL over the left side's columns. */
  readonly input: string;
  /** DuckDB SQL of the list. */
  readonly entries: (input: string) => string;
  /** DuckDB SQL of the struct that stands for none. */
  readonly missing: string;
  /** Whether a row with an empty list stays, as OUTER and LEFT JOIN have it. */
  readonly keepsEmpty: boolean;
  /** Name, type and DuckDB SQL of each column. `sequence` numbers the rows of the left side from 1. */
  readonly columns: (names: {
    readonly entry: string;
    readonly sequence: string;
    readonly input: string;
  }) => readonly (readonly [name: string, type: SnowflakeType, sql: string])[];
}

/** DuckDB unnests a list next to the left side's columns, which keeps the order and needs no correlated join. */
export function besideRows(
  alias: TableAlias,
  left: FromBinding | undefined,
  bind: BindContext,
  { name, input, entries, missing, keepsEmpty, columns }: TakenApart,
): FromBinding {
  const table = bind.state.name('f');
  const entry = `${table}_e`;
  const whole = `${table}_t`;
  const used = new UsedColumns();
  const scopeColumns = columns({ entry, sequence: `CAST(${table}_s AS DECIMAL(38,0))`, input: whole }).map(
    ([column, type, source], index): ScopeColumn => {
      const internal = bind.state.name('c');
      used.add(internal, source);
      return {
        name: alias.columns[index]?.name ?? column,
        bound: () => {
          used.use(internal);
          return bound(type, internal);
        },
      };
    },
  );
  const render = (): string => {
    const from = left === undefined ? '' : ` FROM ${left.render()}`;
    const kept = left === undefined ? [] : left.used();
    const list = entries(whole);
    const taken = keepsEmpty ? `CASE WHEN len(${list}) > 0 THEN ${list} ELSE [${missing}] END` : list;
    const rows = `SELECT ${[...kept, `${input} AS ${whole}`, `row_number() OVER () AS ${table}_s`].join(', ')}${from}`;
    const unnested = `SELECT *, unnest(${taken}) AS ${entry} FROM (${rows}) AS ${table}_i`;
    return `(SELECT ${[...kept, used.list()].join(', ')} FROM (${unnested}) AS ${table}_u) AS ${table}`;
  };
  return {
    relations: [...(left?.relations ?? []), { alias: alias.name?.name ?? name, qualifier: [], columns: scopeColumns }],
    render,
    used: () => [...(left?.used() ?? []), ...used.used()],
  };
}
