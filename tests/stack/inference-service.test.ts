import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { http } from '../support/http-client.ts';
import { type LocalServer, startLocalServer } from '../support/local-server.ts';
import { runPythonClient } from '../support/python-client.ts';
import type { SdkConnection } from '../support/sdk-connection.ts';
import { StackProject } from './support/stack-project.ts';

// The project's own stack with the model served over HTTP, which its configuration asks for once there is a version to serve.
let server: LocalServer;
let admin: SdkConnection;
let project: StackProject;

beforeAll(async () => {
  server = await startLocalServer();
  admin = await server.connect();
  project = new StackProject({ server });
  await project.create();
});
afterAll(async () => {
  project?.remove();
  await server?.close();
});

const services = async (): Promise<unknown[]> =>
  (await admin.rows('show services in schema SNOWBANK.PIPELINE')).map((row) => [row['name'], row['owner'], row['min_instances']]);

describe('the stack', () => {
  it('serves nothing before it is asked to', async () => {
    expect(await project.up()).toMatchObject({ code: 0 });
    expect(await services()).toEqual([]);
  });

  it('serves the version that its configuration names, to the roles that it names', async () => {
    expect(await runPythonClient(server, 'mortgage_version.py')).toBe('V1');
    await project.configure({ 'inferenceService.version': 'V1', 'inferenceService.callers[0]': 'PUBLIC' });
    const { code, output } = await project.up();
    expect([code, output]).toEqual([0, expect.stringContaining('inferenceEndpoint')]);
    expect(await services()).toEqual([['MORTGAGE_SERVICE', 'ENGINEER', 0]]);
    const [endpoint] = await admin.rows('show endpoints in service SNOWBANK.PIPELINE.MORTGAGE_SERVICE');
    const login = await server.service.login({
      accountName: server.account,
      loginName: server.user,
      password: server.password,
      role: 'PUBLIC',
      authenticator: 'SNOWFLAKE',
      clientAppId: 'test',
      clientAppVersion: '1',
      sessionParameters: {},
      remoteAddress: '127.0.0.1',
    });
    const headers = { authorization: `Snowflake Token="${login.token}"`, 'content-type': 'application/json' };
    const body = JSON.stringify({ dataframe_records: [{ DEBT_TO_INCOME: 0.9 }, { DEBT_TO_INCOME: 0.1 }] });
    const answer = await http('POST', `http://${String(endpoint?.['ingress_url'])}/predict`, headers, body);
    expect([answer.status, answer.body.toString()]).toEqual([
      200,
      '{"data":[[0,{"output_feature_0":1}],[1,{"output_feature_0":0}]]}',
    ]);
    await login.session.close();
  });

  it('serves nothing when it is asked no more', async () => {
    await project.succeed('config', 'rm', 'inferenceService');
    expect(await project.up()).toMatchObject({ code: 0 });
    expect(await services()).toEqual([]);
  });
});
