import { SnowflakeError } from '../errors/snowflake-error.ts';
import type { NotebookRun } from '../objects/notebook/notebook-effects.ts';
import { OutputTail } from './output-tail.ts';
import { preloadedModules } from './preloaded-modules.ts';
import type { WorkerLogin } from './procedure-call.ts';
import { makeTaskFolder } from './task-folder.ts';
import { lostWorker } from './worker-failure.ts';
import type { WorkerHost } from './worker-host.ts';
import type { WorkerTask } from './worker-task.ts';

export interface NotebookCall {
  readonly name: string;
  /** Text of the .ipynb file. */
  readonly text: string;
  readonly arguments: readonly string[];
  readonly login: WorkerLogin;
  readonly signal: AbortSignal;
}

const outputLimit = 1024 * 1024;
const errorOutputLimit = 2048;

/**
 * Runs a notebook's cells in a process of their own.
 * @throws SnowflakeError `pythonProcessLost`, `queryCancelled`
 */
export async function runNotebook(host: WorkerHost, call: NotebookCall): Promise<NotebookRun> {
  const folder = await makeTaskFolder(host, []);
  const errors = new OutputTail(errorOutputLimit);
  let task: WorkerTask | undefined;
  const abort = (): void => task?.kill();
  call.signal.addEventListener('abort', abort);
  try {
    task = await host.start({
      modules: preloadedModules(['snowflake-snowpark-python', 'pandas']),
      output: { limit: outputLimit },
      onOutput: (stream, data) => {
        if (stream === 'stderr') errors.add(data);
      },
    });
    if (call.signal.aborted) task.kill();
    const header = { kind: 'notebook', setting: folder.setting, arguments: call.arguments, connection: call.login };
    await task.send(header, Buffer.from(call.text));
    const answer = await task.receive();
    if (answer === undefined) {
      const end = await task.ended;
      if (call.signal.aborted) throw SnowflakeError.of('queryCancelled', {});
      throw lostWorker({ name: call.name, handler: 'notebook', imports: [], packages: [] }, end, errors.text());
    }
    const failure = answer.header['error'] as NotebookRun['failure'] | null;
    return { text: answer.payload.toString(), failure: failure ?? undefined };
  } finally {
    call.signal.removeEventListener('abort', abort);
    task?.kill();
    void (task?.ended ?? Promise.resolve()).then(() => folder.remove());
  }
}
