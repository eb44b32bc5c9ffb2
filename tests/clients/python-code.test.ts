import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalServer, startLocalServer } from '../support/local-server.ts';
import { runPythonClient } from '../support/python-client.ts';

// Snowpark's registration of Python code, in a process of its own, against a server in this one.
describe('Python code registered with Snowpark', () => {
  let server: LocalServer;

  beforeAll(async () => {
    server = await startLocalServer();
  });

  afterAll(() => server.close());

  it('runs as procedures, functions, table functions and aggregates', async () => {
    expect(await runPythonClient(server, 'python_code.py')).toEqual({
      procedure: 40,
      anonymous: 'made 7',
      table: [
        [1, 'a'],
        [3, 'a'],
      ],
      imported: 4,
      raised: expect.stringMatching(
        /Python Interpreter Error:\nTraceback[\s\S]*File "\/home\/udf\/steps\.py", line 4, in check[\s\S]*ValueError: 6 is too many\n in function DB\.S\.CHECK_LIMIT/u,
      ),
      packages: expect.stringContaining('torch (not installed)'),
      function: [null, 2, 3, 4],
      by_name: [2, 3],
      vectorised: [0.5, 1, 1.5],
      function_raised: expect.stringContaining('is not recognized'),
      table_functions: {
        alone: [
          ['x', 1],
          ['yy', 2],
        ],
        by_name: [['q', 1]],
        joined: [
          [1, 'a', 1],
          [1, 'bb', 2],
          [3, 'ccc', 3],
        ],
        selected: [
          [1, 'a', 1],
          [1, 'bb', 2],
          [3, 'ccc', 3],
        ],
        // Beside a partition's row is only what it is partitioned by.
        partitions: [
          ['a', null, 4],
          ['b', null, 2],
        ],
        vectorised: [
          ['a', 4],
          ['b', 2],
        ],
        applied: [
          [2, 'a'],
          [4, 'b'],
          [6, 'a'],
        ],
        raised: expect.stringContaining("Invalid argument types for function 'WORDS_OF': (NUMBER, NUMBER)"),
      },
      aggregates: {
        grouped: [
          ['a', 4],
          ['b', 2],
        ],
        sql: [[3, 2]],
        shown: 'Y',
      },
    });
  });
});
