import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { modelOf } from '../../pipeline/run/graph-model.ts';
import { type LocalServer, startLocalServer } from '../support/local-server.ts';
import type { SdkConnection } from '../support/sdk-connection.ts';
import { type Finished, jsonLines, PipelineCommand } from './run-pipeline.ts';
import { sampleGraph, sampleTasks } from './sample-graph.ts';

let server: LocalServer;
let pipeline: PipelineCommand;
let connection: SdkConnection;

const sql = async (...statements: readonly string[]): Promise<void> => {
  for (const statement of statements) await connection.run(statement);
};

beforeAll(async () => {
  await PipelineCommand.build();
  server = await startLocalServer();
  connection = await server.connect();
  pipeline = new PipelineCommand();
  const { account, user, password, port } = server;
  pipeline.connection('local', { account, user, password, port, host: '127.0.0.1', protocol: 'http', warehouse: 'WH' });
  await sql(
    'CREATE WAREHOUSE WH',
    'CREATE DATABASE BANK',
    'CREATE SCHEMA BANK.DAG',
    'CREATE STAGE BANK.DAG.CODE',
    `CREATE TASK BANK.DAG.LOAD WAREHOUSE = WH CONFIG = '{"model": "CREDIT", "schema": "DAG"}' AS SELECT 1`,
  );
  const manifest = join(pipeline.folder, 'MANIFEST.yml');
  writeFileSync(manifest, 'methods:\n  - {name: PREDICT, handler: f.g, inputs: [], outputs: []}\n');
  await sql(`PUT 'file://${manifest}' @BANK.DAG.CODE AUTO_COMPRESS = FALSE`);
});

afterAll(async () => {
  pipeline?.dispose();
  await server?.close();
});

const run = (...args: readonly string[]): Promise<Finished> =>
  pipeline.run(...args, '--root', 'BANK.DAG.LOAD', '--connection', 'local', '--connections-file', 'connections.toml');

// https://docs.snowflake.com/en/sql-reference/sql/alter-model
describe('promote and rollback', () => {
  beforeEach(() =>
    sql(
      'CREATE OR REPLACE MODEL BANK.DAG.CREDIT WITH VERSION V1 FROM @BANK.DAG.CODE',
      'ALTER MODEL BANK.DAG.CREDIT ADD VERSION V2 FROM @BANK.DAG.CODE',
      'ALTER MODEL BANK.DAG.CREDIT ADD VERSION "v3" FROM @BANK.DAG.CODE',
    ),
  );

  const defaultVersion = async (): Promise<unknown> => {
    const [row] = await connection.rows("SHOW MODELS LIKE 'CREDIT' IN SCHEMA BANK.DAG");
    return row?.['default_version_name'];
  };

  it('makes the newest version the default, and says which it was before', async () => {
    const promoted = await run('promote');
    expect(promoted.stdout).toBe('BANK.DAG.CREDIT: the default was V1, now it is v3.\n');
    expect(promoted.code).toBe(0);
    expect(await defaultVersion()).toBe('v3');
    expect((await run('promote')).stdout).toBe('BANK.DAG.CREDIT: the default is v3 already; nothing was changed.\n');
  });

  it('makes the named version the default, and goes back from it', async () => {
    const [event] = jsonLines((await run('promote', 'v2', '--json')).stdout);
    expect(event).toMatchObject({ event: 'model', model: 'BANK.DAG.CREDIT', before: 'V1', after: 'V2' });
    expect(event?.['versions']).toMatchObject([{ version: 'V1' }, { version: 'V2' }, { version: 'v3' }]);
    expect((await run('rollback')).stdout).toContain('the default was V2, now it is V1.');
    expect(await defaultVersion()).toBe('V1');
  });

  it('refuses to go back from the oldest version, and a version that is not there, with those that are', async () => {
    const back = await run('rollback');
    expect(back.code).toBe(2);
    expect(back.stderr).toContain('No version is older than the default, V1.');
    expect(back.stderr).toContain('It has, oldest first: V1 (the default), V2, v3.');
    const unknown = await run('promote', 'V9');
    expect(unknown.code).toBe(2);
    expect(unknown.stderr).toMatch(/The model has no version V9\.\n +It has, oldest first: V1 \(the default\), V2, v3\./u);
    expect(await defaultVersion()).toBe('V1');
  });

  it('says that there is no such model', async () => {
    const { code, stderr } = await run('promote', '--model', 'BANK.DAG.NONE');
    expect(code).toBe(2);
    expect(stderr).toMatch(/There is no model BANK\.DAG\.NONE on 127\.0\.0\.1:\d+/u);
  });
});

describe('the model of a graph', () => {
  const withConfig = (config: string | null) =>
    sampleGraph(sampleTasks.map((task) => (task.name === 'LOAD' ? { ...task, config } : task)));

  it.each([
    ['{"model": "M"}', { database: 'DB', schema: 'S', name: 'M' }],
    ['{"model": "M", "database": "D", "schema": "T"}', { database: 'D', schema: 'T', name: 'M' }],
    ['{"model": "D.T.m"}', { database: 'D', schema: 'T', name: 'M' }],
  ])('%s', (config, model) => {
    expect(modelOf(withConfig(config), undefined)).toEqual(model);
    expect(modelOf(withConfig(config), 'X.Y.Z')).toEqual({ database: 'X', schema: 'Y', name: 'Z' });
  });

  it.each([null, '{}', '{"model": 1}', 'no JSON'])('is not in %s', (config) => {
    expect(() => modelOf(withConfig(config), undefined)).toThrow('has no key model');
  });
});
