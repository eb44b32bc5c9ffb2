import type { Cell, ResultColumn } from '../../sql/result-set.ts';

export interface QueryColumn extends ResultColumn {
  /** Its name in DuckDB, unique in the statement. */
  readonly internal: string;
  /** Nothing but NULL literals: takes the type of the other side of a set operation. */
  readonly untyped?: true;
  /** One more column of the query: the value at a key of an OBJECT, see Bound. To be asked for before the query runs. */
  readonly field?: ((key: string) => FieldColumn) | undefined;
}

export interface FieldColumn {
  readonly internal: string;
  /** The same as a floating-point number. */
  readonly float: () => string;
}

/** A bound query: `sql` is a DuckDB SELECT whose columns are the `internal` names, in order. */
export interface BoundQuery {
  readonly columns: readonly QueryColumn[];
  readonly sql: string;
  /** See FromBinding. */
  readonly limit?: ((rows: string) => void) | undefined;
  /** The only row of a query of constants alone, which needs no engine: what connection pools ask to see whether it answers. */
  readonly constantRow?: readonly Cell[];
}
