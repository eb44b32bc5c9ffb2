import { mkdirSync } from 'node:fs';
import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { DataEngine } from '../data/data-engine.ts';
import type { PastPoint } from '../data/history/table-history.ts';
import type { StageLocation } from '../data/ports.ts';
import type { Effects, NotificationEffects, PastTable, QueryEffects, WarehouseEffects } from '../objects/effects.ts';
import type { ObjectScope } from '../objects/object-scope.ts';
import { SnowflakeError } from '../errors/snowflake-error.ts';
import { addToFolder } from '../platform/stage-folder.ts';
import type { Vault } from '../platform/vault.ts';
import type { PythonRuntime } from '../runtime/python-runtime.ts';
import { parseScript } from '../scripting/parse-script.ts';
import { dataPorts } from './data-ports.ts';
import { makeNotebooks } from './notebooks.ts';
import type { RetiredFolders } from './retired-folders.ts';
import type { Services } from './services.ts';
import type { Statement } from './statement.ts';
import { StatementScope } from './statement-scope.ts';
import type { Transfers } from './transfers.ts';
import { onWarehouse } from './warehouse-use.ts';

export interface EffectSources {
  readonly data: DataEngine;
  readonly python: PythonRuntime;
  readonly services: Services;
  readonly vault: Vault;
  readonly transfers: Transfers;
  readonly retired: RetiredFolders;
  readonly warehouses: WarehouseEffects;
  readonly notifier: NotificationEffects;
  /** When a statement ended, by its query id; epoch milliseconds. */
  readonly statementEnd: (queryId: string) => number | undefined;
  /** Folder of the stages' files. */
  readonly stagesFolder: string;
}

/** The world that objects act on, put together from the parts that own it. */
export function makeEffects(sources: EffectSources): Effects {
  const { data, python, vault, transfers, retired, stagesFolder } = sources;
  const { tables } = data;
  return {
    tables: {
      create: (name, columns) => tables.createTable(name, columns),
      drop: (name) => tables.dropTable(name),
      clone: async (from, to, past) => tables.clone(from, to, past === undefined ? undefined : await pointOf(from, past, sources)),
      cloneSequence: (from, to) => tables.cloneSequence(from, to),
      addColumn: (name, column, fill) => tables.addColumn(name, column, fill),
      dropColumn: (name, physical) => tables.dropColumn(name, physical),
      setNullable: (name, physical, nullable) => tables.setNullable(name, physical, nullable),
      setType: (name, physical, type) => tables.setType(name, physical, type),
      rowCount: (name) => tables.rowCount(name),
      bytes: (name) => tables.bytes(name),
      createSequence: (name, start, step) => tables.createSequence(name, start, step),
      dropSequence: (name) => tables.dropSequence(name),
    },
    streams: {
      track: (name, signal, content) => data.streams.track(name, signal, content),
      replace: (name, columns, from, scope) => {
        const statement = statementOf(scope, '');
        return statement.state.connection.replaceRows(name, columns, from, dataPorts(statement));
      },
      untrack: (name, signal) => data.streams.untrack(name, signal),
      create: async (id, start, behind, initialRows) => {
        const past = start.kind === 'time' || start.kind === 'statement';
        const begin = past ? { kind: 'version' as const, ...(await data.history.point(start, sources.statementEnd)) } : start;
        return data.streams.create(id, begin, behind, initialRows);
      },
      drop: (id) => data.streams.drop(id),
      hasData: (id, names, appendOnly) => data.streams.hasData(id, names, appendOnly),
      readAt: (id) => data.streams.readAt(id),
    },
    queries,
    warehouses: sources.warehouses,
    scripts: { check: (body) => void parseScript(body) },
    stages: {
      directory: (id) => {
        const folder = join(stagesFolder, id);
        mkdirSync(folder, { recursive: true });
        return folder;
      },
      remove: (id) => rm(join(stagesFolder, id), { recursive: true, force: true }),
      copy: (from, to) => cp(join(stagesFolder, from), join(stagesFolder, to), { recursive: true, force: true }),
      removeFolder: (path) => rm(path, { recursive: true, force: true }),
      retireFolder: (path, scope) => retired.retire(path, scope.queryId),
      reuseFolder: (path) => retired.clear(path),
      presign: (path, lifetime) => transfers.presign(path, lifetime),
    },
    vault,
    jobs: sources.services.jobs,
    services: sources.services.running,
    pools: sources.services.pools,
    notebooks: makeNotebooks(python.host, sources.services),
    notifications: sources.notifier,
    python: {
      checkPackages: (packages, version) => python.admit(packages, version),
      packages: () => python.packages.packages(),
      version: () => python.packages.pythonVersion(),
    },
  };
}

/** @throws SnowflakeError `timeTravelUnavailable` for a time before the table was made, or longer ago than its past is kept */
async function pointOf(physicalName: string, past: PastTable, { data, statementEnd }: EffectSources): Promise<PastPoint> {
  const point = await data.history.point(past.point, statementEnd);
  if (point.time < past.createdOn || point.time < past.keptSince || !data.reaches(physicalName, point.version))
    throw SnowflakeError.of('timeTravelUnavailable', { kind: 'table', name: past.display });
  return { ...point, own: undefined };
}

/** Objects only ever see scopes that the session made. */
function statementOf(scope: ObjectScope, text: string): Statement {
  if (!(scope instanceof StatementScope)) throw new TypeError('a scope of a statement is expected');
  return { text, scope, state: scope.state, binds: scope.binds, describeOnly: false, depth: 0 };
}

const queries: QueryEffects = {
  describe: (query, scope) => {
    const statement = statementOf(scope, query);
    return statement.state.connection.describe(query, dataPorts(statement));
  },
  run: async (query, scope, own) => {
    const statement = statementOf(scope, query);
    return (await onWarehouse(statement, (ports) => statement.state.connection.run(query, ports), own)).result.rows;
  },
  tablesBehind: (query, scope) => {
    const statement = statementOf(scope, query);
    return statement.state.connection.tablesBehind(query, dataPorts(statement));
  },
  createTableAs: (physicalName, query, scope, declared) => {
    const statement = statementOf(scope, query);
    return onWarehouse(statement, (ports) => statement.state.connection.createTableAs(physicalName, query, ports, declared));
  },
  writeParquet: async (query, scope, target) => {
    const statement = statementOf(scope, query);
    const location: StageLocation = {
      display: target.prefix,
      files: [],
      fileFormat: {},
      add: (path, source) => addToFolder(target.directory, path, source),
      remove: async () => undefined,
    };
    const written = await onWarehouse(statement, (ports) =>
      statement.state.connection.writeFiles(query, ports, location, {
        format: { TYPE: 'PARQUET' },
        prefix: target.prefix,
        ...(target.partitionBy === undefined ? {} : { partitionBy: target.partitionBy }),
      }),
    );
    return { rows: written.files.reduce((sum, file) => sum + file.rows, 0) };
  },
};
