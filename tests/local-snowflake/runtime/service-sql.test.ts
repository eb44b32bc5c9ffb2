import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalServer, startLocalServer } from '../../support/local-server.ts';
import { http } from '../../support/http-client.ts';
import type { SdkConnection, SdkRow } from '../../support/sdk-connection.ts';

let server: LocalServer;
let admin: SdkConnection;
let port: number;

// Answers with what it was asked, and by whom.
const program = `
import http.server, os, sys
class Echo(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        found = self.path != "/missing"
        self.send_response(200 if found else 404)
        self.send_header("X-Powered-By", "echo")
        self.end_headers()
        said = [self.path, self.headers.get("Sf-Context-Current-User"), self.headers.get("Authorization"), os.environ["GREETING"]]
        self.wfile.write(" ".join(map(str, said)).encode())
    def do_DELETE(self):
        os._exit(7)
print("listening", flush=True)
http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Echo).serve_forever()
`;

function specification(endpoint: string): string {
  return `
spec:
  containers:
  - name: echo
    image: /db/s/repository/my_echo_service_image:latest
    command: [python, -c, ${JSON.stringify(program)}, "${String(port)}"]
    env: {GREETING: hello}
    readinessProbe: {port: ${String(port)}, path: /healthcheck}
  endpoints:
  - {name: echoendpoint, port: ${String(port)}, ${endpoint}}
`;
}

beforeAll(async () => {
  port = await freePort();
  server = await startLocalServer();
  admin = await server.connect();
  for (const statement of [
    'create warehouse wh',
    'create database db',
    'create schema db.s',
    // https://docs.snowflake.com/en/sql-reference/sql/create-compute-pool
    'CREATE COMPUTE POOL tutorial_compute_pool MIN_NODES = 1 MAX_NODES = 2 INSTANCE_FAMILY = CPU_X64_XS',
    'use schema db.s',
  ]) {
    await admin.run(statement);
  }
});

afterAll(() => server.close());

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => {
        resolve(address !== null && typeof address === 'object' ? address.port : 0);
      });
    });
  });
}

async function first(sql: string): Promise<SdkRow> {
  return (await admin.rows(sql))[0] ?? {};
}

function failure(sql: string): Promise<string> {
  return admin.run(sql).then(
    () => Promise.reject(new Error('the statement was to fail')),
    (error: unknown) => (error as Error).message,
  );
}

const status = async (): Promise<unknown> => (await first('DESCRIBE SERVICE echo_service'))['status'];
const patient = { timeout: 60_000, interval: 50 };

