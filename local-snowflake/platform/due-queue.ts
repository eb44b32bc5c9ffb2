import type { Clock } from './clock.ts';

interface Due<T> {
  readonly at: number;
  readonly order: number;
  readonly value: T;
  cancelled: boolean;
}

/** Many due times behind a single alarm of the clock: a binary heap, earliest first, equal times in the order of adding. */
export class DueQueue<T> {
  readonly #clock: Clock;
  readonly #due: (value: T, at: number) => void;
  #heap: Due<T>[] = [];
  #cancelled = 0;
  #order = 0;
  #disarm: (() => void) | undefined;
  #armedFor = Number.POSITIVE_INFINITY;

  /** `due` is called for each value once its time has come. */
  constructor(clock: Clock, due: (value: T, at: number) => void) {
    this.#clock = clock;
    this.#due = due;
  }

  /** Returns how to cancel. */
  add(at: number, value: T): () => void {
    const due: Due<T> = { at, order: this.#order, value, cancelled: false };
    this.#order += 1;
    push(this.#heap, due);
    this.#arm();
    return () => {
      if (due.cancelled) return;
      due.cancelled = true;
      this.#cancelled += 1;
      if (this.#cancelled > 64 && this.#cancelled > this.#heap.length / 2) this.#sweep();
    };
  }

  close(): void {
    this.#disarm?.();
    this.#disarm = undefined;
    this.#heap = [];
  }

  /** Most things that are watched for a timeout end before it: their entries must not pile up. */
  #sweep(): void {
    const kept = this.#heap.filter((due) => !due.cancelled);
    this.#heap = [];
    this.#cancelled = 0;
    for (const due of kept) push(this.#heap, due);
  }

  #arm(): void {
    while (this.#heap[0]?.cancelled === true) this.#take();
    const next = this.#heap[0]?.at ?? Number.POSITIVE_INFINITY;
    if (next >= this.#armedFor && this.#disarm !== undefined) return;
    this.#disarm?.();
    this.#disarm = undefined;
    this.#armedFor = next;
    if (next === Number.POSITIVE_INFINITY) return;
    this.#disarm = this.#clock.at(next, () => {
      this.#disarm = undefined;
      this.#armedFor = Number.POSITIVE_INFINITY;
      this.#fire();
    });
  }

  #fire(): void {
    const now = this.#clock.now();
    for (let first = this.#heap[0]; first !== undefined && first.at <= now; first = this.#heap[0]) {
      this.#take();
      if (first.cancelled) continue;
      // What has fired can no longer be cancelled.
      first.cancelled = true;
      this.#due(first.value, first.at);
    }
    this.#arm();
  }

  #take(): void {
    if (this.#heap[0]?.cancelled === true) this.#cancelled -= 1;
    pop(this.#heap);
  }
}

function before<T>(a: Due<T> | undefined, b: Due<T> | undefined): boolean {
  if (a === undefined || b === undefined) return false;
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}

function push<T>(heap: Due<T>[], due: Due<T>): void {
  let position = heap.push(due) - 1;
  for (;;) {
    const parent = (position - 1) >> 1;
    if (position === 0 || !before(heap[position], heap[parent])) return;
    swap(heap, position, parent);
    position = parent;
  }
}

function pop<T>(heap: Due<T>[]): void {
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return;
  heap[0] = last;
  let position = 0;
  for (;;) {
    const left = 2 * position + 1;
    const smaller = before(heap[left + 1], heap[left]) ? left + 1 : left;
    if (!before(heap[smaller], heap[position])) return;
    swap(heap, position, smaller);
    position = smaller;
  }
}

function swap<T>(heap: Due<T>[], a: number, b: number): void {
  const first = heap[a];
  const second = heap[b];
  if (first === undefined || second === undefined) return;
  heap[a] = second;
  heap[b] = first;
}
