import { afterAll, beforeAll, expect, test } from 'vitest';

import { type LocalServer, startLocalServer } from '../support/local-server.ts';
import type { SdkConnection } from '../support/sdk-connection.ts';
import { StackProject } from './support/stack-project.ts';

// The project's own stack, from nothing to nothing: each test goes on where the one before it ended.
let server: LocalServer;
let admin: SdkConnection;
let project: StackProject;
let before: string;
beforeAll(async () => {
  server = await startLocalServer();
  admin = await server.connect();
  before = await everythingShown();
  project = new StackProject({ server });
  await project.create();
});
afterAll(async () => {
  project?.remove();
  await server?.close();
});

/** All that an administrator can list, as one text. */
async function everythingShown(): Promise<string> {
  const kinds = [
    'COMPUTE POOLS',
    'DATABASES',
    'INTEGRATIONS',
    'PROCEDURES IN ACCOUNT',
    'ROLES',
    'SCHEMAS IN ACCOUNT',
    'SECRETS IN ACCOUNT',
    'STAGES IN ACCOUNT',
    'TASKS IN ACCOUNT',
    'USERS',
    'WAREHOUSES',
    'GRANTS ON ACCOUNT',
    'GRANTS OF ROLE PUBLIC',
    'GRANTS TO ROLE ACCOUNTADMIN',
  ];
  const shown: string[] = [];
  for (const kind of kinds) {
    const { rows } = await admin.run(`SHOW ${kind}`);
    // Sessions come and go.
    shown.push(
      kind,
      ...rows.map((row) => JSON.stringify({ ...row, last_success_login: undefined, resumed_on: undefined, updated_on: undefined })),
    );
  }
  return shown.join('\n');
}

test('comes up from nothing', async () => {
  const steps = await project.preview();
  expect(new Set(steps.map(({ op }) => op))).toEqual(new Set(['create']));
  const { output } = await project.succeed('up', '--yes', '--skip-preview');
  expect(output).toContain(`+ ${steps.length} created`);
});

test('leaves nothing to do, not even after a refresh', async () => {
  expect(await project.preview()).toEqual([]);
  await project.succeed('refresh', '--yes', '--skip-preview');
  expect(await project.preview()).toEqual([]);
});

test('keeps no secret in clear', async () => {
  const { text } = await project.exported();
  expect(text).toContain('ciphertext');
  expect(text).not.toContain('PRIVATE KEY');
  expect(text).not.toContain(server.password);
  expect(text).not.toContain(JSON.stringify(server.password).slice(1, -1));
});

test('shows one changed line of the training code as that object and what uses it', async () => {
  const file = 'payloads/src/mortgage_train_model.py';
  project.write(file, `${project.read(file)}\n# changed\n`);
  expect(await project.preview()).toEqual([
    { op: 'update', resource: 'GraphActivation training-activation', changes: ['generation'] },
    { op: 'update', resource: 'GraphHold training-hold', changes: ['definitions'] },
    { op: 'update', resource: 'ProcedurePython procedures-train-model', changes: ['comment'] },
    { op: 'update', resource: 'StageObject code-src/mortgage_train_model.py', changes: ['contentHash'] },
    { op: 'update', resource: 'Task training-train-model', changes: ['comment'] },
  ]);
  await project.succeed('up', '--yes', '--skip-preview');
  expect(await project.preview()).toEqual([]);
});

test('finds what was changed by hand and mends it', async () => {
  for (const statement of [
    'REVOKE USAGE ON WAREHOUSE DEMO_WH FROM ROLE ENGINEER',
    "ALTER WAREHOUSE DEMO_WH SET WAREHOUSE_SIZE = 'LARGE'",
    'ALTER COMPUTE POOL DEMO_POOL SET MAX_NODES = 7',
    "ALTER NOTIFICATION INTEGRATION DEMO_NOTIFICATION_INTEGRATION SET COMMENT = 'by hand'",
    'REMOVE @SNOWBANK.PIPELINE.CODE_STAGE/src/mortgage_sql.py',
  ]) {
    await admin.run(statement);
  }
  await project.succeed('refresh', '--yes', '--skip-preview');
  expect(await project.preview()).toEqual([
    { op: 'update', resource: 'ComputePool training-pool-pool', changes: ['maxNodes'] },
    {
      op: 'update',
      resource: 'GrantPrivilegesToAccountRole engineer-grant-warehouse',
      changes: ['privileges', 'privileges[0]'],
    },
    { op: 'update', resource: 'NotificationIntegration notifications-integration', changes: ['comment'] },
    { op: 'create', resource: 'StageObject code-src/mortgage_sql.py', changes: [] },
    { op: 'update', resource: 'Warehouse warehouse-warehouse', changes: ['warehouseSize'] },
  ]);
  await project.succeed('up', '--yes', '--skip-preview');
  expect(await project.preview()).toEqual([]);
});

test('is gone without a trace after destroy', async () => {
  await project.succeed('destroy', '--yes', '--skip-preview');
  expect(await everythingShown()).toBe(before);
});
