import { join } from 'node:path';
import type { CatalogObject } from '../../catalog/catalog-object.ts';
import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { displayIdentifier } from '../../sql/identifier.ts';
import type { TokenStream } from '../../sql/token-stream.ts';
import type { Alteration, Kind } from '../kind.ts';
import type { ObjectScope } from '../object-scope.ts';
import { comment, createdOn, databaseName, objectName, owner, ownerRoleType, schemaName } from '../show-columns.ts';

/** A version of a dataset: a query's rows, written once as Parquet files below `versions/<name>/`. */
export interface DatasetVersion {
  /** As given: version names keep their case. */
  readonly name: string;
  readonly createdOn: number;
  readonly comment: string | null;
  /** JSON text. */
  readonly metadata: string | null;
}

export function versionsOf(object: CatalogObject): readonly DatasetVersion[] {
  return (object.properties['VERSIONS'] as readonly DatasetVersion[] | undefined) ?? [];
}

// https://docs.snowflake.com/en/sql-reference/sql/create-dataset
export const dataset: Kind = {
  name: 'DATASET',
  plural: 'DATASETS',
  scope: 'schema',
  page: 'create-dataset',
  createPrivilege: 'CREATE DATASET',
  restorable: 'within',
  privileges: ['USAGE'],
  properties: {},
  readAlter: alterDataset,
  // The number by which snowflake-ml-python knows it.
  alterMissing: (name) => SnowflakeError.of('datasetMissing', { name }),
  altered: async (before, after, scope) => {
    for (const version of versionsOf(after))
      if (!versionsOf(before).includes(version)) await scope.lineage.made(after, version.name);
  },
  dropped: (object, scope) => scope.effects.stages.remove(object.id),
  show: [createdOn, objectName, databaseName, schemaName, owner, comment, ownerRoleType],
};

// https://docs.snowflake.com/en/sql-reference/sql/alter-dataset
async function alterDataset(object: CatalogObject, stream: TokenStream, scope: ObjectScope): Promise<Alteration | undefined> {
  if (stream.accept('ADD VERSION')) return { object: await addVersion(object, stream, scope) };
  if (stream.accept('DROP VERSION')) return { object: await dropVersion(object, stream, scope) };
  return undefined;
}

/** Names become folder names, so what could leave the folder is refused. */
function checkedVersionName(name: string): string {
  if (name === '' || name === '.' || name === '..' || /[/\\\0]/u.test(name)) {
    throw SnowflakeError.of('invalidPropertyValue', { property: 'VERSION', value: name });
  }
  return name;
}

async function addVersion(object: CatalogObject, stream: TokenStream, scope: ObjectScope): Promise<CatalogObject> {
  const name = checkedVersionName(stream.string());
  if (versionsOf(object).some((version) => version.name === name)) {
    throw SnowflakeError.of('datasetVersionExists', { version: name, name: displayIdentifier(object.name) });
  }
  stream.expect('FROM');
  const query = stream.parenthesised();
  let noted: string | null = null;
  let metadata: string | null = null;
  let partitionBy: string | undefined;
  for (;;) {
    if (stream.accept('PARTITION BY')) partitionBy = readExpression(stream);
    else if (stream.accept('COMMENT')) {
      stream.expectSymbol('=');
      noted = stream.string();
    } else if (stream.accept('METADATA')) {
      stream.expectSymbol('=');
      metadata = checkedJson(stream.string());
    } else break;
  }
  const directory = versionFolder(object, name, scope);
  await scope.effects.queries.writeParquet(query, scope, {
    directory,
    prefix: 'data_0_0_0',
    ...(partitionBy === undefined ? {} : { partitionBy }),
  });
  return withVersions(object, [...versionsOf(object), { name, createdOn: scope.now, comment: noted, metadata }]);
}

/** The text of an expression, up to the clause that follows. */
function readExpression(stream: TokenStream): string {
  const start = stream.position;
  while (!stream.atEnd && !stream.is('COMMENT') && !stream.is('METADATA')) {
    if (stream.isSymbol('(')) stream.parenthesised();
    else stream.next();
  }
  const text = stream.textSince(start);
  if (text === '' || stream.position === start) throw stream.unexpected();
  return text;
}

async function dropVersion(object: CatalogObject, stream: TokenStream, scope: ObjectScope): Promise<CatalogObject> {
  const name = stream.string();
  const rest = versionsOf(object).filter((version) => version.name !== name);
  if (rest.length === versionsOf(object).length)
    throw SnowflakeError.of('datasetVersionMissing', { version: name, name: displayIdentifier(object.name) });
  await scope.effects.stages.removeFolder(versionFolder(object, name, scope));
  return withVersions(object, rest);
}

function versionFolder(object: CatalogObject, version: string, scope: ObjectScope): string {
  return join(scope.effects.stages.directory(object.id), 'versions', version);
}

function withVersions(object: CatalogObject, versions: readonly DatasetVersion[]): CatalogObject {
  return { ...object, properties: { ...object.properties, VERSIONS: versions } };
}

function checkedJson(text: string): string {
  try {
    JSON.parse(text);
  } catch {
    throw SnowflakeError.of('invalidPropertyValue', { property: 'METADATA', value: text.slice(0, 100) });
  }
  return text;
}
