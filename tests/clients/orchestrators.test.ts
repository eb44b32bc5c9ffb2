import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalServer, startLocalServer } from '../support/local-server.ts';

const inRoot = (...parts: readonly string[]): string => join(fileURLToPath(new URL('../..', import.meta.url)), ...parts);

// The shape of components/training-graph.ts, with bodies that take no time. TRAIN_MODEL fails when `rounds` is no number.
const graph = [
  'create warehouse DEMO_WH',
  'create database SNOWBANK',
  'create schema SNOWBANK.PIPELINE',
  'use schema SNOWBANK.PIPELINE',
  `create task PREPARE_DATA warehouse = DEMO_WH config = '{"rounds": 100}' as call system$set_return_value('2381 rows')`,
  `create task TRAIN_MODEL warehouse = DEMO_WH after PREPARE_DATA as select to_number(system$get_task_graph_config('rounds')::string)`,
  `create task CHECK_MODEL_QUALITY warehouse = DEMO_WH after TRAIN_MODEL as call system$set_return_value('promote_model')`,
  `create task PROMOTE_MODEL warehouse = DEMO_WH after CHECK_MODEL_QUALITY
     when system$get_predecessor_return_value('CHECK_MODEL_QUALITY') = 'promote_model' as select 1`,
  `create task SEND_ALERT warehouse = DEMO_WH after CHECK_MODEL_QUALITY
     when system$get_predecessor_return_value('CHECK_MODEL_QUALITY') = 'send_alert' as select 1`,
  'create task CLEANUP warehouse = DEMO_WH finalize = PREPARE_DATA as select 1',
  `select system$task_dependents_enable('SNOWBANK.PIPELINE.PREPARE_DATA')`,
];

const promoted = {
  PREPARE_DATA: 'SUCCEEDED',
  TRAIN_MODEL: 'SUCCEEDED',
  CHECK_MODEL_QUALITY: 'SUCCEEDED',
  PROMOTE_MODEL: 'SUCCEEDED',
  SEND_ALERT: 'SKIPPED',
  CLEANUP: 'SUCCEEDED',
};

const failure = "the task graph ended as FAILED: TRAIN_MODEL: Numeric value 'many' is not recognized";

// examples/, each with the real orchestrator in an environment and a process of its own.
describe('From another orchestrator', () => {
  let server: LocalServer;
  let home: string;

  beforeAll(async () => {
    server = await startLocalServer();
    const admin = await server.connect();
    for (const statement of graph) await admin.run(statement);
    home = mkdtempSync(join(tmpdir(), 'orchestrator-home-'));
    const { account, user, password, port } = server;
    const settings = { account, user, password, host: '127.0.0.1', port, protocol: 'http' };
    const lines = Object.entries(settings).map(([key, value]) => `${key} = ${JSON.stringify(value)}`);
    writeFileSync(join(home, 'connections.toml'), ['[local]', ...lines, ''].join('\n'), { mode: 0o600 });
  });

  afterAll(async () => {
    await server.close();
    rmSync(home, { recursive: true, force: true });
  });

  /** What the example's script prints; `folder` of examples/ holds the example. */
  const run = async (name: string, folder: string, environment: Readonly<Record<string, string>>): Promise<unknown> => {
    const python = inRoot('.cache', 'examples', name, 'bin', 'python');
    if (!existsSync(python)) throw new Error(`There is no Python environment at ${python}; make test sets it up.`);
    const { stdout } = await promisify(execFile)(python, [inRoot('tests', 'clients', `${name}_example.py`)], {
      env: {
        PATH: process.env['PATH'],
        HOME: home,
        SNOWFLAKE_HOME: home,
        PYTHONPATH: [inRoot('examples', 'shared'), inRoot('examples', folder)].join(delimiter),
        BAD_CONFIG: JSON.stringify({ rounds: 'many' }),
        DO_NOT_TRACK: '1',
        ...environment,
      },
      maxBuffer: 64 * 1024 * 1024,
    });
    return JSON.parse(stdout) as unknown;
  };

  it('Dagster materialises an asset by a run of the graph, and fails as the run does', async () => {
    expect(await run('dagster', 'dagster', { DAGSTER_DISABLE_TELEMETRY: 'yes' })).toEqual({
      good: [true, promoted],
      bad: [false, expect.stringContaining(failure)],
    });
  });

  it('a Prefect flow starts a run, follows it, and fails as it does', async () => {
    expect(await run('prefect', 'prefect', { PREFECT_SERVER_ANALYTICS_ENABLED: 'false' })).toEqual({
      good: ['COMPLETED', promoted],
      bad: ['FAILED', expect.stringContaining(failure)],
    });
  });

  it('an Airflow sensor follows the run that the task before it has started, and fails as it does', async () => {
    const settings = {
      AIRFLOW_HOME: join(home, 'airflow'),
      AIRFLOW__CORE__DAGS_FOLDER: inRoot('examples', 'airflow', 'dags'),
      AIRFLOW__CORE__LOAD_EXAMPLES: 'False',
      GRAPH_PAUSE: '0.2',
    };
    expect(await run('airflow', join('airflow', 'dags'), settings)).toEqual({
      good: ['success', { start: 'success', follow: 'success' }, promoted],
      bad: ['failed', { start: 'success', follow: 'failed' }, null],
    });
    // Airflow keeps a failed task's reason in its log alone.
    expect(
      await (
        await server.connect()
      ).value(`select count(*) from table(SNOWBANK.INFORMATION_SCHEMA.COMPLETE_TASK_GRAPHS()) where STATE = 'FAILED'`),
    ).toBe(3);
  });
});
