import type { Frame } from './frame-codec.ts';
import type { WorkerConnection } from './worker-connection.ts';

/** How a worker process ended. */
export interface TaskEnd {
  /** Exit code; undefined when a signal ended it. */
  readonly code?: number;
  /** Signal's name, `SIGKILL`. */
  readonly signal?: string;
  /** Bytes of output that were not kept. */
  readonly dropped: number;
  /** Set when the process was not even started or its supervisor was lost. */
  readonly lost?: string;
}

export type OutputStream = 'stdout' | 'stderr';

export interface TaskEvents {
  readonly onOutput?: ((stream: OutputStream, data: Buffer) => void) | undefined;
}

/** A worker process doing one task: frames to and from it, its end, and the way to end it. */
export class WorkerTask {
  readonly #supervisor: WorkerConnection;
  readonly #worker: Promise<WorkerConnection | undefined>;
  readonly #events: TaskEvents;
  /** Resolves when the process and all it started are gone. */
  readonly ended: Promise<TaskEnd>;

  /**
   * @param worker resolves to undefined when the process ended before it called in
   */
  constructor(supervisor: WorkerConnection, worker: Promise<WorkerConnection | undefined>, events: TaskEvents) {
    this.#supervisor = supervisor;
    this.#worker = worker;
    this.#events = events;
    this.ended = this.#watch();
  }

  async send(header: Readonly<Record<string, unknown>>, payload?: Uint8Array): Promise<void> {
    const worker = await this.#worker;
    worker?.send(header, payload);
  }

  /** The worker's next frame, or undefined when it has ended. */
  async receive(): Promise<Frame | undefined> {
    const worker = await this.#worker;
    return worker?.next();
  }

  /** Lets the worker end by itself: it finds that nobody listens any more. */
  async hangUp(): Promise<void> {
    const worker = await this.#worker;
    worker?.close();
  }

  kill(signal: 'KILL' | 'TERM' = 'KILL'): void {
    this.#supervisor.send({ signal });
  }

  async #watch(): Promise<TaskEnd> {
    for (;;) {
      const frame = await this.#supervisor.next();
      if (frame === undefined) {
        await this.hangUp();
        return { dropped: 0, lost: 'its supervising process was lost' };
      }
      const { header, payload } = frame;
      if (header['output'] !== undefined) {
        this.#events.onOutput?.(header['output'] as OutputStream, payload);
        continue;
      }
      this.#supervisor.close();
      return header as unknown as TaskEnd;
    }
  }
}
