import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify';
import { asSnowflakeError, type SnowflakeError } from '../../errors/snowflake-error.ts';
import { systemIds } from '../../platform/ids.ts';
import type { ClientSession } from '../../session/service.ts';
import { bearerToken, snowflakeToken } from '../authorization.ts';
import { MalformedRequest } from '../malformed-request.ts';
import type { WireContext } from '../wire-context.ts';
import { granteeRoutes } from './grants/grantee-routes.ts';
import { grantRoutes } from './grants/grant-routes.ts';
import { alertResource } from './objects/alert-resource.ts';
import { computePoolResource, instanceFamilyRoutes } from './objects/compute-pool-resource.ts';
import { imageRepositoryResource, imageRoutes } from './objects/image-repository-resource.ts';
import { databaseRoleResource } from './objects/database-role-resource.ts';
import { databaseResource } from './objects/database-resource.ts';
import { dynamicTableResource } from './objects/dynamic-table-resource.ts';
import { notificationIntegrationResource } from './objects/notification-integration-resource.ts';
import { roleResource } from './objects/role-resource.ts';
import { schemaResource } from './objects/schema-resource.ts';
import { secretResource } from './objects/secret-resource.ts';
import { sequenceResource } from './objects/sequence-resource.ts';
import { stageResource } from './objects/stage-resource.ts';
import { streamResource } from './objects/stream-resource.ts';
import { tagResource } from './objects/tag-resource.ts';
import { userResource } from './objects/user-resource.ts';
import { viewResource } from './objects/view-resource.ts';
import { warehouseResource } from './objects/warehouse-resource.ts';
import { stageFileRoutes } from './objects/stage-file-routes.ts';
import { notebookResource } from './objects/notebook-resource.ts';
import { objectRoutes } from './objects/object-routes.ts';
import { serviceResource } from './objects/service-resource.ts';
import { serviceRoutes } from './objects/service-routes.ts';
import { queryFlag } from './rest-parameters.ts';
import { type RestReply, RestResults } from './rest-results.ts';
import { routineRoutes } from './routines/routine-routes.ts';
import { tableResource } from './tables/table-resource.ts';
import { taskRoutes } from './tasks/task-routes.ts';

/** One operation of Snowflake's REST API. https://docs.snowflake.com/en/developer-guide/snowflake-rest-api/reference */
export interface RestRoute {
  readonly method: HTTPMethods;
  /** Behind `/api/v2`, for example `/databases/:database/schemas/:schema/tasks/:name`. */
  readonly path: string;
  /** What may stand behind the last name of the path, as in `/warehouses/WH:suspend`. */
  readonly actions?: readonly string[];
  /** Whether the actions stand behind the collection, as in `/tables:as-select`. */
  readonly collective?: true;
  /** Documented actions and query parameters (`?history=true`) that are refused by name. */
  readonly refused?: readonly string[];
  /** @throws SnowflakeError */
  handle(request: RestRequest): Promise<RestAnswer>;
}

export interface RestRequest {
  readonly session: ClientSession;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly body: unknown;
}

export interface RestAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** The operations that are implemented. A new one is one more entry here. */
export const restRoutes: readonly RestRoute[] = [
  ...[
    databaseResource,
    schemaResource,
    warehouseResource,
    computePoolResource,
    imageRepositoryResource,
    serviceResource,
    notebookResource,
    roleResource,
    databaseRoleResource,
    userResource,
    tagResource,
    sequenceResource,
    stageResource,
    streamResource,
    tableResource,
    viewResource,
    dynamicTableResource,
    secretResource,
    notificationIntegrationResource,
    alertResource,
  ].flatMap(objectRoutes),
  ...instanceFamilyRoutes,
  ...imageRoutes,
  ...serviceRoutes,
  ...stageFileRoutes,
  ...granteeRoutes,
  ...grantRoutes,
  ...routineRoutes,
  ...taskRoutes,
];

