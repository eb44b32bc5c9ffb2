import { SnowflakeError } from '../../errors/snowflake-error.ts';
import type { ServiceOrder, ServiceProgram } from '../../objects/service/service-definition.ts';
import type { ServiceFacts, ServiceStatus } from '../../objects/service/service-effects.ts';
import type { Clock } from '../../platform/clock.ts';
import type { NodeLease } from '../jobs/compute-pool.ts';
import { LoadScaler } from './load-scaler.ts';
import type { ServiceInstance, ServiceTarget } from './service-instance.ts';
import { ServiceSlot } from './service-slot.ts';

export interface ServiceRunOptions {
  readonly clock: Clock;
  readonly lease: (order: ServiceOrder, granted: () => void) => NodeLease;
  readonly launch: (order: ServiceOrder, index: number) => Promise<ServiceInstance>;
  /** Keeps that the service suspended itself, or was resumed by a request. */
  readonly keepSuspended: (suspended: boolean) => void;
}

/** One service: as many instances as it should have, and the way of requests to them. */
export class ServiceRun {
  readonly #options: ServiceRunOptions;
  readonly #slots = new Map<number, ServiceSlot>();
  readonly #listeners = new Set<() => void>();
  readonly #scaler: LoadScaler;
  #order: ServiceOrder;
  #target: number;
  #suspended: boolean;
  #stopping = 0;
  #resumedOn: number | null = null;
  #suspendedOn: number | null = null;
  #waiting = 0;
  #cancelIdle: (() => void) | undefined;

  constructor(order: ServiceOrder, options: ServiceRunOptions) {
    this.#order = order;
    this.#options = options;
    this.#suspended = order.settings.suspended;
    this.#target = smallest(order);
    this.#scaler = new LoadScaler({ clock: options.clock, grow: () => this.#step(1), shrink: () => this.#step(-1) });
  }

  get order(): ServiceOrder {
    return this.#order;
  }

  /** Starts what should run. */
  start(): void {
    void this.#settle();
    this.#observe();
  }

