import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { TaskGraphServer } from './task-graph-server.ts';

let graphs: TaskGraphServer;

beforeAll(async () => {
  graphs = await TaskGraphServer.start();
});

beforeEach(() => graphs.clear());

afterAll(() => graphs.tasks.close());

// https://docs.snowflake.com/en/sql-reference/sql/create-task-graph
describe('CREATE TASK GRAPH', () => {
  it('makes a suspended graph over tasks and shows its properties', async () => {
    await graphs.chain('a', 'b');
    await graphs.run(
      'create task f as select 1',
      `create task graph g schedule = '10 MINUTES' roots = (a) finalizer = f overlap_policy = ALLOW_CHILD_OVERLAP
         config = '{"k": 1}' task_auto_retry_attempts = 2 suspend_task_after_num_failures = 3 comment = 'c'
         task_defaults (user_task_timeout_ms = 5000, log_level = 'INFO') when 1 = 1;`,
    );
    const [row = {}] = await graphs.tasks.rows('show task graphs');
    expect(row).toMatchObject({
      name: 'G',
      database_name: 'TEST_DB',
      schema_name: 'TEST_SCHEMA',
      owner: 'ACCOUNTADMIN',
      comment: 'c',
      schedule: '10 MINUTES',
      roots: '["TEST_DB.TEST_SCHEMA.A"]',
      finalizer: 'TEST_DB.TEST_SCHEMA.F',
      state: 'suspended',
      condition: '1 = 1',
      overlap_policy: 'ALLOW_CHILD_OVERLAP',
      config: '{"k": 1}',
      task_auto_retry_attempts: 2,
      suspend_task_after_num_failures: 3,
      task_defaults: '{"USER_TASK_TIMEOUT_MS":"5000","LOG_LEVEL":"INFO"}',
      last_committed_on: null,
    });
    // https://docs.snowflake.com/en/sql-reference/sql/desc-task-graph: one row with the same columns.
    const described = await graphs.tasks.rows('desc task graph g');
    expect(described).toHaveLength(1);
    expect(Object.keys(described[0] ?? {})).toEqual(Object.keys(row));
  });

  it('takes IF NOT EXISTS, OR REPLACE, and OR ALTER, which describes the whole graph', async () => {
    await graphs.chain('a');
    await graphs.run("create task graph g roots = (a) comment = 'first' schedule = '1 HOURS'");
    const id = await graphs.shown('id');
    await graphs.run("create task graph if not exists g comment = 'second'");
    expect(await graphs.shown('comment')).toBe('first');
    await graphs.run('create or alter task graph g roots = (a) task_auto_retry_attempts = 1');
    expect([await graphs.shown('id'), await graphs.shown('comment'), await graphs.shown('schedule')]).toEqual([id, '', null]);
    expect(await graphs.shown('task_auto_retry_attempts')).toBe(1);
    expect(await graphs.refusal('create task graph g')).toContain('already exists');
    await graphs.run('create or replace task graph g');
    expect(await graphs.shown('id')).not.toBe(id);
  });

  it.each([
    ["create task graph g schedule = '5 SECONDS'", 'Cannot set schedule less than 10 seconds.'],
    ["create task graph g config = 'none'", 'Invalid config.'],
    ['create task graph g overlap_policy = SOME', "invalid value 'SOME' for property 'OVERLAP_POLICY'"],
    ['create task graph g warehouse = w', "invalid property 'WAREHOUSE' for 'TASK GRAPH'"],
    ['create task graph g roots = (a) roots = (a)', "duplicate property 'ROOTS'"],
    ['create task graph g roots = (a, b)', "'several ROOTS of a TASK GRAPH'"],
    ['create task graph g roots = (nowhere)', 'Invalid task NOWHERE was specified for ROOTS.'],
    [
      'create task graph g finalizer = information_schema.nowhere',
      'Invalid task INFORMATION_SCHEMA.NOWHERE was specified for FINALIZER.',
    ],
    ['create task graph g task_defaults (schedule = $$1 HOURS$$)', "invalid property 'SCHEDULE' for 'TASK_DEFAULTS'"],
    ['create task graph g task_defaults (warehouse = nowhere)', 'Nonexistent warehouse NOWHERE was specified.'],
    ["create task graph g when parse_json('1') = 1", 'PARSE_JSON is not supported'],
    ['create or replace task graph if not exists g', 'OR REPLACE'],
    ['create or alter task graph g with tag (t = $$1$$)', "'TAG in CREATE OR ALTER TASK GRAPH'"],
  ])('refuses what its properties cannot be: %s', async (sql, message) => {
    await graphs.chain('a', 'b');
    expect(await graphs.refusal(sql)).toContain(message);
  });

  it('asks for CREATE TASK GRAPH on the schema', async () => {
    await graphs.chain('a');
    const maker = await graphs.clientOf('maker', 'grant create task on schema test_db.test_schema');
    expect(await graphs.tasks.refusal('create task graph g', maker)).toContain('Insufficient privileges');
    await graphs.run('grant create task graph on schema test_db.test_schema to role maker');
    expect(await graphs.tasks.refusal('create task graph g', maker)).toBe('accepted');
  });
});

