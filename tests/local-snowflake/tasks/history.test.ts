import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SdkConnection, SdkRow } from '../../support/sdk-connection.ts';
import { TaskServer } from './task-server.ts';

// TASK_HISTORY, CURRENT_TASK_GRAPHS, COMPLETE_TASK_GRAPHS and TASK_DEPENDENTS as clients read them.
// https://docs.snowflake.com/en/sql-reference/functions/task_history, current_task_graphs, complete_task_graphs, task_dependents

let tasks: TaskServer;

beforeAll(async () => {
  tasks = await TaskServer.start();
  await tasks.run(
    'create database test_db',
    'create schema test_db.test_schema',
    `create task root warehouse = compute_wh config = '{"k": 1}' as call system$set_return_value('v')`,
    'create task good warehouse = compute_wh after root as select 1',
    `create task unwanted warehouse = compute_wh after root when system$get_predecessor_return_value() = 'w' as select 2`,
    'create task bad warehouse = compute_wh after good as select 1 / 0',
    'create task fin warehouse = compute_wh finalize = root as select 3',
    "select system$task_dependents_enable('root')",
    'create task alone warehouse = compute_wh as select 4',
    'create task "Quoted one" warehouse = compute_wh as select 5',
    'create task test_db.public.alone warehouse = compute_wh as select 6',
  );
  for (const task of ['root', 'alone', '"Quoted one"', 'test_db.public.alone', 'root']) {
    await tasks.execute(task);
    await tasks.clock.advanceBy(60_000);
  }
});

afterAll(async () => {
  await tasks.close();
});

async function columnsOf(sql: string): Promise<string[]> {
  const { statement } = await tasks.client.run(sql, { describeOnly: true });
  return (statement.getColumns() ?? []).map((column) => `${column.getName()} ${column.getType()}`);
}

async function names(sql: string): Promise<unknown[]> {
  return (await tasks.rows(`select name from table(information_schema.${sql})`)).map((row) => row['NAME']);
}

