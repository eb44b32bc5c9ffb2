/** Runs callers one after the other, in the order in which they asked. */
export class Mutex {
  #tail: Promise<unknown> = Promise.resolve();

  run<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#tail.then(work, work);
    // The queue goes on whether or not this caller's work failed; the caller sees its own failure.
    this.#tail = result.catch(() => undefined);
    return result;
  }
}
