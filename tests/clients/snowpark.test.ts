import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalServer, startLocalServer } from '../support/local-server.ts';
import { runPythonClient } from '../support/python-client.ts';

// Snowpark for Python, in a process of its own, against a server in this one.
describe('Snowpark', () => {
  let server: LocalServer;

  beforeAll(async () => {
    server = await startLocalServer();
  });

  afterAll(() => server.close());

  it('works on data frames, tables and stages', async () => {
    expect(await runPythonClient(server, 'snowpark.py')).toEqual({
      context: ['"SNOWPARK_DB"', '"PUBLIC"', '"ACCOUNTADMIN"'],
      schema: [
        ['N', 'LongType()'],
        ['G', expect.stringMatching(/^StringType\(/u)],
        ['X', 'DoubleType()'],
      ],
      grouped: [
        ['a', 2, 2],
        ['b', 1, null],
      ],
      table: 2,
      pandas: [1, 2, 3],
      streamed: 'streamed',
      error: [2003, true],
      asynchronous: [[42]],
    });
  }, 120_000);
});
