import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { TaskServer } from './task-server.ts';

let tasks: TaskServer;

beforeAll(async () => {
  tasks = await TaskServer.start();
  await tasks.run('create warehouse task_wh', 'create database test_db');
});

afterAll(async () => {
  await tasks.close();
});

beforeEach(() => tasks.emptySchema('use warehouse task_wh'));

const minute = async (): Promise<void> => {
  await tasks.clock.advanceBy(60_000);
  await tasks.settle();
};

// https://docs.snowflake.com/en/user-guide/tasks-graphs (Examples), their statements as they stand there
describe('examples of task graphs', () => {
  it('a finalizer corrects what the first attempt failed on, and the retry succeeds (Correct for errors)', async () => {
    await tasks.run(
      `CREATE OR REPLACE TASK task_a
        SCHEDULE = '1 MINUTE'
        USER_TASK_TIMEOUT_MS = 60000
        TASK_AUTO_RETRY_ATTEMPTS = 2
        SUSPEND_TASK_AFTER_NUM_FAILURES = 3
        AS
          BEGIN
            CALL SYSTEM$SET_RETURN_VALUE('task a successful');
          END;`,
      `CREATE OR REPLACE TASK task_b
        USER_TASK_TIMEOUT_MS = 60000
        AFTER task_a
        AS
          BEGIN
            LET VALUE := (SELECT SYSTEM$TASK_RUNTIME_INFO('current_task_name'));
            INSERT INTO demo_table VALUES('task b name',:VALUE);
          END;`,
      `CREATE OR REPLACE TASK task_c
        USER_TASK_TIMEOUT_MS = 60000
        AFTER task_b
        AS
          BEGIN
            CALL SYSTEM$GET_TASK_GRAPH_CONFIG('path');
            LET VALUE := (SELECT SYSTEM$GET_TASK_GRAPH_CONFIG('path'));
            INSERT INTO demo_table VALUES('task c path',:value);
          END;`,
      `CREATE OR REPLACE TASK task_d
        USER_TASK_TIMEOUT_MS = 60000
        AFTER task_c
        AS
          BEGIN
            LET VALUE := (SELECT SYSTEM$GET_PREDECESSOR_RETURN_VALUE('TASK_A'));
            INSERT INTO demo_table VALUES('task d: predecessor return value', :value);
          END;`,
      `CREATE OR REPLACE TASK task_f
        USER_TASK_TIMEOUT_MS = 60000
        FINALIZE = task_a
        AS
          BEGIN
            CREATE TABLE IF NOT EXISTS demo_table(NAME VARCHAR, VALUE VARCHAR);
          END;`,
      'ALTER TASK task_f RESUME',
      "SELECT SYSTEM$TASK_DEPENDENTS_ENABLE('task_a')",
    );
    await minute();
    await tasks.run('ALTER TASK task_a SUSPEND');
    const history = await tasks.rows(`SELECT name, state, attempt_number, scheduled_from
      FROM TABLE(information_schema.task_history(task_name=> 'task_b')) LIMIT 5`);
    expect(history.map((row) => [row['STATE'], row['ATTEMPT_NUMBER'], row['SCHEDULED_FROM']])).toEqual([
      ['SUCCEEDED', 2, 'AUTOMATIC RETRY'],
      ['FAILED', 1, 'SCHEDULE'],
    ]);
    const written = await tasks.rows('SELECT * FROM demo_table');
    expect(written.map((row) => [row['NAME'], row['VALUE']])).toEqual([
      ['task b name', 'TEST_DB.TEST_SCHEMA.TASK_B'],
      ['task c path', null],
      ['task d: predecessor return value', 'task a successful'],
    ]);
  });

  it('a finalizer tells the story of its run (Send email notification, without the mail)', async () => {
    await tasks.run(
      `CREATE OR REPLACE FUNCTION get_task_graph_run_summary(my_root_task_id STRING, my_start_time TIMESTAMP_LTZ)
        RETURNS STRING
      AS
      $$
        (SELECT
          ARRAY_AGG(OBJECT_CONSTRUCT(
            'task_name', name,
            'run_status', state,
            'return_value', return_value,
            'started', query_start_time,
            'duration', duration,
            'error_message', error_message
            )
          ) AS GRAPH_RUN_SUMMARY
        FROM
          (SELECT
            NAME,
            CASE
              WHEN STATE = 'SUCCEEDED' then '🟢 Succeeded'
              WHEN STATE = 'FAILED' then '🔴 Failed'
              WHEN STATE = 'SKIPPED' then '🔵 Skipped'
              WHEN STATE = 'CANCELLED' then '🔘 Cancelled'
            END AS STATE,
            RETURN_VALUE,
            TO_VARCHAR(QUERY_START_TIME, 'YYYY-MM-DD HH24:MI:SS') AS QUERY_START_TIME,
            CONCAT(TIMESTAMPDIFF('seconds', query_start_time, completed_time),
              ' s') AS DURATION,
            ERROR_MESSAGE
          FROM
            TABLE(test_db.information_schema.task_history(
              ROOT_TASK_ID => my_root_task_id ::STRING,
              SCHEDULED_TIME_RANGE_START => my_start_time,
              SCHEDULED_TIME_RANGE_END => current_timestamp()
            ))
          ORDER BY
            SCHEDULED_TIME)
        )::STRING
      $$`,
      "CREATE TASK task_root AS CALL SYSTEM$SET_RETURN_VALUE('42')",
      'CREATE TASK broken AFTER task_root AS SELECT 1 / 0',
      `CREATE OR REPLACE TASK notify_finalizer
        USER_TASK_TIMEOUT_MS = 60000
        FINALIZE = task_root
      AS
        DECLARE
          my_root_task_id STRING;
          my_start_time TIMESTAMP_LTZ;
          summary_json STRING;
        BEGIN
          --- Get root task ID
          my_root_task_id := (SELECT SYSTEM$TASK_RUNTIME_INFO('CURRENT_ROOT_TASK_UUID'));
          --- Get root task scheduled time
          my_start_time := (SELECT SYSTEM$TASK_RUNTIME_INFO('CURRENT_TASK_GRAPH_ORIGINAL_SCHEDULED_TIMESTAMP')::timestamp_ltz);
          --- Combine all task run info into one JSON string
          summary_json := (SELECT get_task_graph_run_summary(:my_root_task_id, :my_start_time));
          --- Set return value for finalizer
          CALL SYSTEM$SET_RETURN_VALUE(:summary_json);
        END`,
      'ALTER TASK broken RESUME',
      'ALTER TASK notify_finalizer RESUME',
    );
    await tasks.execute('task_root');
    const finalizer = await tasks.historyOf('notify_finalizer');
    expect(finalizer).toMatchObject({ STATE: 'SUCCEEDED', ERROR_MESSAGE: null });
    const told = JSON.parse(String(finalizer['RETURN_VALUE'])) as Record<string, string>[];
    const of = (task: string): Record<string, string> | undefined => told.find((each) => each['task_name'] === task);
    expect(of('TASK_ROOT')).toMatchObject({
      run_status: '🟢 Succeeded',
      return_value: '42',
      duration: expect.stringMatching(/^\d+ s$/u),
    });
    expect(of('BROKEN')).toMatchObject({ run_status: '🔴 Failed', error_message: 'Division by zero' });
  });
});

