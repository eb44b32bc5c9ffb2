import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { TaskGraphServer } from './task-graph-server.ts';

let graphs: TaskGraphServer;

beforeAll(async () => {
  graphs = await TaskGraphServer.start();
});

beforeEach(() => graphs.clear());

afterAll(() => graphs.tasks.close());

async function passes(minutes: number): Promise<void> {
  await graphs.tasks.clock.advanceBy(minutes * 60_000);
  await graphs.tasks.settle();
}

// https://docs.snowflake.com/en/sql-reference/sql/execute-task-graph
describe('EXECUTE TASK GRAPH', () => {
  it('runs the committed version, also of a suspended graph, and never what is staged', async () => {
    await graphs.committed('', 'a', 'b');
    await graphs.run('alter task b modify as select 2', "alter task graph g set config = '{}'");
    await graphs.execute();
    expect(await graphs.written()).toEqual(['a', 'b']);
    expect(await graphs.shown('state')).toBe('suspended');
    expect(await graphs.graphRuns()).toMatchObject([{ STATE: 'SUCCEEDED', SCHEDULED_FROM: 'EXECUTE TASK', CONFIG: null }]);
  });

  it("USING CONFIG is merged with the graph's CONFIG for this run", async () => {
    await graphs.committed(`config = '{"kept": 1, "changed": {"x": 1, "y": 2}}'`, 'a');
    await graphs.run("alter task a modify as insert into log select system$get_task_graph_config('changed.y')");
    await graphs.run('alter task graph g commit');
    await graphs.execute(`g using config = '{"changed": {"y": 3}}'`);
    expect(await graphs.written()).toEqual(['3']);
    expect(JSON.parse(String((await graphs.graphRuns())[0]?.['CONFIG']))).toEqual({ kept: 1, changed: { x: 1, y: 3 } });
    expect(await graphs.shown('config')).toBe('{"kept": 1, "changed": {"x": 1, "y": 2}}');
    expect(await graphs.refusal("execute task graph g using config = 'none'")).toContain('Invalid config.');
  });

  it('RETRY LAST and RETRY GRAPH RUN GROUP start from what failed', async () => {
    await graphs.committed('', 'a', 'b');
    await graphs.run('alter task b modify as insert into missing values (1)', 'alter task graph g commit');
    expect(await graphs.refusal('execute task graph g retry last')).toContain('no suitable run');
    await graphs.execute();
    const [failed] = await graphs.graphRuns();
    expect(failed).toMatchObject({ STATE: 'FAILED', FIRST_ERROR_TASK_NAME: 'B', ATTEMPT_NUMBER: 1 });
    // A staged change is none of what runs.
    await graphs.run('create table missing (n number)', "alter task graph g set comment = 'staged'");
    await graphs.execute('g retry last');
    const group = String(failed?.['GRAPH_RUN_GROUP_ID']);
    expect(await graphs.graphRuns()).toMatchObject([
      { STATE: 'SUCCEEDED', ATTEMPT_NUMBER: 2, SCHEDULED_FROM: 'MANUAL RETRY', GRAPH_RUN_GROUP_ID: group },
      { STATE: 'FAILED' },
    ]);
    expect(await graphs.written()).toEqual(['a']);
    expect(await graphs.refusal(`execute task graph g retry graph run group '${group}'`)).toContain('had no failures');
    await graphs.run('drop table missing');
    await graphs.execute();
    const [again] = await graphs.graphRuns();
    await graphs.run('create table missing (n number)');
    await graphs.execute(`g retry graph run group '${String(again?.['GRAPH_RUN_GROUP_ID'])}'`);
    expect((await graphs.graphRuns())[0]).toMatchObject({ STATE: 'SUCCEEDED', ATTEMPT_NUMBER: 2 });
  });

  it('does not retry what was committed anew since', async () => {
    await graphs.committed('', 'a', 'b');
    await graphs.run('alter task b modify as insert into missing values (1)', 'alter task graph g commit');
    await graphs.execute();
    await graphs.run('alter task b modify as select 1', 'alter task graph g commit');
    expect(await graphs.refusal('execute task graph g retry last')).toContain('modified');
  });

  it('is for OPERATE; AWAIT is refused by name', async () => {
    await graphs.committed('', 'a');
    const watcher = await graphs.clientOf('watcher', 'grant monitor on task graph g');
    expect(await graphs.tasks.refusal('execute task graph g', watcher)).toContain('Insufficient privileges');
    await graphs.run('grant operate on task graph g to role watcher');
    expect(await watcher.rows('execute task graph g')).toEqual([{ status: 'Task graph G is scheduled to run immediately.' }]);
    await graphs.tasks.settle();
    expect(await graphs.refusal('execute task graph g await')).toContain("'AWAIT of EXECUTE TASK GRAPH'");
  });
});

