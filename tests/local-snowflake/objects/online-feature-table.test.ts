import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeClock } from '../../../local-snowflake/platform/clock.ts';
import { type LocalServer, startLocalServer } from '../../support/local-server.ts';
import type { SdkConnection } from '../../support/sdk-connection.ts';

const second = 1000;

// https://docs.snowflake.com/en/sql-reference/sql/create-online-feature-table
describe('Online feature tables', () => {
  let clock: FakeClock;
  let server: LocalServer;
  let connection: SdkConnection;

  beforeEach(async () => {
    clock = new FakeClock();
    server = await startLocalServer({ clock });
    connection = await server.connect();
    for (const statement of [
      'create warehouse wh',
      'create database db',
      'create table t (id int, ts timestamp_ntz, n int)',
      "insert into t values (1, '2024-01-01', 10), (1, '2024-02-01', 11), (2, '2024-01-01', 20)",
      "create dynamic table d target_lag = '1 day' warehouse = wh as select * from t",
      'create view v as select * from t',
    ])
      await connection.run(statement);
  });

  afterEach(() => server.close());

  const create = (source: string, more = "TIMESTAMP_COLUMN = 'TS' TARGET_LAG = '30 seconds' WAREHOUSE = wh"): Promise<unknown> =>
    connection.run(`CREATE ONLINE FEATURE TABLE my_online_feature_table PRIMARY KEY (ID) ${more} FROM ${source}`);
  const rows = async (): Promise<unknown[][]> =>
    (await connection.rows('select id, n from my_online_feature_table order by id')).map((row) => Object.values(row));
  const refreshes = async (): Promise<unknown> =>
    connection.value(
      "select count(*) from table(information_schema.online_feature_table_refresh_history(name => 'my_online_feature_table'))",
    );

  it('have the latest row of each key', async () => {
    await create('d');
    expect(await rows()).toEqual([
      [1, 11],
      [2, 20],
    ]);
    expect(await connection.rows('describe online feature table my_online_feature_table')).toMatchObject([
      { name: 'ID', 'primary key': 'Y' },
      { name: 'TS', 'primary key': 'N' },
      { name: 'N', 'primary key': 'N' },
    ]);
  });

  it('are refreshed when their lag has passed: on a view always, on a dynamic table when that was', async () => {
    await create('v');
    await connection.run("insert into t values (3, '2024-01-01', 30)");
    await clock.advanceBy(30 * second);
    await expect.poll(rows).toHaveLength(3);

    await connection.run('drop online feature table my_online_feature_table');
    await clock.advanceBy(second);
    await create('d');
    await clock.advanceBy(120 * second);
    expect(await rows()).toHaveLength(2);
    expect(await refreshes()).toBe(1);
    await connection.run('alter dynamic table d refresh');
    await clock.advanceBy(30 * second);
    await expect.poll(rows).toHaveLength(3);
    expect(await refreshes()).toBe(2);
  });

  it('are refreshed by hand alone when suspended', async () => {
    await create('v');
    await connection.run('alter online feature table my_online_feature_table suspend');
    await connection.run("insert into t values (3, '2024-01-01', 30)");
    await clock.advanceBy(600 * second);
    expect(await rows()).toHaveLength(2);
    await connection.run('alter online feature table my_online_feature_table refresh');
    expect(await rows()).toHaveLength(3);
  });

  it.each([
    ['v', "TARGET_LAG = '9 seconds' WAREHOUSE = wh", /invalid value \[9 seconds\] for parameter 'TARGET_LAG'/u],
    ['v', "TARGET_LAG = '9 days' WAREHOUSE = wh", /invalid value \[9 days\]/u],
    ['t', "TARGET_LAG = '1 hour' WAREHOUSE = wh", /neither a view nor a dynamic table/u],
    ['nowhere', "TARGET_LAG = '1 hour' WAREHOUSE = wh", /does not exist or not authorized/u],
    ['v', "TIMESTAMP_COLUMN = 'AT' TARGET_LAG = '1 hour' WAREHOUSE = wh", /invalid identifier 'AT'/u],
    ['SPECIFICATION $$ {} $$', "TARGET_LAG = '1 hour'  WAREHOUSE = wh", /specification/u],
    ['v', 'WAREHOUSE = wh', /TARGET_LAG/u],
  ])('from %s with %s are refused', async (source, more, message) => {
    await expect(create(source, more)).rejects.toThrow(message);
    expect(await connection.rows('show online feature tables')).toEqual([]);
  });
});
