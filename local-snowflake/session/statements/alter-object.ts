import type { CatalogObject } from '../../catalog/catalog-object.ts';
import { SnowflakeError } from '../../errors/snowflake-error.ts';
import type { Alteration, Kind } from '../../objects/kind.ts';
import { requireTaggable } from '../../objects/policy/tag-policies.ts';
import { readProperties } from '../../objects/property-grammar.ts';
import { requireRetention } from '../../objects/retention.ts';
import { requireAllowedTags } from '../../objects/shared-clauses.ts';
import { readSignature } from '../../objects/signature.ts';
import type { TokenStream } from '../../sql/token-stream.ts';
import { control, rows, type Statement, type StatementResult, statementTypes } from '../statement.ts';
import { fullTable, titleOf } from './create-object.ts';
import { displayName } from '../../sql/identifier.ts';
import { findObject } from './find-object.ts';
import { propertyPorts } from './property-ports.ts';

/** ALTER <kind> [IF EXISTS] <name> { SET … | UNSET … | RENAME TO … | <action> } */
export async function alterObject(stream: TokenStream, statement: Statement): Promise<StatementResult> {
  const kind = statement.state.account.registry.takeKind(stream);
  if (kind === undefined) throw SnowflakeError.of('unsupported', { feature: `ALTER ${stream.peek().text}` });
  const lenient = stream.accept('IF EXISTS');
  let object: CatalogObject;
  try {
    object = target(kind, stream, statement);
  } catch (error) {
    if (!lenient || !isMissing(error)) throw error;
    return control();
  }
  const own = object.kind === kind.name ? kind : statement.state.account.registry.kind(object.kind);
  return statement.state.account.alterations.run(object.id, () => alterFound(own, object, stream, statement));
}

/** `found` may have been changed, or dropped, while the statement waited for another one's change of it. */
async function alterFound(kind: Kind, found: CatalogObject, stream: TokenStream, statement: Statement): Promise<StatementResult> {
  const { scope } = statement;
  if (scope.signal.aborted) throw SnowflakeError.of('queryCancelled', {});
  const name = scope.catalog.displayOf(found);
  const current = (): CatalogObject => {
    const object = scope.catalog.byId(found.id);
    if (object === undefined) throw SnowflakeError.of('objectDoesNotExist', { kind: titleOf(kind), name });
    return object;
  };
  const object = current();
  const { object: after, message, result } = await alteration(kind, object, stream, statement);
  stream.expectEnd();
  if (after !== object) {
    let stamped: CatalogObject = { ...after, alteredOn: statement.state.account.clock.now() };
    if (kind.changing !== undefined) stamped = await kind.changing(stamped, object, scope);
    requireRetention(stamped);
    await scope.catalog.change((change) => {
      current();
      scope.catalog.update(stamped, change);
    });
    await kind.altered?.(object, stamped, scope);
  }
  return result === undefined ? control(message) : rows(statementTypes.control, result);
}

