import { SnowflakeError } from '../errors/snowflake-error.ts';
import type { PythonCode } from './python-code.ts';
import type { TaskEnd } from './worker-task.ts';

/** An exception that came out of Python, as a worker reports it. */
export interface PythonFailure {
  /** Exception's class, `ValueError`. */
  readonly type: string;
  readonly message: string;
  readonly traceback: string;
}

/**
 * The answer to a statement whose Python code raised.
 * https://docs.snowflake.com/en/developer-guide/stored-procedure/python/procedure-python-writing#handling-errors
 */
export function pythonError(code: PythonCode, failure: PythonFailure): SnowflakeError {
  return SnowflakeError.of('python', { name: code.name, handler: code.handler, traceback: failure.traceback });
}

/** The answer to a statement whose Python process ended without one. */
export function lostWorker(code: PythonCode, end: TaskEnd, errorOutput: string): SnowflakeError {
  const tail = errorOutput.trim();
  return SnowflakeError.of('pythonProcessLost', {
    name: code.name,
    handler: code.handler,
    how: describeEnd(end),
    output: tail === '' ? '' : `\nIts last output:\n${tail}`,
  });
}

/** The answer to a statement that needs Python where there is none. */
export function pythonUnavailable(fault: unknown): SnowflakeError {
  return SnowflakeError.of('pythonUnavailable', { reason: fault instanceof Error ? fault.message : String(fault) });
}

export function describeEnd(end: TaskEnd): string {
  if (end.lost !== undefined) return end.lost;
  if (end.signal === 'SIGKILL') return 'killed by SIGKILL (the machine may be out of memory)';
  if (end.signal !== undefined) return `killed by ${end.signal}`;
  return `exit code ${String(end.code)}`;
}
