import { FakeClock } from '../../../local-snowflake/platform/clock.ts';
import { type LocalServer, startLocalServer } from '../../support/local-server.ts';
import type { ConnectOptions, SdkConnection, SdkRow } from '../../support/sdk-connection.ts';

/** A local Snowflake whose clock stands still, and a client on it: bodies really run, time passes when a test says so. */
export class TaskServer {
  readonly clock: FakeClock;
  readonly server: LocalServer;
  readonly client: SdkConnection;

  private constructor(clock: FakeClock, server: LocalServer, client: SdkConnection) {
    this.clock = clock;
    this.server = server;
    this.client = client;
  }

  static async start(dataDir?: string, clock = new FakeClock('2026-03-02T12:00:00Z')): Promise<TaskServer> {
    const server = await startLocalServer({ clock, ...(dataDir === undefined ? {} : { dataDir }) });
    return new TaskServer(clock, server, await server.connect());
  }

  connect(options?: ConnectOptions): Promise<SdkConnection> {
    return this.server.connect(options);
  }

  close(): Promise<void> {
    return this.server.close();
  }

  async run(...statements: readonly string[]): Promise<void> {
    for (const statement of statements) await this.client.run(statement);
  }

  rows(sql: string): Promise<readonly SdkRow[]> {
    return this.client.rows(sql);
  }

  value(sql: string): Promise<unknown> {
    return this.client.value(sql);
  }

  async refusal(sql: string, client: SdkConnection = this.client): Promise<string> {
    try {
      await client.run(sql);
    } catch (error) {
      return (error as Error).message;
    }
    return 'accepted';
  }

  /** An empty schema TEST_DB.TEST_SCHEMA, in use. Runs of tasks that are gone stay in the history, under other ids. */
  async emptySchema(...statements: readonly string[]): Promise<void> {
    await this.run(
      'drop schema if exists test_db.s2',
      'create or replace schema test_db.test_schema',
      'use schema test_db.test_schema',
      ...statements,
    );
  }

  /** What bodies have written into the table LOG (WHAT VARCHAR), sorted. */
  async logged(): Promise<unknown[]> {
    const rows = await this.rows('select what from log order by what');
    return rows.map((row) => row['WHAT']);
  }

  /** Id of the one task of that name in the schema in use. */
  async idOf(task: string): Promise<string> {
    const [row] = await this.rows(`show tasks like '${task}'`);
    return String(row?.['id']);
  }

  /** What the runs of the tasks of one graph came to, by the tasks' names. */
  async outcomes(root: string): Promise<Record<string, unknown>> {
    const rows = await this.rows(
      `select name, state from table(information_schema.task_history(root_task_id => '${await this.idOf(root)}')) where state <> 'SCHEDULED'`,
    );
    return Object.fromEntries(rows.map((row) => [String(row['NAME']), row['STATE']]));
  }

  /** A column of SHOW TASKS for the one task of that name in the test's schema. */
  async shown(task: string, column: string): Promise<unknown> {
    const rows = await this.rows(`show tasks like '${task}' in schema test_db.test_schema`);
    const [row] = rows;
    if (row === undefined || rows.length > 1) throw new Error(`${String(rows.length)} tasks like ${task}`);
    return row[column];
  }

  async parameter(task: string, key: string): Promise<unknown> {
    const rows = await this.rows(`show parameters like '${key}' in task ${task}`);
    return rows[0]?.['value'];
  }

  /** Lets the runs that are due come to their end. */
  async settle(): Promise<void> {
    await this.clock.advanceBy(1000);
    for (;;) {
      const states = await this.rows('select state from table(test_db.information_schema.current_task_graphs())');
      if (!states.some((row) => row['STATE'] === 'EXECUTING')) return;
    }
  }

  /** EXECUTE TASK and the end of its run. */
  async execute(task: string): Promise<void> {
    await this.run(`execute task ${task}`);
    await this.settle();
  }

  /** Ended runs of tasks, the earliest first: `NAME STATE`. */
  async ended(): Promise<string[]> {
    const rows = await this.rows(
      "select name, state from table(test_db.information_schema.task_history()) where state <> 'SCHEDULED' order by completed_time, name",
    );
    return rows.map((row) => `${String(row['NAME'])} ${String(row['STATE'])}`);
  }

  /** One run of a task that the history shows; the last one when there are several. */
  async historyOf(task: string): Promise<SdkRow> {
    const rows = await this.rows(
      `select * from table(test_db.information_schema.task_history(task_name => '${task}')) where state <> 'SCHEDULED'`,
    );
    const [last] = rows;
    if (last === undefined) throw new Error(`no run of ${task}`);
    return last;
  }
}
