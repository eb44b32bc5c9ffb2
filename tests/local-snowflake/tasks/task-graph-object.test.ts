import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TaskServer } from './task-server.ts';

let tasks: TaskServer;

beforeAll(async () => {
  tasks = await TaskServer.start();
  await tasks.run('create database test_db', 'create schema test_schema');
});

afterAll(async () => {
  await tasks.close();
});

// https://docs.snowflake.com/en/user-guide/task-graph-object: a preview, of which too little is published to run one.
describe('TASK GRAPH objects', () => {
  it.each([
    "create task graph g roots = (r) schedule = '1 MINUTE'",
    'create or replace task graph if not exists g',
    'create or alter task graph g',
    "alter task graph g set schedule = '10 MINUTES'",
    'alter task graph if exists g commit',
    'drop task graph if exists g',
    'execute task graph g',
    'execute task graph g retry last',
    'show task graphs in schema test_schema',
    'describe task graph g',
    'desc task graph g',
    'show committed tasks in graph g',
    'desc committed task t',
    "select * from table(information_schema.task_graph_changes(task_graph_name => 'g'))",
  ])('are refused by name: %s', async (sql) => {
    expect(await tasks.refusal(sql)).toContain("Unsupported feature 'TASK GRAPH'");
  });

  it('are not confused with a task that is called so', async () => {
    await tasks.run(
      "create or replace task graph schedule = '10 MINUTE' as select 1",
      'create or alter task graph as select 2',
      'alter task graph set comment = $$c$$',
      'alter task graph resume',
      'alter task graph suspend',
    );
    expect(await tasks.shown('graph', 'comment')).toBe('c');
    await tasks.execute('graph');
    expect(await tasks.rows('describe task graph')).toHaveLength(1);
    await tasks.run('create task other clone graph', 'drop task graph');
    expect((await tasks.rows('show tasks')).map((row) => row['name'])).toEqual(['OTHER']);
  });
});
