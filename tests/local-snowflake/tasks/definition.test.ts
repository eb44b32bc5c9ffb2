import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type LocalServer, startLocalServer } from '../../support/local-server.ts';
import type { SdkConnection } from '../../support/sdk-connection.ts';

// Grammar and rules of https://docs.snowflake.com/en/sql-reference/sql/create-task, alter-task, drop-task, show-tasks.
// Messages marked "account" are those that real accounts answer with: published with the tests of the open-source emulator
// frostlake and with the integration tests of Snowflake's Terraform provider.

let server: LocalServer;
let client: SdkConnection;
const prefix = 'TEST_DB.TEST_SCHEMA.';

beforeAll(async () => {
  server = await startLocalServer();
  client = await server.connect();
  await client.run('create warehouse compute_wh');
  await client.run('create database test_db');
});

afterAll(async () => {
  await server.close();
});

beforeEach(async () => {
  await client.run('drop schema if exists test_db.s2');
  await client.run('create or replace schema test_db.test_schema');
  await client.run('use schema test_db.test_schema');
});

async function run(...statements: readonly string[]): Promise<void> {
  for (const statement of statements) await client.run(statement);
}

async function refusal(sql: string): Promise<string> {
  try {
    await client.run(sql);
  } catch (error) {
    return (error as Error).message;
  }
  return 'accepted';
}

async function cell(task: string, column: string): Promise<unknown> {
  const rows = await client.rows(`show tasks like '${task}' in schema test_db.test_schema`);
  expect(rows).toHaveLength(1);
  return rows[0]?.[column];
}

async function parameter(task: string, key: string): Promise<unknown> {
  const rows = await client.rows(`show parameters like '${key}' in task ${task}`);
  return rows[0]?.['value'];
}

