import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const inRepository = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The command as users run it: the built bundle, a process of its own, in a folder that knows no project. */
export class PipelineCommand {
  readonly folder = mkdtempSync(join(tmpdir(), 'pipeline-'));
  readonly #environment: Record<string, string>;

  /** Variables of this machine do not reach the command, save those a process needs. */
  constructor(environment: Readonly<Record<string, string>> = {}) {
    this.#environment = { PATH: process.env['PATH'] ?? '', HOME: this.folder, ...environment };
  }

  static async build(): Promise<void> {
    await promisify(execFile)(process.execPath, [inRepository('pipeline/build.mjs')]);
  }

  /** Adds an entry to connections.toml. */
  connection(name: string, options: Readonly<Record<string, string | number>>): void {
    const lines = Object.entries(options).map(([key, value]) => `${key} = ${JSON.stringify(value)}`);
    writeFileSync(join(this.folder, 'connections.toml'), `[${name}]\n${lines.join('\n')}\n\n`, { flag: 'a', mode: 0o600 });
  }

  start(...args: readonly string[]): {
    readonly child: ChildProcess;
    readonly finished: Promise<Finished>;
    readonly output: () => string;
  } {
    const child = spawn(process.execPath, [inRepository('pipeline/bin/pipeline.mjs'), ...args], {
      cwd: this.folder,
      env: this.#environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (stdout += chunk));
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
    const finished = new Promise<Finished>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code) => resolve({ code, stdout, stderr }));
    });
    return { child, finished, output: () => stdout };
  }

  run(...args: readonly string[]): Promise<Finished> {
    return this.start(...args).finished;
  }

  dispose(): void {
    rmSync(this.folder, { recursive: true });
  }
}

/** The objects of JSON lines. */
export const jsonLines = (text: string): readonly Record<string, unknown>[] =>
  text
    .trim()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
