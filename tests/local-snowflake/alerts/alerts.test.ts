import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { FakeClock } from '../../../local-snowflake/platform/clock.ts';
import { type LocalServer, startLocalServer } from '../../support/local-server.ts';
import type { SdkConnection, SdkRow } from '../../support/sdk-connection.ts';

const minute = 60_000;
const patience = { timeout: 20_000 };

// https://docs.snowflake.com/en/user-guide/alerts
describe('alerts', () => {
  let clock: FakeClock;
  let server: LocalServer;
  let client: SdkConnection;
  let directory: string;
  /** Each test has one of its own: the history keeps what was dropped. */
  let schema = '';
  let tests = 0;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'alerts-'));
    await open();
    await run('create warehouse mywarehouse', 'create database test_db');
  });

  afterAll(async () => {
    await server.close();
    await rm(directory, { recursive: true });
  });

  beforeEach(async () => {
    tests += 1;
    schema = `S${String(tests)}`;
    await run(
      'use role accountadmin',
      `create schema test_db.${schema}`,
      'use warehouse mywarehouse',
      'create table gauge (gauge_value int)',
      'create table gauge_value_exceeded_history (gauge_value int, at timestamp_ltz default current_timestamp())',
    );
  });

  async function open(): Promise<void> {
    clock = new FakeClock(clock?.now() ?? '2026-03-02T12:00:00Z');
    server = await startLocalServer({ clock, dataDir: directory });
    client = await server.connect();
  }

  async function run(...statements: readonly string[]): Promise<void> {
    for (const statement of statements) await client.run(statement);
  }

  /** Runs of the alerts in this test's schema, the latest first. */
  function history(more = ''): Promise<readonly SdkRow[]> {
    return client.rows(`select * from table(test_db.information_schema.alert_history(${more})) where schema_name = '${schema}'`);
  }

  async function states(name: string): Promise<unknown[]> {
    return (await history(`alert_name => '${name}'`)).map((row) => row['STATE']);
  }

  async function shown(name: string): Promise<SdkRow> {
    const [row] = await client.rows(`show alerts like '${name}' in schema test_db.${schema}`);
    return row ?? {};
  }

  async function refusal(sql: string): Promise<string> {
    return client.run(sql).then(
      () => 'accepted',
      (error: unknown) => (error as Error).message,
    );
  }

  // The example of https://docs.snowflake.com/en/user-guide/alerts (Creating an alert on a schedule)
  const example = `create or replace alert myalert
  warehouse = mywarehouse
  schedule = '1 minute'
  if( exists(
    select gauge_value from gauge where gauge_value>200))
  then
    insert into gauge_value_exceeded_history (gauge_value) select max(gauge_value) from gauge`;

  it('are suspended when they are created, and run on their schedule once they are resumed', async () => {
    await run(example, 'insert into gauge values (100)');
    expect(await shown('myalert')).toMatchObject({
      state: 'suspended',
      schedule: '1 minute',
      warehouse: 'MYWAREHOUSE',
      condition: 'select gauge_value from gauge where gauge_value>200',
      action: 'insert into gauge_value_exceeded_history (gauge_value) select max(gauge_value) from gauge',
      owner: 'ACCOUNTADMIN',
      was_auto_suspended: null,
    });
    await clock.advanceBy(5 * minute);
    expect(await history()).toEqual([]);
    await run('alter alert myalert resume');
    expect(await states('myalert')).toEqual(['SCHEDULED']);
    await clock.advanceBy(minute - 1);
    expect(await states('MyAlert')).toEqual(['SCHEDULED']);
    await clock.advanceBy(1);
    await expect.poll(() => states('myalert'), patience).toEqual(['SCHEDULED', 'CONDITION_FALSE']);
    await run('insert into gauge values (250)');
    await clock.advanceBy(minute);
    await expect.poll(() => states('myalert'), patience).toEqual(['SCHEDULED', 'TRIGGERED', 'CONDITION_FALSE']);
    expect(await client.value('select gauge_value from gauge_value_exceeded_history')).toBe(250);
    const [, triggered] = await history();
    expect(triggered).toMatchObject({
      NAME: 'MYALERT',
      DATABASE_NAME: 'TEST_DB',
      SCHEDULED_FROM: 'SCHEDULE',
      SQL_ERROR_CODE: null,
    });
    expect(triggered?.['CONDITION_QUERY_ID']).not.toBe(triggered?.['ACTION_QUERY_ID']);
    await run('alter alert myalert suspend');
    await clock.advanceBy(10 * minute);
    expect(await states('myalert')).toEqual(['TRIGGERED', 'CONDITION_FALSE']);
    expect(await client.value('select count(*) from snowflake.account_usage.alert_history')).toBe(2);
  });

  // https://docs.snowflake.com/en/sql-reference/sql/execute-alert
  it('run when EXECUTE ALERT asks for it, suspended as they are', async () => {
    await run(example, 'insert into gauge values (300)', 'execute alert myalert');
    await expect.poll(() => states('myalert'), patience).toEqual(['TRIGGERED']);
    expect((await history())[0]?.['SCHEDULED_FROM']).toBe('EXECUTE ALERT');
    expect((await shown('myalert'))['state']).toBe('suspended');
  });

  // https://docs.snowflake.com/en/sql-reference/functions/last_successful_scheduled_time, …/system_get_alert_config
  it('know when they were scheduled, when they last succeeded, and their configuration', async () => {
    await run(
      `create alert timed schedule = 'USING CRON * * * * * UTC' config = $\${"threshold": 2}$$
         if (exists (select 1 from gauge where gauge_value > parse_json(system$get_alert_config()):threshold::int))
         then begin
           let before timestamp_ltz := snowflake.alert.last_successful_scheduled_time();
           insert into gauge_value_exceeded_history
             select datediff('second', :before, snowflake.alert.scheduled_time()), snowflake.alert.scheduled_time();
         end;`,
      'insert into gauge values (3)',
      'alter alert timed resume',
    );
    await clock.advanceBy(minute);
    await expect.poll(() => states('timed'), patience).toEqual(['SCHEDULED', 'TRIGGERED']);
    await clock.advanceBy(minute);
    await expect.poll(() => states('timed'), patience).toEqual(['SCHEDULED', 'TRIGGERED', 'TRIGGERED']);
    const seconds = await client.rows(
      'select gauge_value, at = date_trunc(minute, at) as whole from gauge_value_exceeded_history order by at',
    );
    expect(seconds.map((row) => row['WHOLE'])).toEqual([true, true]);
    expect(seconds[1]?.['GAUGE_VALUE']).toBe(60);
    expect((await history())[1]?.['CONFIG']).toBe('{"threshold": 2}');
    expect(await client.value('select system$get_alert_config()')).toBeNull();
    await run('drop alert timed');
  });

  // https://docs.snowflake.com/en/user-guide/alerts (Suspending an alert automatically after failed runs)
  it('tell of conditions and actions that fail, and are suspended after as many failures in a row as they allow', async () => {
    await run(
      "create alert bad schedule = '1 minute' suspend_alert_after_num_failures = 2 runbook = 'see it' if (exists (select n from nowhere)) then select 1",
      "create alert worse schedule = '1 M' if (exists (show warehouses)) then insert into nowhere values (1)",
      'alter alert bad resume',
      'execute alert worse',
    );
    await expect.poll(() => states('worse'), patience).toEqual(['ACTION_FAILED']);
    await clock.advanceBy(minute);
    await expect.poll(() => states('bad'), patience).toEqual(['SCHEDULED', 'CONDITION_FAILED']);
    await clock.advanceBy(minute);
    await expect.poll(() => states('bad'), patience).toEqual(['CONDITION_FAILED', 'CONDITION_FAILED']);
    expect(await shown('bad')).toMatchObject({ state: 'suspended', was_auto_suspended: 'true', runbook: 'see it' });
    const [last, first] = await history("alert_name => 'bad'");
    expect([last, first]).toMatchObject([
      {
        WAS_AUTO_SUSPENDED: true,
        SQL_ERROR_CODE: 2003,
        SQL_ERROR_MESSAGE: expect.stringContaining('NOWHERE') as string,
        RUNBOOK: 'see it',
      },
      { WAS_AUTO_SUSPENDED: false },
    ]);
    await run('alter alert bad resume');
    expect(await shown('bad')).toMatchObject({ state: 'started', was_auto_suspended: 'false' });
    await run('drop alert bad');
  });

  // https://docs.snowflake.com/en/sql-reference/sql/alter-alert
  it('are altered, cloned suspended, made again from their DDL', async () => {
    await run(example, 'alter alert myalert resume');
    await run(
      "alter alert myalert set schedule = '5 MINUTE', comment = 'c' runbook = 'r'",
      'alter alert myalert unset warehouse, runbook',
      'alter alert myalert modify condition exists (select 1 from gauge)',
      'alter alert myalert modify action call system$wait(0)',
    );
    const altered = { schedule: '5 MINUTE', comment: 'c', runbook: null, warehouse: null, condition: 'select 1 from gauge' };
    expect(await shown('myalert')).toMatchObject({ ...altered, state: 'started', action: 'call system$wait(0)' });
    await run('create alert copy clone myalert');
    expect(await shown('copy')).toMatchObject({ ...altered, state: 'suspended' });
    const ddl = String(await client.value("select get_ddl('alert', 'myalert')"));
    await run('drop alert myalert', ddl);
    expect(await shown('myalert')).toMatchObject({ ...altered, state: 'suspended' });
    // https://docs.snowflake.com/en/sql-reference/sql/create-alert#create-or-alter-alert-usage-notes
    await run(
      'alter alert myalert resume',
      "create or alter alert myalert schedule = '2 MINUTE' if (exists (select 2)) then select 3",
    );
    expect(await shown('myalert')).toMatchObject({ schedule: '2 MINUTE', comment: '', condition: 'select 2', state: 'started' });
    expect(await client.rows('describe alert myalert')).toEqual([await shown('myalert')]);
    await run('drop alert myalert');
  });

  it.each([
    [
      "create alert a schedule = '0 MINUTE' if (exists (select 1)) then select 1",
      "invalid value [0 MINUTE] for parameter 'SCHEDULE'",
    ],
    [
      "create alert a schedule = '5 HOURS' if (exists (select 1)) then select 1",
      "invalid value [5 HOURS] for parameter 'SCHEDULE'",
    ],
    [
      "create alert a schedule = '1 MINUTE' config = 'x' if (exists (select 1)) then select 1",
      "invalid value [x] for parameter 'CONFIG'",
    ],
    ["create alert a schedule = '1 MINUTE' if (exists (delete from gauge)) then select 1", 'syntax error'],
    ["create alert a schedule = '1 MINUTE'", 'IF'],
    ['create alert a if (exists (select 1)) then select 1', 'alerts on new data'],
    ['create alert a from template tasks_error_rate', 'CREATE ALERT … FROM TEMPLATE'],
    ['execute alert nobody', "NOBODY' does not exist"],
  ])('refuse: %s', async (sql, message) => {
    expect(await refusal(sql)).toContain(message);
  });

  // https://docs.snowflake.com/en/user-guide/alerts (Granting the privileges to create alerts)
  it('need EXECUTE ALERT, and EXECUTE MANAGED ALERT without a warehouse; the history is for the owner', async () => {
    await run(
      example,
      'execute alert myalert',
      'create or replace role watcher',
      'grant usage on database test_db to role watcher',
      `grant all on schema test_db.${schema} to role watcher`,
      'grant usage on warehouse mywarehouse to role watcher',
      'grant role watcher to role accountadmin',
      'use secondary roles none',
      'use role watcher',
    );
    const serverless = `create alert test_db.${schema}.mine schedule = '1 MINUTE' if (exists (select 1)) then select 1`;
    expect(await refusal(serverless)).toContain('EXECUTE ALERT privilege must be granted');
    await run('use role accountadmin', 'grant execute alert on account to role watcher', 'use role watcher');
    expect(await refusal(serverless)).toContain('EXECUTE MANAGED ALERT privilege must be granted');
    await run(
      `create alert test_db.${schema}.mine schedule = '1 MINUTE' warehouse = mywarehouse if (exists (select 1)) then select 1`,
    );
    expect(await history()).toEqual([]);
    await run('use role accountadmin', 'revoke execute alert on account from role watcher');
    expect(await refusal(`alter alert test_db.${schema}.mine resume`)).toContain(
      'EXECUTE ALERT privilege must be granted to owner role',
    );
    await run(`execute alert test_db.${schema}.mine`);
    await expect.poll(() => states('mine'), patience).toEqual(['FAILED']);
  });

  it('go on after a restart, with their history', async () => {
    await run(example, 'insert into gauge values (300)', 'alter alert myalert resume');
    await clock.advanceBy(minute);
    await expect.poll(() => states('myalert'), patience).toEqual(['SCHEDULED', 'TRIGGERED']);
    await server.close();
    await open();
    await run(`use schema test_db.${schema}`);
    expect(await states('myalert')).toEqual(['SCHEDULED', 'TRIGGERED']);
    await clock.advanceBy(minute);
    await expect.poll(() => states('myalert'), patience).toEqual(['SCHEDULED', 'TRIGGERED', 'TRIGGERED']);
    await run('drop alert myalert');
  });
});
