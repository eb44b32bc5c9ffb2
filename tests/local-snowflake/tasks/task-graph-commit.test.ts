import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { TaskGraphServer } from './task-graph-server.ts';

let graphs: TaskGraphServer;

beforeAll(async () => {
  graphs = await TaskGraphServer.start();
});

beforeEach(() => graphs.clear());

afterAll(() => graphs.tasks.close());

// https://docs.snowflake.com/en/user-guide/task-graph-object, https://docs.snowflake.com/en/sql-reference/sql/alter-task-graph
describe('COMMIT', () => {
  it('is what makes changes of the graph run, resumed or suspended', async () => {
    await graphs.committed("config = '{}'", 'a', 'b');
    for (const state of ['resume', 'suspend']) {
      await graphs.run(`alter task graph g ${state}`, `alter task graph g set config = '{"now": "${state}"}'`);
      await graphs.execute();
      const [before] = await graphs.graphRuns();
      await graphs.run('alter task graph g commit');
      await graphs.execute();
      const [after] = await graphs.graphRuns();
      expect(before?.['CONFIG']).not.toBe(`{"now": "${state}"}`);
      expect(after?.['CONFIG']).toBe(`{"now": "${state}"}`);
      expect(Number(after?.['GRAPH_VERSION'])).toBe(Number(before?.['GRAPH_VERSION']) + 1);
    }
  });

  it('is what makes changes of member tasks run, without a SUSPEND', async () => {
    await graphs.committed("schedule = '10 MINUTES'", 'a', 'b');
    await graphs.run('alter task graph g resume', "alter task b modify as insert into log values ('new b')");
    await graphs.run("create task c after b as insert into log values ('c')", 'alter task c resume');
    await graphs.tasks.clock.advanceBy(600_000);
    await graphs.tasks.settle();
    expect(await graphs.written()).toEqual(['a', 'b']);
    await graphs.run('alter task graph g commit');
    await graphs.tasks.clock.advanceBy(600_000);
    await graphs.tasks.settle();
    expect(await graphs.written()).toEqual(['a', 'new b', 'c']);
    expect(await graphs.shown('state')).toBe('started');
  });

  it('has a version of its own once something was changed', async () => {
    await graphs.committed('', 'a', 'b');
    await graphs.execute();
    await graphs.run('alter task graph g commit');
    await graphs.execute();
    await graphs.run('alter task b suspend', 'alter task graph g commit');
    await graphs.execute();
    expect((await graphs.graphRuns()).map((row) => row['GRAPH_VERSION'])).toEqual([2, 1, 1]);
    expect(await graphs.written()).toEqual(['a', 'b', 'a', 'b', 'a']);
    expect(await graphs.shown('last_committed_on')).not.toBeNull();
  });

  it('takes the tasks behind the root, those of FINALIZE, and FINALIZER', async () => {
    await graphs.chain('a', 'b');
    await graphs.run(
      "create task f finalize = a as insert into log values ('f')",
      'alter task f resume',
      'create task graph g roots = (test_schema.a)',
      'alter task graph g commit',
    );
    await graphs.execute();
    expect(await graphs.written()).toEqual(['a', 'b', 'f']);
    await graphs.run('alter task f unset finalize', 'alter task f resume', 'alter task graph g set finalizer = f');
    await graphs.run('alter task graph g commit');
    await graphs.execute();
    expect(await graphs.written()).toEqual(['a', 'b', 'f']);
    expect((await graphs.tasks.rows("show committed tasks like 'a'"))[0]?.['task_relations']).toBe(
      '{"Predecessors":[],"FinalizerTask":"TEST_DB.TEST_SCHEMA.F"}',
    );
    // The finalizer runs with the graph alone.
    expect(await graphs.tasks.rows('select * from table(information_schema.current_task_graphs())')).toEqual([]);
  });

  it.each<[string, readonly string[], string]>([
    ['no root', ['alter task graph g unset roots'], 'Task graph TEST_DB.TEST_SCHEMA.G has no root task.'],
    ['a root behind another task', ['alter task graph g set roots = (b)'], 'Task TEST_DB.TEST_SCHEMA.B cannot be the root'],
    ['a root that is gone', ['drop task a'], 'Invalid task A was specified for ROOTS.'],
    ['two roots', ['create task z as select 1', 'alter task b add after z'], 'The graph has more than one root task'],
    ['a circle', ['create task c after b as select 1', 'alter task b add after c'], 'Graph has at least one cycle'],
    ['a root that is started', ['drop task graph g', 'alter task a resume', 'create task graph g roots = (a)'], 'is not suspended'],
    [
      "a root's own schedule",
      ["alter task a set schedule = '1 HOURS'"],
      'and have SCHEDULE. Unset it there and set it on the task graph.',
    ],
    ["a root's own retries", ['alter task a set task_auto_retry_attempts = 1'], 'and have TASK_AUTO_RETRY_ATTEMPTS.'],
    ['a finalizer within the graph', ['alter task graph g set finalizer = b'], 'cannot have predecessors as a finalizer task.'],
    [
      'two finalizers',
      ['create task f finalize = a as select 1', 'create task h as select 1', 'alter task graph g set finalizer = h'],
      'Finalize target A already have finalizer.',
    ],
    [
      'a root of another graph',
      ['create task graph h roots = (a)', 'alter task graph h commit'],
      'Task TEST_DB.TEST_SCHEMA.A belongs to task graph TEST_DB.TEST_SCHEMA.H.',
    ],
    [
      'tasks of another owner',
      ['create or replace role taker', 'grant ownership on all tasks in schema test_schema to role taker'],
      'Task graph TEST_DB.TEST_SCHEMA.G and its task TEST_DB.TEST_SCHEMA.A must have the same owner.',
    ],
  ])('refuses %s', async (_what, statements, message) => {
    await graphs.chain('a', 'b');
    await graphs.run('create task graph g roots = (a)');
    const [first, ...rest] = statements;
    if (_what === 'a root of another graph') {
      await graphs.run('drop task graph g', first ?? '', ...rest, 'create task graph g roots = (a)');
    } else await graphs.run(...statements);
    expect(await graphs.refusal('alter task graph g commit')).toContain(message);
  });

  it('must have been before a graph is resumed or executed', async () => {
    await graphs.chain('a');
    await graphs.run('create task graph g roots = (a)');
    for (const sql of ['alter task graph g resume', 'execute task graph g', 'execute task graph g retry last']) {
      expect(await graphs.refusal(sql)).toContain('Task graph TEST_DB.TEST_SCHEMA.G has no committed version.');
    }
  });
});

