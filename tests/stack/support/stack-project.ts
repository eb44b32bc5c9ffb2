import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { LocalServer } from '../../support/local-server.ts';

const root = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));

export interface EngineAnswer {
  readonly code: number;
  /** Both streams, in the order they came. */
  readonly output: string;
}

export interface EngineRun {
  readonly pid: number;
  readonly finished: Promise<EngineAnswer>;
  /** Resolves once the output has `text` so many times. */
  readonly printed: (text: string, times: number) => Promise<void>;
}

/** One resource that the engine means to change or has changed. */
export interface Step {
  readonly op: string;
  /** `Task training-train-model` */
  readonly resource: string;
  /** Properties whose values differ, sorted. */
  readonly changes: readonly string[];
}

export interface StackProjectOptions {
  /** Which Pulumi.<stack>.yaml. @example 'dev' */
  readonly stack?: string;
  /** A file in `tests/stack/programs` that takes the place of the project's own program. */
  readonly program?: string;
  readonly server: Pick<LocalServer, 'account' | 'user' | 'password' | 'port'>;
}

interface PreviewJson {
  readonly steps?: readonly {
    readonly op: string;
    readonly urn: string;
    readonly diffReasons?: readonly string[];
    readonly detailedDiff?: Readonly<Record<string, unknown>>;
  }[];
}

interface ExportedStack {
  readonly deployment: { readonly resources: readonly { readonly urn: string; readonly type: string }[] };
}

/**
 * This project's program, providers, payloads and settings in a folder of their own, where tests may change them, deployed by
 * the real engine to `server`.
 */
