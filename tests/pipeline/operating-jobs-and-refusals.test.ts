import { beforeAll, describe, expect, it } from 'vitest';
import { connectionTo, createGraph, operatedAccount, target } from './operated-account.ts';
import { jsonLines, PipelineCommand } from './run-pipeline.ts';

const account = operatedAccount();
const { sql, run } = account;

describe('a graph whose task starts a job', () => {
  beforeAll(() =>
    sql(
      'USE ROLE ACCOUNTADMIN',
      'CREATE COMPUTE POOL POOL MIN_NODES = 1 MAX_NODES = 1 INSTANCE_FAMILY = CPU_X64_XS',
      'GRANT USAGE ON COMPUTE POOL POOL TO ROLE ENGINEER',
      'USE ROLE ENGINEER',
      'CREATE OR REPLACE SCHEMA BANK.DAG',
      `CREATE TASK BANK.DAG.LOAD WAREHOUSE = WH AS EXECUTE IMMEDIATE '${job}'`,
    ),
  );

  // https://docs.snowflake.com/en/sql-reference/sql/execute-job-service
  const job = `EXECUTE JOB SERVICE IN COMPUTE POOL POOL NAME = BANK.DAG.TRAINING FROM SPECIFICATION $$
spec:
  containers:
  - name: main
    image: /bank/dag/images/training:latest
    command: [sh, -c, "echo epoch 1; echo epoch 2"]
$$`;

  it('run --logs: shows what the job logs', async () => {
    const finished = await run('run', '--logs');
    expect(finished.stdout).toMatch(/^LOAD │ epoch 1\nLOAD │ epoch 2$/m);
    expect(finished.code).toBe(0);
  });

  it('logs: shows the job with its log', async () => {
    const finished = await run('logs', 'LOAD');
    expect(finished.stdout).toMatch(
      /Job BANK\.DAG\.TRAINING DONE on POOL\n── instance 0, container main, DONE ──\nepoch 1\nepoch 2\n/,
    );
    expect((await run('logs', 'LOAD', '--lines', '1')).stdout).not.toContain('epoch 1');
    expect(jsonLines((await run('logs', 'LOAD', '--json')).stdout)[0]).toMatchObject({
      jobs: [
        {
          service: 'BANK.DAG.TRAINING',
          status: 'DONE',
          logs: [{ instance: 0, container: 'main', text: expect.stringContaining('epoch 2') }],
        },
      ],
    });
  });

  it('doctor: looks at the pool', async () => {
    expect((await run('doctor')).stdout).toMatch(/✓ Compute pool POOL is \w+, at most 1 nodes\./);
  });

  it('doctor: names what keeps a graph from running that nothing was refused of', async () => {
    await sql(
      'USE ROLE ACCOUNTADMIN',
      'ALTER COMPUTE POOL POOL SET AUTO_RESUME = FALSE',
      'ALTER COMPUTE POOL POOL SUSPEND',
      'ALTER WAREHOUSE WH SET AUTO_RESUME = FALSE',
      'ALTER WAREHOUSE WH SUSPEND',
      "CREATE USER ANN EMAIL = 'ann@bank.example'",
      "CREATE NOTIFICATION INTEGRATION MAIL TYPE = EMAIL ENABLED = TRUE ALLOWED_RECIPIENTS = ('ann@bank.example')",
      'GRANT USAGE ON INTEGRATION MAIL TO ROLE ENGINEER',
      'ALTER USER ANN UNSET EMAIL',
      'CREATE USER ROBOT',
      'GRANT IMPERSONATE ON USER ROBOT TO ROLE ENGINEER',
      'GRANT ROLE ENGINEER TO USER ROBOT',
      'USE ROLE ENGINEER',
      'CREATE TASK BANK.DAG.LAST WAREHOUSE = WH AFTER BANK.DAG.LOAD EXECUTE AS USER ROBOT AS SELECT 1',
      'USE ROLE ACCOUNTADMIN',
      'REVOKE IMPERSONATE ON USER ROBOT FROM ROLE ENGINEER',
    );
    const finished = await account.pipeline.run('doctor', '--json', ...target, '--connection', 'admin');
    await sql('ALTER WAREHOUSE WH SET AUTO_RESUME = TRUE', 'USE ROLE ENGINEER');
    const findings = jsonLines(finished.stdout).filter((finding) => finding['level'] !== 'ok');
    expect(finished.code).toBe(5);
    expect(findings.map((finding) => `${String(finding['level'])}: ${String(finding['text'])}`)).toEqual([
      expect.stringMatching(/^warning: LAST is suspended: runs leave it out/),
      expect.stringMatching(/^problem: Tasks run as user ROBOT, but ENGINEER, which owns them, lacks IMPERSONATE/),
      'problem: Warehouse WH is suspended and does not resume by itself: tasks on it fail.',
      expect.stringMatching(/^problem: Compute pool POOL is \w+ and does not resume by itself/),
      expect.stringMatching(/^problem: Notification integration MAIL may send to ann@bank\.example, but no user/),
      'warning: The warehouse of this connection does not run: the last runs cannot be read.',
    ]);
    for (const finding of findings) expect(finding['wayOut']).toEqual(expect.stringMatching(/\S/u));
  });
});

describe('what is refused', () => {
  beforeAll(() => createGraph(account));

  it.each([
    ['BANK.DAG.NONE', /There is no task BANK\.DAG\.NONE on 127\.0\.0\.1:\d+/],
    ['BANK.NO_SCHEMA.LOAD', /There is no task BANK\.NO_SCHEMA\.LOAD/],
    ['BANK.DAG.CHECK', /BANK\.DAG\.CHECK is not the root of a graph: it runs after BANK\.DAG\.LOAD/],
    ['BANK.DAG.CLEANUP', /BANK\.DAG\.CLEANUP is not the root of a graph: it is the finalizer of BANK\.DAG\.LOAD/],
  ])('the root %s', async (root, message) => {
    const { code, stderr } = await account.pipeline.run('run', ...target, '--root', root);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });

  it('a user whose roles may not see the graph', async () => {
    await sql(
      'USE ROLE ACCOUNTADMIN',
      'CREATE ROLE GUEST',
      "CREATE USER VISITOR PASSWORD = 'Only visiting 1' DEFAULT_ROLE = GUEST",
      'GRANT ROLE GUEST TO USER VISITOR',
      'USE ROLE ENGINEER',
    );
    const visitor = new PipelineCommand({ SNOWFLAKE_USER: 'VISITOR', SNOWFLAKE_PASSWORD: 'Only visiting 1' });
    visitor.connection('local', connectionTo(account.server));
    const { code, stderr } = await visitor.run('run', ...target);
    visitor.dispose();
    expect(stderr).toMatch(/may not see it[^]*MONITOR or OPERATE/);
    expect(code).toBe(2);
  });

  it('a wrong password, which is not repeated', async () => {
    const stranger = new PipelineCommand({ SNOWFLAKE_PASSWORD: 'mistyped' });
    stranger.connection('local', connectionTo(account.server));
    const { code, stdout, stderr } = await stranger.run('run', ...target);
    stranger.dispose();
    expect(code).toBe(2);
    expect(stderr).toMatch(/refused the credentials/);
    expect(stdout + stderr).not.toContain('mistyped');
  });
});
