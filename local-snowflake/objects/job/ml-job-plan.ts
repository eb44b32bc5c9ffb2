import { stringify } from 'yaml';
import { SnowflakeError } from '../../errors/snowflake-error.ts';
import type { LaunchPlan } from './job-record.ts';
import type { MlJobRequest } from './ml-job-request.ts';

/** A stage location that a job mounts, and the folder of this machine that it is. */
export interface MountedStage {
  readonly location: string;
  /** Absolute. */
  readonly directory: string;
}

export interface MlJobPlan {
  readonly plan: LaunchPlan;
  /** YAML, as DESCRIBE SERVICE shows it. */
  readonly spec: string;
}

// Where the client believes the payload's stage to be mounted; snowflake/ml/jobs/_utils/constants.py.
const clientMount = '/mnt/job_stage';
const startupScript = `${clientMount}/system/startup.sh`;
const resultName = 'mljob_result';

/**
 * Turns a request into what is run and what is shown. Stages are mounted where they lie: paths of the client's mount become
 * paths of this machine, in the specification too, since the client maps result files back to the stage by it.
 * @throws SnowflakeError `unsupported`, `invalidArgument`
 */
export function planMlJob(request: MlJobRequest, payload: MountedStage, result: MountedStage): MlJobPlan {
  const localized = (text: string): string => localPath(text, payload.directory);
  const [shell, script, ...rest] = request.args;
  if (shell !== 'bash' || script !== startupScript || rest.length === 0) {
    throw SnowflakeError.of('unsupported', { feature: `ML job that does not start with bash ${startupScript} <entry point>` });
  }
  const entryPoint = rest.map(localized);
  const environment = {
    ...mapValues(request.environment, localized),
    MLRS_STAGE_RESULT_PATH: result.directory,
    MLRS_RESULT_PATH: resultName,
    MLRS_MIN_INSTANCES: String(request.minInstances),
  };
  const image = request.runtime;
  const spec = {
    spec: {
      containers: [
        {
          name: 'main',
          image,
          args: entryPoint,
          env: environment,
          volumeMounts: [
            { name: 'stage-volume', mountPath: payload.directory },
            { name: 'result-volume', mountPath: result.directory },
          ],
        },
      ],
      volumes: [
        { name: 'stage-volume', source: payload.location },
        { name: 'result-volume', source: result.location },
      ],
    },
  };
  // https://docs.snowflake.com/en/developer-guide/snowflake-ml/ml-jobs/direct-per-instance-execution
  const everyInstance = request.environment['MLRS_LAUNCH_BACKEND'] === 'passthrough';
  return {
    plan: { container: 'main', image, run: { kind: 'ml-job', arguments: entryPoint, everyInstance }, environment },
    spec: stringify(spec, { lineWidth: 0 }),
  };
}

function localPath(text: string, directory: string): string {
  if (text === clientMount) return directory;
  return text.startsWith(`${clientMount}/`) ? directory + text.slice(clientMount.length) : text;
}

function mapValues(values: Readonly<Record<string, string>>, change: (value: string) => string): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, change(value)]));
}
