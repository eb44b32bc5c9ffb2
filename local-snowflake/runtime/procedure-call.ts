import type { Cell } from '../sql/result-set.ts';
import type { SnowflakeType } from '../sql/types.ts';
import { SnowflakeError } from '../errors/snowflake-error.ts';
import { OutputTail } from './output-tail.ts';
import { preloadedModules } from './preloaded-modules.ts';
import { type PythonCode, type PythonReturns, returnsForWorker } from './python-code.ts';
import { makeTaskFolder } from './task-folder.ts';
import { type PythonFailure, lostWorker, pythonError } from './worker-failure.ts';
import type { WorkerHost } from './worker-host.ts';
import type { OutputStream, WorkerTask } from './worker-task.ts';

/** How a worker's Snowpark session reaches the server. */
export interface WorkerLogin {
  readonly account: string;
  readonly host: string;
  readonly port: number;
  readonly protocol: 'http';
  readonly user: string;
  /** OAuth token that only this call uses; whoever issues it revokes it when the call has ended. */
  readonly token: string;
  readonly role?: string;
  readonly database?: string;
  readonly schema?: string;
  readonly warehouse?: string;
}

export interface ProcedureCall {
  readonly code: PythonCode;
  readonly arguments: readonly { readonly type: SnowflakeType; readonly cell: Cell }[];
  readonly returns: PythonReturns;
  readonly login: WorkerLogin;
  /** IANA name, the session's TIMEZONE. */
  readonly timezone: string;
  /** Aborting ends the worker and everything it started. */
  readonly signal?: AbortSignal;
  /** What the code prints, up to a mebibyte. */
  readonly onOutput?: (stream: OutputStream, data: Buffer) => void;
}

/** A scalar, or for RETURNS TABLE the query of the call's session that holds the rows (null for none). */
export type ProcedureValue =
  | { readonly kind: 'cell'; readonly cell: Cell }
  | { readonly kind: 'query'; readonly queryId: string | null };

const outputLimit = 1024 * 1024;
const errorOutputLimit = 2048;

/**
 * Runs a procedure's handler in a process of its own.
 * @throws SnowflakeError `python` with the traceback, `pythonProcessLost`, `queryCancelled`
 */
export async function callProcedure(host: WorkerHost, call: ProcedureCall): Promise<ProcedureValue> {
  if (isAborted(call)) throw SnowflakeError.of('queryCancelled', {});
  const folder = await makeTaskFolder(host, call.code.imports);
  const errors = new OutputTail(errorOutputLimit);
  let task: WorkerTask | undefined;
  const abort = (): void => task?.kill();
  try {
    task = await host.start({
      modules: preloadedModules(['snowflake-snowpark-python', ...call.code.packages]),
      output: { limit: outputLimit },
      onOutput: (stream, data) => {
        if (stream === 'stderr') errors.add(data);
        call.onOutput?.(stream, data);
      },
    });
    call.signal?.addEventListener('abort', abort);
    if (isAborted(call)) task.kill();
    await task.send({
      kind: 'procedure',
      setting: folder.setting,
      code: call.code.source ?? null,
      handler: call.code.handler,
      arguments: call.arguments,
      returns: returnsForWorker(call.returns),
      connection: call.login,
      timezone: call.timezone,
    });
    const answer = (await task.receive())?.header;
    if (answer !== undefined) return valueOf(call, answer);
    const end = await task.ended;
    if (isAborted(call)) throw SnowflakeError.of('queryCancelled', {});
    throw lostWorker(call.code, end, errors.text());
  } finally {
    call.signal?.removeEventListener('abort', abort);
    // The answer is given while the process ends; what is left of it goes in the background.
    task?.kill();
    void (task?.ended ?? Promise.resolve()).then(() => folder.remove());
  }
}

function valueOf(call: ProcedureCall, answer: Readonly<Record<string, unknown>>): ProcedureValue {
  if (answer['error'] !== undefined) throw pythonError(call.code, answer['error'] as PythonFailure);
  if (answer['query'] !== undefined) return { kind: 'query', queryId: answer['query'] as string | null };
  return { kind: 'cell', cell: answer['cell'] as Cell };
}

function isAborted(call: ProcedureCall): boolean {
  return call.signal?.aborted === true;
}
