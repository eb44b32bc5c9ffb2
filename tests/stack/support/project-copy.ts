import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));

export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The toolchain in a folder of its own, with a program that needs no Snowflake and the settings of two stacks. */
export class ProjectCopy {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'project-copy-')));

  constructor() {
    cpSync(join(root, 'toolchain'), join(this.folder, 'toolchain'), { recursive: true });
    for (const file of [
      'package.json',
      'package-lock.json',
      ...['requirements.lock', 'requirements-dev.lock', 'pyproject.toml'].map((name) => join('payloads', name)),
    ]) {
      cpSync(join(root, file), join(this.folder, file));
    }
    for (const workspace of ['local-snowflake', 'pipeline']) mkdirSync(join(this.folder, workspace));
    symlinkSync(join(root, 'node_modules'), join(this.folder, 'node_modules'));
    this.write(
      'Pulumi.yaml',
      'name: sample\nmain: index.ts\nruntime:\n  name: nodejs\n  options:\n    typescript: false\n    nodeargs: --import tsx --import ./toolchain/readable-errors.mjs\n',
    );
    this.write('index.ts', `import * as pulumi from '@pulumi/pulumi';\nexport const secret = pulumi.secret('hush');\n`);
    this.write('Pulumi.local.yaml', 'config:\n  sample:size: small\n');
    this.write('Pulumi.dev.yaml', 'config:\n  sample:size: large\n');
  }

  write(file: string, content: string): void {
    writeFileSync(join(this.folder, file), content);
  }

  read(file: string): string {
    return readFileSync(join(this.folder, file), 'utf8');
  }

  /** Runs an npm script without a terminal, on a machine where the engine that set-up has built is installed. */
  async npm(script: string, args: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<CommandResult> {
    const child = spawn('npm', ['run', '--silent', script, '--', ...args], {
      cwd: this.folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        PATH: [join(root, '.cache/bin'), process.env['PATH']].join(delimiter),
        // Has the Snowflake plugin.
        PULUMI_HOME: join(root, '.local/pulumi-home'),
        PULUMI_BACKEND_URL: undefined,
        PULUMI_CONFIG_PASSPHRASE: undefined,
        ...environment,
      },
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    const [code] = (await once(child, 'close')) as [number | null];
    return { code: code ?? 1, stdout, stderr };
  }

  pulumi(...args: readonly string[]): Promise<CommandResult> {
    return this.npm('pulumi', [...args, '--non-interactive']);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
