import type { CatalogObject } from '../../catalog/catalog-object.ts';
import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { displayIdentifier } from '../../sql/identifier.ts';
import type { TokenStream } from '../../sql/token-stream.ts';
import type { Alteration } from '../kind.ts';
import type { ObjectScope } from '../object-scope.ts';
import { locate } from '../stage-location.ts';
import { importVersion, removeVersionFiles } from './model-files.ts';
import { refuseWhileServed } from './served-model.ts';
import { defaultVersion, findVersion, type ModelVersion, modelVersions, withModelVersions } from './model-version.ts';

/** ALTER MODEL forms that work on versions. https://docs.snowflake.com/en/sql-reference/sql/alter-model */
export async function alterModel(object: CatalogObject, stream: TokenStream, scope: ObjectScope): Promise<Alteration | undefined> {
  if (stream.accept('ADD VERSION')) return { object: await addVersion(object, stream, scope) };
  if (stream.accept('DROP VERSION')) return { object: await dropVersion(object, stream, scope) };
  if (stream.accept('MODIFY VERSION')) return { object: modifyVersion(object, stream) };
  if (stream.accept('VERSION')) return { object: setAlias(object, stream) };
  if (stream.is('SET DEFAULT_VERSION')) {
    stream.accept('SET DEFAULT_VERSION');
    stream.expectSymbol('=');
    const name = stream.peek().kind === 'string' ? stream.string() : stream.identifier();
    return { object: withModelVersions(object, modelVersions(object), findVersion(object, name).name) };
  }
  return undefined;
}

async function addVersion(object: CatalogObject, stream: TokenStream, scope: ObjectScope): Promise<CatalogObject> {
  const name = stream.identifier();
  if (modelVersions(object).some((version) => version.name === name || version.alias === name)) {
    throw SnowflakeError.of('modelVersionExists', { version: displayIdentifier(name), name: displayIdentifier(object.name) });
  }
  stream.expect('FROM');
  let source: string;
  if (stream.accept('MODEL')) {
    const other = scope.find('MODEL', stream.name(), 'OWNERSHIP', 'READ');
    const version = findVersion(other, stream.accept('VERSION') ? stream.identifier() : 'DEFAULT');
    scope.lineage.read(other, version.name);
    source = `snow://model/${scope.catalog.displayOf(other)}/versions/${version.name}`;
  } else source = stream.peek().kind === 'location' ? stream.next().text : stream.string();
  const added = await importVersion(object.id, name, locate(source, scope, 'READ'), scope);
  return withModelVersions(object, [...modelVersions(object), added]);
}

async function dropVersion(object: CatalogObject, stream: TokenStream, scope: ObjectScope): Promise<CatalogObject> {
  const version = findVersion(object, stream.identifier());
  if (version.name === defaultVersion(object)) {
    throw SnowflakeError.of('defaultVersionDrop', {
      version: displayIdentifier(version.name),
      name: displayIdentifier(object.name),
    });
  }
  refuseWhileServed(object, version.name, scope);
  await removeVersionFiles(object.id, version.name, scope);
  return withModelVersions(
    object,
    modelVersions(object).filter((each) => each !== version),
  );
}

function replaced(object: CatalogObject, before: ModelVersion, after: ModelVersion): CatalogObject {
  return withModelVersions(
    object,
    modelVersions(object).map((each) => (each === before ? after : each)),
  );
}

/** `MODIFY VERSION v SET [COMMENT = '…'] [METADATA = '…']` */
function modifyVersion(object: CatalogObject, stream: TokenStream): CatalogObject {
  const version = findVersion(object, stream.identifier());
  const changes: { comment?: string; metadata?: string } = {};
  stream.expect('SET');
  do {
    const token = stream.peek();
    const property = stream.identifier();
    stream.expectSymbol('=');
    const value = stream.string();
    if (property === 'COMMENT') changes.comment = value;
    else if (property === 'METADATA') changes.metadata = checkedJson(value);
    else throw SnowflakeError.of('invalidProperty', { property: token.text, kind: 'MODEL VERSION' });
    stream.acceptSymbol(',');
  } while (stream.peek().kind === 'word');
  return replaced(object, version, { ...version, ...changes });
}

/** `VERSION v SET ALIAS = a`, `VERSION v UNSET ALIAS` */
function setAlias(object: CatalogObject, stream: TokenStream): CatalogObject {
  const version = findVersion(object, stream.identifier());
  if (stream.accept('UNSET ALIAS')) return replaced(object, version, { ...version, alias: null });
  stream.expect('SET ALIAS');
  stream.expectSymbol('=');
  const alias = stream.identifier();
  const taken =
    ['DEFAULT', 'FIRST', 'LAST'].includes(alias) ||
    modelVersions(object).some((each) => each.name === alias || each.alias === alias);
  if (taken)
    throw SnowflakeError.of('modelVersionExists', { version: displayIdentifier(alias), name: displayIdentifier(object.name) });
  return replaced(object, version, { ...version, alias });
}

function checkedJson(text: string): string {
  try {
    JSON.parse(text);
  } catch {
    throw SnowflakeError.of('invalidPropertyValue', { property: 'METADATA', value: text.slice(0, 100) });
  }
  return text;
}