describe('TASK_HISTORY (functions/task_history)', () => {
  it('has the columns of the page, in its order and types', async () => {
    expect(await columnsOf('select * from table(information_schema.task_history())')).toEqual([
      'QUERY_ID text',
      'NAME text',
      'DATABASE_NAME text',
      'SCHEMA_NAME text',
      'QUERY_TEXT text',
      'CONDITION_TEXT text',
      'STATE text',
      'ERROR_CODE fixed',
      'ERROR_MESSAGE text',
      'SCHEDULED_TIME timestamp_ltz',
      'QUERY_START_TIME timestamp_ltz',
      'NEXT_SCHEDULED_TIME timestamp_ltz',
      'COMPLETED_TIME timestamp_ltz',
      'ROOT_TASK_ID text',
      'GRAPH_VERSION fixed',
      'RUN_ID fixed',
      'RETURN_VALUE text',
      'SCHEDULED_FROM text',
      'ATTEMPT_NUMBER fixed',
      'CONFIG text',
      'QUERY_HASH text',
      'QUERY_HASH_VERSION fixed',
      'QUERY_PARAMETERIZED_HASH text',
      'QUERY_PARAMETERIZED_HASH_VERSION fixed',
      'GRAPH_RUN_GROUP_ID text',
      'BACKFILL_INFO object',
      'SPCS_JOB_ID fixed',
      'SCHEDULED_BY_USER text',
    ]);
  });

  it('a run is told whole', async () => {
    const row = await tasks.historyOf('root');
    const { SCHEDULED_TIME: scheduled, QUERY_START_TIME: started, COMPLETED_TIME: completed } = row;
    expect(row).toMatchObject({
      NAME: 'ROOT',
      DATABASE_NAME: 'TEST_DB',
      SCHEMA_NAME: 'TEST_SCHEMA',
      QUERY_TEXT: "call system$set_return_value('v')",
      CONDITION_TEXT: null,
      STATE: 'SUCCEEDED',
      ERROR_CODE: null,
      ERROR_MESSAGE: null,
      NEXT_SCHEDULED_TIME: null,
      GRAPH_VERSION: 1,
      RETURN_VALUE: 'v',
      SCHEDULED_FROM: 'EXECUTE TASK',
      ATTEMPT_NUMBER: 1,
      CONFIG: '{"k": 1}',
      BACKFILL_INFO: null,
      SPCS_JOB_ID: null,
      SCHEDULED_BY_USER: 'LOCAL_ADMIN',
    });
    expect(row['QUERY_ID']).toMatch(/^[0-9a-f-]{36}$/u);
    expect(row['GRAPH_RUN_GROUP_ID']).toMatch(/^[0-9a-f-]{36}$/u);
    const at = (value: unknown): number => (value as Date).getTime();
    expect(at(scheduled)).toBe(row['RUN_ID']);
    expect(at(started)).toBeGreaterThanOrEqual(at(scheduled));
    expect(at(completed)).toBeGreaterThanOrEqual(at(started));
  });

  // https://docs.snowflake.com/en/user-guide/query-hash
  it('hashes of its query tell which runs ran the same', async () => {
    const rows = await tasks.rows(
      `select name, count(*) as runs, count(distinct query_hash) as hashes, min(query_hash_version) as version, any_value(query_hash) as h
         from table(information_schema.task_history()) where query_id is not null group by name, schema_name order by name`,
    );
    expect(rows.every((row) => row['HASHES'] === 1 && row['VERSION'] === 1)).toBe(true);
    expect(rows.find((row) => row['NAME'] === 'ROOT')).toMatchObject({ RUNS: 2 });
    // ALONE is the name of two tasks in two schemas.
    expect(new Set(rows.map((row) => row['H'])).size).toBe(rows.length);
    const skipped =
      'select query_hash, query_parameterized_hash from table(information_schema.task_history()) where query_id is null';
    expect(await tasks.rows(`${skipped} limit 1`)).toEqual([{ QUERY_HASH: null, QUERY_PARAMETERIZED_HASH: null }]);
  });

  it('the tasks of one run share its group, its run id and its root', async () => {
    const rows = await tasks.rows(
      `select distinct graph_run_group_id, run_id, root_task_id, attempt_number, scheduled_from, config from table(information_schema.task_history())
         where name in ('ROOT', 'GOOD', 'BAD', 'UNWANTED', 'FIN')`,
    );
    expect(rows).toHaveLength(2);
  });

  it('a skipped run has no query, only its condition', async () => {
    expect(await tasks.historyOf('unwanted')).toMatchObject({
      STATE: 'SKIPPED',
      QUERY_ID: null,
      QUERY_START_TIME: null,
      ERROR_CODE: null,
      CONDITION_TEXT: "system$get_predecessor_return_value() = 'w'",
    });
  });

  it('the latest come first', async () => {
    const rows = await tasks.rows('select scheduled_time from table(information_schema.task_history())');
    const times = rows.map((row) => (row['SCHEDULED_TIME'] as Date).getTime());
    expect(times).toEqual([...times].sort((a, b) => b - a));
    expect(times).toHaveLength(13);
  });

  it('TASK_NAME is taken without regard to case, in all schemas', async () => {
    expect(await names("task_history(task_name => 'aLoNe')")).toEqual(['ALONE', 'ALONE']);
    expect(await names("task_history(task_name => 'quoted ONE')")).toEqual(['Quoted one']);
    expect(await names("task_history(task_name => 'test_schema.alone')")).toEqual([]);
  });

  it('DATABASE_NAME and SCHEMA_NAME narrow it; double quotes make them exact', async () => {
    expect(await names("task_history(task_name => 'alone', database_name => 'test_db', schema_name => 'public')")).toEqual([
      'ALONE',
    ]);
    expect(await names(`task_history(task_name => 'alone', database_name => '"TEST_DB"')`)).toHaveLength(2);
    expect(await names(`task_history(task_name => 'alone', database_name => '"test_db"')`)).toEqual([]);
    expect(await tasks.refusal("select * from table(information_schema.task_history(schema_name => 'public'))")).not.toBe(
      'accepted',
    );
  });

  it('RESULT_LIMIT cuts before WHERE does, and is at most 10,000', async () => {
    expect(await names('task_history(result_limit => 2)')).toHaveLength(2);
    expect(
      await tasks.rows("select 1 from table(information_schema.task_history(result_limit => 2)) where name = 'ALONE'"),
    ).toEqual([]);
    expect(await tasks.refusal('select * from table(information_schema.task_history(result_limit => 10001))')).toContain(
      'Value for parameter RESULT_LIMIT exceeds maximum allowable value (10,000).',
    );
  });

  it('ERROR_ONLY keeps what failed', async () => {
    expect(await names('task_history(error_only => true)')).toEqual(['BAD', 'BAD']);
  });

  it('ROOT_TASK_ID keeps a graph', async () => {
    const [root] = await tasks.rows("show tasks like 'ROOT'");
    expect(await names(`task_history(root_task_id => '${String(root?.['id'])}')`)).toHaveLength(10);
  });

  it('a range of times, of the last seven days', async () => {
    const second = (
      await tasks.rows(
        "select scheduled_time::varchar as at from table(information_schema.task_history(task_name => 'alone', schema_name => 'test_schema', database_name => 'test_db'))",
      )
    )[0]?.['AT'];
    const between = `scheduled_time_range_start => to_timestamp_ltz('${String(second)}'), scheduled_time_range_end => dateadd('second', 59, to_timestamp_ltz('${String(second)}'))`;
    expect(await names(`task_history(${between})`)).toEqual(['ALONE']);
    expect(
      await names(
        "task_history(scheduled_time_range_start => dateadd('hour', -1, current_timestamp()), result_limit => 10, task_name => 'alone')",
      ),
    ).toHaveLength(2);
    expect(
      await tasks.refusal(
        "select * from table(information_schema.task_history(scheduled_time_range_start => dateadd('day', -8, current_timestamp())))",
      ),
    ).not.toBe('accepted');
  });

  it('an argument that it does not have is refused', async () => {
    expect(await tasks.refusal('select * from table(information_schema.task_history(task => 1))')).not.toBe('accepted');
  });
});

