import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { displayIdentifier } from '../../sql/identifier.ts';
import type { TokenStream } from '../../sql/token-stream.ts';
import type { CreateRequest, Draft, Kind } from '../kind.ts';
import type { ObjectScope } from '../object-scope.ts';
import { comment, constant, createdOn, databaseName, objectName, owner, schemaName, text } from '../show-columns.ts';
import { locate } from '../stage-location.ts';
import { alterModel } from './model-alter.ts';
import { refuseWhileServed } from './served-model.ts';
import { recordVersionLineage } from './model-lineage.ts';
import { importVersion } from './model-files.ts';
import { defaultVersion, findVersion, modelVersions } from './model-version.ts';

// https://docs.snowflake.com/en/sql-reference/sql/create-model
export const model: Kind = {
  name: 'MODEL',
  plural: 'MODELS',
  scope: 'schema',
  page: 'create-model',
  createPrivilege: 'CREATE MODEL',
  restorable: 'within',
  privileges: ['USAGE', 'READ'],
  ownershipTransferable: false,
  properties: {},
  readCreate,
  readAlter: alterModel,
  dropping: (object, scope, { within }) => {
    if (!within) refuseWhileServed(object, undefined, scope);
  },
  created: (object, scope) => recordVersionLineage(object, modelVersions(object), scope),
  altered: (before, after, scope) =>
    recordVersionLineage(
      after,
      modelVersions(after).filter((version) => !modelVersions(before).some((each) => each.name === version.name)),
      scope,
    ),
  dropped: (object, scope) => scope.effects.stages.retireFolder(scope.effects.stages.directory(object.id), scope),
  createdMessage: (object) => `Model ${displayIdentifier(object.name)} successfully created.`,
  show: [
    createdOn,
    objectName,
    constant('model_type', 'USER_MODEL'),
    databaseName,
    schemaName,
    comment,
    owner,
    text('default_version_name', defaultVersion),
    text('versions', (object) => JSON.stringify(modelVersions(object).map((version) => version.name))),
    text('aliases', (object) => {
      const aliases = modelVersions(object).flatMap((version) =>
        version.alias === null ? [] : [[version.alias, version.name] as const],
      );
      const [first, last] = [modelVersions(object)[0]?.name ?? '', modelVersions(object).at(-1)?.name ?? ''];
      return JSON.stringify({ DEFAULT: defaultVersion(object), FIRST: first, LAST: last, ...Object.fromEntries(aliases) });
    }),
  ],
};

/** `[WITH VERSION v] FROM { @stage/path | MODEL m [VERSION v] }` */
async function readCreate(stream: TokenStream, request: CreateRequest, scope: ObjectScope): Promise<Draft> {
  const name = stream.accept('WITH VERSION') ? stream.identifier() : 'V1';
  stream.expect('FROM');
  // With IF NOT EXISTS over an existing model nothing may be copied.
  if (request.existing !== undefined && !request.orReplace) {
    stream.restText();
    return { properties: {}, complete: true };
  }
  const id = scope.ids.uuid();
  if (stream.accept('MODEL')) {
    const source = scope.find('MODEL', stream.name(), 'OWNERSHIP', 'READ');
    const version = findVersion(source, stream.accept('VERSION') ? stream.identifier() : 'DEFAULT');
    scope.lineage.read(source, version.name);
    const location = locate(`snow://model/${scope.catalog.displayOf(source)}/versions/${version.name}`, scope, 'READ');
    const copied = await importVersion(id, name, location, scope);
    return draft(id, { ...copied, metadata: version.metadata });
  }
  const written = stream.peek().kind === 'location' ? stream.next().text : stream.string();
  if (written === '') throw SnowflakeError.of('invalidStageLocation', { location: written });
  return draft(id, await importVersion(id, name, locate(written, scope, 'READ'), scope));
}

function draft(id: string, version: Awaited<ReturnType<typeof importVersion>>): Draft {
  return { id, properties: { VERSIONS: [version], DEFAULT_VERSION: version.name } };
}
