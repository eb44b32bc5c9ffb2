import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { jsonLines, PipelineCommand } from '../../pipeline/run-pipeline.ts';
import type { LocalServer } from '../../support/local-server.ts';
import type { StackProject } from './stack-project.ts';

const python = fileURLToPath(new URL('../../../.cache/venv/bin/python', import.meta.url));

const target = ['--root', 'SNOWBANK.PIPELINE.PREPARE_DATA', '--connection', 'local', '--connections-file', 'connections.toml'];

/** Exit code of a command, and its output, or what it said of its failure. */
export type Said = readonly [code: number, said: string];

/** How a run of the graph ended. */
export interface GraphRun {
  readonly code: number | null;
  /** State of each task by its name. */
  readonly states: Readonly<Record<string, string>>;
  /** The graph's own state and, when it failed, the first error. */
  readonly end: Readonly<Record<string, unknown>>;
  /** Standard error. */
  readonly said: string;
}

/** The project's commands on a stack that is deployed, as the pipeline's own user: its key pair, its one role. */
export class DeployedPipeline {
  readonly #pipeline = new PipelineCommand();
  readonly #data: string;

  private constructor() {
    this.#data = join(this.#pipeline.folder, 'applications.csv');
  }

  /** `project` needs no more than the service user and its role yet. */
  static async of(project: StackProject, server: LocalServer): Promise<DeployedPipeline> {
    const deployed = new DeployedPipeline();
    const folder = deployed.#pipeline.folder;
    const { output } = await project.succeed('stack', 'output', 'servicePrivateKey', '--show-secrets');
    writeFileSync(join(folder, 'key.p8'), output, { mode: 0o600 });
    deployed.#pipeline.connection('local', {
      account: server.account,
      user: 'PIPELINE_SERVICE',
      authenticator: 'SNOWFLAKE_JWT',
      private_key_file: join(folder, 'key.p8'),
      host: '127.0.0.1',
      port: server.port,
      protocol: 'http',
    });
    await PipelineCommand.build();
    return deployed;
  }

  /** Loads the mortgage data. */
  async load(): Promise<Said> {
    const written = await this.#mortgage('data', '--out', this.#data);
    return written[0] === 0 ? this.#mortgage('load', '--file', this.#data) : written;
  }

  /** Creates the raw table and registers its features. */
  setUp(): Promise<Said> {
    return this.#mortgage('setup');
  }

  /** `python -m mortgage_pipeline …` */
  #mortgage(...args: readonly string[]): Promise<Said> {
    const environment = { PATH: process.env['PATH'], HOME: this.#pipeline.folder, SNOWFLAKE_HOME: this.#pipeline.folder };
    return new Promise((resolve) => {
      execFile(python, ['-m', 'mortgage_pipeline', ...args], { env: environment }, (error, stdout, stderr) => {
        resolve([error === null ? 0 : Number(error.code ?? 1), error === null ? stdout : stderr]);
      });
    });
  }

  /** `pipeline run` or `pipeline retry`, to the end of the run. */
  async graph(command: 'run' | 'retry', ...args: readonly string[]): Promise<GraphRun> {
    const finished = await this.#pipeline.run(command, '--json', ...args, ...target);
    const events = jsonLines(finished.stdout);
    const tasks = events.filter(({ event }) => event === 'task').map(({ task, state }) => [task, state] as const);
    return {
      code: finished.code,
      states: Object.fromEntries(tasks) as Record<string, string>,
      end: events.at(-1) ?? {},
      said: finished.stderr,
    };
  }

  dispose(): void {
    this.#pipeline.dispose();
  }
}
