import { SnowflakeError } from '../errors/snowflake-error.ts';
import { displayIdentifier } from '../sql/identifier.ts';
import type { TokenStream } from '../sql/token-stream.ts';
import { viewDdl } from './ddl/relation-ddl.ts';
import type { CreateRequest, Draft, Kind } from './kind.ts';
import type { ObjectScope } from './object-scope.ts';
import { alterProtection, applyPrivilege } from './policy/alter-protection.ts';
import { protectedColumns, withDeclarations } from './policy/declared-protection.ts';
import { readRowProtection } from './policy/row-protection.ts';
import { readSharedClauses } from './shared-clauses.ts';
import { comment, constant, createdOn, databaseName, objectName, owner, ownerRoleType, schemaName, text } from './show-columns.ts';
import { describeColumns, relationPrivileges } from './table.ts';
import { type DeclaredColumn, readColumns } from './table-columns.ts';

// https://docs.snowflake.com/en/sql-reference/sql/create-view
export const view: Kind = {
  name: 'VIEW',
  plural: 'VIEWS',
  scope: 'schema',
  page: 'create-view',
  createPrivilege: 'CREATE VIEW',
  restorable: 'within',
  cloning: { privilege: 'SELECT', alone: false },
  privileges: relationPrivileges,
  modifiers: ['SECURE', 'TEMPORARY', 'RECURSIVE'],
  properties: { CHANGE_TRACKING: { type: 'boolean', default: false } },
  readCreate,
  creating: describeQuery,
  accountPrivilege: applyPrivilege,
  readAlter: alterProtection,
  ddl: viewDdl,
  created: (object, scope) => scope.lineage.made(object, undefined, 'OBJECT_DEPENDENCY'),
  createdMessage: (object) => `View ${displayIdentifier(object.name)} successfully created.`,
  show: [
    createdOn,
    objectName,
    constant('reserved', ''),
    databaseName,
    schemaName,
    owner,
    comment,
    text('text', (object) => String(object.properties['TEXT'])),
    text('is_secure', (object) => String(object.properties['SECURE'] === true)),
    constant('is_materialized', 'false'),
    ownerRoleType,
    text('change_tracking', (object) => (object.properties['CHANGE_TRACKING'] === true ? 'ON' : 'OFF')),
  ],
  describe: (object, scope) => describeColumns(object, scope),
};

function readCreate(stream: TokenStream, request: CreateRequest, scope: ObjectScope): Draft {
  const properties: Record<string, unknown> = { SECURE: request.modifiers.has('SECURE'), TEXT: request.statement };
  const tags: Record<string, string> = {};
  let noted: string | undefined;
  for (;;) {
    const tagged = readSharedClauses(stream, scope);
    if (tagged !== undefined) Object.assign(tags, tagged);
    else if (stream.isSymbol('(')) properties['DECLARED'] = readColumns(stream);
    else if (stream.accept('COPY GRANTS')) properties['COPY_GRANTS'] = true;
    else if (stream.is('WITH ROW ACCESS POLICY') || stream.is('ROW ACCESS POLICY'))
      properties['FILTER'] = readRowProtection(stream);
    else if (stream.accept('CHANGE_TRACKING')) {
      stream.expectSymbol('=');
      properties['CHANGE_TRACKING'] = stream.accept('TRUE');
      if (properties['CHANGE_TRACKING'] !== true) stream.expect('FALSE');
    } else if (stream.is('COMMENT') && stream.peek(1).text === '=') {
      stream.next();
      stream.next();
      noted = stream.string();
    } else if (stream.accept('AS')) break;
    else throw stream.unexpected();
  }
  return {
    properties: { ...properties, QUERY: stream.restText() },
    complete: true,
    tags,
    ...(noted === undefined ? {} : { comment: noted }),
  };
}

/** The query is bound when the view is made: unknown names and columns are refused then. */
async function describeQuery(draft: Draft, request: CreateRequest, scope: ObjectScope): Promise<Draft> {
  const { DECLARED: declared, COPY_GRANTS: _grants, FILTER: filter, ...properties } = draft.properties;
  const columns = await scope.effects.queries.describe(String(properties['QUERY']), scope);
  const named = (declared ?? []) as readonly DeclaredColumn[];
  if (named.length > 0 && named.length !== columns.length) {
    throw SnowflakeError.of('viewColumnCount', { declared: named.length, selected: columns.length });
  }
  const shown = columns.map((each, index) => ({
    ...each,
    name: named[index]?.name ?? each.name,
    physical: each.name,
    ...(named[index]?.comment === undefined ? {} : { comment: named[index].comment }),
  }));
  const protection = protectedColumns(withDeclarations(shown, named), filter, request.name, scope);
  return { ...draft, properties: { ...properties, ...protection } };
}
