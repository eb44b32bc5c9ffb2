import type { CatalogObject } from '../catalog/catalog-object.ts';
import { SnowflakeError } from '../errors/snowflake-error.ts';
import { type ServiceEndpoint, definitionOf } from '../objects/service/service-definition.ts';
import type { Account } from './account.ts';
import { identityOf } from './endpoint-tokens.ts';
import type { EndpointEntry, EndpointRequest } from './service.ts';
import { mayUseService } from './service-access.ts';

/**
 * Lets a request into a service: known by its token, allowed by its role, and led to an instance that is ready.
 * https://docs.snowflake.com/en/developer-guide/snowpark-container-services/service-network-communications#configure-service-ingress
 */
export async function enterEndpoint(account: Account, { host, token, signal }: EndpointRequest): Promise<EndpointEntry> {
  const identity = token === undefined ? undefined : identityOf(account, token, host);
  if (identity === undefined) {
    const reason = token === undefined ? 'Authorization: Snowflake Token="…" is needed' : 'the token is not known or has expired';
    return { kind: 'refused', status: 401, reason };
  }
  const found = endpointAt(account, host);
  if (found === undefined) return { kind: 'refused', status: 404, reason: `there is no endpoint ${host}` };
  const { service, endpoint } = found;
  if (!mayUseService(service, identity.roles, account.authorizer)) {
    const reason = `the role may not use service ${account.catalog.displayOf(service)}: grant it the service role ALL_ENDPOINTS_USAGE`;
    return { kind: 'refused', status: 403, reason };
  }
  try {
    const target = await account.services.running.enter(service.id, endpoint.port, signal);
    return {
      kind: 'entered',
      address: target.address,
      port: target.port,
      user: identity.user,
      leave: () => {
        target.leave();
      },
    };
  } catch (error) {
    if (!(error instanceof SnowflakeError)) throw error;
    return { kind: 'refused', status: 503, reason: error.message };
  }
}

function endpointAt(account: Account, host: string): { service: CatalogObject; endpoint: ServiceEndpoint } | undefined {
  for (const service of account.catalog.ofKind('SERVICE')) {
    const endpoint = definitionOf(service)?.endpoints.find((each) => each.host === host);
    if (endpoint !== undefined) return { service, endpoint };
  }
  return undefined;
}
