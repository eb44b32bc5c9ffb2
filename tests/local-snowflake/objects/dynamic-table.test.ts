import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeClock } from '../../../local-snowflake/platform/clock.ts';
import { type LocalServer, startLocalServer } from '../../support/local-server.ts';
import type { SdkConnection } from '../../support/sdk-connection.ts';

const minute = 60_000;

// https://docs.snowflake.com/en/sql-reference/sql/create-dynamic-table
describe('Dynamic tables', () => {
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
      'create table t (n int)',
      'insert into t values (1), (2)',
    ])
      await connection.run(statement);
  });

  afterEach(() => server.close());

  const create = (lag: string, query = 'select n from t'): Promise<unknown> =>
    connection.run(`create dynamic table d (n comment 'the number') target_lag = ${lag} warehouse = wh as ${query}`);
  const count = async (): Promise<unknown> => connection.value('select count(*) from d');
  const history = async (more = ''): Promise<unknown[][]> =>
    (
      await connection.rows(
        `select * from table(information_schema.dynamic_table_refresh_history(${more})) order by data_timestamp`,
      )
    ).map((row) => [row['STATE'], row['REFRESH_TRIGGER'], row['STATISTICS']]);

  it('are refreshed when their target lag has passed, by their owner', async () => {
    await create("'5 minutes'");
    await connection.run('insert into t values (3)');
    await clock.advanceBy(5 * minute - 1);
    expect(await count()).toBe(2);
    await clock.advanceBy(1);
    await expect.poll(count).toBe(3);
    expect(await history()).toMatchObject([
      ['SUCCEEDED', 'CREATION', { numInsertedRows: 2, numDeletedRows: 0 }],
      ['SUCCEEDED', 'SCHEDULED', { numInsertedRows: 3, numDeletedRows: 2 }],
    ]);
  });

  it('are refreshed by hand alone when suspended, or when their lag is DOWNSTREAM', async () => {
    await create("'1 minute'");
    await connection.run('alter dynamic table d suspend');
    await connection.run('insert into t values (3)');
    await clock.advanceBy(10 * minute);
    expect(await count()).toBe(2);
    await connection.run('alter dynamic table d set target_lag = downstream');
    await connection.run('alter dynamic table d resume');
    await clock.advanceBy(10 * minute);
    expect(await count()).toBe(2);
    await connection.run('alter dynamic table d refresh');
    expect(await count()).toBe(3);
    expect((await history()).at(-1)).toMatchObject(['SUCCEEDED', 'MANUAL', {}]);
  });

  it('keep what they have when a refresh fails, and try again', async () => {
    await create("'1 minute'", 'select 6 / n as n from t');
    await connection.run('insert into t values (0)');
    await clock.advanceBy(minute);
    await expect.poll(() => history('error_only => true')).toMatchObject([['FAILED', 'SCHEDULED', {}]]);
    const messages = await connection.rows(
      "select state_message from table(information_schema.dynamic_table_refresh_history(name => 'd')) order by data_timestamp",
    );
    expect(messages.map((row) => row['STATE_MESSAGE'])).toEqual([null, 'Division by zero']);
    expect(await count()).toBe(2);
    await connection.run('delete from t where n = 0');
    await connection.run('insert into t values (3)');
    await clock.advanceBy(minute);
    await expect.poll(count).toBe(3);
  });

  it('describe their columns with the comments given', async () => {
    await create("'1 day'");
    expect(await connection.rows('describe dynamic table d')).toMatchObject([
      { name: 'N', type: 'NUMBER(38,0)', comment: 'the number' },
    ]);
    await connection.run('alter dynamic table d refresh');
    expect(await connection.rows('desc dynamic table d')).toMatchObject([{ name: 'N', comment: 'the number' }]);
  });

  // https://docs.snowflake.com/en/sql-reference/data-types-structured
  it('refuse columns of structured types', async () => {
    const query = 'select [1]::array(int) as a';
    const sql = `create dynamic table nested target_lag = '1 day' warehouse = compute_wh as ${query}`;
    await expect(connection.run(sql)).rejects.toThrow("Unsupported data type 'ARRAY(NUMBER(38,0))'");
  });

  it.each(["'59 seconds'", "'soon'", "''", "'0 minutes'"])('refuse %s as a target lag', async (lag) => {
    await expect(create(lag)).rejects.toThrow(/invalid value \[.*\] for parameter 'TARGET_LAG'/u);
    await create("'60 seconds'");
    await expect(connection.run(`alter dynamic table d set target_lag = ${lag}`)).rejects.toThrow(/'TARGET_LAG'/u);
  });
});
