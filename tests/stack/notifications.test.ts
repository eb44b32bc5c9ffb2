import { afterAll, beforeAll, expect, test } from 'vitest';

import { type LocalServer, startLocalServer } from '../support/local-server.ts';
import type { SdkConnection } from '../support/sdk-connection.ts';
import { StackProject } from './support/stack-project.ts';

// The project's stack, whose notifications are switched: each test goes on where the one before it ended.
let server: LocalServer;
let admin: SdkConnection;
let project: StackProject;
let byEmail: string;
beforeAll(async () => {
  server = await startLocalServer();
  admin = await server.connect();
  project = new StackProject({ server });
  await project.create();
  await project.succeed('up', '--yes', '--skip-preview');
  byEmail = project.read('Pulumi.local.yaml');
});
afterAll(async () => {
  project?.remove();
  await server?.close();
});

const secret = 'snowflake-ml-pipeline:webhookSecret';
const integration = 'NotificationIntegration notifications-integration';

async function integrationProperties(): Promise<Readonly<Record<string, unknown>>> {
  const { rows } = await admin.run('DESCRIBE INTEGRATION DEMO_NOTIFICATION_INTEGRATION');
  return Object.fromEntries(rows.map((row) => [row['property'], row['property_value']]));
}

test('go to a webhook, whose secret nobody can read', async () => {
  const notifications = /^ {2}snowflake-ml-pipeline:notifications:\n(?: {4}.*\n)+/mu;
  expect(byEmail).toMatch(notifications);
  const byWebhook = `  snowflake-ml-pipeline:notifications:
    kind: webhook
    url: https://hooks.slack.com/services/SNOWFLAKE_WEBHOOK_SECRET
`;
  project.write('Pulumi.local.yaml', byEmail.replace(notifications, byWebhook));
  const { code, output } = await project.run('preview');
  expect(code).not.toBe(0);
  expect(output).toContain('webhookSecret is missing: notifications uses SNOWFLAKE_WEBHOOK_SECRET');

  await project.configure({ [secret]: 'T0/B0/hush' }, '--secret');
  const steps = await project.preview();
  expect(steps.map(({ op, resource }) => `${op} ${resource}`)).toEqual([
    'replace GrantPrivilegesToAccountRole engineer-grant-notification-integration',
    'create GrantPrivilegesToAccountRole engineer-grant-webhook-secret',
    `replace ${integration}`,
    'create SecretWithGenericString notifications-webhook-secret',
  ]);
  const { output: said } = await project.succeed('up', '--yes', '--skip-preview');
  expect(await integrationProperties()).toMatchObject({
    WEBHOOK_URL: 'https://hooks.slack.com/services/SNOWFLAKE_WEBHOOK_SECRET',
    WEBHOOK_SECRET: 'SNOWBANK.PIPELINE.DEMO_WEBHOOK_SECRET',
    WEBHOOK_BODY_TEMPLATE: '{"text": "SNOWFLAKE_WEBHOOK_MESSAGE"}',
  });
  expect(said).not.toContain('hush');
  expect(project.read('Pulumi.local.yaml')).not.toContain('hush');
  expect((await project.exported()).text).not.toContain('hush');
  await project.succeed('refresh', '--yes', '--skip-preview');
  expect(await project.preview()).toEqual([]);
});

test('take another secret in place', async () => {
  await project.configure({ [secret]: 'T0/B0/other' }, '--secret');
  expect(await project.preview()).toEqual([
    { op: 'update', resource: 'SecretWithGenericString notifications-webhook-secret', changes: ['secretString'] },
  ]);
});

test('go by e-mail again', async () => {
  project.write('Pulumi.local.yaml', byEmail);
  await project.succeed('up', '--yes', '--skip-preview');
  expect(await project.preview()).toEqual([]);
  expect(await integrationProperties()).toMatchObject({ ALLOWED_RECIPIENTS: 'admin@localhost.example' });
  expect((await admin.run('SHOW SECRETS IN ACCOUNT')).rows).toEqual([]);
});
