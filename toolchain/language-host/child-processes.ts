import { type ChildProcess, spawn, type StdioOptions } from 'node:child_process';

/** How a child ended: its exit code, or the signal that ended it. */
export type ChildEnd = { code: number } | { signal: NodeJS.Signals };

export type ChildCommand = {
  command: string;
  arguments: readonly string[];
  directory: string;
  environment: NodeJS.ProcessEnv;
  stdio: StdioOptions;
};

/** How long a child may take to end after it was asked to, in milliseconds. */
const graceMs = 5000;

/** The programs this host has started, so that all of them end when the host is told to stop. */
export class ChildProcesses {
  readonly #running = new Set<ChildProcess>();

  start({ command, arguments: args, directory, environment, stdio }: ChildCommand): ChildProcess {
    const child = spawn(command, args, { cwd: directory, env: environment, stdio });
    this.#running.add(child);
    const forget = (): void => void this.#running.delete(child);
    child.once('close', forget);
    child.once('error', forget);
    return child;
  }

  stop(child: ChildProcess): void {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
    child.once('close', () => clearTimeout(timer));
  }

  stopAll(): void {
    for (const child of this.#running) this.stop(child);
  }
}

/** Resolves when a child has ended and its output has been read to the end; rejects when it could not be started. */
export function childEnd(child: ChildProcess): Promise<ChildEnd> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      resolve(signal === null ? { code: code ?? 0 } : { signal });
    });
  });
}