// https://docs.snowflake.com/en/sql-reference/functions/system_set_return_value (Examples)
describe('examples of return values', () => {
  it('one task sets what the other writes down', async () => {
    await tasks.run(
      'CREATE OR REPLACE TABLE return_values_table (str VARCHAR)',
      `CREATE TASK set_return_value_task
        WAREHOUSE = task_wh
        SCHEDULE = '1 MINUTE'
        AS
          CALL SYSTEM$SET_RETURN_VALUE('The quick brown fox jumps over the lazy dog')`,
      `CREATE TASK get_return_value_task
        WAREHOUSE = task_wh
        AFTER set_return_value_task
        AS
          INSERT INTO return_values_table VALUES(SYSTEM$GET_PREDECESSOR_RETURN_VALUE())`,
      'ALTER TASK get_return_value_task RESUME',
      'ALTER TASK set_return_value_task RESUME',
    );
    await minute();
    await tasks.run('ALTER TASK set_return_value_task SUSPEND');
    expect(await tasks.rows('SELECT DISTINCT(str) FROM return_values_table')).toEqual([
      { STR: 'The quick brown fox jumps over the lazy dog' },
    ]);
    expect(
      await tasks.rows(
        'SELECT DISTINCT(RETURN_VALUE) FROM TABLE(information_schema.task_history()) WHERE RETURN_VALUE IS NOT NULL',
      ),
    ).toContainEqual({ RETURN_VALUE: 'The quick brown fox jumps over the lazy dog' });
  });

  it('a triggered task tells how many rows it loaded (Use a variable to set the return value)', async () => {
    await tasks.run(
      'CREATE TABLE weather (row_id INT)',
      'CREATE TABLE raw_weather_data (row_id INT)',
      'CREATE STREAM new_weather_data ON TABLE weather',
      `CREATE OR REPLACE TASK load_raw_data
      WAREHOUSE = 'TASK_WH'
      WHEN
          SYSTEM$STREAM_HAS_DATA('NEW_WEATHER_DATA')
      AS
          DECLARE
              rows_loaded NUMBER;
              result_string VARCHAR;
          BEGIN
              INSERT INTO raw_weather_data ( -- our landing table
                  row_id)
              SELECT
                  row_id
              FROM
                  new_weather_data  -- our source stream
              ;

              -- to see the number of rows loaded in the UI
              rows_loaded := (SELECT $1 FROM TABLE(RESULT_SCAN(LAST_QUERY_ID())));
              result_string := :rows_loaded || ' rows loaded into RAW_WEATHER_DATA';
              -- show result string as task return value
              CALL SYSTEM$SET_RETURN_VALUE(:result_string);
          END;`,
      'INSERT INTO weather VALUES (1), (2), (3)',
      'ALTER TASK load_raw_data RESUME',
    );
    await minute();
    await tasks.run('ALTER TASK load_raw_data SUSPEND');
    expect(await tasks.historyOf('load_raw_data')).toMatchObject({
      STATE: 'SUCCEEDED',
      SCHEDULED_FROM: 'TRIGGER',
      RETURN_VALUE: '3 rows loaded into RAW_WEATHER_DATA',
    });
  });
});
