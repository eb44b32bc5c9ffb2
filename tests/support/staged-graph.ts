import { expect } from 'vitest';
import type { ServedAccount } from './served-account.ts';

/** A body that says which task ran, in which run, and which version of its definition. */
function body(task: string, version: number): string {
  return `insert into test_db.s.done select '${task}', system$task_runtime_info('CURRENT_TASK_GRAPH_RUN_GROUP_ID'), ${String(version)}`;
}

const members = ['EXTRACT', 'LOAD'] as const;

/**
 * A TASK GRAPH whose two tasks are changed together, in one statement each, and committed, while the server may go away at any moment.
 * https://docs.snowflake.com/en/user-guide/task-graph-object
 */
export class StagedGraph {
  readonly definitions: readonly string[] = [
    `create task extract warehouse = wh as ${body('EXTRACT', 0)}`,
    `create task load warehouse = wh after extract as ${body('LOAD', 0)}`,
    'alter task load resume',
    "create task graph staged roots = (extract) overlap_policy = 'ALLOW_ALL_OVERLAP' task_auto_retry_attempts = 1",
    'alter task graph staged commit',
    'alter task graph staged resume',
  ];
  readonly #server: ServedAccount;
  /** Versions that were written into the tasks, last whose edits were answered, last whose commit was. */
  #asked = 0;
  #edited = 0;
  #committed = 0;

  constructor(server: ServedAccount) {
    this.#server = server;
  }

  /** Changes both tasks, and commits them when the server has taken both changes. The answers may be lost. */
  async change(): Promise<void> {
    this.#asked += 1;
    const version = this.#asked;
    for (const task of members) if (!(await this.#taken(`alter task test_db.s.${task} modify as ${body(task, version)}`))) return;
    this.#edited = version;
    if (await this.#taken('alter task graph test_db.s.staged commit')) this.#committed = version;
  }

  async #taken(sql: string): Promise<boolean> {
    const { success } = await this.#server.client.query(sql).catch(() => ({ success: false }));
    return success;
  }

  /** What was answered is there; what runs is one version, and never one that was not committed as a whole. */
  async verify(): Promise<void> {
    const staged = await this.#versions('show tasks');
    for (const version of staged) {
      expect(version).toBeGreaterThanOrEqual(this.#edited);
      expect(version).toBeLessThanOrEqual(this.#asked);
    }
    const committed = await this.#versions('show committed tasks');
    expect(new Set(committed).size).toBe(1);
    expect(committed[0]).toBeGreaterThanOrEqual(this.#committed);
    expect(committed[0]).toBeLessThanOrEqual(this.#edited);
    expect(
      await this.#server.query(
        "select run_group from test_db.s.done where task in ('EXTRACT', 'LOAD') group by run_group having count(distinct version) > 1",
      ),
    ).toEqual([]);
    const [[ran] = []] = await this.#server.query(
      "select coalesce(max(version), 0) from test_db.s.done where task in ('EXTRACT', 'LOAD')",
    );
    expect(Number(ran)).toBeLessThanOrEqual(committed[0] ?? 0);
    const changes =
      "select entity_name from table(test_db.information_schema.task_graph_changes(task_graph_name => 'test_db.s.staged'))";
    const differing = members.filter((_, index) => staged[index] !== committed[index]);
    expect((await this.#server.query(`${changes} order by 1`)).map(([name]) => name)).toEqual(differing);
  }

  /** Version of each task's definition, as a listing shows it. */
  async #versions(listing: string): Promise<number[]> {
    await this.#server.query(`${listing} in schema test_db.s`);
    const rows = await this.#server.query(
      `select "definition" from table(result_scan(last_query_id())) where "name" in ('EXTRACT', 'LOAD') order by "name"`,
    );
    return rows.map(([definition]) => Number(/(\d+)$/u.exec(definition ?? '')?.[1]));
  }
}