describe('CREATE TASK', () => {
  it('makes a suspended task and shows it (show-tasks)', async () => {
    const [answer] = await client.rows("create task t1 warehouse = compute_wh schedule = '60 MINUTES' comment = 'hourly' as select current_timestamp;");
    expect(answer?.['status']).toBe('Task T1 successfully created.');
    const [row] = await client.rows('show tasks');
    expect(row).toMatchObject({
      name: 'T1', database_name: 'TEST_DB', schema_name: 'TEST_SCHEMA', owner: 'ACCOUNTADMIN', comment: 'hourly', warehouse: 'COMPUTE_WH',
      schedule: '60 MINUTES', predecessors: '[]', state: 'suspended', definition: 'select current_timestamp', condition: null,
      allow_overlapping_execution: 'false', error_integration: 'null', last_committed_on: null, last_suspended_on: null,
      owner_role_type: 'ROLE', config: null, last_suspended_reason: null, task_relations: '{"Predecessors":[]}', execute_as_user: null,
      overlap_policy: 'NO_OVERLAP',
    });
    expect(Object.keys(row ?? {}).slice(0, 25)).toEqual([
      'created_on', 'name', 'id', 'database_name', 'schema_name', 'owner', 'comment', 'warehouse', 'schedule', 'scheduling_mode',
      'target_completion_interval', 'predecessors', 'state', 'definition', 'condition', 'allow_overlapping_execution', 'error_integration',
      'success_integration', 'last_committed_on', 'last_suspended_on', 'owner_role_type', 'config', 'last_suspended_reason', 'task_relations',
      'execute_as_user',
    ]);
    expect(Object.keys((await client.rows('show terse tasks'))[0] ?? {})).toEqual(['created_on', 'name', 'kind', 'database_name', 'schema_name', 'schedule']);
    expect((await client.rows('describe task t1'))[0]).toEqual(row);
  });

  it.each([
    ["create task t1 schedule = 'USING CRON 18 9-17 * * SUN America/Los_Angeles' user_task_managed_initial_warehouse_size = 'XSMALL' as select current_timestamp", 'select current_timestamp'],
    ["create task t1 schedule = '60 MINUTES' timestamp_input_format = 'YYYY-MM-DD HH24' user_task_managed_initial_warehouse_size = 'XSMALL' as insert into mytable(ts) values(current_timestamp)", 'insert into mytable(ts) values(current_timestamp)'],
    ["create task t1 warehouse = compute_wh schedule = '5 MINUTES' when system$stream_has_data('MYSTREAM') as insert into mytable1(id,name) select id, name from mystream where metadata$action = 'INSERT'", "insert into mytable1(id,name) select id, name from mystream where metadata$action = 'INSERT'"],
    ["create task t1 schedule = '15 SECONDS' as declare radius float; begin radius := 3; return radius; end", 'declare radius float; begin radius := 3; return radius; end'],
    ["create task t1 target_completion_interval = '15 MINUTES' when system$stream_has_data('s') as select 1", 'select 1'],
    ["create task t1 warehouse = 'COMPUTE_WH', schedule='10 m', config=$${\"output_dir\": \"/temp/\"}$$ as begin let x := 1; end", 'begin let x := 1; end'],
  ])('takes the documented %s', async (sql, definition) => {
    await run(sql);
    expect(await cell('T1', 'definition')).toBe(definition);
  });

  it('keeps comments and blanks within the body as written', async () => {
    await run("create task t1 as -- why\n  select 1, -- one\n\n   'as when'   ");
    expect(await cell('T1', 'definition')).toBe("-- why\n  select 1, -- one\n\n   'as when'");
  });

  it.each([
    ["create task p schedule = '60 MINUTE' not_a_param = 1 as select 1", "SQL compilation error:\ninvalid property 'NOT_A_PARAM' for 'TASK'"],
    ["create task p user_task_timeout_ms = '5000' as select 1", "SQL compilation error:\ninvalid value ['5000'] for parameter 'USER_TASK_TIMEOUT_MS'"],
    ["create task p statement_timeout_in_seconds = 'abc' as select 1", "SQL compilation error:\ninvalid value ['abc'] for parameter 'STATEMENT_TIMEOUT_IN_SECONDS'"],
    ['create task p comment = 5 as select 1', "SQL compilation error:\ninvalid value [5] for parameter 'COMMENT'"],
    ['create task p query_tag = true as select 1', "SQL compilation error:\ninvalid value [TRUE] for parameter 'QUERY_TAG'"],
    ['create task p autocommit = false as select 1', 'The parameter AUTOCOMMIT = false is not supported with Tasks. Remove the parameter and try again.'],
    ["create task p search_path = '$current' as select 1", 'The parameter SEARCH_PATH is not supported with Tasks. Remove the parameter and try again.'],
    ["create task p query_tag = 'q' query_tag = 'r' as select 1", "SQL compilation error:\nduplicate property 'query_tag';"],
    ["create task p log_level = 'BOGUS' as select 1", 'Invalid value for log level. Allowed values are TRACE,DEBUG,INFO,WARN,ERROR,FATAL,OFF.'],
    ["create task p trace_level = 'BOGUS' as select 1", 'Invalid value for trace level. Allowed values are ALWAYS,ON_EVENT,PROPAGATE,OFF.'],
    ["create task p timezone = 'Not/AZone' as select 1", "SQL compilation error:\ninvalid value [Not/AZone] for parameter 'TIMEZONE'"],
    ["create task p timezone = 'utc' as select 1", "SQL compilation error:\ninvalid value [utc] for parameter 'TIMEZONE'"],
    ['create task p statement_timeout_in_seconds = -5 as select 1', 'SQL compilation error: \nparameter value out of range: -5. Must be between 0 and 604,800.'],
    ['create task p week_start = 9 as select 1', "SQL compilation error:\ninvalid value [9] for parameter 'WEEK_START'"],
    ['create task p client_session_keep_alive_heartbeat_frequency = 3601 as select 1', "SQL compilation error:\ninvalid value [3,601] for parameter 'CLIENT_SESSION_KEEP_ALIVE_HEARTBEAT_FREQUENCY'"],
    ['create task p user_task_timeout_ms = -5 as select 1', "SQL compilation error:\ninvalid value [-5] for parameter 'USER_TASK_TIMEOUT_MS'"],
    ["create task p target_completion_interval = '1 DAY' as select 1", "SQL compilation error:\ninvalid value [1 DAY] for parameter 'TARGET_COMPLETION_INTERVAL'"],
    ["create task p target_completion_interval = '9 SECOND' as select 1", "SQL compilation error:\ninvalid value [9 SECOND] for parameter 'TARGET_COMPLETION_INTERVAL'"],
    ["create task p user_task_managed_initial_warehouse_size = 'HUGE' as select 1", "SQL compilation error:\ninvalid value [HUGE] for parameter 'USER_TASK_MANAGED_INITIAL_WAREHOUSE_SIZE'"],
    ["create task p warehouse = no_such_wh as select 1", 'Nonexistent warehouse NO_SUCH_WH was specified.'],
    ["create task p config = 'not json' as select 1", 'Invalid config. Must be a string representation of a valid JSON Object.'],
    ["create task p config = '[1,2]' as select 1", 'Invalid config. Must be a string representation of a valid JSON Object.'],
    ["create task p schedule = abc as select 1", 'Invalid schedule was specified. Please refer to the docs on what constitutes a valid schedule.'],
    ["create task p schedule = 'USING CRON 0 0 31 2 * UTC' as select 1", 'No valid time could be found under the schedule and/or interval specified'],
    ['create task p overlap_policy = bogus as select 1', "SQL compilation error:\ninvalid value 'BOGUS' for property 'OVERLAP_POLICY'"],
    ["create task p overlap_policy = 'allow_all_overlap' as select 1", "SQL compilation error:\ninvalid value 'allow_all_overlap' for property 'OVERLAP_POLICY'"],
    ['create task p overlap_policy = no_overlap allow_overlapping_execution = true as select 1', 'Cannot specify ALLOW_OVERLAPPING_EXECUTION and OVERLAP_POLICY to different values in the same command.'],
    ["create task p serverless_task_min_statement_size = 'LARGE' serverless_task_max_statement_size = 'SMALL' as select 1", 'SERVERLESS_TASK_MIN_STATEMENT_SIZE (LARGE) cannot be greater than SERVERLESS_TASK_MAX_STATEMENT_SIZE (SMALL).'],
    ["create task p serverless_task_min_statement_size = 'LARGE' user_task_managed_initial_warehouse_size = 'SMALL' as select 1", 'USER_TASK_MANAGED_INITIAL_WAREHOUSE_SIZE (SMALL) cannot be less than SERVERLESS_TASK_MIN_STATEMENT_SIZE (LARGE).'],
    ["create task p warehouse = compute_wh serverless_task_min_statement_size = 'SMALL' as select 1", 'Cannot set SERVERLESS_TASK_MIN_STATEMENT_SIZE on a non-serverless task.'],
    ['create task p finalize = 5 as select 1', "SQL compilation error:\ninvalid value [5] for parameter 'FINALIZE'"],
    ['create task p execute as user no_such_user as select 1', "SQL compilation error:\nUser 'NO_SUCH_USER' does not exist or not authorized."],
  ])('account: %s', async (sql, message) => {
    expect(await refusal(sql)).toBe(message);
    expect(await client.rows('show tasks')).toEqual([]);
  });

  it('refuses in WHEN what needs a warehouse, by name (create-task: WHEN)', async () => {
    expect(await refusal("create task p when parse_json('1') = 1 as select 1")).toContain('function PARSE_JSON is not supported');
    expect(await refusal('create task p when 1 + 1 = 2 as select 1')).toContain('operator + is not supported');
    expect(await refusal('create task p when x = 1 as select 1')).toContain('identifier x is not supported');
  });

  it('takes the documented conditions (create-task: WHEN)', async () => {
    await run(
      'create task r as select 1',
      "create task a after r when not system$get_predecessor_return_value('task_name')::boolean as select 1",
      "create task b after r when system$get_predecessor_return_value('task_name') != 'VALIDATION' as select 1",
      "create task c after r when system$get_predecessor_return_value('task_name')::float < 0.2 as select 1",
      "create task d when system$stream_has_data('my_customer_stream') or system$stream_has_data('my_order_stream') as select current_timestamp",
      "create task e after a, b when system$predecessors_state('ALL_DONE') and cast(system$get_predecessor_return_value('a') as number(10,2)) >= 1 as select 1",
    );
    expect(await cell('A', 'condition')).toBe("not system$get_predecessor_return_value('task_name')::boolean");
  });

  it('reads parameters back as they were kept (account)', async () => {
    await run("create task v1 schedule = '60 MINUTE' log_level = info query_tag = abc trace_level = always statement_timeout_in_seconds = 10, user_task_timeout_ms = 500 as select 1");
    expect(await parameter('v1', 'LOG_LEVEL')).toBe('info');
    expect(await parameter('v1', 'QUERY_TAG')).toBe('ABC');
    expect(await parameter('v1', 'TRACE_LEVEL')).toBe('always');
    expect(await parameter('v1', 'STATEMENT_TIMEOUT_IN_SECONDS')).toBe('10');
    expect(await parameter('v1', 'USER_TASK_TIMEOUT_MS')).toBe('500');
    expect((await client.rows("show parameters like 'QUERY_TAG' in task v1"))[0]).toMatchObject({ level: 'TASK', default: '' });
    await run("create task v2 query_tag = 'a' QUERY_TAG = 'b' as select 1");
    await run("create task v3 serverless_task_min_statement_size = 'X3LARGE' as select 1");
    expect(await refusal("alter task v3 set serverless_task_max_statement_size = 'XXLARGE'")).toBe(
      'SERVERLESS_TASK_MIN_STATEMENT_SIZE (X3LARGE) cannot be greater than SERVERLESS_TASK_MAX_STATEMENT_SIZE (XXLARGE).',
    );
  });

  it('OR REPLACE makes a new task that keeps its place in the graph; a refused one leaves the old (account)', async () => {
    await run("create task r4 schedule = '60 MINUTE' as select 1", 'create task c1 after r4 as select 1');
    const id = await cell('R4', 'id');
    expect(await refusal("create or replace task r4 schedule = '60 MINUTE' config = 'bad' as select 2")).toContain('Invalid config');
    expect(await refusal('create or replace task c1 after no_such_task as select 2')).toBe('Invalid predecessor NO_SUCH_TASK was specified.');
    expect(await refusal('create or replace task c1 after c1 as select 2')).toBe('Task C1 cannot use itself as its predecessor.');
    expect(await cell('R4', 'definition')).toBe('select 1');
    await run('create or replace task r4 as select 3');
    expect(await cell('R4', 'definition')).toBe('select 3');
    expect(await cell('R4', 'id')).not.toBe(id);
    expect(await cell('C1', 'task_relations')).toBe(`{"Predecessors":["${prefix}R4"]}`);
  });

  it('IF NOT EXISTS over a task weighs the statement alone (account)', async () => {
    await run("create task r1 schedule = '60 MINUTE' as select 1");
    await run(
      "create task if not exists r1 config = 'bad' as select 2",
      "create task if not exists r1 schedule = 'bad' as select 2",
      'create task if not exists r1 after no_such_task as select 2',
      "create task if not exists r1 timezone = 'Not/AZone' as select 2",
    );
    expect(await refusal('create task if not exists r1 query_tag = 5 as select 2')).toContain("invalid value [5] for parameter 'QUERY_TAG'");
    expect(await refusal('create task if not exists r1 not_a_param = 1 as select 2')).toContain("invalid property 'NOT_A_PARAM'");
    expect(await refusal('create task if not exists r1 warehouse = no_such_wh as select 2')).toBe('Nonexistent warehouse NO_SUCH_WH was specified.');
    expect(await refusal('create task r1 as select 2')).toContain('already exists');
    expect(await cell('R1', 'definition')).toBe('select 1');
  });

  it('OR ALTER describes the whole task and keeps its identity (create-task: CREATE OR ALTER; Terraform provider)', async () => {
    await run(
      "create or alter task m warehouse = compute_wh schedule = '10 MINUTES' config = $${\"a\": 1}$$ allow_overlapping_execution = true user_task_timeout_ms = 10 comment = 'c' when system$stream_has_data('S') as select 1",
    );
    const created = await client.rows("show tasks like 'M'");
    await run('create or alter task m as select 2');
    const [row] = await client.rows("show tasks like 'M'");
    expect(row).toMatchObject({
      id: created[0]?.['id'], created_on: created[0]?.['created_on'], warehouse: null, schedule: null, config: null, comment: '',
      allow_overlapping_execution: 'false', condition: null, definition: 'select 2',
    });
    expect(await parameter('m', 'USER_TASK_TIMEOUT_MS')).toBe('3600000');
    await run('create task other as select 1', 'create or alter task m after other as select 2 * pi()');
    expect(await cell('M', 'predecessors')).toContain(`${prefix}OTHER`);
  });

  it('CLONE copies properties; by the owner also the predecessors (create-task: Clone)', async () => {
    await run(
      'create task root as select 1',
      "create task src after root warehouse = compute_wh comment = 'x' statement_timeout_in_seconds = 7 when system$stream_has_data('MYSTREAM') as select 5",
      'create task copy clone src',
      'create or replace task copy clone src copy grants',
    );
    const [source] = await client.rows("show tasks like 'SRC'");
    const [copy] = await client.rows("show tasks like 'COPY'");
    for (const column of ['definition', 'condition', 'warehouse', 'comment', 'task_relations', 'schedule']) expect(copy?.[column]).toBe(source?.[column]);
    expect(copy?.['id']).not.toBe(source?.['id']);
    expect(await parameter('copy', 'STATEMENT_TIMEOUT_IN_SECONDS')).toBe('7');
  });
});

