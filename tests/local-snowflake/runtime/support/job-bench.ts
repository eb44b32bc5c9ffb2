import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Clock, SystemClock } from '../../../../local-snowflake/platform/clock.ts';
import { systemIds } from '../../../../local-snowflake/platform/ids.ts';
import { silentLogger } from '../../../../local-snowflake/platform/logger.ts';
import type { JobPorts } from '../../../../local-snowflake/runtime/jobs/job-ports.ts';
import type { JobDraft, JobRecord } from '../../../../local-snowflake/objects/job/job-record.ts';
import { JobRunner } from '../../../../local-snowflake/runtime/jobs/job-runner.ts';
import { planMlJob } from '../../../../local-snowflake/objects/job/ml-job-plan.ts';
import { readMlJobRequest } from '../../../../local-snowflake/objects/job/ml-job-request.ts';
import { PoolScheduler } from '../../../../local-snowflake/runtime/jobs/pool-scheduler.ts';
import type { WorkerHost } from '../../../../local-snowflake/runtime/worker-host.ts';
import { StubAccount } from './stub-account.ts';

/** A job runner with a folder for its stage and logs, records in memory, and pool P of three nodes. */
export class JobBench {
  readonly folder: string;
  readonly account: StubAccount;
  readonly host: WorkerHost;
  readonly kept = new Map<string, JobRecord>();
  readonly openTokens = new Set<string>();
  readonly pools: PoolScheduler;
  runner: JobRunner;
  readonly #clock: Clock;

  private constructor(folder: string, account: StubAccount, host: WorkerHost, clock: Clock) {
    this.folder = folder;
    this.account = account;
    this.#clock = clock;
    this.host = host;
    this.pools = new PoolScheduler({ clock });
    this.pools.define('P', { minNodes: 1, maxNodes: 3, autoSuspendSeconds: 0, autoResume: true }, false);
    this.runner = this.newRunner();
  }

  /** @param host shared by benches, so that Python's modules are imported once */
  static async open(host: WorkerHost, clock: Clock = new SystemClock()): Promise<JobBench> {
    return new JobBench(await mkdtemp(join(tmpdir(), 'jobs-')), await StubAccount.start(), host, clock);
  }

  /** A runner as after a restart of the server: nothing but what was kept. */
  newRunner(): JobRunner {
    const ports: JobPorts = {
      save: async (job) => {
        this.kept.set(job.id, structuredClone(job));
      },
      forget: async (id) => {
        this.kept.delete(id);
      },
      openAccess: async () => {
        const { token, login } = this.account;
        this.openTokens.add(token);
        return {
          token,
          account: login.account,
          host: login.host,
          port: login.port,
          close: async () => {
            this.openTokens.delete(token);
          },
        };
      },
    };
    this.runner = new JobRunner({
      host: this.host,
      pools: this.pools,
      clock: this.#clock,
      logger: silentLogger,
      ports,
      folder: join(this.folder, 'logs'),
    });
    return this.runner;
  }

  async close(): Promise<void> {
    await this.runner.close();
    await this.account.close();
    this.pools.close();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Writes a file of the payload, as the client uploads it: `app/train.py`. */
  async put(path: string, text: string): Promise<void> {
    const file = join(this.folder, 'stage', 'train_0a1b', path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }

  resultPath(job: JobRecord, name = 'mljob_result'): string {
    return join(this.folder, 'stage', 'train_0a1b', job.name, name);
  }

  /** An ML job as snowflake-ml-python 2.6.0 asks for it. */
  async mlJob(
    entryPoint: readonly string[],
    change: { instances?: number; environment?: Record<string, string> } = {},
  ): Promise<JobDraft> {
    const instances = change.instances ?? 1;
    const name = `TRAIN_${systemIds.uuid().slice(0, 8).toUpperCase()}`;
    const request = readMlJobRequest(
      JSON.stringify({
        STAGE_PATH: '@SNOWBANK.DAG_DEMO.JOB_STAGE/train_0a1b',
        ARGS: ['bash', '/mnt/job_stage/system/startup.sh', ...entryPoint],
        ENV_VARS: {
          MLRS_STAGE_MOUNT_PATH: '/mnt/job_stage',
          MLRS_PAYLOAD_DIR: 'app',
          MLRS_USE_EMBEDDED_SCRIPTS: 'true',
          MLRS_SUBMITTED_TARGET_INSTANCES: String(instances),
          ...change.environment,
        },
        ENABLE_METRICS: true,
        SPEC_OVERRIDES: null,
        RUNTIME: 'local/runtime:3.11',
        ENABLE_STAGE_MOUNT_V2: true,
        ARTIFACT_REPOSITORIES: null,
      }),
      JSON.stringify({
        EXTERNAL_ACCESS_INTEGRATIONS: null,
        QUERY_WAREHOUSE: '"DEMO_WH"',
        TARGET_INSTANCES: instances,
        MIN_INSTANCES: instances,
        GENERATE_SUFFIX: true,
        COMMENT: null,
        ASYNC: true,
      }),
    );
    const payload = { location: request.stagePath, directory: join(this.folder, 'stage', 'train_0a1b') };
    const result = { location: `${request.stagePath}/${name}`, directory: join(payload.directory, name) };
    await mkdir(result.directory, { recursive: true });
    return {
      ...planMlJob(request, payload, result),
      id: systemIds.uuid(),
      database: 'SNOWBANK',
      schema: 'DAG_DEMO',
      name,
      pool: 'P',
      queryId: 'q-1',
      identity: { user: 'ENGINEER_USER', role: 'ENGINEER', warehouse: 'DEMO_WH' },
      targetInstances: request.targetInstances,
      minInstances: request.minInstances,
      async: request.async,
      comment: null,
    };
  }

  /** A job of a command, as EXECUTE JOB SERVICE makes it. */
  command(command: readonly string[], instances = 1): JobDraft {
    return {
      id: systemIds.uuid(),
      plan: {
        container: 'main',
        image: '/db/s/r/image:latest',
        run: { kind: 'command', command },
        environment: { GREETING: 'hello' },
      },
      spec: 'spec: {}\n',
      database: 'SNOWBANK',
      schema: 'DAG_DEMO',
      name: `JOB_${systemIds.uuid().slice(0, 8).toUpperCase()}`,
      pool: 'P',
      queryId: 'q-1',
      identity: { user: 'ENGINEER_USER', role: 'ENGINEER', warehouse: null },
      targetInstances: instances,
      minInstances: instances,
      async: true,
      comment: null,
    };
  }
}
