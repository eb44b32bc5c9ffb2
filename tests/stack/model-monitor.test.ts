import { afterAll, beforeAll, expect, test } from 'vitest';

import { MonitorAccount } from '../local-snowflake/model-monitor/monitor-account.ts';
import { StackProject } from './support/stack-project.ts';

// One monitor by the real engine, from nothing to nothing: each test goes on where the one before it ended.
let account: MonitorAccount;
let project: StackProject;
beforeAll(async () => {
  account = await MonitorAccount.open();
  project = new StackProject({ server: account.server, program: 'monitor-program.ts' });
  await project.create();
});
afterAll(async () => {
  project?.remove();
  await account?.close();
});

const wanted = {
  ...{ database: 'DB', schema: 'SC', name: 'WATCH', model: 'DB.SC.DENIAL', version: 'V1', function: 'predict' },
  ...{ source: 'DB.SC.SCORED', baseline: 'DB.SC.TRAINING', warehouse: 'WH', timestampColumn: 'SCORED_AT', idColumns: ['ID'] },
  ...{ predictionScoreColumn: 'PROBABILITY', actualClassColumn: 'TRUTH', segmentColumns: ['REGION', 'GRADE'] },
};
const describeMonitor = (change: object = {}): void => project.write('monitor.json', JSON.stringify({ ...wanted, ...change }));

test('is made, and leaves nothing to do, not even after a refresh', async () => {
  describeMonitor();
  await project.succeed('up', '--yes', '--skip-preview');
  expect((await project.exported()).text).toContain('TABULAR_BINARY_CLASSIFICATION');
  await project.succeed('refresh', '--yes', '--skip-preview');
  expect(await project.preview()).toEqual([]);
});

test('mends what was changed by hand, and makes anew what Snowflake cannot change', async () => {
  await account.run("alter model monitor db.sc.watch set refresh_interval = '5 hours'");
  await account.run('alter model monitor db.sc.watch suspend');
  await project.succeed('refresh', '--yes', '--skip-preview');
  expect(await project.preview()).toEqual([
    { op: 'update', resource: 'ModelMonitor watch', changes: ['refreshInterval', 'suspended'] },
  ]);
  describeMonitor({ predictionClassColumn: 'DENIED' });
  expect(await project.preview()).toMatchObject([{ op: 'replace', resource: 'ModelMonitor watch' }]);
  await project.succeed('up', '--yes', '--skip-preview');
  expect(await account.rows('show model monitors in account')).toMatchObject([
    { name: 'WATCH', refresh_interval: '1 hour', monitor_state: 'ACTIVE' },
  ]);
});

test('is taken over as it is by import, and gone after destroy', async () => {
  await project.succeed('state', 'delete', '--yes', await urn());
  describeMonitor({ predictionClassColumn: 'DENIED', taken: 'DB.SC.WATCH' });
  expect(await project.preview()).toMatchObject([{ op: 'import', resource: 'ModelMonitor watch' }]);
  await project.succeed('up', '--yes', '--skip-preview');
  expect(await project.preview()).toEqual([]);
  await project.succeed('destroy', '--yes', '--skip-preview');
  expect(await account.rows('show model monitors in account')).toEqual([]);
});

async function urn(): Promise<string> {
  const { resources } = await project.exported();
  const found = resources.find(({ type }) => type === 'snowflakeml:index:ModelMonitor');
  if (found === undefined) throw new Error('the state has no monitor');
  return found.urn;
}
