import { describeEnd } from '../worker-failure.ts';
import type { ServiceWorker } from './service-worker.ts';

/** Where a request goes. */
export interface ServiceTarget {
  readonly address: string;
  readonly port: number;
  /** The request is over. */
  leave(): void;
}

/** The processes of one instance, which come and go together. */
export class ServiceInstance {
  readonly #workers: readonly ServiceWorker[];
  /** Resolves to why it will never be ready; undefined when it is. */
  readonly readiness: Promise<string | undefined>;
  /** Resolves when every process is gone; says how the first one ended. */
  readonly ended: Promise<{ readonly how: string; readonly code: number | null }>;

  /** @param ready rejects when the instance will never be ready */
  constructor(workers: readonly ServiceWorker[], ready: Promise<unknown>) {
    this.#workers = workers;
    const first = Promise.race(workers.map((worker) => worker.ended));
    this.readiness = Promise.race([
      ready.then(
        () => undefined,
        (error: unknown) => (error instanceof Error ? error.message : String(error)),
      ),
      first.then((end) => `the process ended before it was ready: ${describeEnd(end)}`),
    ]);
    this.ended = first.then(async (end) => {
      this.kill();
      await Promise.all(workers.map((worker) => worker.ended));
      return { how: describeEnd(end), code: end.code ?? null };
    });
  }

  /** How many requests are worked on, for each process. */
  get load(): number {
    return this.active / this.#workers.length;
  }

  get active(): number {
    return this.#workers.reduce((sum, worker) => sum + worker.active, 0);
  }

  /** The process with the least to do. `port` is the endpoint's, for processes that choose their own by it. */
  enter(port: number): ServiceTarget {
    const worker = this.#workers.reduce((least, each) => (each.active < least.active ? each : least));
    worker.active += 1;
    let inside = true;
    return {
      address: '127.0.0.1',
      port: worker.port === 0 ? port : worker.port,
      leave: () => {
        if (inside) worker.active -= 1;
        inside = false;
      },
    };
  }

  kill(): void {
    for (const worker of this.#workers) worker.kill();
  }
}
