import type { SdkConnection, SdkRow } from '../../support/sdk-connection.ts';
import { TaskServer } from './task-server.ts';

/** A local Snowflake with a schema for TASK GRAPHs and a table that the bodies of their tasks write to. */
export class TaskGraphServer {
  readonly tasks: TaskServer;

  private constructor(tasks: TaskServer) {
    this.tasks = tasks;
  }

  static async start(dataDir?: string): Promise<TaskGraphServer> {
    const tasks = await TaskServer.start(dataDir);
    await tasks.run('create warehouse if not exists graph_wh', 'create database if not exists test_db');
    return new TaskGraphServer(tasks);
  }

  run(...statements: readonly string[]): Promise<void> {
    return this.tasks.run(...statements);
  }

  /** An empty schema. */
  async clear(): Promise<void> {
    await this.run('create or replace schema test_db.test_schema', 'create table log (line varchar)');
  }

  /** Tasks one behind the other, all but the first resumed; each writes its name. */
  async chain(root: string, ...children: readonly string[]): Promise<void> {
    await this.run(`create task ${root} as insert into log values ('${root}')`);
    let before = root;
    for (const child of children) {
      await this.run(`create task ${child} after ${before} as insert into log values ('${child}')`, `alter task ${child} resume`);
      before = child;
    }
  }

  /** A chain as the graph G, committed. */
  async committed(properties: string, ...names: readonly [string, ...string[]]): Promise<void> {
    await this.chain(...names);
    await this.run(`create task graph g roots = (${names[0]}) ${properties}`, 'alter task graph g commit');
  }

  async shown(column: string, graph = 'g'): Promise<unknown> {
    const rows = await this.tasks.rows(`describe task graph ${graph}`);
    return rows[0]?.[column];
  }

  /** EXECUTE TASK GRAPH, and the end of its run. */
  async execute(what = 'g'): Promise<void> {
    await this.run(`execute task graph ${what}`);
    await this.tasks.settle();
  }

  /** What the bodies have written since the last time. */
  async written(): Promise<unknown[]> {
    const rows = await this.tasks.rows('select line from log');
    await this.run('truncate table log');
    return rows.map((row) => row['LINE']);
  }

  changes(graph = 'g'): Promise<readonly SdkRow[]> {
    return this.tasks.rows(`select * from table(information_schema.task_graph_changes(task_graph_name => '${graph}'))`);
  }

  /** Ended runs of the G that is there now, the latest first. */
  async graphRuns(): Promise<readonly SdkRow[]> {
    const rows = await this.tasks.rows("select * from table(information_schema.complete_task_graphs(graph_name => 'g'))");
    const id = await this.shown('id');
    return rows.filter((row) => row['ROOT_TASK_ID'] === id);
  }

  /** A client in the test's schema with one role, and whatever that role is granted besides. */
  async clientOf(role: string, ...grants: readonly string[]): Promise<SdkConnection> {
    await this.run(
      `create or replace role ${role}`,
      `grant role ${role} to user local_admin`,
      `grant usage on warehouse graph_wh to role ${role}`,
      `grant usage on database test_db to role ${role}`,
      `grant usage on schema test_db.test_schema to role ${role}`,
      ...grants.map((grant) => `${grant} to role ${role}`),
    );
    const client = await this.tasks.connect({ role: role.toUpperCase(), database: 'TEST_DB', schema: 'TEST_SCHEMA' });
    await client.run('use secondary roles none');
    await client.run('use warehouse graph_wh');
    return client;
  }

  refusal(sql: string): Promise<string> {
    return this.tasks.refusal(sql);
  }
}