// https://docs.snowflake.com/en/sql-reference/sql/drop-task-graph (usage notes)
describe('a task of a committed version', () => {
  it('is neither dropped nor replaced before it was unlinked and that was committed', async () => {
    await graphs.committed('', 'a', 'b', 'c');
    for (const sql of ['drop task c', 'create or replace task c as select 1', 'drop task a']) {
      expect(await graphs.refusal(sql)).toContain('while it belongs to the committed version of task graph TEST_DB.TEST_SCHEMA.G');
    }
    await graphs.run('alter task c remove after b');
    expect(await graphs.refusal('drop task c')).toContain('Remove it from the graph and commit that first.');
    await graphs.execute();
    expect(await graphs.written()).toEqual(['a', 'b', 'c']);
    await graphs.run('alter task graph g commit', 'drop task c');
    await graphs.execute();
    expect(await graphs.written()).toEqual(['a', 'b']);
  });

  it('keeps running as it was committed though it is changed by CREATE OR ALTER', async () => {
    await graphs.committed('', 'a', 'b');
    await graphs.run("create or alter task b after a as insert into log values ('altered')");
    await graphs.execute();
    expect(await graphs.written()).toEqual(['a', 'b']);
  });

  it('is resumed and executed with the graph when it is the root', async () => {
    await graphs.committed('', 'a', 'b');
    expect(await graphs.refusal('alter task a resume')).toContain('Use ALTER TASK GRAPH ... RESUME.');
    expect(await graphs.refusal('execute task a')).toContain('Use EXECUTE TASK GRAPH.');
    await graphs.run('alter task b suspend', "select system$task_dependents_enable('a')");
    expect([await graphs.tasks.shown('a', 'state'), await graphs.tasks.shown('b', 'state')]).toEqual(['suspended', 'started']);
  });
});

