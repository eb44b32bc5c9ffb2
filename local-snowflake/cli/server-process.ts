import { renameSync, statSync } from 'node:fs';
import { pino } from 'pino';
import { createLogger, type Logger, type LogLevel } from '../platform/logger.ts';
import { CommandFailure, exitCodes } from './command-failure.ts';
import { type DataHome, markDirectory } from './data-home.ts';
import { serve } from './serve.ts';

/** What the server's process tells the command that started it. */
export type ServerMessage =
  | { readonly kind: 'ready'; readonly pid: number; readonly port: number; readonly origin: string }
  | { readonly kind: 'failed'; readonly exitCode: number; readonly message: string };

export interface ServerProcessOptions {
  readonly home: DataHome;
  readonly port: number | undefined;
  readonly logTo: 'file' | 'stderr';
  readonly tell: (message: ServerMessage) => void;
}

const keptLog = 10 * 1024 * 1024;
const slowStop = 10_000;

/** Runs a server until it is told to stop, by signal or by command. Resolves with the process's exit code. */
export async function runServerProcess({ home, port, logTo, tell }: ServerProcessOptions): Promise<number> {
  let logger: Logger | undefined;
  try {
    logger = openLog(home, logTo);
    const log = logger;
    process.on('uncaughtException', (error) => {
      log.fatal({ err: error }, 'uncaught exception');
      process.exit(exitCodes.internal);
    });
    process.on('unhandledRejection', (reason) => {
      log.error({ err: reason }, 'unhandled rejection');
    });
    const server = await serve({ home, port, logger });
    const asked = Promise.race([server.stopAsked, signalled('SIGTERM'), signalled('SIGINT'), signalled('SIGHUP')]);
    tell({ kind: 'ready', pid: process.pid, port: server.record.port, origin: server.origin });
    await asked;
    // Whatever hangs, a server that was told to stop ends.
    setTimeout(() => process.exit(exitCodes.timeout), slowStop).unref();
    await server.close();
    return exitCodes.ok;
  } catch (error) {
    const failure = error instanceof CommandFailure ? error : undefined;
    if (failure === undefined) logger?.fatal({ err: error }, 'start failed');
    const message = error instanceof Error ? error.message : String(error);
    const exitCode = failure?.exitCode ?? exitCodes.internal;
    tell({ kind: 'failed', exitCode, message });
    return exitCode;
  }
}

function openLog(home: DataHome, logTo: 'file' | 'stderr'): Logger {
  const level = (process.env['LOCAL_SNOWFLAKE_LOG'] ?? 'info') as LogLevel;
  if (logTo === 'stderr') return createLogger(level);
  markDirectory(home);
  if ((statSync(home.log, { throwIfNoEntry: false })?.size ?? 0) > keptLog) renameSync(home.log, `${home.log}.1`);
  return createLogger(level, pino.destination({ dest: home.log, sync: true, mode: 0o600 }));
}

function signalled(signal: NodeJS.Signals): Promise<void> {
  return new Promise((resolve) => {
    process.once(signal, () => {
      resolve();
    });
  });
}