// https://docs.snowflake.com/en/sql-reference/sql/create-task-graph: the settings are those that root tasks have.
describe('a resumed TASK GRAPH', () => {
  it('runs by its schedule, counted from RESUME, until it is suspended', async () => {
    await graphs.committed("schedule = '10 MINUTES'", 'a', 'b');
    await passes(20);
    expect(await graphs.written()).toEqual([]);
    await graphs.run('alter task graph g resume');
    await passes(9);
    expect(await graphs.written()).toEqual([]);
    await passes(1);
    expect(await graphs.written()).toEqual(['a', 'b']);
    await graphs.run('alter task graph g suspend');
    await passes(20);
    expect(await graphs.written()).toEqual([]);
  });

  it('takes another schedule at COMMIT, counted from there', async () => {
    await graphs.committed("schedule = '10 MINUTES'", 'a');
    await graphs.run('alter task graph g resume');
    await passes(5);
    await graphs.run("alter task graph g set schedule = '20 MINUTES'");
    await passes(5);
    expect(await graphs.written()).toEqual(['a']);
    await graphs.run('alter task graph g commit');
    await passes(19);
    expect(await graphs.written()).toEqual([]);
    await passes(1);
    expect(await graphs.written()).toEqual(['a']);
  });

  it('keeps its instants when something else is committed', async () => {
    await graphs.committed("schedule = '10 MINUTES'", 'a');
    await graphs.run('alter task graph g resume');
    await passes(5);
    await graphs.run("alter task graph g set comment = 'c'", 'alter task graph g commit');
    await passes(5);
    expect(await graphs.written()).toEqual(['a']);
  });

  it('runs by cron', async () => {
    await graphs.committed("schedule = 'USING CRON 30 * * * * UTC'", 'a');
    await graphs.run('alter task graph g resume');
    const [next] = await graphs.tasks.rows(
      "select scheduled_time from table(information_schema.current_task_graphs(graph_name => 'g'))",
    );
    expect((next?.['SCHEDULED_TIME'] as Date | undefined)?.getUTCMinutes()).toBe(30);
    await passes(60);
    expect(await graphs.written()).toEqual(['a']);
  });

  it('runs when WHEN is met: streams start it, else it is skipped', async () => {
    await graphs.chain('a', 'b');
    await graphs.run(
      'create table source (n number)',
      'create stream changed on table source',
      `create task graph g roots = (a) task_defaults (target_completion_interval = '1 MINUTES') when system$stream_has_data('changed')`,
      "alter task a modify as insert into log select 'seen ' || n from changed",
      'alter task graph g commit',
      'alter task graph g resume',
    );
    await passes(1);
    expect(await graphs.written()).toEqual([]);
    await graphs.run('insert into source values (7)');
    await passes(1);
    while ((await graphs.graphRuns()).length === 0);
    expect(await graphs.written()).toEqual(['seen 7', 'b']);
    expect((await graphs.graphRuns()).map((row) => row['SCHEDULED_FROM'])).toEqual(['TRIGGER']);
    await graphs.run('alter task graph g modify when 1 = 2', 'alter task graph g commit');
    await graphs.execute();
    expect(await graphs.written()).toEqual([]);
    expect(await graphs.graphRuns()).toHaveLength(1);
  });

  it('retries as often as it says and is suspended when a task has failed so often', async () => {
    await graphs.committed("schedule = '10 MINUTES' task_auto_retry_attempts = 1 suspend_task_after_num_failures = 2", 'a', 'b');
    await graphs.run(
      'alter task b modify as insert into missing values (1)',
      'alter task graph g commit',
      'alter task graph g resume',
    );
    await passes(10);
    const attempts = (await graphs.graphRuns()).map((row) => [row['ATTEMPT_NUMBER'], row['SCHEDULED_FROM']]);
    expect(Object.fromEntries(attempts)).toEqual({ 1: 'SCHEDULE', 2: 'AUTOMATIC RETRY' });
    expect(await graphs.shown('state')).toBe('started');
    await passes(10);
    expect([await graphs.shown('state'), await graphs.shown('last_suspended_reason')]).toEqual([
      'suspended',
      'SUSPENDED_DUE_TO_ERRORS',
    ]);
    await passes(10);
    expect(await graphs.graphRuns()).toHaveLength(4);
  });

  it('gives its members what TASK_DEFAULTS say, unless they say it themselves', async () => {
    await graphs.chain('a', 'b');
    await graphs.run(
      "alter task a modify as insert into log select 'a ' || current_warehouse() || to_varchar(current_timestamp(), ' TZHTZM')",
      "alter task b modify as insert into log select 'b' || to_varchar(current_timestamp(), ' TZHTZM')",
      "alter task b set timezone = 'Asia/Tokyo'",
      "create task graph g roots = (a) task_defaults (warehouse = graph_wh, timezone = 'Asia/Kolkata')",
      'alter task graph g commit',
    );
    await graphs.execute();
    expect(await graphs.written()).toEqual(['a GRAPH_WH +0530', 'b +0900']);
    // Staged defaults are none that run.
    await graphs.run("alter task graph g set task_defaults (timezone = 'UTC')");
    await graphs.execute();
    expect(await graphs.written()).toEqual(['a GRAPH_WH +0530', 'b +0900']);
    await graphs.run('alter task graph g commit');
    await graphs.execute();
    expect(await graphs.written()).toEqual(['a GRAPH_WH +0000', 'b +0900']);
  });

  it('has its FINALIZER to itself: the task starts nothing while a graph names it', async () => {
    await graphs.committed('', 'a');
    await graphs.run(
      'create table source (n number)',
      'create stream changed on table source',
      "create task f target_completion_interval = '1 MINUTES' when system$stream_has_data('changed') as insert into log select 'f' from changed",
      'alter task graph g set finalizer = f',
      'alter task f resume',
      'alter task graph g commit',
      'insert into source values (1)',
    );
    await passes(1);
    expect(await graphs.written()).toEqual([]);
    await graphs.execute();
    expect(await graphs.written()).toEqual(['a', 'f']);
    await graphs.run('insert into source values (2)', 'alter task graph g unset finalizer');
    const ended = (): Promise<unknown> =>
      graphs.tasks.value("select count(*) from table(information_schema.complete_task_graphs(root_task_name => 'f'))");
    while ((await ended()) === 0);
    expect(await graphs.written()).toEqual(['f']);
  });

  it('passes over members that are suspended, as graphs of tasks do', async () => {
    await graphs.committed('', 'a', 'b', 'c');
    await graphs.run('alter task b suspend', 'alter task graph g commit');
    await graphs.execute();
    expect(await graphs.written()).toEqual(['a', 'c']);
  });

  it('needs what its owner needs to run tasks', async () => {
    const owner = await graphs.clientOf(
      'grapher',
      'grant create task on schema test_db.test_schema',
      'grant create task graph on schema test_db.test_schema',
    );
    await owner.run('create task a as select 1');
    await owner.run('create task graph g roots = (a)');
    await owner.run('alter task graph g commit');
    expect(await graphs.tasks.refusal('alter task graph g resume', owner)).toContain('EXECUTE TASK privilege must be granted');
    await graphs.run('grant execute task, execute managed task on account to role grapher');
    await owner.run('alter task graph g resume');
    await owner.run('alter task graph g suspend');
  });

  it('cannot be passed on while it is resumed, and runs for another owner once that one has committed it', async () => {
    await graphs.committed("schedule = '10 MINUTES'", 'a', 'b');
    await graphs.run('alter task graph g resume');
    const taker = await graphs.clientOf('taker');
    expect(await graphs.refusal('grant ownership on task graph g to role taker')).toContain('must be suspended');
    await graphs.run('alter task graph g suspend', 'grant ownership on task graph g to role taker');
    expect(await graphs.tasks.refusal('execute task graph g', taker)).toContain('was committed by another owner');
    expect(await graphs.tasks.refusal('alter task graph g commit', taker)).toContain('must have the same owner');
  });
});

