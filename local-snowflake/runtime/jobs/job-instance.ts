import { join } from 'node:path';
import { writeFile } from 'node:fs/promises';
import { preloadedModules } from '../preloaded-modules.ts';
import { type TaskFolder, makeTaskFolder } from '../task-folder.ts';
import type { WorkerHost } from '../worker-host.ts';
import type { TaskEnd, WorkerTask } from '../worker-task.ts';
import { connectionVariables } from './connection-variables.ts';
import { logLimit } from './job-log.ts';
import type { JobAccess } from './job-ports.ts';
import type { JobRecord } from '../../objects/job/job-record.ts';

/** Where the instances of a job that runs the entry point on every one of them meet. */
export interface Topology {
  readonly addresses: readonly string[];
  readonly port: number;
}

/** A running instance of a job: a process of this machine in the place of a container. */
export class JobInstance {
  readonly #task: WorkerTask;
  readonly ended: Promise<TaskEnd>;

  private constructor(task: WorkerTask, folder: TaskFolder) {
    this.#task = task;
    this.ended = task.ended.then(async (end) => {
      await folder.remove();
      return end;
    });
  }

  static async start(
    host: WorkerHost,
    job: JobRecord,
    index: number,
    access: JobAccess,
    topology: Topology,
    logPath: string,
  ): Promise<JobInstance> {
    const folder = await makeTaskFolder(host, []);
    try {
      const tokenFile = join(folder.path, '.snowflake-session-token');
      await writeFile(tokenFile, access.token, { mode: 0o600 });
      const task = await host.start({
        modules: modulesOf(job),
        output: { path: logPath, limit: logLimit },
      });
      const environment = {
        ...folder.setting.environment,
        ...job.plan.environment,
        ...access.secrets,
        ...connectionVariables({ ...job, warehouse: job.identity.warehouse }, access, tokenFile),
        ...replicaVariables(job, index),
        ...topologyVariables(job, topology),
      };
      await task.send({
        kind: 'job',
        setting: { folder: folder.path, environment, path: [] },
        instance: instanceRole(job, index),
      });
      return new JobInstance(task, folder);
    } catch (error) {
      await folder.remove();
      throw error;
    }
  }

  kill(): void {
    this.#task.kill();
  }

  /** Tells a worker node that the head has ended. */
  dismiss(): void {
    void this.#task.hangUp();
  }
}

/** Whether the instance runs the job's own code; the others of a head/worker job only stand by. */
export function runsCode(job: JobRecord, index: number): boolean {
  return index === 0 || job.plan.run.kind !== 'ml-job' || job.plan.run.everyInstance;
}

function modulesOf({ plan: { run } }: JobRecord): string[] {
  if (run.kind === 'command') return [];
  if (run.kind === 'inference') return preloadedModules(['snowflake-ml-python', 'xgboost', ...run.inference.packages]);
  return preloadedModules(['snowflake-snowpark-python', 'snowflake-ml-python', 'xgboost']);
}

function instanceRole(job: JobRecord, index: number): unknown {
  const { run } = job.plan;
  if (run.kind === 'command') return { role: 'command', command: run.command };
  if (run.kind === 'inference') return { role: 'inference', inference: run.inference };
  if (!runsCode(job, index)) return { role: 'worker' };
  return { role: 'ml-job', arguments: run.arguments, everyInstance: run.everyInstance };
}

// https://docs.snowflake.com/en/developer-guide/snowpark-container-services/working-with-services#run-multiple-replicas-of-a-job-service-batch-jobs
function replicaVariables(job: JobRecord, index: number): Record<string, string> {
  return { SNOWFLAKE_JOBS_COUNT: String(job.targetInstances), SNOWFLAKE_JOB_INDEX: String(index) };
}

/** https://docs.snowflake.com/en/developer-guide/snowflake-ml/ml-jobs/direct-per-instance-execution */
function topologyVariables(job: JobRecord, { addresses, port }: Topology): Record<string, string> {
  if (job.plan.run.kind !== 'ml-job' || !job.plan.run.everyInstance) return {};
  return {
    MLRS_HEAD_IP: addresses[0] ?? '127.0.0.1',
    MLRS_NODE_IPS: addresses.join(','),
    MLRS_RDZV_PORT: String(port),
    MLRS_EPHEMERAL_PORT_MIN: '50000',
    MLRS_EPHEMERAL_PORT_MAX: '59999',
  };
}
