import { type DestinationStream, type Logger as PinoLogger, pino } from 'pino';

/** JSON lines. Callers never hand it statement texts, tokens, passwords or request bodies. */
export type Logger = PinoLogger;

export type LogLevel = 'silent' | 'error' | 'warn' | 'info' | 'debug';

/**
 * @param destination an open stream, or undefined for standard error
 */
export function createLogger(level: LogLevel, destination?: DestinationStream): Logger {
  return pino(
    // The host name says nothing on a server that only listens on the loopback interface.
    { level, base: { pid: process.pid }, timestamp: pino.stdTimeFunctions.isoTime },
    destination ?? pino.destination({ fd: 2, sync: true }),
  );
}

export const silentLogger: Logger = createLogger('silent');
