import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeClock } from '../../../local-snowflake/platform/clock.ts';
import { TaskServer } from './task-server.ts';

// https://docs.snowflake.com/en/user-guide/tasks-triggered
describe('triggered tasks', () => {
  let server: TaskServer;

  beforeEach(async () => {
    server = await TaskServer.start();
    await server.run(...setUp);
  });

  afterEach(async () => {
    await server.close();
  });

  const setUp = [
    'create database test_db',
    'create schema test_schema',
    'create table orders (id int)',
    'create table returns (id int)',
    'create table activity (id int, what varchar)',
    'create stream my_order_stream on table orders',
    'create stream my_return_stream on table returns',
  ];
  const onOrders = `create task t target_completion_interval = '15 MINUTES' when system$stream_has_data('my_order_stream')
    as insert into activity select id, 'order' from my_order_stream`;

  /** Ended runs once there are so many: `SCHEDULED_FROM STATE`, the earliest first. */
  const runs = async (count: number): Promise<string[]> => {
    for (;;) {
      const rows = await server.rows(
        `select scheduled_from, state from table(test_db.information_schema.task_history(task_name => 'T'))
         where completed_time is not null order by completed_time, query_start_time nulls first`,
      );
      if (rows.length >= count) return rows.map((row) => `${String(row['SCHEDULED_FROM'])} ${String(row['STATE'])}`);
    }
  };

  it('run when data comes into their stream, at most every thirty seconds', async () => {
    await server.run(onOrders, 'alter task t resume');
    expect(await server.shown('t', 'schedule')).toBeNull();
    // Nothing is there yet: the check at the resume is skipped.
    expect(await runs(1)).toEqual(['TRIGGER SKIPPED']);
    await server.clock.advanceBy(60_000);
    await server.run('insert into orders values (1)');
    expect(await runs(2)).toEqual(['TRIGGER SKIPPED', 'TRIGGER SUCCEEDED']);
    await server.run('insert into orders values (2)');
    await server.clock.advanceBy(29_000);
    expect(await runs(2)).toHaveLength(2);
    await server.clock.advanceBy(1_000);
    expect(await runs(3)).toEqual(['TRIGGER SKIPPED', 'TRIGGER SUCCEEDED', 'TRIGGER SUCCEEDED']);
    expect(await server.rows('select id, what from activity order by id')).toEqual([
      { ID: 1, WHAT: 'order' },
      { ID: 2, WHAT: 'order' },
    ]);
  });

  it('run at once when they are resumed over a stream that has data', async () => {
    await server.run(onOrders, 'insert into orders values (1)', 'alter task t resume');
    expect(await runs(1)).toEqual(['TRIGGER SUCCEEDED']);
  });

  // Example 1
  it('run for either of two streams', async () => {
    await server.run(
      'create warehouse my_warehouse',
      `create task t warehouse = my_warehouse
       when system$stream_has_data('my_return_stream') or system$stream_has_data('my_order_stream')
       as insert into activity select id, 'return' from my_return_stream union all select id, 'order' from my_order_stream`,
      'insert into returns values (7)',
      'alter task t resume',
    );
    expect(await runs(1)).toEqual(['TRIGGER SUCCEEDED']);
    expect(await server.rows('select id, what from activity')).toEqual([{ ID: 7, WHAT: 'return' }]);
    // Both streams were read, so both have given what they had.
    expect(await server.value("select system$stream_has_data('my_order_stream')")).toBe(false);
  });

  // Example 2
  it('are skipped while only one of two streams has data that AND asks for', async () => {
    await server.run(
      `create task t target_completion_interval = '15 MINUTES'
       when system$stream_has_data('my_return_stream') and system$stream_has_data('my_order_stream')
       as insert into activity select o.id, 'both' from my_order_stream o join my_return_stream r on o.id = r.id`,
      'insert into orders values (1)',
      'alter task t resume',
    );
    expect(await runs(1)).toEqual(['TRIGGER SKIPPED']);
    await server.clock.advanceBy(60_000);
    await server.run('insert into returns values (1)');
    expect(await runs(2)).toEqual(['TRIGGER SKIPPED', 'TRIGGER SUCCEEDED']);
  });

  it('come from a scheduled task (Migrate an existing task)', async () => {
    await server.run(
      "create task t schedule = '10 MINUTES' target_completion_interval = '15 MINUTES' as insert into activity select id, 'order' from my_order_stream",
      'alter task t resume',
      'alter task t suspend',
      'alter task t unset schedule',
      "alter task t modify when system$stream_has_data('my_order_stream')",
      'insert into orders values (1)',
      'alter task t resume',
    );
    expect(await runs(1)).toEqual(['TRIGGER SUCCEEDED']);
  });

  // https://docs.snowflake.com/en/user-guide/streams-intro (Limitations)
  it('run for every change of the tables behind a view', async () => {
    await server.run(
      'create view big_orders as select * from orders where id > 100',
      'create stream my_view_stream on view big_orders',
      "create task t target_completion_interval = '15 MINUTES' when system$stream_has_data('my_view_stream') as insert into activity select id, 'big' from my_view_stream",
      'insert into orders values (1)',
      'alter task t resume',
    );
    expect(await runs(1)).toEqual(['TRIGGER SUCCEEDED']);
    expect(await server.rows('select * from activity')).toEqual([]);
  });

  // https://docs.snowflake.com/en/user-guide/dynamic-tables/streams-on-dts (When to use this pattern)
  it('run when a refresh has changed rows of a dynamic table', async () => {
    await server.run(
      "create dynamic table dt_orders target_lag = 'downstream' warehouse = compute_wh as select id from orders",
      'create stream dt_orders_stream on dynamic table dt_orders',
      `create task t warehouse = compute_wh when system$stream_has_data('dt_orders_stream')
       as insert into activity select id, 'refreshed' from dt_orders_stream`,
      'alter task t resume',
    );
    expect(await runs(1)).toEqual(['TRIGGER SKIPPED']);
    await server.clock.advanceBy(60_000);
    await server.run('alter dynamic table dt_orders refresh', 'insert into orders values (1)');
    await server.run('alter dynamic table dt_orders refresh');
    // The refresh that changed no rows triggered nothing.
    expect(await runs(2)).toEqual(['TRIGGER SKIPPED', 'TRIGGER SUCCEEDED']);
    expect(await server.rows('select id, what from activity')).toEqual([{ ID: 1, WHAT: 'refreshed' }]);
  });

  // Example 3
  it('run when a refresh has found files for a directory table', async () => {
    await server.run(
      'create stage my_test_stage directory = (enable = true)',
      'create stream my_directory_table_stream on stage my_test_stage',
      'create table tasks_runs (what varchar, path varchar, size int, at timestamp_ltz, url varchar, etag varchar, action varchar)',
      `create task t warehouse = compute_wh when system$stream_has_data('my_directory_table_stream')
       as insert into tasks_runs select 'trigger_t_internal_stage', relative_path, size, last_modified, file_url, etag, metadata$action
       from my_directory_table_stream`,
      'alter task t resume',
    );
    expect(await runs(1)).toEqual(['TRIGGER SKIPPED']);
    await server.clock.advanceBy(60_000);
    await server.run(
      'copy into @my_test_stage/my_test_file from (select 100) overwrite = true',
      'alter stage my_test_stage refresh',
    );
    expect(await runs(2)).toEqual(['TRIGGER SKIPPED', 'TRIGGER SUCCEEDED']);
    expect(await server.rows('select what, action from tasks_runs')).toEqual([
      { WHAT: 'trigger_t_internal_stage', ACTION: 'INSERT' },
    ]);
  });

  it('fail when their stream is gone, or not for their owner to read', async () => {
    await server.run(onOrders, 'drop stream my_order_stream', 'alter task t resume');
    expect(await runs(1)).toEqual(['TRIGGER FAILED']);
    expect(String((await server.historyOf('T'))['ERROR_MESSAGE'])).toContain(
      "Stream 'TEST_DB.TEST_SCHEMA.MY_ORDER_STREAM' does not exist",
    );
  });

  // A scheduled task looks at its stream when it is due. https://docs.snowflake.com/en/sql-reference/sql/create-task (WHEN)
  it('are others than scheduled ones, which their stream lets pass or not', async () => {
    await server.run(
      "create task t schedule = '1 MINUTE' when system$stream_has_data('MY_ORDER_STREAM') as insert into activity select id, 'order' from my_order_stream",
      'alter task t resume',
    );
    await server.clock.advanceBy(60_000);
    expect(await runs(1)).toEqual(['SCHEDULE SKIPPED']);
    await server.run('insert into orders values (1)');
    expect(await runs(1)).toHaveLength(1);
    await server.clock.advanceBy(60_000);
    expect(await runs(2)).toEqual(['SCHEDULE SKIPPED', 'SCHEDULE SUCCEEDED']);
  });
});