describe('COMPLETE_TASK_GRAPHS (functions/complete_task_graphs)', () => {
  it('has its columns in the order in which accounts answer', async () => {
    const shared = (completed: boolean): string[] => [
      'ROOT_TASK_NAME text',
      'DATABASE_NAME text',
      'SCHEMA_NAME text',
      'STATE text',
      'FIRST_ERROR_TASK_NAME text',
      'FIRST_ERROR_CODE fixed',
      'FIRST_ERROR_MESSAGE text',
      'SCHEDULED_TIME timestamp_ltz',
      'QUERY_START_TIME timestamp_ltz',
      'NEXT_SCHEDULED_TIME timestamp_ltz',
      ...(completed ? ['COMPLETED_TIME timestamp_ltz'] : []),
      'ROOT_TASK_ID text',
      'GRAPH_VERSION fixed',
      'RUN_ID fixed',
      'ATTEMPT_NUMBER fixed',
      'SCHEDULED_FROM text',
      'CONFIG text',
      'GRAPH_RUN_GROUP_ID text',
      'BACKFILL_INFO object',
      'SCHEDULED_BY_USER text',
    ];
    expect(await columnsOf('select * from table(information_schema.complete_task_graphs())')).toEqual(shared(true));
    expect(await columnsOf('select * from table(information_schema.current_task_graphs())')).toEqual(shared(false));
  });

  it('filters by root task, by errors, and by number', async () => {
    const roots = async (args: string): Promise<unknown[]> =>
      (await tasks.rows(`select root_task_name from table(information_schema.complete_task_graphs(${args}))`)).map(
        (row) => row['ROOT_TASK_NAME'],
      );
    expect(await roots('')).toEqual(['ROOT', 'ALONE', 'Quoted one', 'ALONE', 'ROOT']);
    expect(await roots("root_task_name => 'Alone'")).toEqual(['ALONE', 'ALONE']);
    expect(await roots('error_only => true')).toEqual(['ROOT', 'ROOT']);
    expect(await roots('result_limit => 1')).toEqual(['ROOT']);
    const group = await tasks.value(
      "select graph_run_group_id from table(information_schema.complete_task_graphs(root_task_name => 'Quoted one'))",
    );
    expect(await roots(`graph_run_group_id => '${String(group)}'`)).toEqual(['Quoted one']);
    // It names a TASK GRAPH.
    expect(await roots("graph_name => 'root'")).toEqual([]);
  });

  it('forgets what ended more than an hour ago; TASK_HISTORY does not', async () => {
    const other = await TaskServer.start();
    try {
      await other.run('create database test_db', 'create task t warehouse = compute_wh as select 1');
      await other.execute('t');
      await other.clock.advanceBy(3_500_000);
      expect(await other.rows('select 1 from table(information_schema.complete_task_graphs())')).toHaveLength(1);
      await other.clock.advanceBy(200_000);
      expect(await other.rows('select 1 from table(information_schema.complete_task_graphs())')).toEqual([]);
      expect(await other.rows('select 1 from table(information_schema.task_history())')).toHaveLength(1);
      await other.clock.advanceBy(8 * 86_400_000);
      // The first session is long over by then.
      const later = await other.connect();
      expect(await later.rows('select 1 from table(test_db.information_schema.task_history())')).toEqual([]);
    } finally {
      await other.close();
    }
  });
});

