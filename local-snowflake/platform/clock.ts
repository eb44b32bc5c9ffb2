/** Time as the local Snowflake sees it. Nothing outside `platform/` reads the machine's clock or sets timers. */
export interface Clock {
  /** Milliseconds since the epoch, UTC. */
  now(): number;
  /** Calls `callback` once `now()` has reached `at` (epoch milliseconds); returns how to cancel it. */
  at(at: number, callback: () => void): () => void;
}

// Node clamps longer delays to 1 ms, so far-away instants are reached in several hops.
const longestDelay = 2 ** 31 - 1;

export class SystemClock implements Clock {
  now(): number {
    return Date.now();
  }

  at(at: number, callback: () => void): () => void {
    let timer: NodeJS.Timeout;
    const arm = (): void => {
      const wait = Math.max(0, at - Date.now());
      timer = setTimeout(
        () => {
          if (Date.now() >= at) callback();
          else arm();
        },
        Math.min(wait, longestDelay),
      );
      timer.unref();
    };
    arm();
    return () => {
      clearTimeout(timer);
    };
  }
}

interface Alarm {
  readonly at: number;
  readonly order: number;
  readonly callback: () => void;
}

/** A clock that stands still until a test moves it. Alarms fire in order of their instant, then of their setting. */
export class FakeClock implements Clock {
  #now: number;
  #order = 0;
  readonly #alarms = new Set<Alarm>();

  constructor(start: number | string = '2026-01-01T00:00:00Z') {
    this.#now = typeof start === 'number' ? start : Date.parse(start);
  }

  now(): number {
    return this.#now;
  }

  at(at: number, callback: () => void): () => void {
    const alarm: Alarm = { at, order: this.#order++, callback };
    this.#alarms.add(alarm);
    return () => {
      this.#alarms.delete(alarm);
    };
  }

  /** How many alarms are set. */
  get pending(): number {
    return this.#alarms.size;
  }

  /** Moves time to `target`, firing every alarm on the way; awaits a turn of the event loop after each. */
  async advanceTo(target: number): Promise<void> {
    for (;;) {
      const next = [...this.#alarms].filter((alarm) => alarm.at <= target).sort((a, b) => a.at - b.at || a.order - b.order)[0];
      if (next === undefined) break;
      this.#alarms.delete(next);
      this.#now = Math.max(this.#now, next.at);
      next.callback();
      await new Promise((resolve) => setImmediate(resolve));
    }
    this.#now = Math.max(this.#now, target);
  }

  async advanceBy(milliseconds: number): Promise<void> {
    await this.advanceTo(this.#now + milliseconds);
  }
}
