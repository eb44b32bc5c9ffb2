import { afterAll, beforeAll } from 'vitest';
import { type LocalServer, startLocalServer } from '../support/local-server.ts';
import type { SdkConnection } from '../support/sdk-connection.ts';
import { type Finished, jsonLines, PipelineCommand } from './run-pipeline.ts';

/** A local Snowflake with a role that may make and run task graphs, and the command connected to it. */
export interface OperatedAccount {
  readonly server: LocalServer;
  readonly pipeline: PipelineCommand;
  /** As the role ENGINEER, until a statement says otherwise. */
  readonly sql: (...statements: readonly string[]) => Promise<void>;
  /** A command on the graph of BANK.DAG.LOAD. */
  readonly run: (command: string, ...args: readonly string[]) => Promise<Finished>;
}

/** The options that name the graph. */
export const target = ['--root', 'BANK.DAG.LOAD', '--connection', 'local', '--connections-file', 'connections.toml'];

/** Entry of connections.toml for a local server. */
export const connectionTo = (server: LocalServer): Record<string, string | number> => ({
  account: server.account,
  user: server.user,
  password: server.password,
  host: '127.0.0.1',
  port: server.port,
  protocol: 'http',
});

/** The account of a test file: there from its first test to its last. */
export const operatedAccount = (): OperatedAccount => {
  let server: LocalServer | undefined;
  let pipeline: PipelineCommand | undefined;
  let connection: SdkConnection | undefined;
  const there = <T>(part: T | undefined): T => {
    if (part === undefined) throw new Error('The account is there within tests.');
    return part;
  };
  const sql = async (...statements: readonly string[]): Promise<void> => {
    for (const statement of statements) await there(connection).run(statement);
  };
  beforeAll(async () => {
    await PipelineCommand.build();
    server = await startLocalServer();
    connection = await server.connect();
    pipeline = new PipelineCommand();
    pipeline.connection('local', { ...connectionTo(server), role: 'ENGINEER', warehouse: 'WH' });
    pipeline.connection('admin', { ...connectionTo(server), role: 'ACCOUNTADMIN', warehouse: 'WH' });
    await sql(
      'CREATE WAREHOUSE WH',
      'CREATE DATABASE BANK',
      'CREATE ROLE ENGINEER',
      `GRANT ROLE ENGINEER TO USER ${server.user}`,
      'GRANT ROLE ENGINEER TO ROLE SYSADMIN',
      'GRANT USAGE ON WAREHOUSE WH TO ROLE ENGINEER',
      'GRANT USAGE ON DATABASE BANK TO ROLE ENGINEER',
      'GRANT CREATE SCHEMA ON DATABASE BANK TO ROLE ENGINEER',
      'GRANT EXECUTE TASK ON ACCOUNT TO ROLE ENGINEER',
      'USE ROLE ENGINEER',
    );
  });
  afterAll(async () => {
    pipeline?.dispose();
    await server?.close();
  });
  return {
    get server() {
      return there(server);
    },
    get pipeline() {
      return there(pipeline);
    },
    sql,
    run: (command, ...args) => there(pipeline).run(command, ...args, ...target),
  };
};

/** LOAD → CHECK → PROMOTE | ALERT by the threshold, finalizer CLEANUP. The syntax of the page on task graphs. */
// https://docs.snowflake.com/en/user-guide/tasks-graphs
export const createGraph = ({ sql }: OperatedAccount): Promise<void> =>
  sql(
    'CREATE OR REPLACE SCHEMA BANK.DAG',
    'CREATE TABLE BANK.DAG.SCORE (VALUE FLOAT)',
    'INSERT INTO BANK.DAG.SCORE VALUES (0.8)',
    `CREATE TASK BANK.DAG.LOAD WAREHOUSE = WH CONFIG = '{"quality": {"metric": "auc", "threshold": 0.7}}' AS CALL SYSTEM$SET_RETURN_VALUE('loaded')`,
    `CREATE TASK BANK.DAG.CHECK WAREHOUSE = WH AFTER BANK.DAG.LOAD AS
     BEGIN
       LET score FLOAT := (SELECT MAX(VALUE) FROM BANK.DAG.SCORE);
       LET threshold FLOAT := SYSTEM$GET_TASK_GRAPH_CONFIG('quality.threshold')::FLOAT;
       IF (score >= threshold) THEN
         CALL SYSTEM$SET_RETURN_VALUE('promote');
       ELSE
         CALL SYSTEM$SET_RETURN_VALUE('alert');
       END IF;
     END`,
    `CREATE TASK BANK.DAG.PROMOTE WAREHOUSE = WH AFTER BANK.DAG.CHECK WHEN SYSTEM$GET_PREDECESSOR_RETURN_VALUE('CHECK') = 'promote' AS SELECT 1`,
    `CREATE TASK BANK.DAG.ALERT WAREHOUSE = WH AFTER BANK.DAG.CHECK WHEN SYSTEM$GET_PREDECESSOR_RETURN_VALUE('CHECK') = 'alert' AS SELECT 1`,
    `CREATE TASK BANK.DAG.CLEANUP WAREHOUSE = WH FINALIZE = BANK.DAG.LOAD AS CALL SYSTEM$SET_RETURN_VALUE('clean')`,
    ...['CHECK', 'PROMOTE', 'ALERT', 'CLEANUP'].map((task) => `ALTER TASK BANK.DAG.${task} RESUME`),
  );

/** States of the tasks at the end of a run, with the attempt where it is not the first. */
export const finalStates = (finished: Finished): unknown => {
  const end = jsonLines(finished.stdout).at(-1) as { tasks: readonly { task: string; state: string; attempt: number }[] };
  return Object.fromEntries(end.tasks.map(({ task, state, attempt }) => [task, attempt === 1 ? state : `${state} ${attempt}`]));
};
