import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DataWrites } from '../../../local-snowflake/data/duckdb/data-writes.ts';
import { QueryPlans } from '../../../local-snowflake/data/duckdb/query-plans.ts';
import type { WatchedConnection } from '../../../local-snowflake/data/duckdb/watched-connection.ts';
import { WatchedDatabase } from '../../../local-snowflake/data/duckdb/watched-database.ts';

const rowsOf = async (result: ReturnType<WatchedConnection['query']>): Promise<string> =>
  result.then(
    async (rows) => JSON.stringify(await rows.getRowsJson()),
    (error: unknown) => `refused: ${String(error)}`,
  );

/** What DuckDB decides by the smallest and the largest value, by how many rows there are, or by whether there is a NULL. */
const queries = [
  'SELECT count(*) FROM t WHERE g > 1000',
  'SELECT count(*) FROM t WHERE g IS NULL',
  'SELECT g, count(*) FROM t GROUP BY g ORDER BY g NULLS FIRST',
  'SELECT min(g), max(g), count(*), count(g), sum(g) FROM t',
  'SELECT count(*) FROM t AS a JOIN t AS b ON a.g = b.g',
  'SELECT DISTINCT g FROM t ORDER BY g DESC NULLS LAST LIMIT 3',
  'SELECT * FROM t ORDER BY ALL LIMIT 2',
  "SELECT CAST(TIMESTAMPTZ '2024-01-01 00:00:00' AS VARCHAR), CAST('2024-07-01 00:00:00' AS TIMESTAMPTZ) > now()",
];

const writes = [
  'INSERT INTO t VALUES (5000)',
  'INSERT INTO t VALUES (NULL)',
  'INSERT INTO t SELECT range FROM range(3000)',
  'UPDATE t SET g = 2000000000 WHERE g = 7',
  'DELETE FROM t WHERE g > 50 OR g IS NULL',
  'TRUNCATE t',
  'CREATE OR REPLACE TABLE t AS SELECT CAST(range % 5 AS VARCHAR) AS g FROM range(10)',
  'CREATE OR REPLACE TABLE t AS SELECT CAST(range % 90 AS INTEGER) AS g FROM range(5000)',
  'ALTER TABLE t ADD COLUMN IF NOT EXISTS h INTEGER DEFAULT 3',
  "SET TimeZone = 'Asia/Tokyo'",
  'BEGIN',
  'COMMIT',
  'ROLLBACK',
];

describe('plans that are kept', () => {
  let database: WatchedDatabase;
  let reader: WatchedConnection;
  let writer: WatchedConnection;

  beforeEach(async () => {
    database = await WatchedDatabase.open(':memory:', {});
    reader = await database.connect();
    writer = await database.connect();
    await writer.run('CREATE TABLE t AS SELECT CAST(range % 90 AS INTEGER) AS g FROM range(5000)');
  });

  afterEach(() => {
    reader.closeSync();
    writer.closeSync();
    database.closeSync();
  });

  it('never show in an answer, whatever is written between the queries, here or elsewhere', async () => {
    const step = fc.record({ elsewhere: fc.boolean(), write: fc.constantFrom(...writes), times: fc.integer({ min: 1, max: 4 }) });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 6 }), async (steps) => {
        await writer.run('CREATE OR REPLACE TABLE t AS SELECT CAST(range % 90 AS INTEGER) AS g FROM range(5000)');
        for (const { elsewhere, write, times } of steps) {
          const at = elsewhere || ['BEGIN', 'COMMIT', 'ROLLBACK'].includes(write) ? writer : reader;
          await at.run(write).catch(() => undefined);
          for (const query of queries) {
            const answers = new Set<string>();
            for (let time = 0; time < times; time += 1) answers.add(await rowsOf(reader.query(query)));
            // `run` plans anew each time.
            answers.add(await rowsOf(reader.run(query)));
            expect([...answers], query).toHaveLength(1);
          }
        }
        await writer.run('ROLLBACK').catch(() => undefined);
      }),
      { numRuns: 30 },
    );
  });

  it('give new values where a value is to be new each time', async () => {
    await writer.run('CREATE SEQUENCE s');
    for (const query of ["SELECT nextval('s')", 'SELECT random()', 'SELECT uuid()', 'SELECT * FROM range(100000) USING SAMPLE 3']) {
      const answers = [];
      for (let time = 0; time < 4; time += 1) answers.push(await rowsOf(reader.query(query)));
      expect(new Set(answers).size, query).toBe(4);
    }
  });
});

