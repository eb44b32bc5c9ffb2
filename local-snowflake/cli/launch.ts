import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { CommandFailure, type ExitCode, exitCodes } from './command-failure.ts';
import { type DataHome, markDirectory } from './data-home.ts';
import type { ServerMessage } from './server-process.ts';

export interface LaunchOptions {
  readonly home: DataHome;
  readonly port: number | undefined;
}

export interface Launched {
  readonly pid: number;
  readonly port: number;
  readonly origin: string;
}

const longestStart = 60_000;

/** Beside this file in the bundle. */
const serverEntry = fileURLToPath(new URL('./server.mjs', import.meta.url));

/**
 * Starts a server in a process that outlives this one, and waits until it is ready.
 * @throws CommandFailure with the server's own reason when it is not going to be
 */
export function launch(options: LaunchOptions): Promise<Launched> {
  const { home } = options;
  markDirectory(home);
  // A pipe would break under the server once this process is gone.
  const log = openSync(home.log, 'a', 0o600);
  const child = spawn(process.execPath, serverArguments(options, false), { detached: true, stdio: ['ignore', log, log, 'ipc'] });
  closeSync(log);
  return new Promise((resolve, reject) => {
    const fail = (exitCode: ExitCode, message: string): void => {
      reject(new CommandFailure(exitCode, message));
    };
    const patience = setTimeout(() => {
      child.kill('SIGKILL');
      fail(exitCodes.timeout, `The server was not ready within ${String(longestStart / 1000)} seconds. ${lastLines(home)}`);
    }, longestStart);
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      clearTimeout(patience);
      fail(
        exitCodes.internal,
        `The server ended before it was ready (${signal ?? `exit code ${String(code)}`}). ${lastLines(home)}`,
      );
    });
    child.on('message', (message: ServerMessage) => {
      clearTimeout(patience);
      if (message.kind === 'failed') {
        fail(message.exitCode as ExitCode, message.message);
        return;
      }
      // Nothing of this process may keep it waiting for the server, nor the server for this process.
      child.removeAllListeners();
      child.disconnect();
      child.unref();
      resolve(message);
    });
  });
}

/**
 * Runs a server as this terminal's own, logging to standard error, until it ends; `ready` is told once it listens.
 * @throws CommandFailure with the server's own reason when it cannot start
 */
export function runInForeground(options: LaunchOptions, ready: (launched: Launched) => void): Promise<ExitCode> {
  const child = spawn(process.execPath, serverArguments(options, true), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  // Ctrl-C reaches the server by itself; this process only has to outlive it.
  process.on('SIGINT', () => undefined);
  for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.on('message', (message: ServerMessage) => {
      if (message.kind === 'ready') ready(message);
      else reject(new CommandFailure(message.exitCode as ExitCode, message.message));
    });
    child.once('exit', (code) => {
      resolve((code ?? exitCodes.internal) as ExitCode);
    });
  });
}

function serverArguments({ home, port }: LaunchOptions, foreground: boolean): string[] {
  const where = home.memory ? { memory: true } : { data: home.directory };
  return [serverEntry, JSON.stringify({ ...where, ...(port !== undefined && { port }), foreground })];
}

function lastLines(home: DataHome): string {
  try {
    const lines = readFileSync(home.log, 'utf8').trimEnd().split('\n').slice(-5);
    return `The end of ${home.log}:\n${lines.join('\n')}`;
  } catch {
    return `There is no ${home.log}.`;
  }
}
