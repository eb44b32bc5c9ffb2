import type { Clock } from '../../platform/clock.ts';

export interface LoadScalerOptions {
  readonly clock: Clock;
  /** Called when there has been too much, or too little, to do for long enough; true when the number of instances changed. */
  readonly grow: () => boolean;
  readonly shrink: () => boolean;
}

// https://docs.snowflake.com/en/developer-guide/snowflake-ml/inference/service-management#how-autoscaling-works
const triggerMilliseconds = 60_000;

type Direction = 'grow' | 'shrink';

/** Changes the number of instances when requests wait, or instances idle, for a minute on end. */
export class LoadScaler {
  readonly #options: LoadScalerOptions;
  #direction: Direction | undefined;
  #cancel: (() => void) | undefined;

  constructor(options: LoadScalerOptions) {
    this.#options = options;
  }

  /** Told after every change of what is going on. `requests` are worked on by `places` processes in `instances` instances. */
  observe(requests: number, places: number, instances: number): void {
    const fewer = instances === 0 ? 0 : (places / instances) * (instances - 1);
    this.#turn(requests > places ? 'grow' : requests <= fewer ? 'shrink' : undefined);
  }

  stop(): void {
    this.#turn(undefined);
  }

  #turn(direction: Direction | undefined): void {
    if (direction === this.#direction) return;
    this.#cancel?.();
    this.#cancel = undefined;
    this.#direction = direction;
    if (direction !== undefined) this.#arm(direction);
  }

  #arm(direction: Direction): void {
    const { clock } = this.#options;
    this.#cancel = clock.at(clock.now() + triggerMilliseconds, () => {
      // As long as it goes on, another step each minute.
      if (this.#options[direction]()) this.#arm(direction);
      else this.#direction = undefined;
    });
  }
}
