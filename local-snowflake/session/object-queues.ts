import { Mutex } from '../platform/mutex.ts';

/** Lets changes of one object wait for one another: each starts from what the one before has left. */
export class ObjectQueues {
  readonly #queues = new Map<string, { readonly mutex: Mutex; waiting: number }>();

  async run<T>(id: string, change: () => Promise<T>): Promise<T> {
    const queue = this.#queues.get(id) ?? { mutex: new Mutex(), waiting: 0 };
    this.#queues.set(id, queue);
    queue.waiting += 1;
    try {
      return await queue.mutex.run(change);
    } finally {
      queue.waiting -= 1;
      if (queue.waiting === 0) this.#queues.delete(id);
    }
  }
}
