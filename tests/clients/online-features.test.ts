import { afterAll, beforeAll, expect, it } from 'vitest';
import { type LocalServer, startLocalServer } from '../support/local-server.ts';
import { runPythonClient } from '../support/python-client.ts';

let server: LocalServer;

beforeAll(async () => {
  server = await startLocalServer();
});

afterAll(() => server.close());

// snowflake.ml's Feature Store client with online_config, in a process of its own, against a server in this one.
it('the Feature Store client keeps, reads, refreshes and drops online features', async () => {
  expect(await runPythonClient(server, 'online_features.py')).toEqual({
    online: [true, '1 hour'],
    shown: [
      ['BALANCE$V1$ONLINE', 'ML.STORE.BALANCE$V1', 2, '1 hour', 'TS', 'FULL', 'RUNNING'],
      ['DOUBLED$1$ONLINE', 'ML.STORE.DOUBLED$1', 2, '10 seconds', null, 'FULL', 'RUNNING'],
    ],
    one: [['1', '2024-02-01 00:00:00', '20.0', 'b']],
    several: [
      ['1', '20.0'],
      ['2', '30.0'],
    ],
    all: [
      ['1', '2024-02-01 00:00:00', '20.0', 'b'],
      ['2', '2024-01-15 00:00:00', '30.0', 'None'],
    ],
    pandas: [[2, 60]],
    before: [],
    refreshed: [['3', '2024-03-01 00:00:00', '40.0', 'c']],
    history: [
      ['BALANCE$V1$ONLINE', 'SUCCEEDED', 'CREATION'],
      ['BALANCE$V1$ONLINE', 'SUCCEEDED', 'MANUAL'],
    ],
    suspended: ['SUSPENDED', 'RUNNING'],
    updated: '2 hours',
    off: [['DOUBLED$1$ONLINE'], ['ValueError', expect.stringContaining('Online store is not enabled for feature view BALANCE/V1')]],
    on: [['3', '2024-03-01 00:00:00', '40.0', 'c']],
    deleted: [],
  });
});
