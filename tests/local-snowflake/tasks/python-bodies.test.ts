import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalServer, startLocalServer } from '../../support/local-server.ts';
import type { SdkConnection, SdkRow } from '../../support/sdk-connection.ts';

// Bodies in Python know the run that they are part of, in whatever session they talk to the account:
// https://docs.snowflake.com/en/user-guide/tasks-python-jvm, and `snowflake.core.task.context.TaskContext` of the Python API

let server: LocalServer;
let client: SdkConnection;

beforeAll(async () => {
  server = await startLocalServer();
  client = await server.connect();
  for (const statement of ['create warehouse wh', 'create database db', 'create schema db.s']) await client.run(statement);
});

afterAll(() => server.close());

async function historyOf(task: string): Promise<SdkRow> {
  const rows = await client.rows(
    `select * from table(information_schema.task_history(task_name => '${task}')) where state <> 'SCHEDULED'`,
  );
  return rows[0] ?? {};
}

/** An anonymous procedure, as `snowflake.core` makes of a task's Python function. */
function procedure(code: string): string {
  return `WITH task_handler_sp AS PROCEDURE ()
RETURNS STRING
LANGUAGE PYTHON
RUNTIME_VERSION = 3.11
PACKAGES = ('snowflake-snowpark-python', 'snowflake.core')
HANDLER = 'compute'
AS $$
import json
from snowflake.core.task.context import TaskContext

def compute(session):
    context = TaskContext(session)
${code
  .split('\n')
  .map((line) => `    ${line}`)
  .join('\n')}
$$
CALL task_handler_sp()`;
}

describe('a task whose body is Python (user-guide/tasks-python-jvm)', () => {
  it('reads configuration, predecessors and facts of its run, and sets its return value', { timeout: 120_000 }, async () => {
    await client.run(
      `create task dag warehouse = wh config = '{"dataset": "mortgage", "threshold": 0.7}' as call system$set_return_value('from the root')`,
    );
    await client.run(
      `create task dag$prepare warehouse = wh after dag as ${procedure(`context.set_return_value(json.dumps({"it's": 'a "path"\\\\', "rows": 5}))
return "ignored"`)}`,
    );
    await client.run(
      `create task dag$train warehouse = wh after dag$prepare as ${procedure(`told = {
    "name": context.get_current_task_name(),
    "short": context.get_current_task_short_name(),
    "root": context.get_current_root_task_name(),
    "config": context.get_task_graph_config(),
    "prepared": json.loads(context.get_predecessor_return_value("PREPARE")),
    "group": context.get_current_task_graph_run_group_id(),
    "scheduled": str(session.sql("select to_timestamp(system$task_runtime_info('CURRENT_TASK_GRAPH_ORIGINAL_SCHEDULED_TIMESTAMP'))").collect()[0][0]),
}
session.sql("create table told as select 1 as a").collect()
context.set_return_value(json.dumps(told))
return "done"`)}`,
    );
    await client.run(`create task dag$fails warehouse = wh after dag$train as ${procedure('raise ValueError("no such loan: 7")')}`);
    await client.run("select system$task_dependents_enable('dag')");
    await client.run('execute task dag await');
    const train = await historyOf('dag$train');
    expect(train).toMatchObject({ STATE: 'SUCCEEDED', ERROR_MESSAGE: null });
    const runId = new Date(Number(train['RUN_ID'])).toISOString().replace('T', ' ').slice(0, -1);
    const told = JSON.parse(String(train['RETURN_VALUE'])) as Record<string, unknown>;
    expect(told).toEqual({
      name: 'DB.S.DAG$TRAIN',
      short: 'TRAIN',
      root: 'DB.S.DAG',
      config: { dataset: 'mortgage', threshold: 0.7 },
      prepared: { "it's": 'a "path"\\', rows: 5 },
      group: train['GRAPH_RUN_GROUP_ID'],
      scheduled: expect.stringContaining(runId) as unknown,
    });
    expect(await client.value('select count(*) from told')).toBe(1);
    const failed = await historyOf('dag$fails');
    expect(failed).toMatchObject({ STATE: 'FAILED', RETURN_VALUE: null });
    expect(failed['ERROR_MESSAGE']).toContain('ValueError: no such loan: 7');
  });
});

describe('a task that runs a job (execute-job-service)', () => {
  it("the job's sessions belong to the run of the task", { timeout: 120_000 }, async () => {
    await client.run('CREATE COMPUTE POOL tutorial_compute_pool MIN_NODES = 1 MAX_NODES = 1 INSTANCE_FAMILY = CPU_X64_XS');
    // As code in a container connects: https://docs.snowflake.com/en/developer-guide/snowpark-container-services/additional-considerations-services-jobs
    const code = `
import os, snowflake.connector
with open(os.environ['SNOWFLAKE_TOKEN_FILE']) as file: token = file.read()
connection = snowflake.connector.connect(host=os.environ['SNOWFLAKE_HOST'], port=os.environ['SNOWFLAKE_PORT'],
    protocol=os.environ['SNOWFLAKE_PROTOCOL'], account=os.environ['SNOWFLAKE_ACCOUNT'], token=token, authenticator='oauth')
cursor = connection.cursor()
name = cursor.execute('call system$current_user_task_name()').fetchone()[0]
before = cursor.execute('call system$get_predecessor_return_value()').fetchone()[0]
cursor.execute('call system$set_return_value(%s)', (name + ' after ' + before,))`;
    const command = JSON.stringify(['python', '-c', code]);
    await client.run(`create task first warehouse = wh as call system$set_return_value('first')`);
    await client.run(`create task job_task warehouse = wh after first as execute job service in compute pool tutorial_compute_pool from specification $$
spec:
  containers:
  - name: main
    image: /db/s/repository/my_job_image:latest
    command: ${command}
$$`);
    await client.run("select system$task_dependents_enable('first')");
    await client.run('execute task first await');
    expect(await historyOf('job_task')).toMatchObject({
      STATE: 'SUCCEEDED',
      RETURN_VALUE: 'DB.S.JOB_TASK after first',
      ERROR_MESSAGE: null,
    });
    // Its sessions have ended with it, and nothing else is taken for a part of the run.
    await expect(client.run('call system$current_user_task_name()')).rejects.toThrow('must be called from within a task');
  });
});
