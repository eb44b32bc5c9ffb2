import type { ResultColumn } from '../../sql/result-set.ts';
import type { StatementPorts } from '../ports.ts';
import type { StageItem, StageSource } from '../copy/stage-source.ts';
import type { PastPoint, TableHistory } from '../history/table-history.ts';
import type { ChangesClause, PivotItem, PivotValue, TimeTravel } from '../syntax/tree.ts';
import type { Preparation } from './preparation.ts';

/** A common table expression in reach. */
export interface CommonTableBinding {
  readonly name: string;
  /** Its name in DuckDB's WITH. */
  readonly internal: string;
  readonly columns: readonly (ResultColumn & { readonly internal: string })[];
  /** `internal AS (…)`, for queries that run ahead of the one with the WITH; undefined inside a recursive table itself. */
  readonly definition: string | undefined;
}

/** Shared by everything that one statement binds: views and SQL functions inside it too. */
export class StatementState {
  #next = 0;
  #depth = 0;
  readonly preparations: Preparation[] = [];
  /** Internal column names → what the user calls them, for messages. */
  readonly labels = new Map<string, string>();
  /** Physical names of the tables whose past it reads. */
  readonly tables = new Set<string>();
  /** Ids of the streams that the statement reads. */
  readonly streams = new Set<string>();

  /** A name used nowhere else in the statement. DuckDB folds case in identifiers, so these are all lower case. */
  name(prefix: string): string {
    this.#next += 1;
    return `${prefix}${String(this.#next)}`;
  }

  /** Guards against views and functions that name themselves. */
  nested<T>(work: () => T): T {
    this.#depth += 1;
    try {
      if (this.#depth > 64) throw new RangeError('views or functions nested too deeply');
      return work();
    } finally {
      this.#depth -= 1;
    }
  }
}

/** Where names are looked up: the statement's session, or a view's owner. */
export interface BindContext {
  readonly state: StatementState;
  readonly ports: StatementPorts;
  readonly commonTables: readonly CommonTableBinding[];
  /** The statement's stages, opened before binding. */
  readonly stages: ReadonlyMap<StageItem, StageSource>;
  /** Values of PIVOTs that a query gives, read before binding. */
  readonly pivots: ReadonlyMap<PivotItem, readonly PivotValue[]>;
  /** Points in the past that AT and BEFORE name, found before binding. */
  readonly points: ReadonlyMap<TimeTravel, PastPoint>;
  readonly history: TableHistory;
  /** Where tables are read in their past; as they are now without it. */
  readonly past?: PastPoint;
  /** The changes of a table are read, not its rows. */
  readonly changes?: ChangesClause;
  /** Describe-only: nothing outside may be called. */
  readonly describing: boolean;
  /** The version at which tables are read, with the ids of their rows; as they are now without it. */
  readonly at?: TableVersion;
}

/** A version of tables, or that and the rows that were inserted into them since. */
export interface TableVersion {
  /** SQL of its number. */
  readonly version: string;
  readonly withAppended?: boolean;
}