// https://docs.snowflake.com/en/sql-reference/sql/show-committed-tasks, https://docs.snowflake.com/en/sql-reference/sql/desc-committed-task
describe('COMMITTED TASKS', () => {
  it('are the definitions that run, SHOW TASKS has the latest', async () => {
    await graphs.committed('', 'a', 'b');
    await graphs.run('alter task b modify as select 2', 'create task c after b as select 3');
    const committed = await graphs.tasks.rows('show committed tasks');
    expect(committed.map((row) => [row['name'], row['definition']])).toEqual([
      ['A', "insert into log values ('a')"],
      ['B', "insert into log values ('b')"],
    ]);
    expect(await graphs.tasks.shown('b', 'definition')).toBe('select 2');
    expect(await graphs.tasks.rows('describe committed task b')).toEqual([committed[1]]);
    expect(await graphs.tasks.rows('desc committed task test_db.test_schema.b')).toEqual([committed[1]]);
    expect(Object.keys(committed[0] ?? {})).toEqual(Object.keys((await graphs.tasks.rows('show tasks'))[0] ?? {}));
  });

  it('DESCRIBE of a task that is in no committed version has no rows', async () => {
    await graphs.committed('', 'a');
    await graphs.run('create task c after a as select 3');
    expect(await graphs.tasks.rows('describe committed task c')).toEqual([]);
    expect(await graphs.refusal('describe committed task nowhere')).toContain('does not exist');
  });

  it('are listed by graph, by container, and by name', async () => {
    await graphs.committed('', 'a', 'ab');
    await graphs.run('create task z as select 1', 'create task graph other roots = (z)', 'alter task graph other commit');
    const names = async (rest: string): Promise<unknown[]> =>
      (await graphs.tasks.rows(`show committed tasks ${rest}`)).map((row) => row['name']);
    expect(await names('in graph g')).toEqual(['A', 'AB']);
    expect(await names('in graph test_schema.other')).toEqual(['Z']);
    expect(await names('in account')).toEqual(['A', 'AB', 'Z']);
    expect(await names('in schema test_db.public')).toEqual([]);
    expect(await names("like 'a%' in schema test_schema starts with 'A' limit 1 from 'AB'")).toEqual(['AB']);
    expect(await graphs.refusal('show committed tasks in graph nowhere')).toContain('does not exist');
  });
});

// https://docs.snowflake.com/en/sql-reference/functions/task_graph_changes
describe('TASK_GRAPH_CHANGES', () => {
  it('tells what a COMMIT would change, added, removed and changed', async () => {
    await graphs.committed('', 'a', 'b', 'c');
    expect(await graphs.changes()).toEqual([]);
    await graphs.run(
      "alter task graph g set schedule = '1 HOURS'",
      'alter task b modify as select 2',
      'alter task c remove after b',
      'create task d after b as select 4',
    );
    const rows = await graphs.changes('test_db.test_schema.g');
    expect(rows.map((row) => [row['ENTITY_TYPE'], row['ENTITY_NAME'], row['BEFORE'] !== null, row['AFTER'] !== null])).toEqual([
      ['TASK_GRAPH', 'G', true, true],
      ['TASK', 'B', true, true],
      ['TASK', 'C', true, false],
      ['TASK', 'D', false, true],
    ]);
    expect(String(rows[0]?.['BEFORE'])).not.toContain('schedule');
    expect(String(rows[0]?.['AFTER'])).toContain("schedule='1 HOURS'");
    expect(String(rows[1]?.['BEFORE'])).toContain("as insert into log values ('b');");
    expect(rows[1]?.['AFTER']).toBe(await graphs.tasks.value("select get_ddl('task', 'b')"));
    await graphs.run('alter task graph g commit');
    expect(await graphs.changes()).toEqual([]);
  });

  it('tells of a task that is resumed or suspended', async () => {
    await graphs.committed('', 'a', 'b');
    await graphs.run('alter task b suspend');
    const [row] = await graphs.changes();
    expect([String(row?.['BEFORE']).split('\n').at(-1), String(row?.['AFTER']).split('\n').at(-1)]).toEqual([
      'alter task B resume;',
      'alter task B suspend;',
    ]);
  });

  it('fails for a graph that was never committed', async () => {
    await graphs.chain('a');
    await graphs.run('create task graph g roots = (a)');
    await expect(graphs.changes()).rejects.toThrow('has no committed version');
    await expect(graphs.changes('nowhere')).rejects.toThrow('does not exist');
  });

  it('leaves out tasks that the role may not see', async () => {
    await graphs.committed('', 'a', 'b');
    await graphs.run("alter task graph g set comment = 'c'", 'alter task a modify as select 1', 'alter task b modify as select 2');
    const watcher = await graphs.clientOf('watcher', 'grant monitor on task graph g', 'grant monitor on task b');
    const rows = await watcher.rows("select entity_name from table(information_schema.task_graph_changes(task_graph_name => 'g'))");
    expect(rows.map((row) => row['ENTITY_NAME'])).toEqual(['G', 'B']);
  });
});
