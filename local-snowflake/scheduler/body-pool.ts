/** Bounds how many task bodies run at once; the others wait in the order in which they became ready. */
export class BodyPool {
  readonly #size: number;
  readonly #waiting: (() => void)[] = [];
  #taken = 0;

  constructor(size: number) {
    this.#size = size;
  }

  /** Calls `start` at once, or as soon as there is room. Whoever was started calls `release` once. */
  enter(start: () => void): void {
    if (this.#taken >= this.#size) {
      this.#waiting.push(start);
      return;
    }
    this.#taken += 1;
    start();
  }

  release(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#taken -= 1;
    // In a turn of its own: tasks that end as soon as they start must not pile up on the stack.
    else queueMicrotask(next);
  }
}