// https://docs.snowflake.com/en/sql-reference/sql/alter-task-graph
describe('ALTER TASK GRAPH', () => {
  beforeEach(async () => {
    await graphs.chain('a', 'b');
    await graphs.run('create task graph g roots = (a)');
  });

  it('sets and unsets properties, several with commas', async () => {
    await graphs.run("alter task graph g set schedule = '10 MINUTES', comment = 'c', task_auto_retry_attempts = 3");
    expect([await graphs.shown('schedule'), await graphs.shown('comment')]).toEqual(['10 MINUTES', 'c']);
    expect(await graphs.tasks.rows("show parameters like 'TASK_AUTO_RETRY_ATTEMPTS' in task graph g")).toMatchObject([
      { value: '3' },
    ]);
    await graphs.run('alter task graph if exists g unset schedule, comment, task_auto_retry_attempts, roots');
    expect([await graphs.shown('schedule'), await graphs.shown('comment'), await graphs.shown('roots')]).toEqual([null, '', '[]']);
    expect(await graphs.shown('task_auto_retry_attempts')).toBeNull();
    await graphs.run('alter task graph if exists nowhere set comment = $$c$$');
  });

  it('sets and unsets defaults of members one by one', async () => {
    await graphs.run("alter task graph g set task_defaults (timezone = 'UTC', user_task_timeout_ms = 1000)");
    await graphs.run('alter task graph g set task_defaults (user_task_timeout_ms = 2000)');
    expect(await graphs.shown('task_defaults')).toBe('{"TIMEZONE":"UTC","USER_TASK_TIMEOUT_MS":"2000"}');
    await graphs.run('alter task graph g unset task_defaults (timezone)');
    expect(await graphs.shown('task_defaults')).toBe('{"USER_TASK_TIMEOUT_MS":"2000"}');
  });

  it('changes and takes away the condition', async () => {
    await graphs.run("alter task graph g modify when system$stream_has_data('s')");
    expect(await graphs.shown('condition')).toBe("system$stream_has_data('s')");
    await graphs.run('alter task graph g remove when');
    expect(await graphs.shown('condition')).toBeNull();
  });

  it('sets and unsets tags and contacts', async () => {
    await graphs.run('create tag t', 'create contact c users = (local_admin)');
    await graphs.run("alter task graph g set tag t = 'v'", 'alter task graph g set contact support = c');
    expect(await graphs.tasks.value("select system$get_tag('t', 'g', 'task graph')")).toBe('v');
    const references =
      'select contact_name, object_domain from snowflake.account_usage.contact_references where object_name = $$G$$';
    expect(await graphs.tasks.rows(references)).toEqual([{ CONTACT_NAME: 'C', OBJECT_DOMAIN: 'TASK GRAPH' }]);
    await graphs.run('alter task graph g unset tag t', 'alter task graph g unset contact support');
    expect(await graphs.tasks.rows(references)).toEqual([]);
  });

  it.each([
    ['alter task graph g set', 'syntax error'],
    ['alter task graph g unset warehouse', "invalid property 'WAREHOUSE' for 'TASK GRAPH'"],
    ['alter task graph g unset task_defaults (schedule)', "invalid property 'SCHEDULE' for 'TASK_DEFAULTS'"],
    ['alter task graph g rename to h', 'syntax error'],
    ['alter task graph g revert', 'syntax error'],
    ['alter task graph nowhere commit', 'does not exist'],
  ])('refuses %s', async (sql, message) => {
    expect(await graphs.refusal(sql)).toContain(message);
  });

  it('RESUME and SUSPEND are for OPERATE, COMMIT is for the owner', async () => {
    await graphs.run('alter task graph g commit');
    const operator = await graphs.clientOf('operator', 'grant operate on task graph g');
    await operator.run('alter task graph g resume');
    expect(await graphs.shown('state')).toBe('started');
    await operator.run('alter task graph g suspend');
    expect([await graphs.shown('state'), await graphs.shown('last_suspended_reason')]).toEqual(['suspended', 'USER_SUSPENDED']);
    for (const sql of ['alter task graph g commit', "alter task graph g set comment = 'c'", 'drop task graph g']) {
      expect(await graphs.tasks.refusal(sql, operator)).toContain('Insufficient privileges');
    }
    expect(await operator.rows('show task graphs')).toHaveLength(1);
  });
});

