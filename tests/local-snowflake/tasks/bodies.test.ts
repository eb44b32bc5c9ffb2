import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { TaskServer } from './task-server.ts';

// What a task's body can do and ask, with the bodies run by the server itself:
// https://docs.snowflake.com/en/sql-reference/sql/execute-task, user-guide/tasks-graphs, and the pages of the SYSTEM$ functions.

let tasks: TaskServer;

beforeAll(async () => {
  tasks = await TaskServer.start();
  await tasks.run('create database test_db');
});

afterAll(async () => {
  await tasks.close();
});

beforeEach(() => tasks.emptySchema('create table log (what varchar)'));

describe('return values', () => {
  it('are read by WHEN and by the bodies behind (system_set_return_value, system_get_predecessor_return_value)', async () => {
    await tasks.run(
      'create task root warehouse = compute_wh as select 1',
      `create task check_quality warehouse = compute_wh after root as call system$set_return_value('promote_model')`,
      `create task promote warehouse = compute_wh after check_quality when system$get_predecessor_return_value('CHECK_QUALITY') = 'promote_model'
         as insert into log select 'got ' || system$get_predecessor_return_value('CHECK_QUALITY')`,
      `create task alert warehouse = compute_wh after check_quality when system$get_predecessor_return_value('CHECK_QUALITY') = 'send_alert'
         as insert into log values ('alert')`,
      "select system$task_dependents_enable('root')",
    );
    await tasks.execute('root');
    expect(await tasks.logged()).toEqual(['got promote_model']);
    expect(await tasks.outcomes('root')).toEqual({
      ROOT: 'SUCCEEDED',
      CHECK_QUALITY: 'SUCCEEDED',
      PROMOTE: 'SUCCEEDED',
      ALERT: 'SKIPPED',
    });
    expect(await tasks.historyOf('check_quality')).toMatchObject({ RETURN_VALUE: 'promote_model' });
    const [graph] = await tasks.rows("select state from table(information_schema.complete_task_graphs(root_task_name => 'ROOT'))");
    expect(graph?.['STATE']).toBe('SUCCEEDED');
  });

  it('escapes in the literal are those of SQL, the last value counts, 10 kB are the most', async () => {
    await tasks.run(`create task t1 warehouse = compute_wh as call system$set_return_value('{"a": "it''s \\\\"b\\\\""}')`);
    await tasks.execute('t1');
    expect((await tasks.historyOf('t1'))['RETURN_VALUE']).toBe(`{"a": "it's \\"b\\""}`);
    await tasks.run(`create task too_long warehouse = compute_wh as call system$set_return_value('${'x'.repeat(10_241)}')`);
    await tasks.execute('too_long');
    expect(await tasks.historyOf('too_long')).toMatchObject({ STATE: 'FAILED', RETURN_VALUE: null });
  });

  it('of an ancestor further up can be asked for; of a task that is none, not', async () => {
    await tasks.run(
      `create task root warehouse = compute_wh as call system$set_return_value('from root')`,
      'create task mid warehouse = compute_wh after root as select 1',
      `create task far warehouse = compute_wh after mid as insert into log select system$get_predecessor_return_value('ROOT')`,
      `create task wrong warehouse = compute_wh after mid as insert into log select system$get_predecessor_return_value('FAR')`,
      "select system$task_dependents_enable('root')",
    );
    await tasks.execute('root');
    expect(await tasks.logged()).toEqual(['from root']);
    expect((await tasks.historyOf('wrong'))['STATE']).toBe('FAILED');
  });
});

describe('configuration (create-task CONFIG, execute-task USING CONFIG, system_get_task_graph_config)', () => {
  it('is read by path by every task; USING CONFIG merges deep over it for one run', async () => {
    await tasks.run(
      `create task root warehouse = compute_wh config = '{"output": {"dir": "/tmp", "keep": 3}, "name": "prod"}'
         as insert into log select 'root ' || system$get_task_graph_config('output.dir')`,
      `create task child warehouse = compute_wh after root as insert into log select 'child ' || system$get_task_graph_config('output.keep')`,
      "select system$task_dependents_enable('root')",
    );
    await tasks.execute('root');
    expect(await tasks.logged()).toEqual(['child 3', 'root /tmp']);
    await tasks.execute('root using config = $${"output": {"dir": "/var"}}$$');
    expect(await tasks.logged()).toEqual(['child 3', 'child 3', 'root /tmp', 'root /var']);
    const rows = await tasks.rows(
      `select config from table(information_schema.task_history(root_task_id => '${await tasks.idOf('root')}')) where name = 'ROOT' and query_id is not null`,
    );
    expect(rows.map((row) => JSON.parse(String(row['CONFIG'])) as unknown)).toEqual([
      { output: { dir: '/var', keep: 3 }, name: 'prod' },
      { output: { dir: '/tmp', keep: 3 }, name: 'prod' },
    ]);
  });

  it('CALL answers with the whole of it, NULL is what has none', async () => {
    await tasks.run(
      `create task root warehouse = compute_wh as insert into log select nvl(system$get_task_graph_config('a'), 'null')`,
    );
    await tasks.execute('root');
    expect(await tasks.logged()).toEqual(['null']);
  });
});

