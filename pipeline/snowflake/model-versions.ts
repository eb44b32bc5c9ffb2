import { PipelineFailure } from '../failure.ts';
import { text, timeOrNull, type SqlClient } from './sql-client.ts';
import { SqlFailure } from './sql-failure.ts';
import { displayTaskName, quoteIdentifier, sqlTaskName, type TaskName } from './task-name.ts';

export interface ModelVersion {
  readonly name: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly isDefault: boolean;
}

/**
 * The versions of a model, oldest first. https://docs.snowflake.com/en/sql-reference/sql/show-versions-in-model
 * @throws PipelineFailure when there is no such model
 */
export const readModelVersions = async (client: SqlClient, model: TaskName): Promise<readonly ModelVersion[]> => {
  const rows = await client.query(`SHOW VERSIONS IN MODEL ${sqlTaskName(model)}`).catch((error: unknown) => {
    if (!(error instanceof SqlFailure) || (error.code !== 2003 && error.code !== 2043)) throw error;
    throw new PipelineFailure(
      `There is no model ${displayTaskName(model)} on ${client.address}, or the role of the connection may not see it.`,
      { wayOut: 'Has a run promoted a model yet? Another model: --model DATABASE.SCHEMA.MODEL.' },
    );
  });
  return rows
    .map((row) => ({
      name: text(row, 'name'),
      createdAt: timeOrNull(row, 'created_on') ?? 0,
      isDefault: text(row, 'is_default_version').toLowerCase() === 'true',
    }))
    .sort((a, b) => a.createdAt - b.createdAt);
};

/** Which version is called where none is named. https://docs.snowflake.com/en/sql-reference/sql/alter-model */
export const setDefaultVersion = async (client: SqlClient, model: TaskName, version: string): Promise<void> => {
  await client.query(`ALTER MODEL ${sqlTaskName(model)} SET DEFAULT_VERSION = ${quoteIdentifier(version)}`);
};