describe('graph rules (tasks-graphs)', () => {
  it('predecessors are tasks of the same schema (account)', async () => {
    await run('create schema if not exists test_db.s2', 'use schema test_db.test_schema', "create or replace task test_db.s2.r9 schedule = '60 MINUTE' as select 1");
    await run("create task r1 schedule = '60 MINUTE' as select 1", "create task r2 as select 1", "create task r3 as select 1", 'create task c1 after r1 as select 1');
    expect(await refusal('create task c9 after s2.r9 as select 1')).toBe('Cannot have predecessor R9 from a different schema.');
    expect(await refusal('alter task c1 add after s2.r9, no_such_task')).toBe('Invalid predecessor NO_SUCH_TASK was specified.');
    expect(await refusal('alter task c1 add after s2.no_such')).toBe('Invalid predecessor S2.NO_SUCH was specified.');
    expect(await refusal('alter task c1 remove after no_such_task, r3')).toBe('Task C1 does not have predecessor R3.');
    expect(await refusal('alter task c1 remove after s2.r9')).toBe('Task C1 does not have predecessor R9.');
    expect(await refusal('alter task c1 remove after r1, no_such_task')).toBe('Invalid predecessor NO_SUCH_TASK was specified.');
    expect(await refusal('alter task c1 add after c1')).toBe('Task C1 cannot use itself as its predecessor.');
    expect(await refusal('alter task r1 add after r2')).toBe('Task R1 cannot have both a schedule and a predecessor.');
    await run('create task c6 after r1, r1 as select 1', 'alter task c1 add after r3, r2, r3', 'alter task c1 add after r2');
    expect(JSON.parse(String(await cell('C6', 'predecessors')))).toEqual([`${prefix}R1`]);
    expect(JSON.parse(String(await cell('C1', 'predecessors')))).toEqual([`${prefix}R1`, `${prefix}R3`, `${prefix}R2`]);
  });

  it('a finalizer finalizes one root of its schema (account)', async () => {
    await run('create schema if not exists test_db.s2', 'use schema test_db.test_schema', "create or replace task test_db.s2.r9 schedule = '60 MINUTE' as select 1");
    await run("create task r1 schedule = '60 MINUTE' as select 1", "create task r2 schedule = '60 MINUTE' as select 1", 'create task c1 after r1 as select 1');
    expect(await refusal('create task f2 finalize = c1 as select 1')).toBe(`Task ${prefix}F2 cannot finalize a non-root task ${prefix}C1.`);
    await run("create task f1 finalize = 'r1' as select 1");
    expect(await cell('F1', 'task_relations')).toBe(`{"FinalizedRootTask":"${prefix}R1","Predecessors":[]}`);
    expect(await cell('R1', 'task_relations')).toBe(`{"Predecessors":[],"FinalizerTask":"${prefix}F1"}`);
    expect(await cell('F1', 'allow_overlapping_execution')).toBe('null');
    expect(await cell('F1', 'overlap_policy')).toBeNull();
    for (const [sql, message] of [
      ['create task f3 finalize = f1 as select 1', `Task ${prefix}F3 cannot finalize a non-root task ${prefix}F1.`],
      ['create task f4 finalize = s2.r9 as select 1', 'Cannot finalize graph S2.R9 in a different schema.'],
      ['create task f4 finalize = s2.no_such as select 1', 'Invalid finalized root task S2.NO_SUCH was specified.'],
      ['create task f6 finalize = "r2" as select 1', 'Invalid finalized root task "r2" was specified.'],
      ["create task f7 finalize = r1 config = '{}' as select 1", `Task ${prefix}F7 cannot both be a non-root task and have a config.`],
      ['create task f8 finalize = r1 allow_overlapping_execution = true as select 1', `Cannot set allow_overlapping_execution on non-root task ${prefix}F8.`],
      ['create task f9 finalize = r1 allow_overlapping_execution = false as select 1', 'Finalize target R1 already have finalizer.'],
      ["create task f3 finalize = r2 schedule = '5 MINUTE' as select 3", 'Task F3 cannot have a schedule and be a finalizer task.'],
      ['create task f5 finalize = r2 after r1 as select 3', `Task ${prefix}F5 cannot have predecessors as a finalizer task.`],
      ['create task c2 after f1 as select 1', `Task ${prefix}F1 cannot have children as a finalizer task.`],
      ["alter task f1 set schedule = '5 MINUTE'", 'Task F1 cannot have a schedule and be a finalizer task.'],
      ["alter task f1 set config = '{\"a\": 1}'", `Task ${prefix}F1 cannot both be a non-root task and have a config.`],
      ['alter task f1 set allow_overlapping_execution = true', `Cannot set allow_overlapping_execution on non-root task ${prefix}F1.`],
      ['create or replace task r1 finalize = r1 as select 2', 'Task R1 cannot finalize itself.'],
      ['alter task r2 set finalize = r1', 'Task R2 cannot have a schedule and be a finalizer task.'],
    ] as const) {
      expect([sql, await refusal(sql)]).toEqual([sql, message]);
    }
    await run('alter task f1 unset finalize');
    expect(await cell('F1', 'last_suspended_reason')).toBe('FINALIZER_BECAME_ROOT');
    await run("alter task f1 set finalize = 'R1'", 'drop task r1');
    expect(await cell('F1', 'task_relations')).toBe('{"Predecessors":[]}');
    expect(await cell('F1', 'overlap_policy')).toBe('NO_OVERLAP');
  });

  it('becoming a finalizer or a child is for those that may (account)', async () => {
    await run("create task r2 schedule = '60 MINUTE' as select 1", 'create task x1 as select 1', 'create task r4 as select 1', 'create task c4 after r4 as select 1');
    await run("create task rq config = '{\"a\": 1}' as select 1", 'create task rf as select 1', 'create task ff finalize = rf as select 1', 'create task f2 finalize = r2 as select 1', "create task r3 schedule = '60 MINUTE' as select 1");
    for (const [sql, message] of [
      ['alter task x1 set finalize = x1', 'Task X1 cannot finalize itself.'],
      ['alter task r4 set finalize = r3', `Task ${prefix}R4 cannot have children as a finalizer task.`],
      ['alter task r4 set finalize = c4', `Task ${prefix}R4 cannot finalize a non-root task ${prefix}C4.`],
      ['alter task c4 set finalize = r3', `Task ${prefix}C4 cannot have predecessors as a finalizer task.`],
      ['alter task c4 set finalize = c4', `Task ${prefix}C4 cannot finalize a non-root task ${prefix}C4.`],
      ['create or replace task r4 finalize = r3 as select 2', `Task ${prefix}R4 cannot have children as a finalizer task.`],
      ['create or replace task r2 after r4 as select 2', `Cannot replace task ${prefix}R2 with a non-root task because it has a finalizer task. Please remove the finalizer task first.`],
      ['alter task rq add after no_such_task', 'Invalid predecessor NO_SUCH_TASK was specified.'],
      ['alter task rq add after r3', `Task ${prefix}RQ cannot both be a non-root task and have a config.`],
      ['alter task rf add after rf', 'This task has a finalizer and cannot be made a child task. Please remove the finalizer before adding a predecessor.'],
      ['alter task rq add after ff', `Task ${prefix}FF cannot have children as a finalizer task.`],
      ['create task c2 overlap_policy = no_overlap after r3 as select 1', `Cannot set overlap policy on non-root task ${prefix}C2.`],
      ['create task c2 allow_overlapping_execution = true after r3 as select 1', `Cannot set allow_overlapping_execution on non-root task ${prefix}C2.`],
      ["alter task c4 set schedule = '5 MINUTE'", 'Task C4 cannot have both a schedule and a predecessor.'],
      ['alter task c4 set task_auto_retry_attempts = 2', 'Cannot set parameter TASK_AUTO_RETRY_ATTEMPTS on non-root task C4. Non-root tasks use the parameter setting from their root task. Please set this on the root task for this task instead.'],
    ] as const) {
      expect([sql, await refusal(sql)]).toEqual([sql, message]);
    }
    await run('alter task c4 set allow_overlapping_execution = false');
  });

  it('links are cut when a task is dropped, and former children become suspended roots (tasks-graphs: Unlink)', async () => {
    await run('create task a as select 1', 'create task b after a as select 1', 'create task c after b as select 1', 'alter task c resume', 'drop task b');
    expect(await client.rows('show tasks root only')).toHaveLength(2);
    expect(await cell('C', 'predecessors')).toBe('[]');
    expect([await cell('C', 'state'), await cell('C', 'last_suspended_reason')]).toEqual(['suspended', 'CHILD_BECAME_ROOT']);
    await run('create task d after c as select 1', 'alter task d remove after c');
    expect(await cell('D', 'last_suspended_reason')).toBe('CHILD_BECAME_ROOT');
  });

  it('a graph may be linked in any way while suspended; resuming wants one root and no circle (Terraform provider)', async () => {
    await run("create task root schedule = '10 MINUTE' as select 1", 'create task t1 after root as select 1', 'create task t2 after t1, root as select 1', 'create task t3 after t2, t1 as select 1');
    await run('alter task t1 add after t3');
    expect(await refusal('alter task root resume')).toContain('Graph has at least one cycle containing task');
    await run('alter task t1 remove after t3', "create task root2 schedule = '10 MINUTE' as select 1", 'alter task t3 add after root2');
    for (const root of ['root', 'root2']) {
      expect(await refusal(`alter task ${root} resume`)).toContain('The graph has more than one root task (one without predecessors)');
      expect(await refusal(`execute task ${root}`)).toContain('The graph has more than one root task (one without predecessors)');
    }
  });

  it('nothing in a graph is changed while its root is started (alter-task: usage notes)', async () => {
    await run("create task root schedule = '10 MINUTE' as select 1", 'create task child after root as select 1', 'create task other as select 1', 'alter task root resume');
    const message = `Unable to update graph with root task ${prefix}ROOT since that root task is not suspended.`;
    for (const sql of [
      'alter task child resume', "alter task child set comment = 'x'", 'alter task child modify as select 2', 'drop task child', 'create or replace task child after root as select 2',
      'create task more after child as select 1', 'alter task other add after child', 'create task fin finalize = root as select 1', 'create or alter task child after root as select 2',
      "alter task root set schedule = '20 MINUTE'", 'create or replace task root as select 2', 'drop task root', 'grant ownership on task child to role sysadmin',
    ]) {
      expect([sql, await refusal(sql)]).toEqual([sql, message]);
    }
    await expect(client.run('alter task child suspend')).rejects.toMatchObject({ code: '091421' });
    await run('alter task root suspend', 'alter task child resume', 'drop task child');
  });

  it('limits predecessors and children to 100 (tasks-graphs)', async () => {
    await run('create task root as select 1');
    for (let index = 0; index < 100; index += 1) await run(`create task c${String(index)} after root as select 1`);
    expect(await refusal('create task c100 after root as select 1')).toBe('Task ROOT cannot have more than 100 child tasks.');
    const all = Array.from({ length: 100 }, (_, index) => `c${String(index)}`).join(', ');
    await run(`create task join1 after ${all} as select 1`);
    expect(await refusal('alter task join1 add after root')).toBe('Task JOIN1 cannot have more than 100 predecessor tasks.');
  });
});

