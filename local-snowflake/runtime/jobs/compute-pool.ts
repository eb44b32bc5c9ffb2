import type { PoolFacts, PoolSettings, PoolState } from '../../objects/pool-effects.ts';
import type { Clock } from '../../platform/clock.ts';

/** A job's request for nodes: started with at least `minimum`, given more up to `target` as they come free. */
export interface NodeRequest {
  readonly minimum: number;
  readonly target: number;
  /** Called with the number of nodes that are granted, each time some are. */
  readonly granted: (count: number) => void;
  /** Id of the service that asks; left out for jobs. */
  readonly service?: string;
}

export interface NodeLease {
  /** One of the granted nodes has no work any more. */
  release(): void;
  /** Gives back what is granted and takes what is not from the queue. */
  end(): void;
}

export interface PoolTimes {
  /** How long a node takes to come up. Milliseconds. */
  readonly provision: number;
  /** How long a node above the minimum is kept without work. Milliseconds. */
  readonly linger: number;
}

interface Claim {
  readonly request: NodeRequest;
  /** Nodes that work for it now. */
  held: number;
  /** Nodes it was ever granted. */
  given: number;
  ended: boolean;
}

/** The nodes of one compute pool: who has which, who waits, and when they come and go. One instance of a job has one node. */
export class ComputePool {
  readonly #clock: Clock;
  readonly #times: PoolTimes;
  readonly #changed: () => void;
  #settings: PoolSettings;
  #suspended: boolean;
  #resumedOn: number;
  #ready = 0;
  #provisioning = 0;
  readonly #claims: Claim[] = [];
  #cancelIdle: (() => void) | undefined;
  #cancelLinger: (() => void) | undefined;
  readonly #cancelProvisioning = new Set<() => void>();

  /**
   * @param changed called when the pool suspended itself or was resumed by work
   */
  constructor(clock: Clock, settings: PoolSettings, suspended: boolean, times: PoolTimes, changed: () => void) {
    this.#clock = clock;
    this.#settings = settings;
    this.#suspended = suspended;
    this.#resumedOn = clock.now();
    this.#times = times;
    this.#changed = changed;
    this.#settle();
  }

  get suspended(): boolean {
    return this.#suspended;
  }

  get settings(): PoolSettings {
    return this.#settings;
  }

  facts(): PoolFacts {
    const active = this.#held;
    const waiting = this.#claims.some((claim) => claim.given === 0);
    return {
      state: this.#state(),
      activeNodes: active,
      idleNodes: this.#ready - active,
      targetNodes: this.#target,
      jobs: this.#claims.filter((claim) => claim.request.service === undefined).length,
      services: new Set(this.#claims.flatMap((claim) => claim.request.service ?? [])).size,
      resumedOn: this.#resumedOn,
      waitingFor: waiting ? (this.#suspended ? 'resume' : 'nodes') : undefined,
    };
  }

  request(request: NodeRequest): NodeLease {
    const claim: Claim = { request, held: 0, given: 0, ended: false };
    this.#claims.push(claim);
    if (this.#suspended && this.#settings.autoResume) this.resume();
    else this.#settle();
    return {
      release: () => {
        if (claim.ended || claim.held === 0) return;
        claim.held -= 1;
        this.#settle();
      },
      end: () => {
        if (claim.ended) return;
        claim.ended = true;
        this.#claims.splice(this.#claims.indexOf(claim), 1);
        this.#settle();
      },
    };
  }

  change(settings: PoolSettings): void {
    this.#settings = settings;
    this.#cancelIdle?.();
    this.#cancelIdle = undefined;
    this.#settle();
  }

  /** Running jobs keep their nodes to their end; waiting ones go on waiting. */
  suspend(): void {
    if (this.#suspended) return;
    this.#suspended = true;
    this.#settle();
    this.#changed();
  }

  resume(): void {
    if (!this.#suspended) return;
    this.#suspended = false;
    this.#resumedOn = this.#clock.now();
    this.#settle();
    this.#changed();
  }

  close(): void {
    for (const cancel of [this.#cancelIdle, this.#cancelLinger, ...this.#cancelProvisioning]) cancel?.();
    this.#cancelProvisioning.clear();
  }

  get #held(): number {
    return this.#claims.reduce((sum, claim) => sum + claim.held, 0);
  }

  /** Nodes that the pool should have now. */
  get #target(): number {
    if (this.#suspended) return this.#held;
    const wanted = this.#claims.reduce((sum, claim) => sum + claim.held + missing(claim), 0);
    const upper = Math.max(this.#settings.maxNodes, this.#held);
    return Math.min(Math.max(wanted, this.#settings.minNodes), upper);
  }

  #state(): PoolState {
    if (this.#suspended) return this.#ready + this.#provisioning > 0 ? 'STOPPING' : 'SUSPENDED';
    if (this.#ready === 0) return 'STARTING';
    if (this.#provisioning > 0) return 'RESIZING';
    return this.#claims.length > 0 ? 'ACTIVE' : 'IDLE';
  }

  /** Brings nodes, grants and timers in line with what is asked; called after every change. */
  #settle(): void {
    this.#grant();
    this.#provision();
    this.#shrink();
    this.#watchIdleness();
  }

  // First come, first served: a job that waits for many nodes is not overtaken by one that needs few.
  #grant(): void {
    if (this.#suspended) return;
    for (const claim of [...this.#claims]) {
      const free = this.#ready - this.#held;
      const wanted = missing(claim);
      const { minimum } = claim.request;
      const enough = free >= wanted || claim.given > 0 || (free >= minimum && this.#ready >= this.#settings.maxNodes);
      if (!enough) return;
      const count = Math.min(free, wanted);
      if (count === 0) continue;
      claim.held += count;
      claim.given += count;
      claim.request.granted(count);
    }
  }

  #provision(): void {
    while (this.#ready + this.#provisioning < this.#target) {
      this.#provisioning += 1;
      const cancel = this.#clock.at(this.#clock.now() + this.#times.provision, () => {
        this.#cancelProvisioning.delete(cancel);
        this.#provisioning -= 1;
        this.#ready += 1;
        this.#settle();
      });
      this.#cancelProvisioning.add(cancel);
    }
  }

  #shrink(): void {
    const surplus = this.#ready - this.#target;
    if (this.#suspended) {
      for (const cancel of this.#cancelProvisioning) cancel();
      this.#cancelProvisioning.clear();
      this.#provisioning = 0;
      this.#ready = this.#held;
      return;
    }
    if (surplus <= 0) {
      this.#cancelLinger?.();
      this.#cancelLinger = undefined;
      return;
    }
    this.#cancelLinger ??= this.#clock.at(this.#clock.now() + this.#times.linger, () => {
      this.#cancelLinger = undefined;
      this.#ready = Math.max(this.#target, this.#held);
      this.#settle();
    });
  }

  #watchIdleness(): void {
    const { autoSuspendSeconds } = this.#settings;
    if (this.#suspended || this.#claims.length > 0 || autoSuspendSeconds === 0) {
      this.#cancelIdle?.();
      this.#cancelIdle = undefined;
      return;
    }
    this.#cancelIdle ??= this.#clock.at(this.#clock.now() + autoSuspendSeconds * 1000, () => {
      this.#cancelIdle = undefined;
      this.suspend();
    });
  }
}

/** Nodes that a request has not been granted yet. */
function missing(claim: Claim): number {
  return claim.request.target - claim.given;
}
