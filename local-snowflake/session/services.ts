import { join } from 'node:path';
import type { RecordIndex, Records, StoredRecord } from '../catalog/records.ts';
import { SnowflakeError } from '../errors/snowflake-error.ts';
import { isSuspended, poolSettings, withSuspended } from '../objects/compute-pool.ts';
import type { JobRecord } from '../objects/job/job-record.ts';
import { definitionOf, isServiceSuspended, orderOf, withServiceSuspended } from '../objects/service/service-definition.ts';
import type { TaskRunContext } from '../objects/task-run-context.ts';
import type { PoolEffects } from '../objects/pool-effects.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';
import type { JobAccess, JobPorts } from '../runtime/jobs/job-ports.ts';
import { JobRunner } from '../runtime/jobs/job-runner.ts';
import type { NodeLease } from '../runtime/jobs/compute-pool.ts';
import { PoolScheduler } from '../runtime/jobs/pool-scheduler.ts';
import { ServiceRunner } from '../runtime/services/service-runner.ts';
import type { WorkerHost } from '../runtime/worker-host.ts';
import type { Account } from './account.ts';
import { parametersOf } from './logins.ts';
import { Session } from './session.ts';
import { openSystemSession } from './system-session.ts';

export interface ServiceSources {
  readonly host: WorkerHost;
  readonly records: Records;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Folder of the account's files. */
  readonly folder: string;
  readonly account: () => Account;
}

/** Compute pools and the jobs on them, kept in the account's records. */
export class Services {
  readonly jobs: JobRunner;
  /** Services that run until they are stopped. */
  readonly running: ServiceRunner;
  readonly pools: PoolEffects;
  readonly #scheduler: PoolScheduler;
  readonly #kept: JobIndex;
  readonly #account: () => Account;

