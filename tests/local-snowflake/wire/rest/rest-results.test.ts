import { fastify } from 'fastify';
import { afterAll, describe, expect, it } from 'vitest';
import { SnowflakeError } from '../../../../local-snowflake/errors/snowflake-error.ts';
import { silentLogger } from '../../../../local-snowflake/platform/logger.ts';
import { restApi, type RestRoute } from '../../../../local-snowflake/wire/rest/rest-routes.ts';
import type { WireContext } from '../../../../local-snowflake/wire/wire-context.ts';
import { TaskServer } from '../../tasks/task-server.ts';

// https://docs.snowflake.com/en/developer-guide/snowflake-rest-api/getting-started (Handle long requests: 202)
describe('asyncExec=true', async () => {
  const server = await TaskServer.start();
  const finish: (() => void)[] = [];
  const route: RestRoute = {
    method: 'POST',
    path: '/things/:name',
    handle: async ({ params }) => {
      await new Promise<void>((resolve) => finish.push(resolve));
      if (params['name'] === 'wrong') throw SnowflakeError.of('divisionByZero', {});
      return { status: 200, body: { did: params['name'] } };
    },
  };
  const rest = fastify();
  restApi(rest, { service: server.server.service, logger: silentLogger } as unknown as WireContext, [route]);

  afterAll(async () => {
    await rest.close();
    await server.close();
  });

  async function login(user: string, password: string): Promise<{ authorization: string }> {
    const { token } = await server.server.service.login({
      accountName: '',
      loginName: user,
      authenticator: 'SNOWFLAKE',
      password,
      clientAppId: 'test',
      clientAppVersion: '1',
      sessionParameters: {},
      remoteAddress: '127.0.0.1',
    });
    return { authorization: `Snowflake Token="${token}"` };
  }

  it.each([
    ['right', 200, { did: 'right' }],
    ['wrong', 400, expect.objectContaining({ code: '100051' })],
  ])('accepts at once, and answers by the handle: %s', async (name, status, body) => {
    const headers = await login(server.server.user, server.server.password);
    const accepted = await rest.inject({ method: 'POST', url: `/api/v2/things/${name}?asyncExec=True`, headers });
    const handle = String(accepted.json()['result_handler']);
    const running = {
      code: '392604',
      message:
        'Request execution in progress. Use provided Location header or result handler id to perform query monitoring and management.',
      result_handler: handle,
    };
    expect([accepted.statusCode, accepted.headers.location, accepted.json()]).toEqual([202, `/api/v2/results/${handle}`, running]);
    const asked = await rest.inject({ url: `/api/v2/results/${handle}`, headers });
    expect([asked.statusCode, asked.json()]).toEqual([202, running]);
    finish.pop()?.();
    for (;;) {
      const answer = await rest.inject({ url: `/api/v2/results/${handle}`, headers });
      if (answer.statusCode === 202) continue;
      expect([answer.statusCode, answer.json()]).toEqual([status, body]);
      break;
    }
    await server.run("create or replace user other password = 'Secret-123' default_role = public");
    const other = await rest.inject({ url: `/api/v2/results/${handle}`, headers: await login('OTHER', 'Secret-123') });
    expect(other.statusCode).toBe(404);
  });

  it('is no number', async () => {
    const headers = await login(server.server.user, server.server.password);
    expect((await rest.inject({ method: 'POST', url: '/api/v2/things/x?asyncExec=1', headers })).statusCode).toBe(400);
    expect((await rest.inject({ url: '/api/v2/results/none', headers })).json()).toMatchObject({
      message: 'There is no result none.',
    });
  });
});
