import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { SnowflakeError } from '../../errors/snowflake-error.ts';
import type { LogLine } from '../../objects/job/job-effects.ts';
import type { ServiceOrder } from '../../objects/service/service-definition.ts';
import type { ServiceEffects, ServiceFacts } from '../../objects/service/service-effects.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Logger } from '../../platform/logger.ts';
import { readLog } from '../jobs/job-log.ts';
import type { PoolScheduler } from '../jobs/pool-scheduler.ts';
import type { WorkerHost } from '../worker-host.ts';
import { untilReady } from './readiness-probe.ts';
import { ServiceInstance, type ServiceTarget } from './service-instance.ts';
import type { ServicePorts } from './service-ports.ts';
import { ServiceRun } from './service-run.ts';
import { ServiceWorker } from './service-worker.ts';

export interface ServiceRunnerOptions {
  readonly host: WorkerHost;
  readonly pools: PoolScheduler;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly ports: ServicePorts;
  /** Where logs are kept, a folder for each service. */
  readonly folder: string;
}

const unknown: ServiceFacts = {
  status: 'PENDING',
  message: 'The service is being created.',
  targetInstances: 0,
  resumedOn: null,
  suspendedOn: null,
  instances: [],
};

/** Runs services on compute pools until they are stopped. */
export class ServiceRunner implements ServiceEffects {
  readonly #options: ServiceRunnerOptions;
  readonly #runs = new Map<string, ServiceRun>();
  #started = false;

  constructor(options: ServiceRunnerOptions) {
    this.#options = options;
  }

  /** The server listens now: what was defined before is started. */
  start(): void {
    this.#started = true;
    for (const run of this.#runs.values()) this.#startRun(run);
  }

  check(pool: string, minInstances: number): void {
    const nodes = this.#options.pools.largest(pool);
    const wanted = Math.max(1, minInstances);
    if (wanted <= nodes) return;
    throw SnowflakeError.of('execution', {
      message: `The service needs ${String(wanted)} nodes, compute pool ${pool} has ${String(nodes)} at most. Raise its MAX_NODES or lower the service's MIN_INSTANCES.`,
    });
  }

  define(order: ServiceOrder): void {
    const known = this.#runs.get(order.id);
    if (known !== undefined) {
      known.update(order);
      return;
    }
    const { clock, pools, ports, logger } = this.#options;
    const run = new ServiceRun(order, {
      clock,
      lease: ({ id, definition }, granted) => pools.request(definition.pool, { minimum: 1, target: 1, granted, service: id }),
      launch: (current, index) => this.#launch(current, index),
      keepSuspended: (suspended) => {
        ports.keepSuspended(order.id, suspended).catch((error: unknown) => {
          logger.error({ service: order.id, error }, "a service's state could not be kept");
        });
      },
    });
    this.#runs.set(order.id, run);
    if (this.#started) this.#startRun(run);
  }

  facts(id: string): ServiceFacts {
    return this.#runs.get(id)?.facts() ?? unknown;
  }

  ready(id: string, signal: AbortSignal): Promise<void> {
    return this.#run(id).ready(signal);
  }

  /** @throws SnowflakeError `serviceFailed`, `serviceSuspended`, `queryCancelled` */
  enter(id: string, port: number, signal: AbortSignal): Promise<ServiceTarget> {
    return this.#run(id).enter(port, signal);
  }

  async drop(id: string): Promise<void> {
    const run = this.#runs.get(id);
    this.#runs.delete(id);
    await run?.stop();
    await rm(this.#folderOf(id), { recursive: true, force: true });
  }

  async log(id: string, instance: number): Promise<readonly LogLine[] | undefined> {
    const files = await readdir(this.#folderOf(id)).catch(() => []);
    const own = files.filter((file) => file.startsWith(`instance-${String(instance)}-`) && file.endsWith('.log'));
    const logs = await Promise.all(own.map((file) => readLog(join(this.#folderOf(id), file))));
    if (logs.length === 0) return undefined;
    return logs.flatMap((lines) => lines ?? []).sort((a, b) => a.time - b.time);
  }

  url(host: string): string {
    return `${this.#options.ports.origin()}/ingress/${host}`;
  }

  /** Suspends every service of a pool, since the pool is. */
  suspendAll(pool: string): void {
    for (const run of this.#runs.values()) if (run.order.definition.pool === pool) run.suspend();
  }

  async close(): Promise<void> {
    await Promise.all([...this.#runs.values()].map((run) => run.stop()));
    this.#runs.clear();
  }

  /** After a restart a pool may be gone or too small: that is the service's failure, not the server's. */
  #startRun(run: ServiceRun): void {
    try {
      run.start();
    } catch (error) {
      this.#options.logger.error({ service: run.order.id, error }, 'a service could not be started');
    }
  }

  async #launch(order: ServiceOrder, index: number): Promise<ServiceInstance> {
    const { host, ports, clock } = this.#options;
    const { program } = order.definition;
    await mkdir(this.#folderOf(order.id), { recursive: true, mode: 0o700 });
    const access = await ports.openAccess(order);
    const count = program.kind === 'model' ? program.workers : 1;
    const versionFolder = program.kind === 'model' ? ports.versionFolder(program.model, program.version) : undefined;
    const workers: ServiceWorker[] = [];
    try {
      for (let number = 0; number < count; number += 1) {
        const log = join(this.#folderOf(order.id), `instance-${String(index)}-${String(number)}.log`);
        workers.push(await ServiceWorker.start(host, order, log, access, versionFolder));
      }
    } catch (error) {
      for (const worker of workers) worker.kill();
      await access.close();
      throw error;
    }
    const gone = new AbortController();
    const ready =
      program.kind === 'model'
        ? Promise.all(workers.map((worker) => worker.listening()))
        : untilReady(program.readiness, clock, gone.signal);
    const instance = new ServiceInstance(workers, ready);
    void instance.ended.then(async () => {
      gone.abort();
      await access.close();
    });
    return instance;
  }

  #run(id: string): ServiceRun {
    const run = this.#runs.get(id);
    if (run === undefined) throw SnowflakeError.of('objectDoesNotExist', { kind: 'Service', name: id });
    return run;
  }

  #folderOf(id: string): string {
    return join(this.#options.folder, id);
  }
}
