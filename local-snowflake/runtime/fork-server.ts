import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { packageFile } from '../platform/package-file.ts';
import type { Logger } from '../platform/logger.ts';
import { type PythonEnvironment, workerEnvironment } from './python-environment.ts';

export interface ForkRequest {
  readonly token: string;
  /** Modules to import before the fork, so that tasks find them imported. */
  readonly modules: readonly string[];
  /** What becomes of the task's output: forwarded up to `limit` bytes, or kept in a log of at most `limit` bytes. */
  readonly output: { readonly limit: number; readonly path?: string };
}

export interface ForkServerEvents {
  /** A request that the fork server could not fulfil. */
  readonly onFailed: (token: string, reason: string) => void;
  /** The process ended, by itself or because it was asked to. */
  readonly onExit: (reason: string) => void;
}

const keptErrorText = 4096;

/** The process that has Python's modules imported and forks the workers. */
export class ForkServer {
  readonly #process: ChildProcess;
  #errorText = '';
  #ended = false;

  constructor(python: PythonEnvironment, folder: string, socketPath: string, logger: Logger, events: ForkServerEvents) {
    this.#process = spawn(
      python.executable,
      ['-I', packageFile('runtime/python/snowflake_worker/zygote.py'), socketPath],
      // In a session of its own: a Ctrl-C in the server's terminal is the server's alone to handle.
      { cwd: folder, env: workerEnvironment(python, folder), detached: true, stdio: ['pipe', 'pipe', 'pipe'] },
    );
    this.#process.stdin?.on('error', () => undefined);
    this.#process.stderr?.on('data', (data: Buffer) => {
      const text = data.toString();
      logger.debug({ text }, 'python fork server');
      this.#errorText = (this.#errorText + text).slice(-keptErrorText);
    });
    if (this.#process.stdout !== null) {
      createInterface(this.#process.stdout).on('line', (line) => {
        const message = JSON.parse(line) as { failed?: string; reason?: string };
        if (message.failed !== undefined) events.onFailed(message.failed, message.reason ?? '');
      });
    }
    const end = (how: string): void => {
      if (this.#ended) return;
      this.#ended = true;
      events.onExit(this.#errorText === '' ? how : `${how}: ${this.#errorText.trim()}`);
    };
    this.#process.once('error', (error) => {
      end(`Python could not be started: ${error.message}`);
    });
    this.#process.once('exit', (code, signal) => {
      end(`Python's fork server ended (${signal ?? `exit code ${String(code)}`})`);
    });
  }

  get processId(): number | undefined {
    return this.#process.pid;
  }

  fork(request: ForkRequest): void {
    this.#process.stdin?.write(`${JSON.stringify(request)}\n`);
  }

  /** Imports modules ahead of the tasks that need them. */
  preload(modules: readonly string[]): void {
    this.#process.stdin?.write(`${JSON.stringify({ modules })}\n`);
  }

  /** Ends it once the requests written so far are done. Workers go on. */
  stop(): void {
    this.#process.stdin?.end();
  }
}