describe('ALTER TASK', () => {
  it('sets and unsets properties and parameters (alter-task; Terraform provider)', async () => {
    await run('create task t as select 1');
    await run(
      `alter task t set schedule = '10 MINUTE', config = $\${"output_dir": "/temp/", "learning_rate": 0.1}$$, allow_overlapping_execution = true, user_task_timeout_ms = 1000, suspend_task_after_num_failures = 100, comment = 'new comment', json_indent = 4, task_auto_retry_attempts = 10, user_task_minimum_trigger_interval_in_seconds = 15`,
    );
    expect((await client.rows("show tasks like 'T'"))[0]).toMatchObject({
      schedule: '10 MINUTE', config: '{"output_dir": "/temp/", "learning_rate": 0.1}', allow_overlapping_execution: 'true', overlap_policy: 'ALLOW_CHILD_OVERLAP', comment: 'new comment',
    });
    expect(await parameter('t', 'JSON_INDENT')).toBe('4');
    await run(
      'alter task t unset warehouse, schedule, config, allow_overlapping_execution, user_task_timeout_ms, suspend_task_after_num_failures, comment, task_auto_retry_attempts, user_task_minimum_trigger_interval_in_seconds, json_indent, search_path, error_integration',
    );
    expect((await client.rows("show tasks like 'T'"))[0]).toMatchObject({ schedule: null, config: null, allow_overlapping_execution: 'false', comment: '' });
    for (const [key, value] of [['USER_TASK_TIMEOUT_MS', '3600000'], ['SUSPEND_TASK_AFTER_NUM_FAILURES', '10'], ['TASK_AUTO_RETRY_ATTEMPTS', '0'], ['JSON_INDENT', '2']] as const) {
      expect(await parameter('t', key)).toBe(value);
    }
    expect(await refusal('alter task t unset not_a_param')).toContain("invalid property 'NOT_A_PARAM' for 'TASK'");
    expect(await refusal('alter task t unset QUERY_TAG, QUERY_TAG')).toContain("duplicate property 'QUERY_TAG'");
    expect(await refusal('alter task t unset comment = 1')).toContain('unexpected');
  });

  it('changes body and condition (alter-task)', async () => {
    await run('create task t as select 1', 'alter task t modify as select current_version()', "alter task t modify when system$stream_has_data('MYSTREAM')");
    expect(await cell('T', 'definition')).toBe('select current_version()');
    expect(await cell('T', 'condition')).toBe("system$stream_has_data('MYSTREAM')");
    await run('alter task t remove when', 'alter task t remove when');
    expect(await cell('T', 'condition')).toBeNull();
  });

  it('resumes and suspends (alter-task; show-tasks: last_suspended_reason)', async () => {
    await run("create task t schedule = '10 MINUTE' as select 1", 'alter task t resume');
    expect(await cell('T', 'state')).toBe('started');
    expect(await cell('T', 'last_committed_on')).not.toBeNull();
    await run('alter task t suspend');
    expect([await cell('T', 'state'), await cell('T', 'last_suspended_reason')]).toEqual(['suspended', 'USER_SUSPENDED']);
    expect(await cell('T', 'last_suspended_on')).not.toBeNull();
    await run('alter task if exists nope resume');
    expect(await refusal('alter task nope resume')).toContain('does not exist or not authorized');
    expect(await refusal('alter task t rename to u')).toContain("unexpected 'rename'");
    expect(await refusal('alter task t set contact steward = c')).toContain("Unsupported feature 'CONTACT of tasks'");
  });

  it('wants a target interval for serverless triggered tasks (tasks-triggered)', async () => {
    await run("create task t when system$stream_has_data('s') as select 1");
    expect(await refusal('alter task t resume')).toContain('must specify TARGET_COMPLETION_INTERVAL');
  });

  it('resumes a whole graph at once (system_task_dependents_enable)', async () => {
    await run("create task root schedule = '60 MINUTE' as select 1", 'create task a after root as select 1', 'create task b after a as select 1', 'create task fin finalize = root as select 1', 'create task apart as select 1');
    await run("call system$task_dependents_enable('test_db.test_schema.root')");
    const states = (await client.rows('show tasks')).map((row) => `${String(row['name'])} ${String(row['state'])}`);
    expect(states).toEqual(['A started', 'APART suspended', 'B started', 'FIN started', 'ROOT started']);
  });
});