describe('a plan', () => {
  const query = 'SELECT count(*) FROM t WHERE g > 1000';
  let database: WatchedDatabase;
  let connection: WatchedConnection;
  let dataWrites: DataWrites;
  let plans: QueryPlans;
  let made: string[];
  /** Happens once a plan is there, before it runs. */
  let meanwhile: () => Promise<unknown>;

  beforeEach(async () => {
    database = await WatchedDatabase.open(':memory:', {});
    connection = await database.connect();
    await connection.run('CREATE TABLE t AS SELECT CAST(range % 90 AS INTEGER) AS g FROM range(5000)');
    dataWrites = new DataWrites();
    made = [];
    meanwhile = async () => undefined;
    plans = new QueryPlans(
      {
        runOnce: (sql) => connection.run(sql),
        prepare: async (sql) => {
          made.push(sql);
          const plan = await connection.prepare(sql);
          const run = plan.run.bind(plan);
          return Object.assign(plan, { run: async () => meanwhile().then(run) });
        },
      },
      dataWrites,
    );
  });

  afterEach(() => {
    connection.closeSync();
    database.closeSync();
  });

  const write = (sql: string): Promise<unknown> => dataWrites.during(() => connection.run(sql));

  it('is made for what comes a second time, and again after a write', async () => {
    const counts = [];
    for (let time = 0; time < 4; time += 1) {
      await rowsOf(plans.run(query));
      counts.push(made.length);
    }
    await write('INSERT INTO t VALUES (5000)');
    for (let time = 0; time < 3; time += 1) {
      expect(await rowsOf(plans.run(query))).toBe('[["1"]]');
      counts.push(made.length);
    }
    expect(counts).toEqual([0, 1, 1, 1, 1, 2, 2]);
  });

  it('is not trusted when somebody wrote before it ran', async () => {
    await rowsOf(plans.run(query));
    meanwhile = () => write('INSERT INTO t VALUES (5000)');
    // The plan looks for nothing above 89, and would find nothing.
    expect(await rowsOf(plans.run(query))).toBe('[["1"]]');
    expect(made).toHaveLength(1);
  });

  it('is not trusted to fail either', async () => {
    const grouped = 'SELECT g, count(*) FROM t GROUP BY g ORDER BY g DESC LIMIT 1';
    await rowsOf(plans.run(grouped));
    meanwhile = () => write('INSERT INTO t VALUES (5000)');
    expect(await rowsOf(plans.run(grouped))).toBe('[[5000,"1"]]');
  });

  it('is not made while somebody writes', async () => {
    let end = (): void => undefined;
    const written = dataWrites.during(
      () =>
        new Promise<void>((resolve) => {
          end = resolve;
        }),
    );
    for (let time = 0; time < 3; time += 1) await rowsOf(plans.run(query));
    expect(made).toEqual([]);
    end();
    await written;
    for (let time = 0; time < 3; time += 1) await rowsOf(plans.run(query));
    expect(made).toHaveLength(1);
  });

  it('is forgotten when many others have come since', async () => {
    const ask = async (sql: string): Promise<void> => {
      await rowsOf(plans.run(sql));
      await rowsOf(plans.run(sql));
    };
    await ask(query);
    for (let number = 0; number < 50; number += 1) await ask(`SELECT ${String(number)} FROM t LIMIT 1`);
    made = [];
    await ask(query);
    expect(made).toEqual([query]);
  });
});
