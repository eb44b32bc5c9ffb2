import { afterAll, beforeAll, expect, it } from 'vitest';
import { type LocalServer, startLocalServer } from '../support/local-server.ts';
import { runPythonClient } from '../support/python-client.ts';

let server: LocalServer;

beforeAll(async () => {
  server = await startLocalServer();
});

afterAll(() => server.close());

// https://docs.snowflake.com/en/developer-guide/snowflake-ml/model-registry/partitioned-custom-models
it('a partitioned model gives rows for each partition', async () => {
  const totals = [
    ['a', 4, 2],
    ['b', 2, 1],
  ];
  expect(await runPythonClient(server, 'partitioned_model.py')).toEqual({
    type: 'TABLE_FUNCTION',
    pandas: totals,
    snowpark: totals,
    sql: [[5, 1]],
    as_value: ['SnowparkSQLException', expect.stringMatching(/table function "TOTALS!PREDICT" as a value/u)],
  });
});
