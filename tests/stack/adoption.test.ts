import { join } from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { type LocalServer, startLocalServer } from '../support/local-server.ts';
import type { SdkConnection } from '../support/sdk-connection.ts';
import { StackProject } from './support/stack-project.ts';

let server: LocalServer;
let admin: SdkConnection;
let project: StackProject;
beforeAll(async () => {
  server = await startLocalServer();
  admin = await server.connect();
  project = new StackProject({ server, program: 'adoption-program.ts' });
  await project.create();
});
afterAll(async () => {
  project?.remove();
  await server?.close();
});

test('what was made by hand is imported, needs no change, and is managed from then on', async () => {
  for (const statement of [
    `CREATE COMPUTE POOL HAND_POOL MIN_NODES = 1 MAX_NODES = 3 INSTANCE_FAMILY = CPU_X64_S AUTO_SUSPEND_SECS = 600
       INITIALLY_SUSPENDED = TRUE COMMENT = 'by hand'`,
    "CREATE NOTIFICATION INTEGRATION HAND_MAIL TYPE = EMAIL ENABLED = TRUE DEFAULT_SUBJECT = 'Training'",
    'CREATE DATABASE HAND',
    'CREATE STAGE HAND.PUBLIC.FILES',
    `PUT file://${join(project.folder, 'payloads/manifest.json')} @HAND.PUBLIC.FILES/conf AUTO_COMPRESS = FALSE`,
  ]) {
    await admin.run(statement);
  }
  const steps = await project.preview();
  expect(steps.filter(({ op }) => op === 'import').map(({ resource }) => resource)).toEqual([
    'ComputePool pool',
    'NotificationIntegration integration',
    'StageObject object',
  ]);
  await project.succeed('up', '--yes', '--skip-preview');
  expect(await project.preview()).toEqual([]);

  await project.succeed('destroy', '--yes', '--skip-preview');
  expect((await admin.run('SHOW COMPUTE POOLS')).rows.map((row) => row['name'])).not.toContain('HAND_POOL');
  expect((await admin.run('LIST @HAND.PUBLIC.FILES')).rows).toEqual([]);
});

test('what is not there cannot be imported, and the engine says so', async () => {
  const { code, output } = await project.run('up', '--yes', '--skip-preview');
  expect(code).not.toBe(0);
  expect(output).toMatch(/HAND_POOL['"]? does not exist/u);
});