describe('CURRENT_TASK_GRAPHS (functions/current_task_graphs)', () => {
  it('shows the next run of a resumed root within eight days, as SCHEDULED', async () => {
    await tasks.run(
      "create task soon warehouse = compute_wh schedule = '7 HOURS' as select 1",
      "create task late warehouse = compute_wh schedule = 'USING CRON 0 0 1 1 * UTC' as select 1",
      'alter task soon resume',
      'alter task late resume',
    );
    const rows = await tasks.rows(
      'select root_task_name, state, scheduled_time, query_start_time, scheduled_from from table(information_schema.current_task_graphs())',
    );
    expect(rows).toMatchObject([
      { ROOT_TASK_NAME: 'SOON', STATE: 'SCHEDULED', QUERY_START_TIME: null, SCHEDULED_FROM: 'SCHEDULE' },
    ]);
    expect(rows[0]?.['SCHEDULED_TIME']).toEqual(new Date(tasks.clock.now() + 7 * 3_600_000));
    await tasks.run('alter task soon suspend', 'alter task late suspend');
  });
});

describe('TASK_DEPENDENTS (functions/task_dependents)', () => {
  it('lists the task and all behind it, with the finalizer; RECURSIVE => false only the next ones', async () => {
    expect(new Set(await names("task_dependents(task_name => 'test_db.test_schema.root', recursive => true)"))).toEqual(
      new Set(['ROOT', 'GOOD', 'UNWANTED', 'BAD', 'FIN']),
    );
    expect(new Set(await names("task_dependents(task_name => 'root', recursive => false)"))).toEqual(
      new Set(['ROOT', 'GOOD', 'UNWANTED', 'FIN']),
    );
    expect(await names("task_dependents('good')")).toEqual(['GOOD', 'BAD']);
  });

  it('has the columns of the page', async () => {
    expect(await columnsOf("select * from table(information_schema.task_dependents('root'))")).toEqual([
      'CREATED_ON timestamp_ltz',
      'NAME text',
      'DATABASE_NAME text',
      'SCHEMA_NAME text',
      'OWNER text',
      'COMMENT text',
      'WAREHOUSE text',
      'SCHEDULE text',
      'PREDECESSORS text',
      'STATE text',
      'DEFINITION text',
      'CONDITION text',
    ]);
  });

  it('of no task', async () => {
    expect(await tasks.refusal("select * from table(information_schema.task_dependents(task_name => 'nobody'))")).toContain(
      "Invalid value [nobody] for function 'TASK_DEPENDENTS_SCAN', parameter 1: must be a valid task name",
    );
  });
});

