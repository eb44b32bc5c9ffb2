import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { type LocalServer, startLocalServer } from '../support/local-server.ts';
import type { SdkConnection, SdkRow } from '../support/sdk-connection.ts';
import { DeployedPipeline } from './support/deployed-pipeline.ts';
import { StackProject } from './support/stack-project.ts';

// The project's own stack, data and graph, deployed and run with one privilege of the pipeline's role missing at a time, then with
// code that fails. Each test goes on where the one before it ended.
let server: LocalServer;
let admin: SdkConnection;
let project: StackProject;
let pipeline: DeployedPipeline;
/** Privileges that were missing once, each alone. */
const tried = new Set<string>();

beforeAll(async () => {
  server = await startLocalServer();
  admin = await server.connect();
  project = new StackProject({ server });
  // What TAKEN_OUT lists, as `key privilege`, is not granted.
  project.edit(
    'index.ts',
    `{ name: names.role, grants }`,
    `{
      name: names.role,
      grants: grants
        .map((each) => ({
          ...each,
          privileges: each.privileges.filter((one) => !process.env['TAKEN_OUT']?.split(';').includes(\`\${each.key} \${one}\`)),
        }))
        .filter(({ privileges }) => privileges.length > 0),
    }`,
  );
  await project.create();
  await project.configure({ 'protection.rowReaders[0]': 'ANALYST', 'protection.attributeReaders[0]': 'AUDITOR' });
});
afterAll(async () => {
  pipeline?.dispose();
  project?.remove();
  await server?.close();
});

describe('the stack comes up only with every privilege that it needs', () => {
  const refused = "Insufficient privileges to operate on schema 'PIPELINE'";
  // In the order in which the stack needs them: each line is tried with all that stand below it missing too.
  const needed = [
    { privilege: 'schema-pipeline CREATE STAGE', said: refused, resource: 'code-code-stage' },
    { privilege: 'schema-pipeline CREATE PROCEDURE', said: refused, resource: 'procedures-prepare-data' },
    { privilege: 'schema-pipeline CREATE TASK', said: refused, resource: 'training-prepare-data' },
    { privilege: 'warehouse USAGE', said: 'Nonexistent warehouse DEMO_WH was specified', resource: 'training-prepare-data' },
    { privilege: 'account EXECUTE TASK', said: 'EXECUTE TASK privilege must be granted', resource: 'training-train-model' },
  ];
  test.each(needed.map((each, index) => ({ ...each, missing: needed.slice(index).map(({ privilege }) => privilege) })))(
    '$privilege',
    async ({ missing, said, resource }) => {
      project.environment['TAKEN_OUT'] = missing.join(';');
      const { code, output } = await project.up();
      expect(output).toContain(said);
      expect(output).toContain(`${resource} **creating failed**`);
      expect(code).not.toBe(0);
    },
  );

  test('with all of them', async () => {
    delete project.environment['TAKEN_OUT'];
    expect(await project.up()).toMatchObject({ code: 0 });
    pipeline = await DeployedPipeline.of(project, server);
  });
});

describe('data and features', () => {
  const refused = "Insufficient privileges to operate on schema 'DATA'";
  // In the order in which they are needed: no row is there before the table is protected.
  test.each([
    ['CREATE TABLE ON SCHEMA SNOWBANK.DATA', 'load', refused],
    ['APPLY ON ROW ACCESS POLICY SNOWBANK.DATA.APPLICATION_READERS', 'load', 'APPLICATION_READERS'],
    ['APPLY ON TAG SNOWBANK.DATA.PROTECTED_ATTRIBUTE', 'load', 'PROTECTED_ATTRIBUTE'],
    ['CREATE TAG ON SCHEMA SNOWBANK.DATA', 'setup', refused],
    ['CREATE DYNAMIC TABLE ON SCHEMA SNOWBANK.DATA', 'setup', refused],
  ] as const)('cannot be there without %s', async (grant, command, words) => {
    const [code, said] = await without(grant, () => (command === 'load' ? pipeline.load() : pipeline.setUp()));
    expect([code, said]).toEqual([1, expect.stringContaining(words)]);
  });

  test('is empty until then', async () => {
    expect(await admin.rows('SELECT COUNT(*) AS N FROM SNOWBANK.DATA.MORTGAGE_APPLICATIONS')).toEqual([{ N: 0 }]);
  });

  test('are there with all of them', async () => {
    expect(await pipeline.setUp()).toEqual([0, expect.stringContaining('MORTGAGE_FEATURES')]);
    expect(await pipeline.load()).toEqual([0, expect.stringContaining('"table_rows": 2381')]);
  });
});

