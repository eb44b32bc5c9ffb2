import { text, numberOrNull, timeOrNull, type SqlClient } from './sql-client.ts';
import { SqlFailure } from './sql-failure.ts';
import { quoteIdentifier, sqlTaskName, stringLiteral, type TaskName } from './task-name.ts';

/** A job service: what an ML job is on Snowflake. */
export interface Job {
  readonly service: TaskName;
  readonly status: string;
  readonly computePool: string;
  readonly createdAt: number;
}

export interface ContainerLog {
  readonly instance: number;
  readonly container: string;
  readonly status: string;
  readonly text: string;
}

/**
 * Jobs created between two instants in a database: those that a task submitted while it ran.
 * https://docs.snowflake.com/en/sql-reference/sql/show-services
 */
export const readJobs = async (client: SqlClient, database: string, from: number, to: number): Promise<readonly Job[]> => {
  const rows = await client.query(`SHOW JOB SERVICES IN DATABASE ${quoteIdentifier(database)}`);
  return rows
    .map((row) => ({
      service: { database: text(row, 'database_name'), schema: text(row, 'schema_name'), name: text(row, 'name') },
      status: text(row, 'status'),
      computePool: text(row, 'compute_pool'),
      createdAt: timeOrNull(row, 'created_on') ?? 0,
    }))
    .filter((job) => job.createdAt >= from && job.createdAt <= to)
    .sort((a, b) => a.createdAt - b.createdAt);
};

/**
 * The last lines of the log of every container of a job. A log that is gone (its node was given back) says so.
 * https://docs.snowflake.com/en/sql-reference/functions/system_get_service_logs
 */
export const readContainerLogs = async (client: SqlClient, job: Job, lines: number): Promise<readonly ContainerLog[]> => {
  const service = sqlTaskName(job.service);
  const containers = await client.query(`SHOW SERVICE CONTAINERS IN SERVICE ${service}`);
  const logs: ContainerLog[] = [];
  for (const row of containers) {
    const instance = numberOrNull(row, 'instance_id') ?? 0;
    const container = text(row, 'container_name');
    const read = await client
      .query(`SELECT SYSTEM$GET_SERVICE_LOGS(${stringLiteral(service)}, ${instance}, ${stringLiteral(container)}, ${lines}) AS LOG`)
      .then(([first]) => (first === undefined ? '' : text(first, 'LOG')))
      .catch((error: unknown) => {
        if (error instanceof SqlFailure) return `(no log: ${error.message})`;
        throw error;
      });
    logs.push({ instance, container, status: text(row, 'status'), text: read });
  }
  return logs.sort((a, b) => a.instance - b.instance);
};