function target(kind: Kind, stream: TokenStream, statement: Statement): CatalogObject {
  // ALTER WAREHOUSE RESUME without a name works on the session's own. https://docs.snowflake.com/en/sql-reference/sql/alter-warehouse
  if (
    kind.name === 'WAREHOUSE' &&
    Object.keys(kind.actions ?? {}).some((words) => stream.is(words)) &&
    stream.peek(1).kind === 'end'
  ) {
    const current = statement.scope.currentWarehouse;
    if (current === undefined) throw SnowflakeError.of('noActiveWarehouse', {});
    return current;
  }
  const name = stream.name();
  try {
    return findObject(kind, name, kind.overloaded === true ? readSignature(stream) : '', statement);
  } catch (error) {
    for (const other of isMissing(error) ? (kind.alsoAlters ?? []) : []) {
      const found = statement.scope.tryFind(other, name);
      if (found !== undefined) return found;
    }
    throw (isMissing(error) ? kind.alterMissing?.(displayName(statement.scope.qualify(kind.scope, name))) : undefined) ?? error;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof SnowflakeError && missingSymbols.has(error.symbol);
}

const missingSymbols = new Set<SnowflakeError['symbol']>(['objectDoesNotExist', 'tableDoesNotExist', 'datasetMissing']);

async function alteration(kind: Kind, object: CatalogObject, stream: TokenStream, statement: Statement): Promise<Alteration> {
  const { scope } = statement;
  for (const [words, action] of Object.entries(kind.actions ?? {})) {
    if (!stream.accept(words)) continue;
    scope.authorizer.require(scope.roles, object, 'OWNERSHIP', ...action.privileges);
    return action.run(object, stream, scope);
  }
  const instead = kind.accountPrivilege?.(stream);
  if (instead === undefined || !scope.authorizer.holdsGlobal(scope.roles, instead))
    scope.authorizer.require(scope.roles, object, 'OWNERSHIP', ...(kind.alterPrivilege === undefined ? [] : [kind.alterPrivilege]));
  const own = await kind.readAlter?.(object, stream, scope);
  if (own !== undefined) return own;
  if (stream.accept('RENAME TO')) return { object: renamed(kind, object, stream, statement) };
  if (stream.accept('SET TAG')) return { object: { ...object, tags: { ...object.tags, ...readTags(stream, statement) } } };
  if (stream.accept('UNSET TAG')) return { object: withoutTags(object, stream, statement) };
  if (stream.accept('SET')) return { object: withSet(kind, object, stream, statement) };
  if (stream.accept('UNSET')) return { object: withUnset(kind, object, stream) };
  throw stream.unexpected();
}

function renamed(kind: Kind, object: CatalogObject, stream: TokenStream, statement: Statement): CatalogObject {
  const { scope } = statement;
  if (kind.renamable === false) throw SnowflakeError.of('unsupported', { feature: `ALTER ${kind.name} … RENAME` });
  const path = scope.qualify(kind.scope, stream.name());
  const parent = scope.containerOf(path);
  if (parent !== null && parent.id !== object.parent) scope.authorizer.require(scope.roles, parent, kind.createPrivilege);
  return { ...object, name: path.at(-1) ?? '', parent: parent?.id ?? null };
}

function readTags(stream: TokenStream, statement: Statement): Record<string, string> {
  const tags: Record<string, string> = {};
  do {
    const tag = statement.scope.find('TAG', stream.name());
    requireTaggable(tag, statement.scope);
    stream.expectSymbol('=');
    tags[tag.id] = stream.string();
  } while (stream.acceptSymbol(','));
  requireAllowedTags(tags, statement.scope.catalog);
  return tags;
}

function withoutTags(object: CatalogObject, stream: TokenStream, statement: Statement): CatalogObject {
  const tags = { ...object.tags };
  do {
    const tag = statement.scope.find('TAG', stream.name());
    requireTaggable(tag, statement.scope);
    delete tags[tag.id];
  } while (stream.acceptSymbol(','));
  return { ...object, tags };
}

function withSet(kind: Kind, object: CatalogObject, stream: TokenStream, statement: Statement): CatalogObject {
  // COMMENT = NULL takes the comment away; the Snowflake provider writes it for secrets.
  if (stream.is('COMMENT') && stream.peek(2).value === 'NULL') {
    stream.next();
    stream.expectSymbol('=');
    stream.expect('NULL');
    return { ...object, comment: '' };
  }
  const values = readProperties(stream, fullTable(kind), kind.name, propertyPorts(statement));
  if (Object.keys(values).length === 0) throw stream.unexpected();
  const properties = { ...object.properties };
  const parameters = { ...object.parameters };
  let { comment } = object;
  for (const [name, value] of Object.entries(values)) {
    const property = kind.properties[name];
    if (name === 'COMMENT') comment = String(value);
    else if (property === undefined) parameters[name] = String(value);
    else if (property.settable === false) throw SnowflakeError.of('invalidProperty', { property: name, kind: kind.name });
    else properties[name] = value;
  }
  return { ...object, properties, parameters, comment };
}

function withUnset(kind: Kind, object: CatalogObject, stream: TokenStream): CatalogObject {
  const properties = { ...object.properties };
  const parameters = { ...object.parameters };
  let { comment } = object;
  do {
    const token = stream.peek();
    const name = stream.identifier();
    const property = kind.properties[name];
    if (name === 'COMMENT') comment = '';
    else if (kind.parameters?.includes(name) === true) delete parameters[name];
    else if (property === undefined) throw SnowflakeError.of('invalidProperty', { property: token.text, kind: kind.name });
    else if (property.default === undefined) delete properties[name];
    else properties[name] = property.default;
  } while (stream.acceptSymbol(','));
  return { ...object, properties, parameters, comment };
}