// https://docs.snowflake.com/en/user-guide/tag-based-masking-policies, https://docs.snowflake.com/en/user-guide/security-row-intro
describe('the applications', () => {
  test.each([
    ['AUDITOR', 2381, 2381],
    ['ANALYST', 2381, 0],
    ['STRANGER', 0, 0],
  ])('show %s %i rows and the protected attribute of %i', async (role, rows, attributes) => {
    for (const statement of [
      `CREATE ROLE ${role}`,
      `GRANT USAGE ON DATABASE SNOWBANK TO ROLE ${role}`,
      `GRANT USAGE ON SCHEMA SNOWBANK.DATA TO ROLE ${role}`,
      `GRANT USAGE ON WAREHOUSE DEMO_WH TO ROLE ${role}`,
      `GRANT SELECT ON TABLE SNOWBANK.DATA.MORTGAGE_APPLICATIONS TO ROLE ${role}`,
      `GRANT ROLE ${role} TO USER ${server.user}`,
      'USE SECONDARY ROLES NONE',
      `USE ROLE ${role}`,
      'USE WAREHOUSE DEMO_WH',
    ]) {
      await admin.run(statement);
    }
    const seen = 'SELECT COUNT(*) AS N, COUNT(APPLICANT_BLACK) AS A FROM SNOWBANK.DATA.MORTGAGE_APPLICATIONS';
    expect(await admin.rows(seen)).toEqual([{ N: rows, A: attributes }]);
    for (const statement of ['USE ROLE ACCOUNTADMIN', 'USE SECONDARY ROLES ALL']) await admin.run(statement);
  });
});

describe('the graph', () => {
  test.each([
    ['EXECUTE TASK ON ACCOUNT', 'EXECUTE TASK privilege must be granted to owner role'],
    // The command reads the graph's runs on the same warehouse.
    ['USAGE ON WAREHOUSE DEMO_WH', 'No active warehouse selected in the current session'],
    ['ALL ON DATABASE SNOWBANK', 'or the role of the connection may not see it'],
    ['ALL ON SCHEMA SNOWBANK.PIPELINE', 'or the role of the connection may not see it'],
  ])('does not start without %s', async (grant, said) => {
    const run = await without(grant, () => pipeline.graph('run'));
    expect(run).toMatchObject({ code: 2, states: {}, said: expect.stringContaining(said) });
  });

  const refused = "Insufficient privileges to operate on schema 'PIPELINE'";
  // Each line goes on where the one before it failed: a retry runs what failed, and the finalizer.
  test.each([
    { command: 'run', grant: 'ALL ON SCHEMA SNOWBANK.DATA', task: 'PREPARE_DATA', said: 'or this role may not see it' },
    { command: 'retry', grant: 'CREATE DATASET ON SCHEMA SNOWBANK.PIPELINE', task: 'PREPARE_DATA', said: refused },
    // The client's own words.
    {
      command: 'retry',
      grant: 'CREATE SERVICE ON SCHEMA SNOWBANK.PIPELINE',
      task: 'TRAIN_MODEL',
      said: 'please grant privileges on schema before submitting a job',
    },
    {
      command: 'retry',
      grant: 'USAGE ON COMPUTE POOL DEMO_POOL',
      task: 'TRAIN_MODEL',
      said: "Compute pool 'DEMO_POOL' not found",
    },
    { command: 'retry', grant: 'CREATE MODEL ON SCHEMA SNOWBANK.PIPELINE', task: 'PROMOTE_MODEL', said: refused },
  ] as const)('fails at $task without $grant', async ({ command, grant, task, said }) => {
    const run = await without(grant, () => pipeline.graph(command));
    expect(run).toMatchObject({ code: 1, states: { [task]: 'FAILED', CLEANUP: 'SUCCEEDED' } });
    expect(run.end['firstErrorMessage']).toContain(said);
  });

  test('goes on to its end with all of them', async () => {
    const run = await pipeline.graph('retry');
    expect(run).toMatchObject({
      code: 0,
      states: { PREPARE_DATA: 'SUCCEEDED', PROMOTE_MODEL: 'SUCCEEDED', SEND_ALERT: 'SKIPPED', CLEANUP: 'SUCCEEDED' },
    });
    promoted = await everythingPromoted();
  });

  test('cannot alert without USAGE ON INTEGRATION DEMO_NOTIFICATION_INTEGRATION', async () => {
    const grant = 'USAGE ON INTEGRATION DEMO_NOTIFICATION_INTEGRATION';
    const run = await without(grant, () => pipeline.graph('run', '--config', 'threshold=0.99'));
    expect(run).toMatchObject({ code: 1, states: { PROMOTE_MODEL: 'SKIPPED', SEND_ALERT: 'FAILED', CLEANUP: 'SUCCEEDED' } });
    expect(run.end['firstErrorMessage']).toContain('DEMO_NOTIFICATION_INTEGRATION');
    expect(server.service.outbox()).toEqual([]);
    expect(await pipeline.graph('retry')).toMatchObject({ code: 0, states: { SEND_ALERT: 'SUCCEEDED' } });
    expect(server.service.outbox()).toMatchObject([{ kind: 'email', recipients: ['admin@localhost.example'] }]);
  });

  test('has no privilege left that it was not tried without', async () => {
    const rows = await admin.rows('SHOW GRANTS TO ROLE ENGINEER');
    const held = rows.filter(({ privilege }) => privilege !== 'OWNERSHIP').map(grantText);
    expect(held.filter((grant) => !tried.has(grant)).toSorted()).toEqual([
      // The stack did not come up without these.
      'CREATE PROCEDURE ON SCHEMA SNOWBANK.PIPELINE',
      // For feature stores and registries of one's own.
      'CREATE SCHEMA ON DATABASE SNOWBANK',
      'CREATE STAGE ON SCHEMA SNOWBANK.PIPELINE',
      'CREATE TASK ON SCHEMA SNOWBANK.PIPELINE',
      // Any privilege reaches into a database or schema: these were tried with ALL.
      'USAGE ON DATABASE SNOWBANK',
      'USAGE ON SCHEMA SNOWBANK.DATA',
      'USAGE ON SCHEMA SNOWBANK.PIPELINE',
    ]);
  });
});