/** Serves `/api/v2`. Unlike the driver protocol it answers errors with HTTP statuses. */
export function restApi(server: FastifyInstance, { service }: WireContext, routes = restRoutes): void {
  const results = new RestResults();
  const sessionOf = ({ headers: { authorization } }: FastifyRequest): ClientSession =>
    service.sessionOf(bearerToken(authorization) ?? snowflakeToken(authorization));
  for (const { route, url } of routes.flatMap(addresses)) {
    server.route<{ Params: Record<string, string>; Querystring: Record<string, string>; Body: unknown }>({
      method: route.method,
      url,
      handler: async (request, reply) =>
        send(
          reply,
          await replyOf(() => {
            const { params, query, body } = request;
            const asked = { session: sessionOf(request), params, query, body };
            if (route.method !== 'POST' || !queryFlag(asked, 'asyncExec')) return route.handle(asked);
            return results.accept(
              asked.session.user,
              replyOf(() => route.handle(asked)),
            );
          }),
        ),
    });
  }
  // https://docs.snowflake.com/en/developer-guide/snowflake-rest-api/reference/result
  server.get<{ Params: { handle: string } }>('/api/v2/results/:handle', async (request, reply) =>
    send(
      reply,
      await replyOf(() => {
        const { handle } = request.params;
        return (
          results.find(sessionOf(request).user, handle) ?? {
            status: 404,
            body: restError('391404', `There is no result ${handle}.`),
          }
        );
      }),
    ),
  );
  server.all('/api/v2/*', (request, reply) => {
    const path = request.url.replace(/\?.*$/su, '');
    if (isMisplaced(path, routes)) return reply.code(404).send(restError('391404', `There is no ${path}.`));
    const operation = `${request.method} ${path}`;
    // Not 404: clients take that for "there is no such object", which some of them pass over in silence. Not 405 where snowflake.core would
    // say that PUT is not supported, and nothing of what.
    return reply
      .code(request.method === 'PUT' ? 400 : 405)
      .send(restError('391405', `${operation} is not among the REST operations that the local Snowflake implements.`));
  });
}

/** What the work is answered with; faults too are answers. */
async function replyOf(work: () => RestReply | Promise<RestReply>): Promise<RestReply> {
  try {
    return await work();
  } catch (thrown) {
    if (thrown instanceof MalformedRequest)
      return { status: thrown.statusCode, body: restError(MalformedRequest.code, thrown.message) };
    const error = asSnowflakeError(thrown);
    return { status: restStatus(error), body: restError(error.code, error.message) };
  }
}

function send(reply: FastifyReply, { status, body, headers = {} }: RestReply): FastifyReply {
  return reply.code(status).headers(headers).send(body);
}

/** A collection has a second address: the Snowflake CLI asks for `/databases/`. */
function addresses(route: RestRoute): { readonly route: RestRoute; readonly url: string }[] {
  const url = `/api/v2${route.path}`;
  // Two colons are one that is no parameter.
  if (route.collective === true) return (route.actions ?? []).map((action) => ({ route, url: `${url}::${action}` }));
  return [{ route, url }, ...(/\/:\w+$/u.test(url) ? [] : [{ route, url: `${url}/` }])];
}

/** Whether it is the address of a collection that stands elsewhere: the Snowflake CLI asks at each level until it is not told 404. */
function isMisplaced(path: string, routes: readonly RestRoute[]): boolean {
  const collection = /\/([\w-]+)\/$/u.exec(path)?.[1];
  return collection !== undefined && routes.some((route) => route.path.endsWith(`/${collection}`));
}

/** The HTTP status of an error; 404 and 409 are what clients tell apart. */
export function restStatus(error: SnowflakeError): number {
  if (['390104', '390111', '390112'].includes(error.code)) return 401;
  if (['002003', '002043'].includes(error.code)) return 404;
  if (error.code === '002002') return 409;
  if (error.symbol === 'insufficientPrivileges') return 403;
  return 400;
}

function restError(code: string, message: string): object {
  return { error_code: code, code, message, request_id: systemIds.uuid() };
}