describe('facts of the run (system_task_runtime_info, system_current_user_task_name)', () => {
  it('are those of the task and its graph', async () => {
    await tasks.run(
      'create task root warehouse = compute_wh as select 1',
      `create task child warehouse = compute_wh after root as insert into log
         select '1 ' || system$task_runtime_info('CURRENT_TASK_NAME')
         union all select '2 ' || system$task_runtime_info('CURRENT_ROOT_TASK_NAME')
         union all select '3 ' || system$task_runtime_info('CURRENT_ROOT_TASK_UUID')
         union all select '4 ' || system$task_runtime_info('CURRENT_TASK_GRAPH_RUN_GROUP_ID')
         union all select '5 ' || to_timestamp(system$task_runtime_info('CURRENT_TASK_GRAPH_ORIGINAL_SCHEDULED_TIMESTAMP'))::varchar
         union all select '6 ' || coalesce(system$task_runtime_info('LAST_SUCCESSFUL_TASK_GRAPH_RUN_GROUP_ID'), 'none')
         union all select '7 ' || system$current_user_task_name()`,
      "select system$task_dependents_enable('root')",
    );
    const started = new Date(tasks.clock.now()).toISOString().replace('T', ' ').slice(0, -1);
    await tasks.execute('root');
    const { GRAPH_RUN_GROUP_ID: group, ROOT_TASK_ID: root } = await tasks.historyOf('child');
    expect(root).toBe(await tasks.idOf('root'));
    expect(await tasks.logged()).toEqual([
      '1 TEST_DB.TEST_SCHEMA.CHILD',
      '2 TEST_DB.TEST_SCHEMA.ROOT',
      `3 ${String(root)}`,
      `4 ${String(group)}`,
      `5 ${started}`,
      '6 none',
      '7 TEST_DB.TEST_SCHEMA.CHILD',
    ]);
    await tasks.run('truncate table log');
    await tasks.execute('root');
    expect((await tasks.logged())[5]).toBe(`6 ${String(group)}`);
  });

  it.each([
    `select system$task_runtime_info('CURRENT_TASK_NAME')`,
    `call system$set_return_value('x')`,
    'select system$get_predecessor_return_value()',
    'select system$get_task_graph_config()',
    'select system$current_user_task_name()',
  ])('outside of a task: %s', async (sql) => {
    const name = /system\$\w+/u.exec(sql)?.[0].toUpperCase() ?? '';
    expect(await tasks.refusal(sql)).toContain(`Function ${name} must be called from within a task.`);
  });
});

describe('bodies', () => {
  it('see the database and schema of the task, its warehouse, and nothing of the session that made it (create-task)', async () => {
    await tasks.run(
      'set mine = 5',
      `create task t1 warehouse = compute_wh as insert into log
         select current_database() || '.' || current_schema() || ' ' || current_warehouse() || ' ' || current_role()`,
      'create task t2 warehouse = compute_wh as insert into log select $mine::varchar',
      'use schema test_db.public',
    );
    await tasks.execute('test_db.test_schema.t1');
    await tasks.execute('test_db.test_schema.t2');
    await tasks.run('use schema test_db.test_schema');
    expect(await tasks.logged()).toEqual(['TEST_DB.TEST_SCHEMA COMPUTE_WH ACCOUNTADMIN']);
    expect((await tasks.historyOf('t2'))['STATE']).toBe('FAILED');
  });

  it("have the task's session parameters (create-task)", async () => {
    await tasks.run(
      `create task t1 warehouse = compute_wh timezone = 'Asia/Tokyo' date_output_format = 'DD.MM.YYYY' as insert into log
         select current_timestamp()::varchar || ' ' || current_date()::varchar`,
    );
    await tasks.execute('t1');
    const [line] = await tasks.logged();
    expect(String(line)).toMatch(/ \+0900 \d{2}\.\d{2}\.2026$/u);
  });
});