describe('listing and dropping', () => {
  it('SHOW TASKS takes its filters (show-tasks)', async () => {
    await run('create task r_a as select 1', 'create task r_b after r_a as select 1', 'create task r_c as select 1');
    const names = async (sql: string): Promise<string> => (await client.rows(sql)).map((row) => row['name']).join();
    expect(await names("show tasks like 'r_%'")).toBe('R_A,R_B,R_C');
    expect(await names("show tasks like 'R_%' root only")).toBe('R_A,R_C');
    expect(await names("show tasks in schema test_db.test_schema starts with 'R_' root only limit 1")).toBe('R_A');
    expect(await names('show tasks in account')).toContain('R_A');
    expect(await names("show tasks like 'nothing'")).toBe('');
  });

  it('DROP TASK IF EXISTS of a missing task succeeds (drop-task)', async () => {
    await run('drop task if exists nope');
    expect(await refusal('drop task nope')).toContain('does not exist or not authorized');
    await run("create task alone schedule = '5 MINUTE' as select 1", 'alter task alone resume', 'drop task alone');
    expect(await client.rows('show tasks')).toEqual([]);
  });

  it('a schema with a started graph can be dropped', async () => {
    await run("create task root schedule = '60 MINUTE' as select 1", 'create task child after root as select 1', 'alter task root resume', 'drop schema test_db.test_schema');
    expect(await client.rows('show tasks in account')).not.toContainEqual(expect.objectContaining({ name: 'ROOT' }));
  });
});