describe('streams and triggered tasks after a restart', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'streams-'));
  });

  afterEach(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  it('go on where they were', async () => {
    const clock = new FakeClock('2026-03-02T12:00:00Z');
    const first = await TaskServer.start(folder, clock);
    await first.run(
      'create database test_db',
      'create schema test_schema',
      'create table t (id int)',
      'create table seen (id int)',
    );
    await first.run('create stream s on table t', 'create stream gone on table t', 'insert into t values (1), (2)');
    await first.run('insert into seen select id from s', 'delete from t where id = 1', 'update t set id = 3', 'drop stream gone');
    await first.close();
    // Later than changes are kept for streams that have passed them.
    await clock.advanceBy(3 * 86_400_000);
    const second = await TaskServer.start(folder, clock);
    await second.run('use schema test_db.test_schema');
    expect(await second.rows('select id, metadata$action a, metadata$isupdate u from s order by 1')).toEqual([
      { ID: 1, A: 'DELETE', U: false },
      { ID: 2, A: 'DELETE', U: true },
      { ID: 3, A: 'INSERT', U: true },
    ]);
    await second.run('insert into seen select id from s', 'insert into t values (4)');
    expect(await second.rows('select id from s')).toEqual([{ ID: 4 }]);
    expect(await second.refusal('create stream late on table t at (offset => -345600)')).toContain('Change tracking');
    await second.close();
  });
});
