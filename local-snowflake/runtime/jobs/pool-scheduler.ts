import { SnowflakeError } from '../../errors/snowflake-error.ts';
import type { Clock } from '../../platform/clock.ts';
import type { PoolFacts, PoolSettings } from '../../objects/pool-effects.ts';
import { ComputePool, type NodeLease, type NodeRequest, type PoolTimes } from './compute-pool.ts';

export interface PoolSchedulerOptions {
  readonly clock: Clock;
  /** Told when a pool suspended itself or was resumed by work, so that the change is kept. */
  readonly onSuspended?: (name: string, suspended: boolean) => void;
  readonly times?: Partial<PoolTimes>;
}

// Nodes are processes of this machine: there at once. Those above the minimum stay a while, for the next job.
const defaultTimes: PoolTimes = { provision: 0, linger: 60_000 };

/** The account's compute pools, by folded name. */
export class PoolScheduler {
  readonly #options: PoolSchedulerOptions;
  readonly #pools = new Map<string, ComputePool>();

  constructor(options: PoolSchedulerOptions) {
    this.#options = options;
  }

  /** A pool that was created, or that is there again after a restart. */
  define(name: string, settings: PoolSettings, suspended: boolean): void {
    const { clock, onSuspended, times } = this.#options;
    const pool: ComputePool = new ComputePool(clock, settings, suspended, { ...defaultTimes, ...times }, () => {
      onSuspended?.(name, pool.suspended);
    });
    this.#pools.set(name, pool);
  }

  change(name: string, settings: PoolSettings): void {
    this.#pool(name).change(settings);
  }

  suspend(name: string): void {
    this.#pool(name).suspend();
  }

  resume(name: string): void {
    this.#pool(name).resume();
  }

  drop(name: string): void {
    this.#pool(name).close();
    this.#pools.delete(name);
  }

  facts(name: string): PoolFacts {
    return this.#pool(name).facts();
  }

  /** The most nodes that a pool can have. */
  largest(name: string): number {
    return this.#pool(name).settings.maxNodes;
  }

  /**
   * Queues a job for nodes.
   * @throws SnowflakeError `execution` when the pool can never have as many as the job needs at least
   */
  request(name: string, request: NodeRequest): NodeLease {
    const pool = this.#pool(name);
    if (request.minimum > pool.settings.maxNodes) {
      throw SnowflakeError.of('execution', {
        message: `The job needs ${String(request.minimum)} nodes, compute pool ${name} has ${String(pool.settings.maxNodes)} at most. Raise its MAX_NODES or lower the job's instances.`,
      });
    }
    return pool.request(request);
  }

  close(): void {
    for (const pool of this.#pools.values()) pool.close();
    this.#pools.clear();
  }

  #pool(name: string): ComputePool {
    const pool = this.#pools.get(name);
    if (pool === undefined) throw SnowflakeError.of('objectDoesNotExist', { kind: 'Compute Pool', name });
    return pool;
  }
}
