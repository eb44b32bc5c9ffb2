/** Counts the statements that may change what an engine's queries read, on all of its connections. */
export class DataWrites {
  #begun = 0;
  #running = 0;

  /** Runs what may write. */
  async during<T>(write: () => Promise<T>): Promise<T> {
    this.#begun += 1;
    this.#running += 1;
    try {
      return await write();
    } finally {
      this.#running -= 1;
    }
  }

  /** A mark for `noneSince`; undefined while something is being written. */
  now(): number | undefined {
    return this.#running === 0 ? this.#begun : undefined;
  }

  /** Whether nothing has been written since `now()` gave that mark, nor is being written. */
  noneSince(mark: number): boolean {
    return this.#begun === mark;
  }
}
