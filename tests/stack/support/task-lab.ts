import { type LocalServer, startLocalServer } from '../../support/local-server.ts';
import type { SdkConnection } from '../../support/sdk-connection.ts';
import { StackProject } from './stack-project.ts';

/** A task as SHOW TASKS tells of it. */
export interface LabTask {
  readonly name: string;
  readonly started: boolean;
  readonly definition: string;
  readonly schedule: string | null;
  /** Bare names, in alphabetical order. */
  readonly after: readonly string[];
  /** Bare name of the root. */
  readonly finalizes: string | undefined;
}

/** A local Snowflake with the schema and the warehouse `LAB_WH` that a program of `tests/stack/programs` makes its tasks in. */
export class TaskLab {
  readonly admin: SdkConnection;
  readonly project: StackProject;
  readonly #server: LocalServer;
  readonly #schema: string;

  private constructor(server: LocalServer, admin: SdkConnection, project: StackProject, schema: string) {
    this.#server = server;
    this.#schema = schema;
    this.admin = admin;
    this.project = project;
  }

  /** `schema`: in the database LAB. */
  static async open(program: string, schema: string): Promise<TaskLab> {
    const server = await startLocalServer();
    const admin = await server.connect();
    for (const statement of ['CREATE DATABASE LAB', `CREATE SCHEMA LAB.${schema}`, 'CREATE WAREHOUSE LAB_WH']) {
      await admin.run(statement);
    }
    const lab = new TaskLab(server, admin, new StackProject({ server, program }), schema);
    await lab.project.create();
    return lab;
  }

  /** By name. */
  async tasks(): Promise<readonly LabTask[]> {
    const rows = await this.admin.rows(`SHOW TASKS IN SCHEMA LAB.${this.#schema}`);
    const bareName = (qualified: string): string => qualified.split('.').at(-1)?.replaceAll('"', '') ?? '';
    return rows.map((row) => {
      const relations = JSON.parse(String(row['task_relations'])) as { Predecessors: string[]; FinalizedRootTask?: string };
      const { Predecessors: predecessors, FinalizedRootTask: root } = relations;
      return {
        name: String(row['name']),
        started: row['state'] === 'started',
        definition: String(row['definition']),
        schedule: row['schedule'] as string | null,
        after: predecessors.map(bareName).toSorted(),
        finalizes: root === undefined ? undefined : bareName(root),
      };
    });
  }

  async close(): Promise<void> {
    this.project.remove();
    await this.#server.close();
  }
}
