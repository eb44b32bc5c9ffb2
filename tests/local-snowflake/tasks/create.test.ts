import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { TaskServer } from './task-server.ts';

// Grammar and rules of https://docs.snowflake.com/en/sql-reference/sql/create-task.
// Messages marked "account" are those that real accounts answer with: published with the tests of the open-source emulator
// frostlake and with the integration tests of Snowflake's Terraform provider.

let tasks: TaskServer;
const prefix = 'TEST_DB.TEST_SCHEMA.';

beforeAll(async () => {
  tasks = await TaskServer.start();
  await tasks.run('create database test_db');
});

afterAll(async () => {
  await tasks.close();
});

beforeEach(() => tasks.emptySchema());

describe('CREATE TASK', () => {
  it('makes a suspended task and shows it (show-tasks)', async () => {
    const [answer] = await tasks.rows(
      "create task t1 warehouse = compute_wh schedule = '60 MINUTES' comment = 'hourly' as select current_timestamp;",
    );
    expect(answer?.['status']).toBe('Task T1 successfully created.');
    const [row] = await tasks.rows('show tasks');
    expect(row).toMatchObject({
      name: 'T1',
      database_name: 'TEST_DB',
      schema_name: 'TEST_SCHEMA',
      owner: 'ACCOUNTADMIN',
      comment: 'hourly',
      warehouse: 'COMPUTE_WH',
      schedule: '60 MINUTES',
      predecessors: '[]',
      state: 'suspended',
      definition: 'select current_timestamp',
      condition: null,
      allow_overlapping_execution: 'false',
      error_integration: 'null',
      last_committed_on: null,
      last_suspended_on: null,
      owner_role_type: 'ROLE',
      config: null,
      last_suspended_reason: null,
      task_relations: '{"Predecessors":[]}',
      execute_as_user: null,
      overlap_policy: 'NO_OVERLAP',
    });
    expect(Object.keys(row ?? {}).slice(0, 25)).toEqual([
      'created_on',
      'name',
      'id',
      'database_name',
      'schema_name',
      'owner',
      'comment',
      'warehouse',
      'schedule',
      'scheduling_mode',
      'target_completion_interval',
      'predecessors',
      'state',
      'definition',
      'condition',
      'allow_overlapping_execution',
      'error_integration',
      'success_integration',
      'last_committed_on',
      'last_suspended_on',
      'owner_role_type',
      'config',
      'last_suspended_reason',
      'task_relations',
      'execute_as_user',
    ]);
    expect(Object.keys((await tasks.rows('show terse tasks'))[0] ?? {})).toEqual([
      'created_on',
      'name',
      'kind',
      'database_name',
      'schema_name',
      'schedule',
    ]);
    expect((await tasks.rows('describe task t1'))[0]).toEqual(row);
  });

  it.each([
    [
      "create task t1 schedule = 'USING CRON 18 9-17 * * SUN America/Los_Angeles' user_task_managed_initial_warehouse_size = 'XSMALL' as select current_timestamp",
      'select current_timestamp',
    ],
    [
      "create task t1 schedule = '60 MINUTES' timestamp_input_format = 'YYYY-MM-DD HH24' user_task_managed_initial_warehouse_size = 'XSMALL' as insert into mytable(ts) values(current_timestamp)",
      'insert into mytable(ts) values(current_timestamp)',
    ],
    [
      "create task t1 warehouse = compute_wh schedule = '5 MINUTES' when system$stream_has_data('MYSTREAM') as insert into mytable1(id,name) select id, name from mystream where metadata$action = 'INSERT'",
      "insert into mytable1(id,name) select id, name from mystream where metadata$action = 'INSERT'",
    ],
    [
      "create task t1 schedule = '15 SECONDS' as declare radius float; begin radius := 3; return radius; end",
      'declare radius float; begin radius := 3; return radius; end',
    ],
    ["create task t1 target_completion_interval = '15 MINUTES' when system$stream_has_data('s') as select 1", 'select 1'],
    [
      'create task t1 warehouse = \'COMPUTE_WH\', schedule=\'10 m\', config=$${"output_dir": "/temp/"}$$ as begin let x := 1; end',
      'begin let x := 1; end',
    ],
  ])('takes the documented %s', async (sql, definition) => {
    await tasks.run(sql);
    expect(await tasks.shown('T1', 'definition')).toBe(definition);
  });

  it('keeps comments and blanks within the body as written', async () => {
    await tasks.run("create task t1 as -- why\n  select 1, -- one\n\n   'as when'   ");
    expect(await tasks.shown('T1', 'definition')).toBe("-- why\n  select 1, -- one\n\n   'as when'");
  });

  it.each([
    [
      "create task p schedule = '60 MINUTE' not_a_param = 1 as select 1",
      "SQL compilation error:\ninvalid property 'NOT_A_PARAM' for 'TASK'",
    ],
    [
      "create task p user_task_timeout_ms = '5000' as select 1",
      "SQL compilation error:\ninvalid value ['5000'] for parameter 'USER_TASK_TIMEOUT_MS'",
    ],
    [
      "create task p statement_timeout_in_seconds = 'abc' as select 1",
      "SQL compilation error:\ninvalid value ['abc'] for parameter 'STATEMENT_TIMEOUT_IN_SECONDS'",
    ],
    ['create task p comment = 5 as select 1', "SQL compilation error:\ninvalid value [5] for parameter 'COMMENT'"],
    ['create task p query_tag = true as select 1', "SQL compilation error:\ninvalid value [TRUE] for parameter 'QUERY_TAG'"],
    [
      'create task p autocommit = false as select 1',
      'The parameter AUTOCOMMIT = false is not supported with Tasks. Remove the parameter and try again.',
    ],
    [
      "create task p search_path = '$current' as select 1",
      'The parameter SEARCH_PATH is not supported with Tasks. Remove the parameter and try again.',
    ],
    ["create task p query_tag = 'q' query_tag = 'r' as select 1", "SQL compilation error:\nduplicate property 'query_tag';"],
    [
      "create task p log_level = 'BOGUS' as select 1",
      'Invalid value for log level. Allowed values are TRACE,DEBUG,INFO,WARN,ERROR,FATAL,OFF.',
    ],
    [
      "create task p trace_level = 'BOGUS' as select 1",
      'Invalid value for trace level. Allowed values are ALWAYS,ON_EVENT,PROPAGATE,OFF.',
    ],
    [
      "create task p timezone = 'Not/AZone' as select 1",
      "SQL compilation error:\ninvalid value [Not/AZone] for parameter 'TIMEZONE'",
    ],
    ["create task p timezone = 'utc' as select 1", "SQL compilation error:\ninvalid value [utc] for parameter 'TIMEZONE'"],
    [
      'create task p statement_timeout_in_seconds = -5 as select 1',
      'SQL compilation error: \nparameter value out of range: -5. Must be between 0 and 604,800.',
    ],
    ['create task p week_start = 9 as select 1', "SQL compilation error:\ninvalid value [9] for parameter 'WEEK_START'"],
    [
      'create task p client_session_keep_alive_heartbeat_frequency = 3601 as select 1',
      "SQL compilation error:\ninvalid value [3,601] for parameter 'CLIENT_SESSION_KEEP_ALIVE_HEARTBEAT_FREQUENCY'",
    ],
    [
      'create task p user_task_timeout_ms = -5 as select 1',
      "SQL compilation error:\ninvalid value [-5] for parameter 'USER_TASK_TIMEOUT_MS'",
    ],
    [
      "create task p target_completion_interval = '1 DAY' as select 1",
      "SQL compilation error:\ninvalid value [1 DAY] for parameter 'TARGET_COMPLETION_INTERVAL'",
    ],
    [
      "create task p target_completion_interval = '9 SECOND' as select 1",
      "SQL compilation error:\ninvalid value [9 SECOND] for parameter 'TARGET_COMPLETION_INTERVAL'",
    ],
    [
      "create task p user_task_managed_initial_warehouse_size = 'HUGE' as select 1",
      "SQL compilation error:\ninvalid value [HUGE] for parameter 'USER_TASK_MANAGED_INITIAL_WAREHOUSE_SIZE'",
    ],
    ['create task p warehouse = no_such_wh as select 1', 'Nonexistent warehouse NO_SUCH_WH was specified.'],
    ["create task p config = 'not json' as select 1", 'Invalid config. Must be a string representation of a valid JSON Object.'],
    ["create task p config = '[1,2]' as select 1", 'Invalid config. Must be a string representation of a valid JSON Object.'],
    [
      'create task p schedule = abc as select 1',
      'Invalid schedule was specified. Please refer to the docs on what constitutes a valid schedule.',
    ],
    [
      "create task p schedule = 'USING CRON 0 0 31 2 * UTC' as select 1",
      'No valid time could be found under the schedule and/or interval specified',
    ],
    [
      'create task p overlap_policy = bogus as select 1',
      "SQL compilation error:\ninvalid value 'BOGUS' for property 'OVERLAP_POLICY'",
    ],
    [
      "create task p overlap_policy = 'allow_all_overlap' as select 1",
      "SQL compilation error:\ninvalid value 'allow_all_overlap' for property 'OVERLAP_POLICY'",
    ],
    [
      'create task p overlap_policy = no_overlap allow_overlapping_execution = true as select 1',
      'Cannot specify ALLOW_OVERLAPPING_EXECUTION and OVERLAP_POLICY to different values in the same command.',
    ],
    [
      "create task p serverless_task_min_statement_size = 'LARGE' serverless_task_max_statement_size = 'SMALL' as select 1",
      'SERVERLESS_TASK_MIN_STATEMENT_SIZE (LARGE) cannot be greater than SERVERLESS_TASK_MAX_STATEMENT_SIZE (SMALL).',
    ],
    [
      "create task p serverless_task_min_statement_size = 'LARGE' user_task_managed_initial_warehouse_size = 'SMALL' as select 1",
      'USER_TASK_MANAGED_INITIAL_WAREHOUSE_SIZE (SMALL) cannot be less than SERVERLESS_TASK_MIN_STATEMENT_SIZE (LARGE).',
    ],
    [
      "create task p warehouse = compute_wh serverless_task_min_statement_size = 'SMALL' as select 1",
      'Cannot set SERVERLESS_TASK_MIN_STATEMENT_SIZE on a non-serverless task.',
    ],
    ['create task p finalize = 5 as select 1', "SQL compilation error:\ninvalid value [5] for parameter 'FINALIZE'"],
    [
      'create task p execute as user no_such_user as select 1',
      "SQL compilation error:\nUser 'NO_SUCH_USER' does not exist or not authorized.",
    ],
  ])('account: %s', async (sql, message) => {
    expect(await tasks.refusal(sql)).toBe(message);
    expect(await tasks.rows('show tasks')).toEqual([]);
  });

  it('refuses in WHEN what needs a warehouse, by name (create-task: WHEN)', async () => {
    expect(await tasks.refusal("create task p when parse_json('1') = 1 as select 1")).toContain(
      'function PARSE_JSON is not supported',
    );
    expect(await tasks.refusal('create task p when 1 + 1 = 2 as select 1')).toContain('operator + is not supported');
    expect(await tasks.refusal('create task p when x = 1 as select 1')).toContain('identifier x is not supported');
  });

  it('takes the documented conditions (create-task: WHEN)', async () => {
    await tasks.run(
      'create task r as select 1',
      "create task a after r when not system$get_predecessor_return_value('task_name')::boolean as select 1",
      "create task b after r when system$get_predecessor_return_value('task_name') != 'VALIDATION' as select 1",
      "create task c after r when system$get_predecessor_return_value('task_name')::float < 0.2 as select 1",
      "create task d when system$stream_has_data('my_customer_stream') or system$stream_has_data('my_order_stream') as select current_timestamp",
      "create task e after a, b when system$predecessors_state('ALL_DONE') and cast(system$get_predecessor_return_value('a') as number(10,2)) >= 1 as select 1",
    );
    expect(await tasks.shown('A', 'condition')).toBe("not system$get_predecessor_return_value('task_name')::boolean");
  });

  it('reads parameters back as they were kept (account)', async () => {
    await tasks.run(
      "create task v1 schedule = '60 MINUTE' log_level = info query_tag = abc trace_level = always statement_timeout_in_seconds = 10, user_task_timeout_ms = 500 as select 1",
    );
    expect(await tasks.parameter('v1', 'LOG_LEVEL')).toBe('info');
    expect(await tasks.parameter('v1', 'QUERY_TAG')).toBe('ABC');
    expect(await tasks.parameter('v1', 'TRACE_LEVEL')).toBe('always');
    expect(await tasks.parameter('v1', 'STATEMENT_TIMEOUT_IN_SECONDS')).toBe('10');
    expect(await tasks.parameter('v1', 'USER_TASK_TIMEOUT_MS')).toBe('500');
    expect((await tasks.rows("show parameters like 'QUERY_TAG' in task v1"))[0]).toMatchObject({ level: 'TASK', default: '' });
    await tasks.run("create task v2 query_tag = 'a' QUERY_TAG = 'b' as select 1");
    await tasks.run("create task v3 serverless_task_min_statement_size = 'X3LARGE' as select 1");
    expect(await tasks.refusal("alter task v3 set serverless_task_max_statement_size = 'XXLARGE'")).toBe(
      'SERVERLESS_TASK_MIN_STATEMENT_SIZE (X3LARGE) cannot be greater than SERVERLESS_TASK_MAX_STATEMENT_SIZE (XXLARGE).',
    );
  });

  it('OR REPLACE makes a new task that keeps its place in the graph; a refused one leaves the old (account)', async () => {
    await tasks.run("create task r4 schedule = '60 MINUTE' as select 1", 'create task c1 after r4 as select 1');
    const id = await tasks.shown('R4', 'id');
    expect(await tasks.refusal("create or replace task r4 schedule = '60 MINUTE' config = 'bad' as select 2")).toContain(
      'Invalid config',
    );
    expect(await tasks.refusal('create or replace task c1 after no_such_task as select 2')).toBe(
      'Invalid predecessor NO_SUCH_TASK was specified.',
    );
    expect(await tasks.refusal('create or replace task c1 after c1 as select 2')).toBe(
      'Task C1 cannot use itself as its predecessor.',
    );
    expect(await tasks.shown('R4', 'definition')).toBe('select 1');
    await tasks.run('create or replace task r4 as select 3');
    expect(await tasks.shown('R4', 'definition')).toBe('select 3');
    expect(await tasks.shown('R4', 'id')).not.toBe(id);
    expect(await tasks.shown('C1', 'task_relations')).toBe(`{"Predecessors":["${prefix}R4"]}`);
  });

  it('IF NOT EXISTS over a task weighs the statement alone (account)', async () => {
    await tasks.run("create task r1 schedule = '60 MINUTE' as select 1");
    await tasks.run(
      "create task if not exists r1 config = 'bad' as select 2",
      "create task if not exists r1 schedule = 'bad' as select 2",
      'create task if not exists r1 after no_such_task as select 2',
      "create task if not exists r1 timezone = 'Not/AZone' as select 2",
    );
    expect(await tasks.refusal('create task if not exists r1 query_tag = 5 as select 2')).toContain(
      "invalid value [5] for parameter 'QUERY_TAG'",
    );
    expect(await tasks.refusal('create task if not exists r1 not_a_param = 1 as select 2')).toContain(
      "invalid property 'NOT_A_PARAM'",
    );
    expect(await tasks.refusal('create task if not exists r1 warehouse = no_such_wh as select 2')).toBe(
      'Nonexistent warehouse NO_SUCH_WH was specified.',
    );
    expect(await tasks.refusal('create task r1 as select 2')).toContain('already exists');
    expect(await tasks.shown('R1', 'definition')).toBe('select 1');
  });

  it('OR ALTER describes the whole task and keeps its identity (create-task: CREATE OR ALTER; Terraform provider)', async () => {
    await tasks.run(
      "create or alter task m warehouse = compute_wh schedule = '10 MINUTES' config = $${\"a\": 1}$$ allow_overlapping_execution = true user_task_timeout_ms = 10 comment = 'c' when system$stream_has_data('S') as select 1",
    );
    const created = await tasks.rows("show tasks like 'M'");
    await tasks.run('create or alter task m as select 2');
    const [row] = await tasks.rows("show tasks like 'M'");
    expect(row).toMatchObject({
      id: created[0]?.['id'],
      created_on: created[0]?.['created_on'],
      warehouse: null,
      schedule: null,
      config: null,
      comment: '',
      allow_overlapping_execution: 'false',
      condition: null,
      definition: 'select 2',
    });
    expect(await tasks.parameter('m', 'USER_TASK_TIMEOUT_MS')).toBe('3600000');
    await tasks.run('create task other as select 1', 'create or alter task m after other as select 2 * pi()');
    expect(await tasks.shown('M', 'predecessors')).toContain(`${prefix}OTHER`);
  });

  it('CLONE copies properties; by the owner also the predecessors (create-task: Clone)', async () => {
    await tasks.run(
      'create task root as select 1',
      "create task src after root warehouse = compute_wh comment = 'x' statement_timeout_in_seconds = 7 when system$stream_has_data('MYSTREAM') as select 5",
      'create task copy clone src',
      'create or replace task copy clone src copy grants',
    );
    const [source] = await tasks.rows("show tasks like 'SRC'");
    const [copy] = await tasks.rows("show tasks like 'COPY'");
    for (const column of ['definition', 'condition', 'warehouse', 'comment', 'task_relations', 'schedule'])
      expect(copy?.[column]).toBe(source?.[column]);
    expect(copy?.['id']).not.toBe(source?.['id']);
    expect(await tasks.parameter('copy', 'STATEMENT_TIMEOUT_IN_SECONDS')).toBe('7');
  });
});
