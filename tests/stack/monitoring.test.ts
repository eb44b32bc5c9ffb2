import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { type LocalServer, startLocalServer } from '../support/local-server.ts';
import type { SdkConnection } from '../support/sdk-connection.ts';
import { StackProject } from './support/stack-project.ts';

// The stack with monitoring, on a model that was trained without the graph: each test goes on where the one before it ended.
const root = fileURLToPath(new URL('../..', import.meta.url));
let server: LocalServer;
let admin: SdkConnection;
let project: StackProject;
let home: string;
beforeAll(async () => {
  server = await startLocalServer();
  admin = await server.connect();
  home = mkdtempSync(join(tmpdir(), 'snowflake-home-'));
  const { account, user, password, port } = server;
  const settings = { account, user, password, host: '127.0.0.1', port, protocol: 'http' };
  const lines = Object.entries(settings).map(([key, value]) => `${key} = ${JSON.stringify(value)}`);
  writeFileSync(join(home, 'connections.toml'), ['[local]', ...lines, ''].join('\n'), { mode: 0o600 });
  project = new StackProject({ server });
  await project.create();
  await project.configure({
    'monitoring.schedule': 'none',
    // Nothing is quite like what a model was trained on.
    'monitoring.driftLimit': '0',
    'monitoring.retrain': 'true',
  });
  await project.succeed('up', '--yes', '--skip-preview');
});
afterAll(async () => {
  project?.remove();
  await server?.close();
  rmSync(home, { recursive: true, force: true });
});

const command = async (...args: readonly string[]): Promise<void> => {
  await promisify(execFile)(join(root, '.cache/venv/bin/python'), ['-m', 'mortgage_pipeline', ...args], {
    cwd: join(root, 'payloads/src'),
    env: { PATH: process.env['PATH'], HOME: '/nonexistent', SNOWFLAKE_HOME: home },
    maxBuffer: 64 * 1024 * 1024,
  });
};

/** Runs the scoring graph and answers with state and return value of each of its tasks, in order. */
async function score(): Promise<readonly unknown[]> {
  await admin.run('EXECUTE TASK SNOWBANK.PIPELINE.SCORE_APPLICATIONS');
  const [run] = await admin.rows(
    "SELECT GRAPH_RUN_GROUP_ID AS ID FROM TABLE(SNOWBANK.INFORMATION_SCHEMA.CURRENT_TASK_GRAPHS(ROOT_TASK_NAME => 'SCORE_APPLICATIONS'))",
  );
  const finished = (): Promise<unknown> =>
    admin.value(
      `SELECT COUNT(*) FROM TABLE(SNOWBANK.INFORMATION_SCHEMA.COMPLETE_TASK_GRAPHS()) WHERE GRAPH_RUN_GROUP_ID = '${String(run?.['ID'])}'`,
    );
  await expect.poll(finished, { timeout: 250_000, interval: 200 }).toBe(1);
  const rows = await admin.rows(
    `SELECT NAME, STATE, RETURN_VALUE, ERROR_MESSAGE FROM TABLE(SNOWBANK.INFORMATION_SCHEMA.TASK_HISTORY())
     WHERE GRAPH_RUN_GROUP_ID = '${String(run?.['ID'])}' ORDER BY SCHEDULED_TIME, NAME`,
  );
  return rows.map((row) => [row['NAME'], row['STATE'], row['RETURN_VALUE'], row['ERROR_MESSAGE']]);
}

test('scores nothing as long as there is no model', async () => {
  const file = join(home, 'applications.csv');
  await command('data', '--out', file);
  await command('load', '--file', file);
  await command('setup');
  expect(await score()).toMatchObject([
    ['SCORE_APPLICATIONS', 'SUCCEEDED', '0', null],
    ['WATCH_MODEL', 'SUCCEEDED', 'nothing_to_watch', null],
    ['CHECK_DRIFT', 'SKIPPED', null, null],
  ]);
});

test('scores each loan once, watches the model, and tells people of drift', async () => {
  const config = join(home, 'config.json');
  writeFileSync(config, JSON.stringify({ rounds: 5, target_instances: 1 }));
  await command('run', '--config', config);
  const tasks = await score();
  expect(tasks).toEqual(
    expect.arrayContaining([
      ['SCORE_APPLICATIONS', 'SUCCEEDED', '2381', null],
      ['WATCH_MODEL', 'SUCCEEDED', 'watching', null],
      ['CHECK_DRIFT', 'SUCCEEDED', 'drifted', null],
      ['ALERT_DRIFT', 'SUCCEEDED', expect.stringMatching(/POPULATION_STABILITY_INDEX of PROBABILITY is 0\.\d+ on/u), null],
      ['RETRAIN', 'SUCCEEDED', null, null],
    ]),
  );
  const [sent] = server.service.outbox();
  expect(sent?.body).toMatch(
    /^MORTGAGE_MODEL: .*\(2381 rows\), above the limit 0\. See model monitor SNOWBANK\.PIPELINE\.MORTGAGE_MONITOR\.$/u,
  );
  const [monitor] = await admin.rows('SHOW MODEL MONITORS IN SNOWBANK.PIPELINE');
  expect(monitor).toMatchObject({ name: 'MORTGAGE_MONITOR', model_task: 'TABULAR_BINARY_CLASSIFICATION', monitor_state: 'ACTIVE' });
  expect(
    await admin.value(
      "SELECT METRIC_VALUE > 0.5 FROM TABLE(SNOWBANK.INFORMATION_SCHEMA.MODEL_MONITOR_PERFORMANCE_METRIC('SNOWBANK.PIPELINE.MORTGAGE_MONITOR', 'ROC_AUC', 'ALL'))",
    ),
  ).toBe(true);
  // RETRAIN has started the training graph.
  const trainings = (): Promise<unknown> =>
    admin.value("SELECT COUNT(*) FROM TABLE(SNOWBANK.INFORMATION_SCHEMA.TASK_HISTORY(TASK_NAME => 'PREPARE_DATA'))");
  await expect.poll(trainings, { timeout: 100_000 }).toBe(1);
});

test('leaves nothing to do for the stack', async () => {
  await project.succeed('refresh', '--yes', '--skip-preview');
  expect(await project.preview()).toEqual([]);
});
