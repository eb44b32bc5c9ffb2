import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { CatalogObject } from '../../catalog/catalog-object.ts';
import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { parseName } from '../../sql/identifier.ts';
import { column } from '../../sql/result-set.ts';
import { types } from '../../sql/types.ts';
import type { Draft, Kind, ShowColumn } from '../kind.ts';
import type { ObjectScope } from '../object-scope.ts';
import { comment, createdOn, databaseName, objectName, owner, ownerRoleType, property, schemaName, text } from '../show-columns.ts';
import { absolutePath, locate } from '../stage-location.ts';
import { checkNotebook, templateNotebook } from './notebook-file.ts';

const standardFile = 'notebook_app.ipynb';
const warehouseRuntime = 'SYSTEM$WAREHOUSE_RUNTIME';
const containerRuntime = 'SYSTEM$BASIC_RUNTIME';

const warehouseOf = (key: string) => (object: CatalogObject, scope: ObjectScope) => scope.nameOf(object.properties[key] as string);
const urlId = text('url_id', (object) => object.id.replaceAll('-', '').slice(0, 20));
const queryWarehouse = text('query_warehouse', warehouseOf('QUERY_WAREHOUSE'));
const codeWarehouse = text(
  'code_warehouse',
  (object, scope) => warehouseOf('WAREHOUSE')(object, scope) ?? 'SYSTEM$STREAMLIT_NOTEBOOK_WH',
);

/** What DESCRIBE says. https://docs.snowflake.com/en/sql-reference/sql/desc-notebook names the first of them only. */
const described: readonly ShowColumn[] = [
  createdOn,
  text('title', (object) => object.name),
  property('main_file', 'MAIN_FILE'),
  queryWarehouse,
  urlId,
  property('runtime_name', 'RUNTIME_NAME'),
  property('compute_pool', 'COMPUTE_POOL'),
  owner,
  codeWarehouse,
  property('idle_auto_shutdown_time_seconds', 'IDLE_AUTO_SHUTDOWN_TIME_SECONDS'),
  objectName,
  comment,
  text('live_version_location_uri', (object, scope) => `snow://notebook/${scope.catalog.displayOf(object)}/versions/live/`),
];

// https://docs.snowflake.com/en/sql-reference/sql/create-notebook
export const notebook: Kind = {
  name: 'NOTEBOOK',
  plural: 'NOTEBOOKS',
  scope: 'schema',
  page: 'create-notebook',
  createPrivilege: 'CREATE NOTEBOOK',
  restorable: 'alone',
  privileges: ['USAGE'],
  // https://docs.snowflake.com/en/sql-reference/sql/desc-notebook: ownership cannot be transferred.
  ownershipTransferable: false,
  properties: {
    MAIN_FILE: { type: 'text', default: standardFile, settable: false },
    QUERY_WAREHOUSE: { type: 'reference', kind: 'WAREHOUSE', privilege: 'USAGE' },
    IDLE_AUTO_SHUTDOWN_TIME_SECONDS: { type: 'integer', min: 60, max: 259_200, default: 3600 },
    RUNTIME_NAME: { type: 'choice', values: [warehouseRuntime, containerRuntime], default: warehouseRuntime, settable: false },
    COMPUTE_POOL: { type: 'name', settable: false },
    WAREHOUSE: { type: 'reference', kind: 'WAREHOUSE', privilege: 'USAGE' },
  },
  clauses: { FROM: (stream) => ({ SOURCE: stream.peek().kind === 'location' ? stream.next().text : stream.string() }) },
  creating,
  actions: {
    // What is stored is the live version already.
    'ADD LIVE VERSION FROM LAST': { privileges: [], run: (object) => ({ object }) },
  },
  dropped: (object, scope) => scope.effects.stages.remove(object.id),
  show: [createdOn, objectName, databaseName, schemaName, comment, owner, queryWarehouse, urlId, ownerRoleType, codeWarehouse],
  describe: (object, scope) => ({
    columns: described.map((each) => column(each.name, each.type ?? types.varchar())),
    rows: [described.map((each) => each.value(object, scope) as string | null)],
  }),
};

/** Checks the file and keeps a copy of it, below a new id that the object takes over. */
async function creating(draft: Draft, _: unknown, scope: ObjectScope): Promise<Draft> {
  const { SOURCE: source, ...properties } = draft.properties;
  const file = String(properties['MAIN_FILE']);
  if (!/^[^/\\\0]+\.ipynb$/u.test(file)) throw SnowflakeError.of('invalidPropertyValue', { property: 'MAIN_FILE', value: file });
  const pool = poolOf(properties, scope);
  const content = typeof source === 'string' ? await read(source, file, scope) : templateNotebook;
  checkNotebook(file, content);
  const id = scope.ids.uuid();
  const path = liveFile({ id, properties }, scope);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
  return { ...draft, id, properties: { ...properties, ...(pool === undefined ? {} : { COMPUTE_POOL: pool }) } };
}

/** Python of a container runtime runs on a node of a compute pool, of the warehouse runtime beside the warehouse. */
function poolOf(properties: Draft['properties'], scope: ObjectScope): string | undefined {
  const { RUNTIME_NAME: runtime, COMPUTE_POOL: pool } = properties;
  if (runtime === warehouseRuntime) {
    if (pool !== undefined) throw SnowflakeError.of('conflictingOptions', { first: 'COMPUTE_POOL', second: warehouseRuntime });
    return undefined;
  }
  if (typeof pool !== 'string') throw SnowflakeError.of('missingProperty', { property: 'COMPUTE_POOL' });
  return scope.find('COMPUTE POOL', parseName(pool), 'USAGE').name;
}

async function read(source: string, file: string, scope: ObjectScope): Promise<string> {
  const written = `${source.replace(/\/+$/u, '')}/${file}`;
  const path = absolutePath(locate(written, scope, 'READ'));
  return readFile(path, 'utf8').catch(() => {
    throw SnowflakeError.of('fileNotFound', { path: written });
  });
}

/** Where the notebook's file lies. */
export function liveFile(object: Pick<CatalogObject, 'id' | 'properties'>, scope: ObjectScope): string {
  return join(scope.effects.stages.directory(object.id), 'versions', 'live', String(object.properties['MAIN_FILE']));
}
