/** https://docs.snowflake.com/en/developer-guide/snowpark-container-services/working-with-compute-pool#compute-pool-lifecycle */
export type PoolState = 'STARTING' | 'ACTIVE' | 'IDLE' | 'RESIZING' | 'STOPPING' | 'SUSPENDED';

export interface PoolSettings {
  readonly minNodes: number;
  readonly maxNodes: number;
  /** 0 for never. */
  readonly autoSuspendSeconds: number;
  readonly autoResume: boolean;
}

/** What SHOW COMPUTE POOLS says of a pool's nodes. */
export interface PoolFacts {
  readonly state: PoolState;
  /** Nodes with work. */
  readonly activeNodes: number;
  /** Nodes without. */
  readonly idleNodes: number;
  /** Nodes wanted. */
  readonly targetNodes: number;
  /** Jobs that run or wait. */
  readonly jobs: number;
  /** Services that run or wait. */
  readonly services: number;
  /** Epoch milliseconds. */
  readonly resumedOn: number;
  /** Why work waits; undefined when none does. */
  readonly waitingFor: 'nodes' | 'resume' | undefined;
}

/** Compute pools' nodes, by the pool's name: implemented by the runtime. */
export interface PoolEffects {
  define(name: string, settings: PoolSettings, suspended: boolean): void;
  change(name: string, settings: PoolSettings): void;
  suspend(name: string): void;
  resume(name: string): void;
  /** Ends every job of the pool. */
  stopAll(name: string): Promise<void>;
  drop(name: string): void;
  facts(name: string): PoolFacts;
}
