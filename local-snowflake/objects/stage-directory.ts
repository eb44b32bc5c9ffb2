import type { CatalogObject } from '../catalog/catalog-object.ts';
import { SnowflakeError } from '../errors/snowflake-error.ts';
import { listFolder } from '../platform/stage-folder.ts';
import { cell, column, type ResultSet, type Row } from '../sql/result-set.ts';
import type { TokenStream } from '../sql/token-stream.ts';
import { types } from '../sql/types.ts';
import type { Extension } from './extensions.ts';
import type { Alteration } from './kind.ts';
import type { ObjectScope } from './object-scope.ts';
import { locate } from './stage-location.ts';
import type { TableColumnRecord } from './table-columns.ts';

/** A file as the last refresh of its stage's directory table found it. */
interface DirectoryEntry {
  readonly path: string;
  readonly size: number;
  readonly md5: string;
  /** Epoch milliseconds. */
  readonly modified: number;
}

function entriesOf(stage: CatalogObject): readonly DirectoryEntry[] {
  return (stage.properties['DIRECTORY_ENTRIES'] as readonly DirectoryEntry[] | undefined) ?? [];
}

/** https://docs.snowflake.com/en/user-guide/data-load-dirtables-query */
const columns = [
  column('RELATIVE_PATH'),
  column('SIZE', types.number(38, 0)),
  column('LAST_MODIFIED', types.timestampLtz(3)),
  column('MD5'),
  column('ETAG'),
  column('FILE_URL'),
];

/** Columns of the table that a directory table is kept in while streams are on it. */
export const directoryColumns: readonly TableColumnRecord[] = columns.map((each, index) => ({
  ...each,
  physical: `c${String(index + 1)}`,
}));

function rowsOf(stage: CatalogObject, scope: ObjectScope): Row[] {
  const base = ['https://localorg-local.snowflakecomputing.com/api/files', ...scope.catalog.pathOf(stage)].join('/');
  return entriesOf(stage).map((entry) => [
    entry.path,
    cell.number(entry.size),
    cell.timestamp(entry.modified),
    entry.md5,
    entry.md5,
    `${base}/${encodeURIComponent(entry.path)}`,
  ]);
}

/**
 * Makes the table whose changes are those of a stage's directory table: with the first stream on it.
 * https://docs.snowflake.com/en/sql-reference/sql/create-stream
 * @returns its physical name
 */
export async function trackDirectory(stage: CatalogObject, scope: ObjectScope): Promise<string> {
  const physical = `t_${scope.ids.uuid()}`;
  const names = directoryColumns.map((each) => each.physical);
  await scope.effects.tables.create(physical, directoryColumns);
  await scope.effects.streams.track(physical, scope.signal, names);
  await scope.effects.streams.replace(physical, directoryColumns, { rows: rowsOf(stage, scope) }, scope);
  return physical;
}

/** @throws SnowflakeError `directoryDisabled` */
export function requireDirectory(stage: CatalogObject, scope: ObjectScope): void {
  const group = stage.properties['DIRECTORY'] as Readonly<Record<string, unknown>> | undefined;
  if (group?.['ENABLE'] !== true) throw SnowflakeError.of('directoryDisabled', { name: scope.catalog.displayOf(stage) });
}

/** `ALTER STAGE s REFRESH [SUBPATH = '…']` https://docs.snowflake.com/en/sql-reference/sql/alter-stage#directory-table-parameters */
export async function refreshDirectory(stage: CatalogObject, stream: TokenStream, scope: ObjectScope): Promise<Alteration> {
  requireDirectory(stage, scope);
  let below = '';
  if (stream.accept('SUBPATH')) {
    stream.expectSymbol('=');
    below = stream.string().replace(/^\/+/u, '').replace(/\/*$/u, '/');
  }
  const found = await listFolder(scope.effects.stages.directory(stage.id), below);
  const now = found.map(({ path, size, md5, modified }): DirectoryEntry => ({ path, size, md5, modified }));
  const before = entriesOf(stage).filter((entry) => entry.path.startsWith(below));
  const kept = entriesOf(stage).filter((entry) => !entry.path.startsWith(below));
  const object = { ...stage, properties: { ...stage.properties, DIRECTORY_ENTRIES: [...kept, ...now] } };
  const { PHYSICAL: physical } = stage.properties;
  if (typeof physical === 'string')
    await scope.effects.streams.replace(physical, directoryColumns, { rows: rowsOf(object, scope) }, scope);
  return { object, result: changes(before, now) };
}

function changes(before: readonly DirectoryEntry[], now: readonly DirectoryEntry[]): ResultSet {
  const known = new Map(before.map((entry) => [entry.path, entry]));
  const present = new Set(now.map((entry) => entry.path));
  const registered = now.flatMap((entry) => {
    const old = known.get(entry.path);
    if (old?.md5 === entry.md5 && old.modified === entry.modified) return [];
    return [[entry.path, old === undefined ? 'REGISTERED_NEW' : 'REGISTERED_UPDATE', 'File registered successfully.']];
  });
  const gone = before
    .filter((entry) => !present.has(entry.path))
    .map((entry) => [entry.path, 'UNREGISTERED', 'File unregistered successfully.']);
  return { columns: ['file', 'status', 'description'].map((name) => column(name)), rows: [...registered, ...gone] };
}

// https://docs.snowflake.com/en/user-guide/data-load-dirtables-query
export const stageDirectory: Extension = {
  tableFunctions: [
    {
      name: 'DIRECTORY',
      page: 'user-guide/data-load-dirtables-query',
      columns,
      rows: (args, scope) => {
        const { object: stage } = locate(args.get('1')?.cell ?? '', scope, 'READ');
        if (stage.kind !== 'STAGE') throw SnowflakeError.of('unsupported', { feature: 'DIRECTORY of something else than a stage' });
        requireDirectory(stage, scope);
        return rowsOf(stage, scope);
      },
    },
  ],
};