  update(order: ServiceOrder): void {
    this.#order = order;
    this.#target = clamp(this.#target, smallest(order), order.settings.maxInstances);
    if (order.settings.suspended === this.#suspended) void this.#settle();
    else this.#turn(order.settings.suspended);
  }

  facts(): ServiceFacts {
    const instances = [...this.#slots.values()].map((slot) => slot.facts).sort((a, b) => a.index - b.index);
    const ready = instances.filter((each) => each.status === 'READY').length;
    const failed = instances.find((each) => each.status === 'FAILED');
    return {
      status: this.#status(ready),
      message: failed?.message ?? (ready > 0 ? 'Running' : this.#suspended ? 'Suspended' : (instances[0]?.message ?? '')),
      targetInstances: this.#suspended ? 0 : this.#target,
      resumedOn: this.#resumedOn,
      suspendedOn: this.#suspendedOn,
      instances,
    };
  }

  /**
   * Leads a request to an instance; waits for one that is ready, and resumes the service when it is suspended.
   * @throws SnowflakeError `serviceFailed` when none can be started, `serviceSuspended`, `queryCancelled`
   */
  async enter(port: number, signal: AbortSignal): Promise<ServiceTarget> {
    if (this.#suspended) {
      if (!this.#order.settings.autoResume) throw SnowflakeError.of('serviceSuspended', { name: this.#display });
      this.#turn(false);
      this.#options.keepSuspended(false);
    }
    if (this.#best === undefined) {
      this.#waiting += 1;
      this.#observe();
      try {
        await this.ready(signal);
      } finally {
        this.#waiting -= 1;
      }
    }
    const target = this.#best?.enter(port);
    if (target === undefined) throw SnowflakeError.of('serviceSuspended', { name: this.#display });
    this.#observe();
    return {
      ...target,
      leave: () => {
        target.leave();
        this.#observe();
      },
    };
  }

  /** Resolves when as many instances are ready as must be. @throws SnowflakeError `serviceFailed`, `queryCancelled` */
  ready(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (): boolean => {
        const { status, instances } = this.facts();
        const failed = instances.find((each) => each.status === 'FAILED');
        if (signal.aborted) reject(SnowflakeError.of('queryCancelled', {}));
        else if (status === 'RUNNING') resolve();
        else if (failed !== undefined) reject(SnowflakeError.of('serviceFailed', { name: this.#display, reason: failed.message }));
        else if (status === 'SUSPENDED' || status === 'SUSPENDING')
          reject(SnowflakeError.of('serviceSuspended', { name: this.#display }));
        else return false;
        return true;
      };
      if (settle()) return;
      const listener = (): void => {
        if (!settle()) return;
        this.#listeners.delete(listener);
        signal.removeEventListener('abort', listener);
      };
      this.#listeners.add(listener);
      signal.addEventListener('abort', listener);
    });
  }

  /** Ends every process; resolves when they are gone. */
  async stop(): Promise<void> {
    this.#suspended = true;
    this.#scaler.stop();
    this.#cancelIdle?.();
    await this.#settle();
  }

  /** The service suspends itself, or its pool does. */
  suspend(): void {
    if (this.#suspended) return;
    this.#turn(true);
    this.#options.keepSuspended(true);
  }

  get #display(): string {
    return [this.#order.database, this.#order.schema, this.#order.name].join('.');
  }

  get #instances(): ServiceInstance[] {
    return [...this.#slots.values()].flatMap((slot) => slot.ready ?? []);
  }

  get #best(): ServiceInstance | undefined {
    const [first, ...rest] = this.#instances;
    return rest.reduce((best, each) => (best !== undefined && best.load <= each.load ? best : each), first);
  }

  #status(ready: number): ServiceStatus {
    if (this.#suspended) return this.#stopping > 0 ? 'SUSPENDING' : 'SUSPENDED';
    return ready >= Math.max(1, Math.min(this.#order.settings.minReady, this.#target)) ? 'RUNNING' : 'PENDING';
  }

  #turn(suspended: boolean): void {
    this.#suspended = suspended;
    const now = this.#options.clock.now();
    if (suspended) this.#suspendedOn = now;
    else this.#resumedOn = now;
    this.#target = smallest(this.#order);
    this.#scaler.stop();
    void this.#settle();
    this.#observe();
  }

  #step(by: 1 | -1): boolean {
    const target = clamp(this.#target + by, smallest(this.#order), this.#order.settings.maxInstances);
    if (target === this.#target || this.#suspended) return false;
    this.#target = target;
    void this.#settle();
    return true;
  }

  /** Brings the slots in line with the target; resolves when those that are too many have ended. */
  #settle(): Promise<unknown> {
    const wanted = this.#suspended ? 0 : this.#target;
    for (let index = 0; index < wanted; index += 1) if (!this.#slots.has(index)) this.#add(index);
    const surplus = [...this.#slots.values()].filter((slot) => slot.index >= wanted);
    return Promise.all(surplus.map((slot) => this.#remove(slot)));
  }

  #add(index: number): void {
    const { clock, lease, launch } = this.#options;
    const slot = new ServiceSlot(index, {
      clock,
      lease: (granted) => lease(this.#order, granted),
      launch: (number) => launch(this.#order, number),
      changed: () => {
        this.#changed();
      },
    });
    this.#slots.set(index, slot);
  }

  async #remove(slot: ServiceSlot): Promise<void> {
    this.#slots.delete(slot.index);
    this.#stopping += 1;
    await slot.stop();
    this.#stopping -= 1;
    this.#changed();
  }

  #changed(): void {
    for (const listener of [...this.#listeners]) listener();
  }

  /** After each change of what is worked on: scaling, and the clock of idleness. */
  #observe(): void {
    const instances = this.#instances;
    const active = instances.reduce((sum, each) => sum + each.active, 0) + this.#waiting;
    if (!this.#suspended) this.#scaler.observe(active, this.#target * workersOf(this.#order.definition.program), this.#target);
    this.#cancelIdle?.();
    this.#cancelIdle = undefined;
    const { autoSuspendSeconds } = this.#order.settings;
    if (active > 0 || this.#suspended || autoSuspendSeconds === 0) return;
    const { clock } = this.#options;
    this.#cancelIdle = clock.at(clock.now() + autoSuspendSeconds * 1000, () => {
      this.suspend();
    });
  }
}

/** A service that may have none has one while it is not suspended. */
function smallest({ settings }: ServiceOrder): number {
  return Math.max(1, settings.minInstances);
}

function workersOf(program: ServiceProgram): number {
  return program.kind === 'model' ? program.workers : 1;
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), Math.max(low, high));
}
