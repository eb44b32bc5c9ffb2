import { fastify } from 'fastify';
import { describe, expect, it } from 'vitest';
import { SnowflakeError } from '../../../local-snowflake/errors/snowflake-error.ts';
import { silentLogger } from '../../../local-snowflake/platform/logger.ts';
import { type RestRoute, restApi, restRoutes } from '../../../local-snowflake/wire/rest/rest-routes.ts';
import type { WireContext } from '../../../local-snowflake/wire/wire-context.ts';
import { startLocalServer } from '../../support/local-server.ts';

const failures: Readonly<Record<string, () => SnowflakeError>> = {
  missing: () => SnowflakeError.of('objectDoesNotExist', { kind: 'Task', name: 'T' }),
  taken: () => SnowflakeError.of('objectAlreadyExists', { name: 'T' }),
  forbidden: () => SnowflakeError.of('insufficientPrivileges', { kind: 'task', name: 'T' }),
  wrong: () => SnowflakeError.of('divisionByZero', {}),
};

const route: RestRoute = {
  method: 'GET',
  path: '/databases/:database/things/:name',
  handle: ({ session, params, query }) => {
    const failure = failures[params['name'] ?? ''];
    if (failure !== undefined) return Promise.reject(failure());
    return Promise.resolve({ status: 200, body: { user: session.user, ...params, ...query } });
  },
};

// What snowflake.core tells apart: 404 (not there), 409 (already there), 401 (log in again).
describe('the REST API', async () => {
  const server = await startLocalServer();
  const { service } = server;
  const login = await service.login({
    accountName: '',
    loginName: server.user,
    authenticator: 'SNOWFLAKE',
    password: server.password,
    clientAppId: 'test',
    clientAppVersion: '1',
    sessionParameters: {},
    remoteAddress: '127.0.0.1',
  });
  const rest = fastify();
  restApi(rest, { service, logger: silentLogger } as unknown as WireContext, [route]);
  const get = async (
    path: string,
    authorization = `Snowflake Token="${login.token}"`,
  ): Promise<{ status: number; body: unknown }> => {
    const answer = await rest.inject({ method: 'GET', url: path, headers: { authorization } });
    return { status: answer.statusCode, body: answer.json() };
  };

  it('hands a request to its route', async () => {
    const body = { user: server.user, database: 'D', name: 'A$B', like: 'x' };
    expect(await get('/api/v2/databases/D/things/A%24B?like=x')).toEqual({ status: 200, body });
    expect(await get('/api/v2/databases/D/things/A%24B?like=x', `Bearer ${login.token}`)).toEqual({ status: 200, body });
  });

  it.each([
    ['missing', 404, '002003'],
    ['taken', 409, '002002'],
    ['forbidden', 403, '003001'],
    ['wrong', 400, '100051'],
  ])('answers %s with %i', async (name, status, code) => {
    expect(await get(`/api/v2/databases/D/things/${name}`)).toMatchObject({ status, body: { error_code: code } });
  });

  it('wants a session', async () => {
    expect(await get('/api/v2/databases/D/things/x', '')).toMatchObject({ status: 401, body: { error_code: '390104' } });
    expect(await get('/api/v2/databases/D/things/x', 'Snowflake Token="gone"')).toMatchObject({
      status: 401,
      body: { error_code: '390111' },
    });
  });

  it('refuses by name the operations that the table of compatibility lists as refused', async () => {
    const complete = fastify();
    restApi(complete, { service, logger: silentLogger } as unknown as WireContext);
    const refused = restRoutes.flatMap((each) => (each.refused ?? []).map((operation) => ({ ...each, operation })));
    expect(refused.length).toBeGreaterThan(0);
    for (const { method, path, operation } of refused) {
      const url = `/api/v2${path.replace(/:\w+/gu, 'X')}${operation}`;
      const answer = await complete.inject({
        method: method as 'GET',
        url,
        headers: { authorization: `Bearer ${login.token}` },
        body: {},
      });
      const [name = ''] = /[\w-]+/u.exec(operation) ?? [];
      expect([url, answer.statusCode, answer.json()]).toEqual([
        url,
        400,
        expect.objectContaining({ error_code: '000002', message: expect.stringContaining(name) as string }),
      ]);
    }
  });

  it('names what it does not know', async () => {
    expect(await get('/api/v2/warehouses?x=1')).toMatchObject({
      status: 405,
      body: { message: expect.stringContaining('GET /api/v2/warehouses is not among') as string },
    });
  });

  it('says of a collection at the wrong level that it is not there, and knows its own with a slash behind them', async () => {
    const complete = fastify();
    restApi(complete, { service, logger: silentLogger } as unknown as WireContext);
    // As the Snowflake CLI looks for the place where `snow object create task` belongs.
    const status = async (url: string): Promise<number> => {
      const headers = { authorization: `Snowflake Token="${login.token}"` };
      return (await complete.inject({ method: 'GET', url, headers })).statusCode;
    };
    expect(await status('/api/v2/tasks/')).toBe(404);
    expect(await status('/api/v2/databases/snowflake/tasks/')).toBe(404);
    expect(await status('/api/v2/databases/')).toBe(200);
    expect(await status('/api/v2/managed-accounts/')).toBe(405);
  });
});
