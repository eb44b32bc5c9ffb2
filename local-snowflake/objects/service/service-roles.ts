import type { CatalogObject } from '../../catalog/catalog-object.ts';
import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { displayIdentifier } from '../../sql/identifier.ts';
import { cell, column, statusResult } from '../../sql/result-set.ts';
import type { TokenStream } from '../../sql/token-stream.ts';
import { types } from '../../sql/types.ts';
import type { StatementDefinition } from '../extensions.ts';
import type { ObjectScope } from '../object-scope.ts';
import { definitionOf } from './service-definition.ts';

/** The role that every service with endpoints has; others, which specifications can define, are not read. */
const everyEndpoint = 'ALL_ENDPOINTS_USAGE';
const key = 'ENDPOINT_ROLES';

/** Who was given a service role. https://docs.snowflake.com/en/sql-reference/sql/show-grants */
const showGrantsOfServiceRole: StatementDefinition = {
  words: 'SHOW GRANTS OF SERVICE ROLE',
  page: 'show-grants',
  run: (stream, scope) => {
    const { object, title } = readRole(stream, scope, 'OWNERSHIP', 'USAGE');
    stream.expectEnd();
    const names = ['role', 'granted_to', 'grantee_name', 'granted_by'].map((name) => column(name));
    return {
      columns: [column('created_on', types.timestampLtz(6)), ...names],
      rows: endpointRoles(object).flatMap((id) => {
        const role = scope.nameOf(id);
        return role === null ? [] : [[cell.timestamp(object.alteredOn), title, 'ROLE', role, scope.nameOf(object.owner)]];
      }),
    };
  },
};

/**
 * Who may use a service's endpoints.
 * https://docs.snowflake.com/en/developer-guide/snowpark-container-services/working-with-services#label-snowpark-containers-service-roles
 */
export const serviceRoleStatements: readonly StatementDefinition[] = [
  showGrantsOfServiceRole,
  {
    words: 'GRANT SERVICE ROLE',
    page: 'grant-service-role',
    run: async (stream, scope) => {
      const { object, role } = readGrant(stream, 'TO', scope);
      await keep(object, [...endpointRoles(object).filter((id) => id !== role), role], scope);
      return statusResult('Statement executed successfully.');
    },
  },
  {
    words: 'REVOKE SERVICE ROLE',
    page: 'revoke-service-role',
    run: async (stream, scope) => {
      const { object, role } = readGrant(stream, 'FROM', scope);
      await keep(
        object,
        endpointRoles(object).filter((id) => id !== role),
        scope,
      );
      return statusResult('Statement executed successfully.');
    },
  },
  {
    words: 'SHOW ROLES IN SERVICE',
    page: 'show-roles-in-service',
    run: (stream, scope) => {
      const object = scope.find('SERVICE', stream.name(), 'USAGE');
      stream.expectEnd();
      const has = (definitionOf(object)?.endpoints.length ?? 0) > 0;
      return {
        columns: [column('created_on', types.timestampLtz(6)), column('name'), column('comment')],
        rows: has ? [[cell.timestamp(object.createdOn), everyEndpoint, null]] : [],
      };
    },
  },
];

/** Ids of the roles that were given the service's endpoints. */
export function endpointRoles(object: CatalogObject): readonly string[] {
  return (object.properties[key] as readonly string[] | undefined) ?? [];
}

/** `service!ALL_ENDPOINTS_USAGE TO ROLE r` */
function readGrant(stream: TokenStream, direction: 'TO' | 'FROM', scope: ObjectScope): { object: CatalogObject; role: string } {
  const { object } = readRole(stream, scope, 'OWNERSHIP');
  stream.expect(`${direction} ROLE`);
  const role = scope.find('ROLE', stream.name());
  stream.expectEnd();
  return { object, role: role.id };
}

function readRole(
  stream: TokenStream,
  scope: ObjectScope,
  ...privileges: readonly string[]
): { readonly object: CatalogObject; readonly title: string } {
  const object = scope.find('SERVICE', stream.name(), ...privileges);
  stream.expectSymbol('!');
  const name = stream.identifier();
  const title = `${scope.catalog.displayOf(object)}!${displayIdentifier(name)}`;
  if (definitionOf(object) === undefined || name !== everyEndpoint)
    throw SnowflakeError.of('objectDoesNotExist', { kind: 'Service role', name: title });
  return { object, title };
}

async function keep(object: CatalogObject, roles: readonly string[], scope: ObjectScope): Promise<void> {
  await scope.catalog.change((change) => {
    scope.catalog.update({ ...object, properties: { ...object.properties, [key]: roles } }, change);
  });
}
