import { TaskGraphError } from './task-graph-error.ts';

/** A value as SQL writes it. */
export type SqlArgument = null | boolean | number | string;

/**
 * Calls a stored procedure.
 * @example procedureCall('"SNOWBANK"."PIPELINE"."TRAIN_MODEL"', 'MORTGAGE_MODEL', 0.7)
 */
export function procedureCall(name: string, ...args: readonly SqlArgument[]): string {
  return `CALL ${name}(${args.map(sqlLiteral).join(', ')})`;
}

export interface PythonBody {
  /**
   * Defines a function `run(session)`; what it returns, as text, is not the task's return value: that is set with
   * SYSTEM$SET_RETURN_VALUE.
   * @example "def run(session):\n    return session.sql('SELECT COUNT(*) FROM LOANS').collect()[0][0]"
   */
  readonly code: string;
  /** @example '3.11' */
  readonly runtimeVersion: string;
  /** With or without versions; Snowpark always is among them. @example ['pandas==2.3.3'] */
  readonly packages?: readonly string[];
  /** Files on stages. @example ['@CODE_STAGE/src/mortgage_sql.py'] */
  readonly imports?: readonly string[];
}

/**
 * Python code that belongs to the task alone: an anonymous procedure, which leaves no object behind.
 * https://docs.snowflake.com/en/sql-reference/sql/call-with
 */
export function pythonBody({ code, runtimeVersion, packages = [], imports = [] }: PythonBody): string {
  const snowpark = 'snowflake-snowpark-python';
  const all = packages.some((name) => name.split('==')[0] === snowpark) ? packages : [snowpark, ...packages];
  return [
    `WITH TASK_BODY AS PROCEDURE () RETURNS VARCHAR LANGUAGE PYTHON RUNTIME_VERSION = ${sqlLiteral(runtimeVersion)}`,
    `PACKAGES = (${all.map(sqlLiteral).join(', ')})`,
    ...(imports.length === 0 ? [] : [`IMPORTS = (${imports.map(sqlLiteral).join(', ')})`]),
    `HANDLER = 'run' AS ${dollarQuoted(code)}`,
    'CALL TASK_BODY()',
  ].join('\n');
}

export interface MlJobBody {
  /** Folder on a stage with the job's code. @example '@CODE_STAGE/src/' */
  readonly source: string;
  /** Below `source`. @example 'mortgage_train_job.py' */
  readonly entryPoint: string;
  /** Stage for what the job needs and leaves. @example '@JOB_STAGE' */
  readonly jobStage: string;
  /** @example 'DEMO_POOL' */
  readonly computePool: string;
  /** How many nodes run it. @example 2 */
  readonly targetInstances?: number;
  /** Command line of the entry point. @example ['--rounds', '100'] */
  readonly args?: readonly string[];
  /** @example '3.11' */
  readonly runtimeVersion: string;
}

/**
 * Runs an ML job on a compute pool and waits for it; the task fails with the end of the job's log when the job does.
 * https://docs.snowflake.com/en/developer-guide/snowflake-ml/ml-jobs/overview
 */
export function mlJobBody({
  runtimeVersion,
  source,
  entryPoint,
  jobStage,
  computePool,
  targetInstances = 1,
  args = [],
}: MlJobBody) {
  const options = { entrypoint: entryPoint, stage_name: jobStage, target_instances: targetInstances, args };
  const code = `
import json
from snowflake.ml import jobs

def run(session):
    options = json.loads(${pythonText(JSON.stringify(options))})
    job = jobs.submit_from_stage(${pythonText(source)}, ${pythonText(computePool)}, session=session, **options)
    status = job.wait()
    if status != "DONE":
        raise RuntimeError(f"ML job {job.id} ended with status {status}.\\n{job.get_logs(limit=40)}")
    return job.id
`;
  return pythonBody({ code, runtimeVersion, packages: ['snowflake-ml-python'] });
}

function sqlLiteral(value: SqlArgument): string {
  if (typeof value === 'string') return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
  if (typeof value === 'number' && !Number.isFinite(value)) throw new TaskGraphError([`${value} is no number that SQL can write`]);
  return value === null ? 'NULL' : String(value).toUpperCase();
}

/** Nothing can be escaped between dollar signs. */
function dollarQuoted(code: string): string {
  if (code.includes('$$')) throw new TaskGraphError(['Python code of a task contains $$, which ends it']);
  return `$$\n${code.trim()}\n$$`;
}

/** What JSON makes of a text is a Python literal too. */
function pythonText(text: string): string {
  return JSON.stringify(text);
}