  constructor({ host, records, clock, logger, folder, account }: ServiceSources) {
    this.#account = account;
    this.#kept = new JobIndex();
    records.attach(this.#kept);
    const scheduler = new PoolScheduler({
      clock,
      onSuspended: (name, suspended) => {
        // https://docs.snowflake.com/en/sql-reference/sql/alter-compute-pool: services are suspended with their pool.
        if (suspended) this.running.suspendAll(name);
        this.#keepSuspended(name, suspended).catch((error: unknown) => {
          logger.error({ pool: name, error }, "a compute pool's state could not be kept");
        });
      },
    });
    this.#scheduler = scheduler;
    const ports: JobPorts = {
      save: (job) =>
        records.change((change) => {
          change.put(recordOf(job));
        }),
      forget: (id) =>
        records.change((change) => {
          change.delete(recordId(id));
        }),
      openAccess: async (job, taskRun) => {
        const { vault } = account().effects;
        const secrets = Object.entries(job.plan.sealed ?? {}).map(([name, value]) => [name, vault.decipher(value)] as const);
        return { ...(await this.openAccess({ ...job, ...job.identity }, taskRun)), secrets: Object.fromEntries(secrets) };
      },
    };
    this.jobs = new JobRunner({ host, pools: scheduler, clock, ports, logger, folder: join(folder, 'jobs') });
    this.running = new ServiceRunner({
      host,
      pools: scheduler,
      clock,
      logger,
      folder: join(folder, 'services'),
      ports: {
        openAccess: (order) =>
          this.openAccess({ ...order, user: order.definition.user, warehouse: order.settings.warehouse }, undefined),
        keepSuspended: (id, suspended) => this.#keepServiceSuspended(id, suspended),
        origin: () => new URL(account().transfers.origin).host,
        versionFolder: (model, version) => join(account().effects.stages.directory(model), 'versions', version),
      },
    });
    this.pools = {
      define: (...args) => {
        scheduler.define(...args);
      },
      change: (...args) => {
        scheduler.change(...args);
      },
      suspend: (name) => {
        scheduler.suspend(name);
      },
      resume: (name) => {
        scheduler.resume(name);
      },
      stopAll: (name) => this.jobs.stopAll(name),
      drop: (name) => {
        scheduler.drop(name);
      },
      facts: (name) => scheduler.facts(name),
    };
  }

  /** Takes up what an earlier server left. */
  async restore(): Promise<void> {
    const { catalog } = this.#account();
    for (const pool of catalog.ofKind('COMPUTE POOL')) this.#scheduler.define(pool.name, poolSettings(pool), isSuspended(pool));
    await this.jobs.restore(this.#kept.jobs());
    // A service without a record, or the other way round, is what a crash left between the two.
    for (const object of catalog.ofKind('SERVICE')) {
      if (definitionOf(object) !== undefined) this.running.define(orderOf(object, catalog));
      else if (this.jobs.find(object.id) === undefined)
        await catalog.change((change) => {
          catalog.drop(object, change);
        });
    }
  }

  /** Queues the jobs that waited and starts the services that ran; the server listens now, so that they can log in. */
  start(): void {
    this.jobs.start();
    this.running.start();
  }

  async close(): Promise<void> {
    await Promise.all([this.jobs.close(), this.running.close()]);
    this.#scheduler.close();
  }

  async #keepSuspended(name: string, suspended: boolean): Promise<void> {
    const { catalog } = this.#account();
    const pool = catalog.find('COMPUTE POOL', null, name);
    if (pool === undefined || isSuspended(pool) === suspended) return;
    await catalog.change((change) => {
      catalog.update(withSuspended(pool, suspended), change);
    });
  }

  /** A node of a pool for other work than a job's or a service's; resolves when there is one. @throws SnowflakeError `queryCancelled` */
  takeNode(pool: string, signal: AbortSignal): Promise<NodeLease> {
    return new Promise((resolve, reject) => {
      const abort = (): void => {
        lease.end();
        reject(SnowflakeError.of('queryCancelled', {}));
      };
      const granted = (): void => {
        signal.removeEventListener('abort', abort);
        // A node may be granted while it is still being asked for.
        queueMicrotask(() => {
          resolve(lease);
        });
      };
      signal.addEventListener('abort', abort, { once: true });
      const lease = this.#scheduler.request(pool, { minimum: 1, target: 1, granted });
    });
  }

  async #keepServiceSuspended(id: string, suspended: boolean): Promise<void> {
    const { catalog } = this.#account();
    const service = catalog.byId(id);
    if (service === undefined || isServiceSuspended(service) === suspended) return;
    await catalog.change((change) => {
      catalog.update(withServiceSuspended(service, suspended), change);
    });
  }

  /** The code of a job or service has the privileges of the role that started it. */
  async openAccess(identity: CodeIdentity, taskRun: TaskRunContext | undefined): Promise<JobAccess> {
    const account = this.#account();
    const { catalog } = account;
    const role = catalog.find('ROLE', null, identity.role);
    if (role === undefined) throw SnowflakeError.of('objectDoesNotExist', { kind: 'Role', name: identity.role });
    const parent = catalog.find('DATABASE', null, identity.database);
    const sessions: Session[] = [];
    const token = account.workerTokens.issue({
      open: async (request) => {
        const state = await openSystemSession(account, {
          user: catalog.find('USER', null, identity.user),
          role,
          schema: catalog.find('SCHEMA', parent?.id ?? null, identity.schema),
          warehouse: identity.warehouse === null ? undefined : catalog.find('WAREHOUSE', null, identity.warehouse),
          parameters: parametersOf(request),
          taskRun,
        });
        const session = account.sessions.add(new Session(state));
        sessions.push(session);
        return session;
      },
    });
    const origin = new URL(account.transfers.origin);
    return {
      token,
      account: account.facts.account,
      host: origin.hostname,
      port: Number(origin.port),
      close: async () => {
        account.workerTokens.revoke(token);
        for (const session of sessions) await session.close();
      },
    };
  }
}

interface CodeIdentity {
  readonly user: string;
  readonly role: string;
  readonly warehouse: string | null;
  readonly database: string;
  readonly schema: string;
}

interface StoredJob extends StoredRecord {
  readonly collection: 'job';
  readonly job: JobRecord;
}

/** The job and its service object share an id; records of all collections must not. */
function recordId(id: string): string {
  return `job:${id}`;
}

function recordOf(job: JobRecord): StoredJob {
  return { collection: 'job', id: recordId(job.id), job };
}

class JobIndex implements RecordIndex {
  readonly collections = new Set(['job']);
  readonly #jobs = new Map<string, JobRecord>();

  added(record: StoredRecord): void {
    this.#jobs.set(record.id, (record as StoredJob).job);
  }

  removed(record: StoredRecord): void {
    this.#jobs.delete(record.id);
  }

  jobs(): JobRecord[] {
    return [...this.#jobs.values()];
  }
}
