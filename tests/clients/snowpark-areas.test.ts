import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalServer, startLocalServer } from '../support/local-server.ts';
import { runPythonClient } from '../support/python-client.ts';

type Found = Readonly<Record<string, unknown>>;

// Snowpark's data frames by areas of its public interface, in processes of their own, against a server in this one.
// https://docs.snowflake.com/en/developer-guide/snowpark/reference/python/latest/snowpark/index
describe('Snowpark', () => {
  let server: LocalServer;

  beforeAll(async () => {
    server = await startLocalServer();
  });

  afterAll(() => server.close());

  describe('Data frames', () => {
    let found: Found;

    beforeAll(async () => {
      found = (await runPythonClient(server, 'snowpark_frames.py')) as Found;
    });

    it.each<[string, unknown]>([
      [
        'creating',
        {
          types: [
            'LongType',
            'DoubleType',
            'StringType',
            'BooleanType',
            'DateType',
            'TimestampType',
            'DecimalType',
            'ArrayType',
            'MapType',
            'BinaryType',
          ],
          values: [
            [
              1,
              1.5,
              't',
              true,
              '2024-01-01',
              '2024-01-02 03:04:05',
              '1.250000000000000000',
              '[\n  1,\n  2\n]',
              '{\n  "a": 1\n}',
              "bytearray(b'ab')",
            ],
          ],
          typed: [
            [1, '{\n  "x": 1\n}', '{\n  "k": 2\n}', '[\n  1,\n  2\n]'],
            [null, null, null, null],
          ],
          large: [[1999000, '999']],
          range: [[1], [4], [7]],
          range_filtered: 3,
          generator: [[1], [2], [3]],
        },
      ],
      [
        'windows',
        {
          functions: [
            [1, 1, 0.0, 1, 0.0, 20.0, 10.0, 10.0, 10.0],
            [2, 2, 1.0, 2, 10.0, null, 10.0, 30.0, 15.0],
            [3, 1, 0.0, 1, 0.0, null, 5.0, 5.0, 5.0],
            [4, 2, 1.0, 2, 5.0, null, 5.0, 5.0, null],
          ],
          latest: [[2], [4]],
          moving: [
            [1, 10.0],
            [2, 30.0],
            [3, 5.0],
            [4, 5.0],
          ],
          cumulative: [
            [1, 30.0],
            [2, 20.0],
            [3, 5.0],
            [4, null],
          ],
        },
      ],
      [
        'joins',
        {
          counts: { inner: 2, left: 4, right: 3, full: 5, semi: 2, anti: 2 },
          cross: 8,
          columns: ['ID', 'G_L', 'D', 'X', 'G_R', 'V'],
          asof: [
            [10, 'early'],
            [12, 'late'],
          ],
          split: [
            [1, 1, 'x'],
            [1, 2, 'y'],
            [2, 1, 'z'],
          ],
          sets: [5, 6, 1, 2, 6],
        },
      ],
      [
        'reshaping',
        {
          pivot: [[30.0, 5.0]],
          pivot_all: [
            ['2024-01-01', 10.0, 5.0],
            ['2024-01-02', 20.0, null],
            ['2024-01-03', null, null],
          ],
          unpivot: [[1, 'JAN', 10]],
          unpivot_nulls: [
            [1, 'JAN', 10],
            [1, 'FEB', null],
          ],
          flatten: [
            [1, 0, '1'],
            [1, 1, '2'],
          ],
          explode: [
            [1, '1'],
            [1, '2'],
            [2, null],
          ],
          path: [[2, '1', '[\n  "a"\n]']],
        },
      ],
      ['sampling', { rows: 10, share: true, split: [1000, true], by: 500, cached: [true, 4] }],
      [
        'grouping',
        {
          by: [
            ['a', 30.0, 2],
            ['b', 5.0, 4],
          ],
          sets: [
            [null, 4],
            ['a', 2],
            ['b', 2],
          ],
          rollup: [
            [null, 35.0],
            ['a', 30.0],
            ['b', 5.0],
          ],
          statistics: [
            ['a', '[\n  1,\n  2\n]', 'a,a', 2, '0.500000', 15.0, 'a', 2, 1.0, 1.5],
            ['b', '[\n  3,\n  4\n]', 'b,b', 2, '0.500000', 5.0, 'b', 4, 1.0, 3.5],
          ],
          described: [
            ['count', 3.0],
            ['max', 20.0],
            ['mean', 11.666666666666666],
            ['min', 5.0],
            ['stddev', 7.637626158259733],
          ],
          quantiles: [10.0],
          crosstab: [
            ['a', 1, 1, 0],
            ['b', 1, 0, 1],
          ],
        },
      ],
      [
        'cleaning',
        {
          filled: [[10.0], [20.0], [5.0], [0.0]],
          dropped: 3,
          replaced: [['b'], ['z']],
          expressions: [
            ['large', 1, 10.0, true, true, '10.00', '2024-01-01', 31, '2024-02-01', '-', null],
            ['large', 1, 20.0, true, false, '20.00', '2024-01-01', 30, '2024-02-02', '-', null],
            ['small', 0, 5.0, false, true, '5.00', '2024-01-01', 31, '2024-02-01', '-', null],
            ['unknown', 0, -1.0, false, null, null, '2024-01-01', 29, '2024-02-03', '-', null],
          ],
          shape: [['ID', 'G', 'D'], ['ID', 'G', 'D', 'XX'], 2, 2, [2, 'a', '2024-01-02', 20.0]],
        },
      ],
    ])('%s', (area, expected) => {
      expect(found[area]).toEqual(expected);
    });
  });

  describe('Tables, stages and views', () => {
    let found: Found;

    beforeAll(async () => {
      found = (await runPythonClient(server, 'snowpark_tables.py')) as Found;
    });

    it.each<[string, unknown]>([
      [
        'writing',
        {
          counts: [3, 6, 6, 3, 2002],
          by_name: [
            [1, 'a', 2],
            [2, 'a', 2],
            [3, 'b', 2],
          ],
          made: 6,
        },
      ],
      [
        'changing',
        {
          merged: [1, 1, 0],
          updated: [1, 0],
          updated_from: [2, 0],
          deleted: [1],
          left: [
            [1, 100.0],
            [2, 0.5],
            [9, 10.0],
          ],
        },
      ],
      [
        'staging',
        {
          unloaded: 3,
          csv: [
            [1, 'a', '2024-01-01', 10.0],
            [2, 'a', '2024-01-02', 20.0],
            [3, 'b', '2024-01-01', null],
          ],
          inferred: [
            ['ID', 'LongType'],
            ['G', 'StringType'],
            ['D', 'DateType'],
            ['X', 'LongType'],
          ],
          inferred_rows: 3,
          parquet: [
            ['ID', 'LongType'],
            ['G', 'StringType'],
            ['D', 'DateType'],
            ['X', 'DoubleType'],
          ],
          parquet_rows: [
            [1, 'a', '2024-01-01', 10.0],
            [2, 'a', '2024-01-02', 20.0],
          ],
          with_metadata: [[1], [2], [3]],
          json: [['a'], ['a'], ['b']],
          copied: [3],
          copied_rows: [
            [1, 'a', '2024-01-01', 10.0],
            [2, 'a', '2024-01-02', 20.0],
            [3, 'b', '2024-01-01', null],
          ],
        },
      ],
      ['views', { rows: [2, 3, 2], lag: { target_lag: '1 day', comment: 'counts' } }],
      [
        'fetching',
        {
          pandas: [[0, 1, 2, 3, 4], 5],
          iterated: [0, 1, 2, 3, 4],
          described: [
            ['ID', 'LongType', true],
            ['G', 'StringType', true],
            ['D', 'DateType', true],
            ['X', 'DoubleType', true],
          ],
        },
      ],
      ['asynchronous', { rows: [3, 3, 3, 3], pandas: 3, cancelled: true }],
      [
        'session',
        {
          tag: { step: 1, run: 2 },
          history: 1,
          bound: [[3, 'x']],
          rolled_back: 0,
          lambda: [['[\n  2,\n  4,\n  6\n]', '[\n  2,\n  3\n]']],
        },
      ],
    ])('%s', (area, expected) => {
      expect(found[area]).toEqual(expected);
    });
  });
});