it('GRANT takes all and future TASK GRAPHS of a schema', async () => {
  await graphs.run('create task graph one');
  const watcher = await graphs.clientOf('watcher', 'grant monitor on all task graphs in schema test_db.test_schema');
  const names = async (): Promise<unknown[]> => (await watcher.rows('show task graphs')).map((row) => row['name']);
  await graphs.run('create task graph two');
  expect(await names()).toEqual(['ONE']);
  await graphs.run('grant monitor on future task graphs in schema test_db.test_schema to role watcher', 'create task graph three');
  expect(await names()).toEqual(['ONE', 'THREE']);
  expect(await graphs.refusal('grant usage on task graph one to role watcher')).toContain('USAGE');
  expect(await graphs.tasks.rows('show grants on task graph one')).toMatchObject([
    { privilege: 'OWNERSHIP', granted_on: 'TASK_GRAPH', grantee_name: 'ACCOUNTADMIN' },
    { privilege: 'MONITOR', granted_on: 'TASK_GRAPH', grantee_name: 'WATCHER' },
  ]);
});

// https://docs.snowflake.com/en/sql-reference/sql/drop-task-graph
describe('DROP TASK GRAPH', () => {
  it('wants a suspended graph and leaves its tasks as ordinary ones', async () => {
    await graphs.committed("schedule = '1 HOURS'", 'a', 'b');
    await graphs.run('alter task graph g resume');
    for (const sql of ['drop task graph g', 'create or replace task graph g']) {
      expect(await graphs.refusal(sql)).toContain('Task graph TEST_DB.TEST_SCHEMA.G must be suspended.');
    }
    await graphs.run('alter task graph g suspend', 'drop task graph g', 'drop task graph if exists g');
    expect(await graphs.tasks.rows('show task graphs')).toEqual([]);
    expect(await graphs.refusal('undrop task graph g')).not.toBe('accepted');
    await graphs.run('alter task a resume', 'alter task a suspend');
    await graphs.tasks.execute('a');
    expect(await graphs.written()).toEqual(['a', 'b']);
    await graphs.run('drop task b', 'drop task a');
  });

  it('goes with its schema, resumed or not', async () => {
    await graphs.committed("schedule = '1 HOURS'", 'a', 'b');
    await graphs.run('alter task graph g resume', 'drop schema test_db.test_schema', 'create schema test_db.test_schema');
    expect(await graphs.tasks.rows('show task graphs in account')).toEqual([]);
    expect(await graphs.tasks.rows('select * from table(test_db.information_schema.current_task_graphs())')).toEqual([]);
  });
});