describe('code that fails', () => {
  test.each([
    {
      file: 'mortgage_check_model_quality.py',
      text: '    rows = load_dataset(',
      code: "    raise ValueError('no column BALANCE')\n",
      task: 'CHECK_MODEL_QUALITY',
      said: [/ValueError: no column BALANCE/u, /mortgage_check_model_quality\.py", line \d+, in check/u],
    },
    {
      file: 'mortgage_train_job.py',
      text: '    options = _parse(arguments)',
      code: '    os.kill(os.getpid(), 9)\n',
      task: 'TRAIN_MODEL',
      said: [/ML job \S+ ended with status FAILED/u, /--- node 0: FAILED, .*SIGKILL/u],
    },
  ])(
    'in $file ends the run there, runs the finalizer and leaves the promoted model as it was',
    async ({ file, text, code, task, said }) => {
      const before = readFileSync(join(project.folder, 'payloads/src', file), 'utf8');
      await deploy(file, before.replace(text, code + text));
      const run = await pipeline.graph('run');
      await deploy(file, before);
      expect(run).toMatchObject({ code: 1, states: { [task]: 'FAILED', PROMOTE_MODEL: 'NOT_RUN', CLEANUP: 'SUCCEEDED' } });
      for (const words of said) expect(run.end['firstErrorMessage']).toMatch(words);
      expect(await everythingPromoted()).toEqual(promoted);
    },
  );

  test('is in the way no more when it is mended', async () => {
    expect(await pipeline.graph('retry')).toMatchObject({ code: 0, states: { PROMOTE_MODEL: 'SUCCEEDED' } });
    expect(await everythingPromoted()).not.toEqual(promoted);
  });
});

let promoted: unknown;

/** The model with its versions, and the data behind it. */
async function everythingPromoted(): Promise<unknown> {
  const versions = await admin.rows('SHOW VERSIONS IN MODEL SNOWBANK.PIPELINE.MORTGAGE_MODEL');
  return {
    versions: versions.map(({ name, is_default_version, metadata }) => [name, is_default_version, metadata]),
    data: await admin.rows('SELECT COUNT(*) AS N, HASH_AGG(*) AS H FROM SNOWBANK.DATA.MORTGAGE_APPLICATIONS'),
  };
}

/** What `work` comes to while the pipeline's role lacks a privilege. */
async function without<T>(grant: string, work: () => Promise<T>): Promise<T> {
  const before = await admin.rows('SHOW GRANTS TO ROLE ENGINEER');
  await admin.run(`REVOKE ${grant} FROM ROLE ENGINEER`);
  const left = new Set((await admin.rows('SHOW GRANTS TO ROLE ENGINEER')).map(grantText));
  const taken = before.filter((row) => !left.has(grantText(row)));
  if (taken.length === 1) tried.add(grant);
  try {
    return await work();
  } finally {
    for (const row of taken) await admin.run(`GRANT ${grantText(row)} TO ROLE ENGINEER`);
  }
}

function grantText({ privilege, granted_on, name }: SdkRow): string {
  return `${String(privilege)} ON ${String(granted_on).replaceAll('_', ' ')}${granted_on === 'ACCOUNT' ? '' : ` ${String(name)}`}`;
}

/** Puts a file of the code where the procedures find it. */
async function deploy(file: string, content: string): Promise<void> {
  const path = join(project.folder, file);
  writeFileSync(path, content);
  await admin.run(`PUT 'file://${path}' @SNOWBANK.PIPELINE.CODE_STAGE/src AUTO_COMPRESS = FALSE OVERWRITE = TRUE`);
}
