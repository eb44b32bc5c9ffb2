import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { TaskServer } from './task-server.ts';

// Grammar and rules of https://docs.snowflake.com/en/sql-reference/sql/alter-task, drop-task, show-tasks, desc-task.
// Messages marked "account" are those that real accounts answer with: published with the tests of the open-source emulator
// frostlake and with the integration tests of Snowflake's Terraform provider.

let tasks: TaskServer;

beforeAll(async () => {
  tasks = await TaskServer.start();
  await tasks.run('create database test_db');
});

afterAll(async () => {
  await tasks.close();
});

beforeEach(() => tasks.emptySchema());

describe('ALTER TASK', () => {
  it('sets and unsets properties and parameters (alter-task; Terraform provider)', async () => {
    await tasks.run('create task t as select 1');
    await tasks.run(
      `alter task t set schedule = '10 MINUTE', config = $\${"output_dir": "/temp/", "learning_rate": 0.1}$$, allow_overlapping_execution = true, user_task_timeout_ms = 1000, suspend_task_after_num_failures = 100, comment = 'new comment', json_indent = 4, task_auto_retry_attempts = 10, user_task_minimum_trigger_interval_in_seconds = 15`,
    );
    expect((await tasks.rows("show tasks like 'T'"))[0]).toMatchObject({
      schedule: '10 MINUTE',
      config: '{"output_dir": "/temp/", "learning_rate": 0.1}',
      allow_overlapping_execution: 'true',
      overlap_policy: 'ALLOW_CHILD_OVERLAP',
      comment: 'new comment',
    });
    expect(await tasks.parameter('t', 'JSON_INDENT')).toBe('4');
    await tasks.run(
      'alter task t unset warehouse, schedule, config, allow_overlapping_execution, user_task_timeout_ms, suspend_task_after_num_failures, comment, task_auto_retry_attempts, user_task_minimum_trigger_interval_in_seconds, json_indent, search_path, error_integration',
    );
    expect((await tasks.rows("show tasks like 'T'"))[0]).toMatchObject({
      schedule: null,
      config: null,
      allow_overlapping_execution: 'false',
      comment: '',
    });
    for (const [key, value] of [
      ['USER_TASK_TIMEOUT_MS', '3600000'],
      ['SUSPEND_TASK_AFTER_NUM_FAILURES', '10'],
      ['TASK_AUTO_RETRY_ATTEMPTS', '0'],
      ['JSON_INDENT', '2'],
    ] as const) {
      expect(await tasks.parameter('t', key)).toBe(value);
    }
    expect(await tasks.refusal('alter task t unset not_a_param')).toContain("invalid property 'NOT_A_PARAM' for 'TASK'");
    expect(await tasks.refusal('alter task t unset QUERY_TAG, QUERY_TAG')).toContain("duplicate property 'QUERY_TAG'");
    expect(await tasks.refusal('alter task t unset comment = 1')).toContain('unexpected');
  });

  it('changes body and condition (alter-task)', async () => {
    await tasks.run(
      'create task t as select 1',
      'alter task t modify as select current_version()',
      "alter task t modify when system$stream_has_data('MYSTREAM')",
    );
    expect(await tasks.shown('T', 'definition')).toBe('select current_version()');
    expect(await tasks.shown('T', 'condition')).toBe("system$stream_has_data('MYSTREAM')");
    await tasks.run('alter task t remove when', 'alter task t remove when');
    expect(await tasks.shown('T', 'condition')).toBeNull();
  });

  it('resumes and suspends (alter-task; show-tasks: last_suspended_reason)', async () => {
    await tasks.run("create task t schedule = '10 MINUTE' as select 1", 'alter task t resume');
    expect(await tasks.shown('T', 'state')).toBe('started');
    expect(await tasks.shown('T', 'last_committed_on')).not.toBeNull();
    await tasks.run('alter task t suspend');
    expect([await tasks.shown('T', 'state'), await tasks.shown('T', 'last_suspended_reason')]).toEqual([
      'suspended',
      'USER_SUSPENDED',
    ]);
    expect(await tasks.shown('T', 'last_suspended_on')).not.toBeNull();
    await tasks.run('alter task if exists nope resume');
    expect(await tasks.refusal('alter task nope resume')).toContain('does not exist or not authorized');
    expect(await tasks.refusal('alter task t rename to u')).toContain("unexpected 'rename'");
  });

  it('wants a target interval for serverless triggered tasks (tasks-triggered)', async () => {
    await tasks.run("create task t when system$stream_has_data('s') as select 1");
    expect(await tasks.refusal('alter task t resume')).toContain('must specify TARGET_COMPLETION_INTERVAL');
  });

  it('resumes a whole graph at once (system_task_dependents_enable)', async () => {
    await tasks.run(
      "create task root schedule = '60 MINUTE' as select 1",
      'create task a after root as select 1',
      'create task b after a as select 1',
      'create task fin finalize = root as select 1',
      'create task apart as select 1',
    );
    await tasks.run("call system$task_dependents_enable('test_db.test_schema.root')");
    const states = (await tasks.rows('show tasks')).map((row) => `${String(row['name'])} ${String(row['state'])}`);
    expect(states).toEqual(['A started', 'APART suspended', 'B started', 'FIN started', 'ROOT started']);
  });
});

describe('listing and dropping', () => {
  it('SHOW TASKS takes its filters (show-tasks)', async () => {
    await tasks.run('create task r_a as select 1', 'create task r_b after r_a as select 1', 'create task r_c as select 1');
    const names = async (sql: string): Promise<string> => (await tasks.rows(sql)).map((row) => row['name']).join();
    expect(await names("show tasks like 'r_%'")).toBe('R_A,R_B,R_C');
    expect(await names("show tasks like 'R_%' root only")).toBe('R_A,R_C');
    expect(await names("show tasks in schema test_db.test_schema starts with 'R_' root only limit 1")).toBe('R_A');
    expect(await names('show tasks in account')).toContain('R_A');
    expect(await names("show tasks like 'nothing'")).toBe('');
  });

  it('DROP TASK IF EXISTS of a missing task succeeds (drop-task)', async () => {
    await tasks.run('drop task if exists nope');
    expect(await tasks.refusal('drop task nope')).toContain('does not exist or not authorized');
    await tasks.run("create task alone schedule = '5 MINUTE' as select 1", 'alter task alone resume', 'drop task alone');
    expect(await tasks.rows('show tasks')).toEqual([]);
  });

  it('a schema with a started graph can be dropped', async () => {
    await tasks.run(
      "create task root schedule = '60 MINUTE' as select 1",
      'create task child after root as select 1',
      'alter task root resume',
      'drop schema test_db.test_schema',
    );
    expect(await tasks.rows('show tasks in account')).not.toContainEqual(expect.objectContaining({ name: 'ROOT' }));
  });
});