// https://docs.snowflake.com/en/sql-reference/sql/create-service
describe('a service whose command this machine can run', () => {
  it('is created, reached through its public endpoint, restarted, suspended, resumed and dropped', async () => {
    const created = `CREATE SERVICE echo_service IN COMPUTE POOL tutorial_compute_pool
      FROM SPECIFICATION $$${specification('public: true')}$$ MIN_INSTANCES=1 MAX_INSTANCES=1 COMMENT = 'echo'`;
    await admin.run(created);
    await expect.poll(status, patient).toBe('RUNNING');
    expect(await first('SHOW SERVICES')).toMatchObject({
      name: 'ECHO_SERVICE',
      compute_pool: 'TUTORIAL_COMPUTE_POOL',
      current_instances: 1,
      min_instances: 1,
      max_instances: 1,
      auto_resume: 'true',
      is_job: 'false',
      comment: 'echo',
    });
    expect(await first("SHOW COMPUTE POOLS LIKE 'TUTORIAL%'")).toMatchObject({ num_services: 1, num_jobs: 0, active_nodes: 1 });
    const endpoint = await first('SHOW ENDPOINTS IN SERVICE echo_service');
    expect(endpoint).toMatchObject({ name: 'echoendpoint', port, protocol: 'HTTP', is_public: 'true' });
    const url = `http://${String(endpoint['ingress_url'])}`;
    const login = await server.service.login({
      accountName: server.account,
      loginName: server.user,
      password: server.password,
      authenticator: 'SNOWFLAKE',
      clientAppId: 'test',
      clientAppVersion: '1',
      sessionParameters: {},
      remoteAddress: '127.0.0.1',
    });
    const authorization = `Snowflake Token="${login.token}"`;
    const answer = await http('GET', `${url}/some/path?q=1`, { authorization });
    expect([answer.status, answer.body.toString()]).toEqual([200, '/some/path?q=1 LOCAL_ADMIN None hello']);
    expect(answer.headers['x-powered-by']).toBeUndefined();
    expect((await http('GET', `${url}/missing`, { authorization })).status).toBe(404);
    // https://docs.snowflake.com/en/developer-guide/snowflake-ml/inference/real-time-inference-rest-api#authentication
    const added = await first("ALTER USER local_admin ADD PROGRAMMATIC ACCESS TOKEN caller ROLE_RESTRICTION = 'ACCOUNTADMIN'");
    const byToken = { authorization: `Snowflake Token="${String(added['token_secret'])}"` };
    expect((await http('GET', url, byToken)).status).toBe(200);
    await admin.run('ALTER USER local_admin REMOVE PROGRAMMATIC ACCESS TOKEN caller');
    expect((await http('GET', url, byToken)).status).toBe(401);
    expect((await http('GET', url)).status).toBe(401);
    expect((await http('GET', url, { authorization: 'Snowflake Token="wrong"' })).status).toBe(401);
    expect(await failure(created)).toContain('already exists');

    expect((await http('DELETE', url, { authorization })).status).toBe(502);
    const container = 'SHOW SERVICE CONTAINERS IN SERVICE echo_service';
    await expect.poll(() => first(container), patient).toMatchObject({ status: 'READY', restart_count: 1, last_exit_code: 7 });
    expect(await admin.value("SELECT SYSTEM$GET_SERVICE_LOGS('echo_service', 0, 'echo')")).toMatch(/^listening\n[^]*listening\n/u);
    expect(await failure("SELECT SYSTEM$GET_SERVICE_LOGS('echo_service', 5, 'echo')")).toContain('1 instance(s)');

    await admin.run('ALTER SERVICE echo_service SUSPEND');
    await expect.poll(status, patient).toBe('SUSPENDED');
    expect(await first("SHOW COMPUTE POOLS LIKE 'TUTORIAL%'")).toMatchObject({ num_services: 0, active_nodes: 0 });
    expect((await http('GET', url, { authorization })).status).toBe(200);
    expect(await status()).toBe('RUNNING');
    await admin.run('ALTER COMPUTE POOL tutorial_compute_pool SUSPEND');
    await expect.poll(status, patient).toBe('SUSPENDED');
    await admin.run('DROP SERVICE echo_service');
    expect((await http('GET', url, { authorization })).status).toBe(404);
    expect(await admin.rows('SHOW SERVICES')).toEqual([]);
    await login.session.close();
  });

  it.each([
    ['an image without a command', 'spec: {containers: [{name: a, image: /db/s/r/echo}]}', '', 'entry point of image /db/s/r/echo'],
    [
      'a protocol',
      'spec: {containers: [{name: a, image: /a, command: [x]}], endpoints: [{name: e, port: 1, protocol: TCP}]}',
      '',
      'protocol',
    ],
    [
      'two containers',
      'spec: {containers: [{name: a, image: /a, command: [x]}, {name: b, image: /b, command: [x]}]}',
      '',
      'several containers',
    ],
    [
      'too many instances',
      'spec: {containers: [{name: a, image: /a, command: [x]}]}',
      'MIN_INSTANCES = 9 MAX_INSTANCES = 9',
      '9 nodes',
    ],
    [
      'instances that cross',
      'spec: {containers: [{name: a, image: /a, command: [x]}]}',
      'MIN_INSTANCES = 2 MAX_INSTANCES = 1',
      'MIN_INSTANCES',
    ],
    [
      'a short time of idleness',
      'spec: {containers: [{name: a, image: /a, command: [x]}]}',
      'AUTO_SUSPEND_SECS = 10',
      'AUTO_SUSPEND_SECS',
    ],
    ['no YAML', 'spec: [', '', 'Invalid spec'],
  ])('with %s is refused by name', async (_, spec, properties, named) => {
    const sql = `CREATE SERVICE x IN COMPUTE POOL tutorial_compute_pool FROM SPECIFICATION $$${spec}$$ ${properties}`;
    expect(await failure(sql)).toContain(named);
    expect(await admin.rows('SHOW SERVICES')).toEqual([]);
  });
});