export class StackProject {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'stack-project-')));
  readonly stack: string;
  /** A variable with the value undefined is not set. */
  readonly environment: Record<string, string | undefined>;

  constructor({ stack = 'local', program, server }: StackProjectOptions) {
    this.stack = stack;
    for (const part of ['components', 'provider', 'payloads', 'index.ts', 'Pulumi.yaml', 'package.json']) {
      cpSync(join(root, part), join(this.folder, part), { recursive: true });
    }
    const settings = `Pulumi.${stack}.yaml`;
    // A stack of the same name that is deployed here has its salt there.
    this.write(settings, readFileSync(join(root, settings), 'utf8').replace(/^encryptionsalt:.*$/mu, ''));
    if (program !== undefined) {
      cpSync(join(root, 'tests/stack/programs'), join(this.folder, 'tests/stack/programs'), { recursive: true });
      this.write('index.ts', `import './tests/stack/programs/${program}';\n`);
    }
    mkdirSync(join(this.folder, 'state'));
    for (const part of ['node_modules', 'toolchain']) symlinkSync(join(root, part), join(this.folder, part));
    const connection = `SNOWFLAKE_CONNECTIONS_${stack.toUpperCase()}`;
    this.environment = {
      ...process.env,
      PATH: [join(root, '.cache/bin'), process.env['PATH']].join(delimiter),
      // Has the Snowflake plugin.
      PULUMI_HOME: join(root, '.local/pulumi-home'),
      PULUMI_BACKEND_URL: `file://${join(this.folder, 'state')}`,
      PULUMI_CONFIG_PASSPHRASE: 'of this test',
      PULUMI_SKIP_UPDATE_CHECK: 'true',
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: 'true',
      [`${connection}_ACCOUNT`]: `LOCALORG-${server.account}`,
      [`${connection}_USER`]: server.user,
      [`${connection}_PASSWORD`]: server.password,
      [`${connection}_ROLE`]: 'ACCOUNTADMIN',
      [`${connection}_HOST`]: '127.0.0.1',
      [`${connection}_PORT`]: String(server.port),
      [`${connection}_PROTOCOL`]: 'http',
    };
  }

  read(file: string): string {
    return readFileSync(join(this.folder, file), 'utf8');
  }

  write(file: string, content: string): void {
    writeFileSync(join(this.folder, file), content);
  }

  /** Replaces the one occurrence of `text`; throws when there is none or more. */
  edit(file: string, text: string, replacement: string): void {
    const parts = this.read(file).split(text);
    if (parts.length !== 2) throw new Error(`${file} has ${parts.length - 1} times: ${text}`);
    this.write(file, parts.join(replacement));
  }

  /** Sets keys of the stack's configuration. Dots lead into a key's members. */
  async configure(settings: Readonly<Record<string, string>>, ...flags: readonly string[]): Promise<void> {
    for (const [name, value] of Object.entries(settings)) {
      await this.succeed('config', 'set', '--path', ...flags, name, '--', value);
    }
  }

  async create(): Promise<void> {
    // What is in the settings file stays.
    await this.succeed('stack', 'init', this.stack);
  }

  /** What an update would do, by the resource's name; throws when the program cannot be previewed. */
  async preview(...args: readonly string[]): Promise<readonly Step[]> {
    const { output } = await this.succeed('preview', '--json', ...args);
    const { steps = [] } = JSON.parse(output.slice(output.indexOf('{'))) as PreviewJson;
    return (
      steps
        .filter(({ op }) => op !== 'same' && op !== 'read')
        .map(({ op, urn, detailedDiff }) => ({
          op,
          resource: shortName(urn),
          changes: Object.keys(detailedDiff ?? {}).toSorted(),
        }))
        // The engine works on independent resources in any order.
        .toSorted((one, other) => (one.resource < other.resource ? -1 : 1))
    );
  }

  up(...args: readonly string[]): Promise<EngineAnswer> {
    return this.run('up', '--yes', '--skip-preview', ...args);
  }

  async outputs(): Promise<Readonly<Record<string, unknown>>> {
    const { output } = await this.succeed('stack', 'output', '--json');
    return JSON.parse(output) as Readonly<Record<string, unknown>>;
  }

  async exported(): Promise<{ readonly text: string; readonly resources: ExportedStack['deployment']['resources'] }> {
    const { output } = await this.succeed('stack', 'export');
    return { text: output, resources: (JSON.parse(output) as ExportedStack).deployment.resources };
  }

  /** Throws with all that the engine said when it fails. */
  async succeed(command: string, ...args: readonly string[]): Promise<EngineAnswer> {
    const answer = await this.run(command, ...args);
    if (answer.code !== 0) throw new Error(`pulumi ${[command, ...args].join(' ')} ended with ${answer.code}:\n${answer.output}`);
    return answer;
  }

  run(command: string, ...args: readonly string[]): Promise<EngineAnswer> {
    return this.start(command, ...args).finished;
  }

  /** Starts the engine without a terminal. */
  start(command: string, ...args: readonly string[]): EngineRun {
    const takesStack = command !== 'stack' || args[0] !== 'init';
    const all = [command, ...(takesStack ? ['--stack', this.stack] : []), '--non-interactive', ...args];
    const child = spawn(join(root, '.cache/bin/pulumi'), all, {
      cwd: this.folder,
      env: this.environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    const waiting = new Set<() => void>();
    const finished = once(child, 'close').then(([code]: unknown[]) => ({ code: typeof code === 'number' ? code : 1, output }));
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
        for (const look of waiting) look();
      });
    }
    return {
      pid: child.pid ?? 0,
      finished,
      printed: (text, times) =>
        new Promise((resolve, reject) => {
          const look = (): void => {
            if (output.split(text).length > times) resolve();
          };
          waiting.add(look);
          look();
          void finished.then(() => reject(new Error(`The engine ended without ${times} times "${text}":\n${output}`)));
        }),
    };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** `Task training-train-model` of `urn:pulumi:local::project::parent$snowflake:index/task:Task::training-train-model` */
function shortName(urn: string): string {
  const [types = '', name = ''] = urn.split('::').slice(-2);
  return `${types.split(':').at(-1) ?? ''} ${name}`;
}
