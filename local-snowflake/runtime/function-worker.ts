import { SnowflakeError } from '../errors/snowflake-error.ts';
import type { SnowflakeType } from '../sql/types.ts';
import type { Frame } from './frame-codec.ts';
import { OutputTail } from './output-tail.ts';
import { preloadedModules } from './preloaded-modules.ts';
import { type PythonCode, type PythonReturns, returnsForWorker } from './python-code.ts';
import { type TaskFolder, makeTaskFolder } from './task-folder.ts';
import { type PythonFailure, lostWorker, pythonError } from './worker-failure.ts';
import type { WorkerHost } from './worker-host.ts';
import type { WorkerTask } from './worker-task.ts';

/** A Python function: its code and its types. */
export interface PythonFunctionDefinition {
  readonly code: PythonCode;
  readonly parameters: readonly { readonly name: string; readonly type: SnowflakeType }[];
  readonly returns: PythonReturns;
  /** IANA name, the session's TIMEZONE. */
  readonly timezone: string;
}

const errorOutputLimit = 2048;

/** A process that has a function loaded and answers one batch after the other. */
export class FunctionWorker {
  readonly #code: PythonCode;
  readonly #task: WorkerTask;
  readonly #errors: OutputTail;

  private constructor(code: PythonCode, task: WorkerTask, errors: OutputTail) {
    this.#code = code;
    this.#task = task;
    this.#errors = errors;
  }

  static async start(host: WorkerHost, definition: PythonFunctionDefinition): Promise<FunctionWorker> {
    const { code } = definition;
    const folder: TaskFolder = await makeTaskFolder(host, code.imports);
    const errors = new OutputTail(errorOutputLimit);
    try {
      const task = await host.start({
        modules: preloadedModules(code.packages),
        output: { limit: errorOutputLimit },
        onOutput: (_, data) => {
          errors.add(data);
        },
      });
      void task.ended.then(() => folder.remove());
      await task.send({
        kind: 'function',
        setting: folder.setting,
        code: code.source ?? null,
        handler: code.handler,
        arguments: definition.parameters.map((each) => each.type),
        argumentNames: definition.parameters.map((each) => each.name),
        returns: returnsForWorker(definition.returns),
        timezone: definition.timezone,
      });
      return new FunctionWorker(code, task, errors);
    } catch (error) {
      await folder.remove();
      throw error;
    }
  }

  /** Resolves when the process is gone. */
  get ended(): Promise<unknown> {
    return this.#task.ended;
  }

  /**
   * Sends a batch and resolves with its answer, both as in column-frame.ts. A worker whose code raised, or that was cancelled, is
   * spent.
   * @throws SnowflakeError `python`, `pythonProcessLost`, `queryCancelled`
   */
  async answer(batch: Readonly<Record<string, unknown>>, columns: Buffer, signal: AbortSignal | undefined): Promise<Frame> {
    const abort = (): void => {
      this.#task.kill();
    };
    signal?.addEventListener('abort', abort, { once: true });
    try {
      if (signal?.aborted === true) abort();
      await this.#task.send(batch, columns);
      const frame = await this.#task.receive();
      if (frame === undefined) {
        const end = await this.#task.ended;
        throw signal?.aborted === true ? SnowflakeError.of('queryCancelled', {}) : lostWorker(this.#code, end, this.#errors.text());
      }
      if (frame.header['error'] !== undefined) throw pythonError(this.#code, frame.header['error'] as PythonFailure);
      return frame;
    } finally {
      signal?.removeEventListener('abort', abort);
    }
  }

  stop(): void {
    this.#task.kill();
  }
}