// https://docs.snowflake.com/en/sql-reference/sql/drop-role: as tasks do.
it('a TASK GRAPH of a role that is dropped goes, suspended, to who dropped it, with its tasks', async () => {
  const owner = await graphs.clientOf(
    'grapher',
    'grant create task on schema test_db.test_schema',
    'grant create task graph on schema test_db.test_schema',
    'grant execute task, execute managed task on account',
  );
  for (const sql of ['create task a as select 1', "create task graph g roots = (a) schedule = '10 MINUTES'"]) await owner.run(sql);
  for (const sql of ['alter task graph g commit', 'alter task graph g resume']) await owner.run(sql);
  await graphs.run('drop role grapher');
  expect([await graphs.shown('owner'), await graphs.shown('state')]).toEqual(['ACCOUNTADMIN', 'suspended']);
  expect(await graphs.refusal('alter task graph g resume')).toContain('was committed by another owner');
  await graphs.run('alter task graph g commit', 'alter task graph g resume');
});

// https://docs.snowflake.com/en/sql-reference/account-usage/complete_task_graphs
describe('history of TASK GRAPHs', () => {
  it('has no ROOT_TASK_NAME, and is found by GRAPH_NAME', async () => {
    await graphs.committed('', 'a', 'b');
    await graphs.run("create task alone as insert into log values ('alone')");
    await graphs.execute();
    await graphs.tasks.execute('alone');
    const found = (filter: string): Promise<readonly Record<string, unknown>[]> =>
      graphs.tasks.rows(
        `select root_task_name, state from table(information_schema.complete_task_graphs(${filter})) order by completed_time desc limit 1`,
      );
    expect(await found("graph_name => 'g'")).toEqual([{ ROOT_TASK_NAME: null, STATE: 'SUCCEEDED' }]);
    expect(await found("root_task_name => 'alone'")).toEqual([{ ROOT_TASK_NAME: 'ALONE', STATE: 'SUCCEEDED' }]);
    expect(await found("root_task_name => 'a'")).toEqual([]);
    expect(await found("graph_name => 'alone'")).toEqual([]);
    const view = await graphs.tasks.rows(
      `select root_task_name from snowflake.account_usage.complete_task_graphs where root_task_id = '${String(await graphs.shown('id'))}'`,
    );
    expect(view).toEqual([{ ROOT_TASK_NAME: null }]);
  });

  it('shows the next run, and runs of members to who may see them', async () => {
    await graphs.committed("schedule = '10 MINUTES'", 'a', 'b');
    await graphs.run('alter task graph g resume');
    const next = await graphs.tasks.rows("select * from table(information_schema.current_task_graphs(graph_name => 'g'))");
    expect(next).toMatchObject([{ ROOT_TASK_NAME: null, STATE: 'SCHEDULED', SCHEDULED_FROM: 'SCHEDULE' }]);
    await passes(10);
    const id = String(await graphs.shown('id'));
    const watcher = await graphs.clientOf('watcher', 'grant monitor on task graph g', 'grant monitor on task b');
    const runs = await watcher.rows(
      `select name from table(information_schema.task_history(root_task_id => '${id}')) where state = 'SUCCEEDED'`,
    );
    expect(runs.map((row) => row['NAME'])).toEqual(['B']);
    expect(
      await watcher.rows("select state from table(information_schema.complete_task_graphs(graph_name => 'g')) limit 1"),
    ).toEqual([{ STATE: 'SUCCEEDED' }]);
  });
});
