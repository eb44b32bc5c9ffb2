import type { CatalogObject } from '../catalog/catalog-object.ts';
import type { ResultColumn, Row } from '../sql/result-set.ts';
import type { SnowflakeType } from '../sql/types.ts';
import type { NotificationMessage, NotificationRecipients } from './notification-functions.ts';
import type { JobEffects } from './job/job-effects.ts';
import type { NotebookEffects } from './notebook/notebook-effects.ts';
import type { ObjectScope } from './object-scope.ts';
import type { PointInTime } from './point-in-time.ts';
import type { PoolEffects } from './pool-effects.ts';
import type { ServiceEffects } from './service/service-effects.ts';
import type { StreamEffects } from './stream/stream-effects.ts';
import type { DeclaredColumn, TableColumnRecord } from './table-columns.ts';

/**
 * What objects do to the world beyond the catalog. Each port is implemented outside `objects/` and handed in, so that a
 * kind's definition stays free of DuckDB, processes and the network.
 */
export interface Effects {
  readonly tables: TableEffects;
  readonly streams: StreamEffects;
  readonly queries: QueryEffects;
  readonly warehouses: WarehouseEffects;
  readonly scripts: ScriptEffects;
  readonly stages: StageEffects;
  readonly vault: VaultEffects;
  readonly python: PythonEffects;
  readonly jobs: JobEffects;
  readonly services: ServiceEffects;
  readonly pools: PoolEffects;
  readonly notebooks: NotebookEffects;
  readonly notifications: NotificationEffects;
}

export interface NotificationEffects {
  /** Sends messages through an integration, or keeps them in the outbox. @throws SnowflakeError for recipients that are not allowed */
  send(
    integration: CatalogObject,
    messages: readonly NotificationMessage[],
    target: NotificationRecipients,
    scope: ObjectScope,
  ): Promise<void>;
}

/** Physical tables, by a name that only the catalog knows. */
export interface TableEffects {
  create(physicalName: string, columns: readonly TableColumnRecord[]): Promise<void>;
  drop(physicalName: string): Promise<void>;
  /** Copies a table with its identity columns; as it was, when `point` says so. `display` names it in errors. */
  clone(from: string, to: string, past?: PastTable): Promise<void>;
  cloneSequence(from: string, to: string): Promise<void>;
  /** Adds a column; rows that are there get `fill`, a literal's text, or NULL. */
  addColumn(physicalName: string, column: TableColumnRecord, fill?: string): Promise<void>;
  dropColumn(physicalName: string, physical: string): Promise<void>;
  setNullable(physicalName: string, physical: string, nullable: boolean): Promise<void>;
  setType(physicalName: string, physical: string, type: SnowflakeType): Promise<void>;
  rowCount(physicalName: string): Promise<number>;
  /** Estimate of the stored size. */
  bytes(physicalName: string): Promise<number>;
  createSequence(physicalName: string, start: number, step: number): Promise<void>;
  dropSequence(physicalName: string): Promise<void>;
}

/** A table as it was. */
export interface PastTable {
  readonly point: PointInTime;
  /** What messages call it. */
  readonly display: string;
  /** Epoch milliseconds: before it, what the table was is not kept. */
  readonly keptSince: number;
  /** Epoch milliseconds. */
  readonly createdOn: number;
}

/** A table that no name in the catalog leads to: what an object keeps for itself. */
export interface OwnTable {
  readonly physicalName: string;
  readonly columns: readonly TableColumnRecord[];
}

export interface WarehouseEffects {
  /** Statements that run on the warehouse of that id. */
  running(id: string): number;
  /** Cancels them. */
  abortAll(id: string): void;
}

/** Queries that objects hold or are made of, run with the privileges of the scope. */
export interface QueryEffects {
  /** Columns of a query, without running it. */
  describe(query: string, scope: ObjectScope): Promise<readonly ResultColumn[]>;
  /** `own`: physical tables of an object, which the query names without a schema. */
  run(query: string, scope: ObjectScope, own?: ReadonlyMap<string, OwnTable>): Promise<readonly Row[]>;
  /** Physical names of the tables that a stream's view reads. @throws SnowflakeError `unsupported` for a view that a stream cannot be on */
  tablesBehind(query: string, scope: ObjectScope): Promise<readonly string[]>;
  /** CREATE TABLE AS: makes and fills a physical table; `declared` names and types columns by position. */
  createTableAs(
    physicalName: string,
    query: string,
    scope: ObjectScope,
    declared?: readonly DeclaredColumn[],
  ): Promise<readonly TableColumnRecord[]>;
  /** Writes a query's rows as Parquet files into a folder of a stage-like object. */
  writeParquet(
    query: string,
    scope: ObjectScope,
    target: { readonly directory: string; readonly prefix: string; readonly partitionBy?: string },
  ): Promise<{ readonly rows: number }>;
}

export interface ScriptEffects {
  /** Reads the body of a procedure without running it. @throws SnowflakeError `syntaxError`, `unsupported` */
  check(body: string): void;
}

/** Files of internal stages, by stage id. */
export interface StageEffects {
  /** Absolute folder of a stage's files; made when it is not there. */
  directory(stageId: string): string;
  remove(stageId: string): Promise<void>;
  /** Copies all files of one stage into another. */
  copy(from: string, to: string): Promise<void>;
  /** Removes one folder below a stage's, by its absolute path. */
  removeFolder(absolutePath: string): Promise<void>;
  /** Removes one folder below a stage's when the statements that may read it, those that run now, have ended. */
  retireFolder(absolutePath: string, scope: ObjectScope): Promise<void>;
  /** Removes at once what is left of a folder that waits for its end, before it is filled anew. */
  reuseFolder(absolutePath: string): Promise<void>;
  /** URL that fetches one file without a login for `lifetime` milliseconds. */
  presign(absolutePath: string, lifetime: number): string;
}

/** Keeps secrets enciphered at rest. */
export interface VaultEffects {
  encipher(secret: string): string;
  decipher(sealed: string): string;
}

export interface PythonEffects {
  /** Checks PACKAGES against what is installed. @throws SnowflakeError naming what is missing */
  checkPackages(packages: readonly string[], runtimeVersion: string): Promise<void>;
  /** The workers' Python, `3.11`. */
  version(): Promise<string>;
  /** Installed packages, for INFORMATION_SCHEMA.PACKAGES. */
  packages(): Promise<readonly { readonly name: string; readonly version: string }[]>;
}
