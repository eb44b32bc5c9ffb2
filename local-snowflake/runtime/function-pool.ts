import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import type { Clock } from '../platform/clock.ts';
import { FunctionWorker, type PythonFunctionDefinition } from './function-worker.ts';
import { returnsForWorker } from './python-code.ts';
import type { WorkerHost } from './worker-host.ts';

interface IdleWorker {
  readonly worker: FunctionWorker;
  readonly cancelStop: () => void;
}

/** A worker with its function loaded is kept this long for the next statement. Milliseconds. */
const warmMilliseconds = 10_000;
const idleWorkersPerFunction = 2;

/** Workers of functions, by what they have loaded. */
export class FunctionPool {
  readonly #host: WorkerHost;
  readonly #clock: Clock;
  readonly #idle = new Map<string, IdleWorker[]>();

  constructor(host: WorkerHost, clock: Clock) {
    this.#host = host;
    this.#clock = clock;
  }

  /** Lends a worker for as long as `work` runs. One whose work fails is not used again. */
  async use<T>(definition: PythonFunctionDefinition, work: (worker: FunctionWorker) => Promise<T>): Promise<T> {
    const key = await keyOf(definition);
    const worker = this.#take(key) ?? (await FunctionWorker.start(this.#host, definition));
    try {
      const result = await work(worker);
      this.#giveBack(key, worker);
      return result;
    } catch (error) {
      worker.stop();
      throw error;
    }
  }

  close(): void {
    for (const workers of this.#idle.values()) {
      for (const { worker, cancelStop } of workers) {
        cancelStop();
        worker.stop();
      }
    }
    this.#idle.clear();
  }

  #take(key: string): FunctionWorker | undefined {
    const idle = this.#idle.get(key)?.pop();
    idle?.cancelStop();
    return idle?.worker;
  }

  #giveBack(key: string, worker: FunctionWorker): void {
    const idle = this.#idle.get(key) ?? [];
    if (idle.length >= idleWorkersPerFunction) {
      worker.stop();
      return;
    }
    const entry: IdleWorker = {
      worker,
      cancelStop: this.#clock.at(this.#clock.now() + warmMilliseconds, () => {
        worker.stop();
        this.#forget(key, entry);
      }),
    };
    this.#idle.set(key, [...idle, entry]);
    // One that died while it idled must not be lent.
    void worker.ended.then(() => {
      entry.cancelStop();
      this.#forget(key, entry);
    });
  }

  #forget(key: string, entry: IdleWorker): void {
    const rest = (this.#idle.get(key) ?? []).filter((each) => each !== entry);
    if (rest.length === 0) this.#idle.delete(key);
    else this.#idle.set(key, rest);
  }
}

/** The same for two definitions only if a worker of one can answer for the other; a changed file on a stage makes another. */
async function keyOf({ code, parameters, returns, timezone }: PythonFunctionDefinition): Promise<string> {
  const files = await Promise.all(
    code.imports.map(async (file) => {
      const found = await stat(file.path).catch(() => undefined);
      return [file.name, file.path, found?.mtimeMs, found?.size, found?.ino];
    }),
  );
  const identity = [code.name, code.handler, code.source, files, code.packages, parameters, returnsForWorker(returns), timezone];
  return createHash('sha256').update(JSON.stringify(identity)).digest('hex');
}