describe('Snowflake Scripting as a body (create-task: examples)', () => {
  it('a block without delimiters, session parameters set in it', async () => {
    await tasks.run(`create or replace task test_logging
      user_task_managed_initial_warehouse_size = 'XSMALL'
      schedule = 'USING CRON  0 * * * * America/Los_Angeles'
      as
        begin
          alter session set timestamp_output_format = 'YYYY-MM-DD HH24:MI:SS.FF';
          select current_timestamp;
          insert into log select current_timestamp()::varchar;
        end;`);
    await tasks.execute('test_logging');
    expect(await tasks.historyOf('test_logging')).toMatchObject({ STATE: 'SUCCEEDED', ERROR_MESSAGE: null });
    expect(await tasks.logged()).toEqual([expect.stringMatching(/^2026-03-02 \d{2}:\d{2}:\d{2}\.\d+$/u)]);
  });

  it('a block in EXECUTE IMMEDIATE', async () => {
    await tasks.run(`create task t1
      user_task_managed_initial_warehouse_size = 'XSMALL'
      schedule = '15 SECONDS'
      as
        execute immediate
        $$
        declare
          radius_of_circle float;
          area_of_circle float;
        begin
          radius_of_circle := 3;
          area_of_circle := pi() * radius_of_circle * radius_of_circle;
          insert into log select to_varchar(round(:area_of_circle, 3));
          return area_of_circle;
        end;
        $$;`);
    await tasks.execute('t1');
    expect(await tasks.historyOf('t1')).toMatchObject({ STATE: 'SUCCEEDED', RETURN_VALUE: null });
    expect(await tasks.logged()).toEqual(['28.274']);
  });

  it('the configuration in variables, branches, a return value from a variable', async () => {
    await tasks.run(
      `create or replace task root_task_with_config
        warehouse = compute_wh
        config = $\${"output_dir": "/temp/test_directory/", "learning_rate": 0.1}$$
        as
          begin
            let output_dir string := system$get_task_graph_config('output_dir')::string;
            let learning_rate decimal(4, 2) := system$get_task_graph_config('learning_rate')::decimal(4, 2);
            for step in 1 to 3 do
              insert into log select :step || ' ' || :output_dir || ' ' || :learning_rate;
            end for;
            if (learning_rate < 0.5) then
              call system$set_return_value(:output_dir);
            else
              call system$set_return_value('fast');
            end if;
          end`,
    );
    await tasks.execute('root_task_with_config');
    expect(await tasks.historyOf('root_task_with_config')).toMatchObject({
      STATE: 'SUCCEEDED',
      RETURN_VALUE: '/temp/test_directory/',
    });
    expect(await tasks.logged()).toEqual([
      '1 /temp/test_directory/ 0.10',
      '2 /temp/test_directory/ 0.10',
      '3 /temp/test_directory/ 0.10',
    ]);
  });

  it('an exception that nothing handles is the error of the run; what went before stays (snowflake-scripting/exceptions)', async () => {
    await tasks.run(
      `create task t1 warehouse = compute_wh as
        declare
          my_exception exception (-20002, 'Raised MY_EXCEPTION.');
        begin
          insert into log values ('before');
          raise my_exception;
        end`,
    );
    await tasks.execute('t1');
    const row = await tasks.historyOf('t1');
    expect(row).toMatchObject({ STATE: 'FAILED', ERROR_CODE: -20002 });
    expect(row['ERROR_MESSAGE']).toContain(
      "Uncaught exception of type 'MY_EXCEPTION' on line 5 at position 10 : Raised MY_EXCEPTION.",
    );
    expect(await tasks.logged()).toEqual(['before']);
  });

  it('a handled one is not', async () => {
    await tasks.run(
      `create task t1 warehouse = compute_wh as
        begin
          insert into no_such_table values (1);
        exception
          when statement_error then
            call system$set_return_value(:sqlcode || ' ' || :sqlstate);
        end`,
    );
    await tasks.execute('t1');
    expect(await tasks.historyOf('t1')).toMatchObject({ STATE: 'SUCCEEDED', ERROR_CODE: null, RETURN_VALUE: '2003 42S02' });
  });

  it('cancelling the run ends an endless loop (system_user_task_cancel_ongoing_executions)', async () => {
    await tasks.run(
      'create task t1 warehouse = compute_wh as begin loop insert into log select count(*)::varchar from log; end loop; end',
      'execute task t1',
    );
    await tasks.clock.advanceBy(1000);
    while ((await tasks.value('select count(*) from log')) === 0);
    expect(await tasks.value("select system$user_task_cancel_ongoing_executions('t1')")).toContain(
      'Marked 1 task runs for cancellation.',
    );
    await tasks.settle();
    expect(await tasks.historyOf('t1')).toMatchObject({ STATE: 'CANCELLED' });
    const rows = await tasks.value('select count(*) from log');
    expect(await tasks.value('select count(*) from log')).toBe(rows);
  });

  it('a transaction that a body leaves open is rolled back', async () => {
    await tasks.run(
      "create task t1 warehouse = compute_wh as begin begin transaction; insert into log values ('lost'); call system$set_return_value('done'); end",
    );
    await tasks.execute('t1');
    expect(await tasks.historyOf('t1')).toMatchObject({ RETURN_VALUE: 'done' });
    expect(await tasks.logged()).toEqual([]);
  });

  it("a caller's-rights procedure speaks for the run (system_set_return_value), an owner's-rights one for its owner's privileges", async () => {
    await tasks.run(
      `create procedure note(what varchar) returns varchar language sql execute as caller as
         'begin insert into log values (:what); call system$set_return_value(:what); return what; end'`,
      `create task t1 warehouse = compute_wh as call note('in a procedure')`,
    );
    await tasks.execute('t1');
    expect(await tasks.historyOf('t1')).toMatchObject({ STATE: 'SUCCEEDED', RETURN_VALUE: 'in a procedure' });
    expect(await tasks.logged()).toEqual(['in a procedure']);
  });
});
