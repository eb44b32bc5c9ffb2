import type { ServiceInstanceFacts } from '../../objects/service/service-effects.ts';
import type { InstanceStatus } from '../../objects/job/job-record.ts';
import type { Clock } from '../../platform/clock.ts';
import type { NodeLease } from '../jobs/compute-pool.ts';
import type { ServiceInstance } from './service-instance.ts';

export interface SlotOptions {
  readonly clock: Clock;
  /** Asks the pool for a node; calls back when there is one. */
  readonly lease: (granted: () => void) => NodeLease;
  /** Starts an instance; resolves when its processes are there, not when it is ready. */
  readonly launch: (index: number) => Promise<ServiceInstance>;
  readonly changed: () => void;
}

const firstDelay = 1000;
const longestDelay = 5 * 60 * 1000;

/** The place of one instance: its node, its processes, and a new start when they end. */
export class ServiceSlot {
  readonly index: number;
  readonly #options: SlotOptions;
  readonly #lease: NodeLease;
  #status: InstanceStatus = 'PENDING';
  #message = 'Waiting for a node.';
  #instance: ServiceInstance | undefined;
  #startedOn: number | null = null;
  #restartedOn: number | null = null;
  #exitCode: number | null = null;
  #restarts = 0;
  #stopped = false;
  #launching: Promise<void> = Promise.resolve();
  #cancelRestart: (() => void) | undefined;

  constructor(index: number, options: SlotOptions) {
    this.index = index;
    this.#options = options;
    this.#lease = options.lease(() => {
      // Also called within `lease` itself, when a node is free.
      this.#launching = Promise.resolve().then(() => this.#run());
    });
  }

  get facts(): ServiceInstanceFacts {
    return {
      index: this.index,
      status: this.#status,
      message: this.#message,
      address: '127.0.0.1',
      startedOn: this.#startedOn,
      exitCode: this.#exitCode,
      restarts: this.#restarts,
      restartedOn: this.#restartedOn,
    };
  }

  /** The instance, when it takes requests. */
  get ready(): ServiceInstance | undefined {
    return this.#status === 'READY' ? this.#instance : undefined;
  }

  /** Ends the processes and gives the node back; resolves when both are done. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancelRestart?.();
    this.#set('TERMINATING', 'The instance is being stopped.');
    this.#instance?.kill();
    await this.#launching;
    this.#lease.end();
  }

  async #run(): Promise<void> {
    if (this.#stopped) return;
    this.#set('PENDING', 'Waiting to start');
    let how: string;
    try {
      const instance = await this.#options.launch(this.index);
      this.#instance = instance;
      this.#startedOn = this.#options.clock.now();
      // Told to stop while it started.
      if (this.#stopped as boolean) instance.kill();
      const failure = await instance.readiness;
      if (failure === undefined && !this.#stopped) this.#set('READY', 'Running');
      else if (failure !== undefined) instance.kill();
      const end = await instance.ended;
      this.#exitCode = end.code;
      how = failure ?? end.how;
    } catch (error) {
      how = error instanceof Error ? error.message : String(error);
    }
    this.#instance = undefined;
    if (!this.#stopped) this.#restart(how);
  }

  #restart(how: string): void {
    const { clock } = this.#options;
    const delay = Math.min(firstDelay * 2 ** this.#restarts, longestDelay);
    this.#restarts += 1;
    this.#set('FAILED', how);
    this.#cancelRestart = clock.at(clock.now() + delay, () => {
      this.#restartedOn = clock.now();
      this.#launching = this.#run();
    });
  }

  #set(status: InstanceStatus, message: string): void {
    this.#status = status;
    this.#message = message;
    this.#options.changed();
  }
}