// https://docs.snowflake.com/en/user-guide/object-clone, https://docs.snowflake.com/en/sql-reference/sql/undrop-schema: as tasks do.
describe('a TASK GRAPH of a schema', () => {
  it('is cloned with it, suspended and not committed', async () => {
    await graphs.committed("schedule = '1 HOURS'", 'a', 'b');
    await graphs.run('alter task graph g resume', 'create or replace schema test_db.other clone test_db.test_schema');
    expect([await graphs.shown('state'), await graphs.shown('schedule'), await graphs.shown('last_committed_on')]).toEqual([
      'suspended',
      '1 HOURS',
      null,
    ]);
    await graphs.run('alter task graph g commit', 'drop schema test_db.other', 'use schema test_db.test_schema');
    expect(await graphs.shown('state')).toBe('started');
  });

  it('comes back with it, suspended, and with what was committed', async () => {
    await graphs.committed("schedule = '1 HOURS'", 'a', 'b');
    await graphs.run('alter task graph g resume', 'drop schema test_db.test_schema', 'undrop schema test_db.test_schema');
    await graphs.run('use schema test_db.test_schema');
    expect([await graphs.shown('state'), await graphs.shown('last_suspended_reason')]).toEqual([
      'suspended',
      'SCHEMA_OR_DATABASE_DELETED',
    ]);
    await graphs.execute();
    expect(await graphs.written()).toEqual(['a', 'b']);
  });
});

// https://docs.snowflake.com/en/sql-reference/sql/show-task-graphs
describe('SHOW TASK GRAPHS', () => {
  it('takes its filters', async () => {
    await graphs.run('create task graph one', 'create task graph other', 'create task graph "two"');
    const names = async (rest: string): Promise<unknown[]> =>
      (await graphs.tasks.rows(`show task graphs ${rest}`)).map((row) => row['name']);
    expect(await names('')).toEqual(['ONE', 'OTHER', 'two']);
    expect(await names("like 'o%'")).toEqual(['ONE', 'OTHER']);
    expect(await names("in schema test_db.test_schema starts with 'O' limit 1 from 'OT'")).toEqual(['OTHER']);
    expect(await names('in schema test_db.public')).toEqual([]);
    expect(await names('in account limit 2')).toEqual(['ONE', 'OTHER']);
  });
});

// https://docs.snowflake.com/en/sql-reference/functions/get_ddl: the page does not name graphs; they are printed as tasks are.
it('GET_DDL makes the graph again', async () => {
  await graphs.chain('a', 'b');
  await graphs.run(
    "create task graph g roots = (a) schedule = '1 HOURS' task_defaults (user_task_timeout_ms = 1000, timezone = 'UTC') comment = 'c' when 1 = 1",
  );
  const ddl = String(await graphs.tasks.value("select get_ddl('task_graph', 'g')"));
  expect(ddl).toBe(
    [
      'create or replace task graph G',
      "\tschedule='1 HOURS'",
      '\troots=(TEST_DB.TEST_SCHEMA.A)',
      "\tcomment='c'",
      "\ttask_defaults (TIMEZONE='UTC', USER_TASK_TIMEOUT_MS=1000)",
      '\twhen 1 = 1;',
    ].join('\n'),
  );
  await graphs.run(ddl);
  expect(await graphs.tasks.value("select get_ddl('task_graph', 'g')")).toBe(ddl);
  expect(String(await graphs.tasks.value("select get_ddl('schema', 'test_db.test_schema')"))).toContain(ddl);
});

it('a task that is called GRAPH is none', async () => {
  const { tasks } = graphs;
  await graphs.run(
    "create or replace task graph schedule = '10 MINUTE' as select 1",
    'create or alter task graph as select 2',
    'alter task graph set comment = $$c$$',
    'alter task graph resume',
    'alter task graph suspend',
    'create or replace role watcher',
    'grant monitor on task graph to role watcher',
  );
  expect(await tasks.shown('graph', 'comment')).toBe('c');
  await tasks.execute('graph');
  expect(await tasks.rows('describe task graph')).toHaveLength(1);
  await graphs.run('create task other clone graph', 'drop task graph');
  expect((await tasks.rows('show tasks')).map((row) => row['name'])).toEqual(['OTHER']);
});