describe('who sees runs (functions/task_history, usage notes)', () => {
  let reader: SdkConnection;

  beforeAll(async () => {
    await tasks.run(
      'create role reader',
      "create user reader password = 'Abcdefgh12345' default_role = reader default_warehouse = compute_wh",
      'grant usage on warehouse compute_wh to role reader',
      'grant role reader to user reader',
      'create database elsewhere',
      'grant usage on database elsewhere to role reader',
      'grant usage on database test_db to role reader',
    );
    reader = await tasks.connect({ username: 'reader', password: 'Abcdefgh12345', role: 'reader' });
  });

  const seen = (): Promise<readonly SdkRow[]> =>
    reader.rows('select distinct name, database_name from table(elsewhere.information_schema.task_history()) order by 1');

  it('nobody without a privilege on the task; MONITOR shows it, names of its schema only with USAGE', async () => {
    expect(await seen()).toEqual([]);
    await tasks.run('grant monitor on task test_db.test_schema.alone to role reader');
    expect(await seen()).toEqual([{ NAME: 'ALONE', DATABASE_NAME: null }]);
    await tasks.run('grant usage on schema test_db.test_schema to role reader');
    expect(await seen()).toEqual([{ NAME: 'ALONE', DATABASE_NAME: 'TEST_DB' }]);
    expect(await reader.rows('select root_task_name from table(elsewhere.information_schema.complete_task_graphs())')).toEqual([
      { ROOT_TASK_NAME: 'ALONE' },
    ]);
  });

  it('everybody with MONITOR EXECUTION on the account', async () => {
    await tasks.run('grant monitor execution on account to role reader');
    expect(await reader.rows('select count(*) as n from table(elsewhere.information_schema.task_history())')).toEqual([{ N: 13 }]);
  });

  it('ACCOUNT_USAGE has the runs of tasks and graphs (account-usage/task_history, complete_task_graphs)', async () => {
    expect(await tasks.value('select count(*) from snowflake.account_usage.task_history')).toBe(13);
    expect(await tasks.value('select count(*) from snowflake.account_usage.complete_task_graphs')).toBe(5);
  });

  it('ACCOUNT_USAGE has the versions of graphs (account-usage/task_versions)', async () => {
    const versions = await tasks.rows('select * from snowflake.account_usage.task_versions');
    expect(Object.keys(versions[0] ?? {})).toEqual([
      'ROOT_TASK_ID',
      'GRAPH_VERSION',
      'GRAPH_VERSION_CREATED_ON',
      'NAME',
      'ID',
      'DATABASE_ID',
      'DATABASE_NAME',
      'SCHEMA_ID',
      'SCHEMA_NAME',
      'OWNER',
      'COMMENT',
      'WAREHOUSE_NAME',
      'SCHEDULE',
      'PREDECESSORS',
      'STATE',
      'DEFINITION',
      'CONDITION_TEXT',
      'ALLOW_OVERLAPPING_EXECUTION',
      'ERROR_INTEGRATION',
      'LAST_COMMITTED_ON',
      'LAST_SUSPENDED_ON',
      'TARGET_COMPLETION_INTERVAL',
      'SCHEDULING_MODE',
      'GRAPH_VERSION_CREATED_BY_USER',
    ]);
    // The example of the page: runs with the tasks as they were.
    const joined = await tasks.rows(
      `select task_history.name, task_versions.state as task_state, task_versions.predecessors
       from snowflake.account_usage.task_history join snowflake.account_usage.task_versions using (root_task_id, graph_version)
       where task_versions.name = task_history.name and task_history.name = 'ALONE' limit 1`,
    );
    expect(joined).toEqual([{ NAME: 'ALONE', TASK_STATE: null, PREDECESSORS: [] }]);
  });
});
