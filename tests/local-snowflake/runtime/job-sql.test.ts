import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LocalServer, startLocalServer } from '../../support/local-server.ts';
import type { SdkConnection, SdkRow } from '../../support/sdk-connection.ts';

let server: LocalServer;
let admin: SdkConnection;

beforeAll(async () => {
  server = await startLocalServer();
  admin = await server.connect();
  for (const statement of [
    'create warehouse wh',
    'create database db',
    'create schema db.s',
    'create stage db.s.code',
    // https://docs.snowflake.com/en/sql-reference/sql/create-compute-pool
    'CREATE COMPUTE POOL tutorial_compute_pool MIN_NODES = 1 MAX_NODES = 2 INSTANCE_FAMILY = CPU_X64_XS',
    'use schema db.s',
  ]) {
    await admin.run(statement);
  }
});

afterAll(() => server.close());

async function failure(work: Promise<unknown>): Promise<{ code: number; message: string }> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown as { code: string | number; message: string },
  );
  if (error === undefined) throw new Error('the statement was to fail');
  return { code: Number(error.code), message: error.message };
}

async function first(sql: string): Promise<SdkRow> {
  return (await admin.rows(sql))[0] ?? {};
}

function job(command: string, options = ''): string {
  return `EXECUTE JOB SERVICE IN COMPUTE POOL tutorial_compute_pool ${options}
    FROM SPECIFICATION $$
spec:
  containers:
  - name: main
    image: /db/s/repository/my_job_image:latest
    command: [sh, -c, ${JSON.stringify(command)}]
$$`;
}

describe('a compute pool', () => {
  test('is shown with its nodes', async () => {
    await expect
      .poll(async () => first("SHOW COMPUTE POOLS LIKE 'tutorial%'"))
      .toMatchObject({
        name: 'TUTORIAL_COMPUTE_POOL',
        state: 'IDLE',
        min_nodes: 1,
        max_nodes: 2,
        instance_family: 'CPU_X64_XS',
        num_services: 0,
        num_jobs: 0,
        auto_suspend_secs: 3600,
        auto_resume: 'true',
        active_nodes: 0,
        idle_nodes: 1,
        target_nodes: 1,
        owner: 'ACCOUNTADMIN',
        comment: null,
        is_exclusive: 'false',
      });
    expect(await first('DESCRIBE COMPUTE POOL tutorial_compute_pool')).toMatchObject({
      error_code: '',
      status_message: 'Compute pool is idle.',
    });
  });

  // https://docs.snowflake.com/en/sql-reference/sql/alter-compute-pool
  test('is altered, suspended and resumed', async () => {
    await admin.run(
      'CREATE COMPUTE POOL changing MIN_NODES = 1 MAX_NODES = 1 INSTANCE_FAMILY = CPU_X64_XS AUTO_RESUME = FALSE INITIALLY_SUSPENDED = TRUE',
    );
    expect(await first("SHOW COMPUTE POOLS LIKE 'changing'")).toMatchObject({
      state: 'SUSPENDED',
      target_nodes: 0,
      auto_resume: 'false',
    });
    await admin.run('ALTER COMPUTE POOL changing SET INSTANCE_FAMILY = CPU_X64_S MAX_NODES = 5 AUTO_RESUME = TRUE');
    await admin.run('ALTER COMPUTE POOL changing RESUME');
    await expect.poll(async () => (await first("SHOW COMPUTE POOLS LIKE 'changing'"))['state']).toBe('IDLE');
    expect(await first('DESC COMPUTE POOL changing')).toMatchObject({
      instance_family: 'CPU_X64_S',
      max_nodes: 5,
      auto_resume: 'true',
    });
    const refused = await failure(admin.run('ALTER COMPUTE POOL changing SET INSTANCE_FAMILY = CPU_X64_M'));
    expect(refused.message).toContain('must be suspended before INSTANCE_FAMILY can be changed');
    await admin.run('ALTER COMPUTE POOL changing SUSPEND');
    expect(await first("SHOW COMPUTE POOLS LIKE 'changing'")).toMatchObject({ state: 'SUSPENDED' });
    await admin.run('DROP COMPUTE POOL changing');
    expect(await admin.rows("SHOW COMPUTE POOLS LIKE 'changing'")).toEqual([]);
  });

  test.each([
    ['CREATE COMPUTE POOL p MIN_NODES = 2 MAX_NODES = 1 INSTANCE_FAMILY = CPU_X64_XS', 'MAX_NODES'],
    ['CREATE COMPUTE POOL p MIN_NODES = 0 MAX_NODES = 1 INSTANCE_FAMILY = CPU_X64_XS', 'MIN_NODES'],
    ['CREATE COMPUTE POOL p MIN_NODES = 1 MAX_NODES = 1 INSTANCE_FAMILY = CPU_Z80', 'INSTANCE_FAMILY'],
    ['CREATE COMPUTE POOL p MIN_NODES = 1 MAX_NODES = 1', 'INSTANCE_FAMILY'],
    ['CREATE OR REPLACE COMPUTE POOL p MIN_NODES = 1 MAX_NODES = 1 INSTANCE_FAMILY = CPU_X64_XS', 'OR REPLACE'],
    [
      "CREATE COMPUTE POOL p MIN_NODES = 1 MAX_NODES = 1 INSTANCE_FAMILY = CPU_X64_XS BACKUP_INSTANCE_FAMILIES = ('CPU_X64_XS')",
      'BACKUP',
    ],
  ])('is refused: %s', async (sql, named) => {
    expect((await failure(admin.run(sql))).message).toContain(named);
  });
});

// https://docs.snowflake.com/en/sql-reference/sql/execute-job-service
describe('a job service', () => {
  test('runs to its end and is listed with its instances and containers', async () => {
    const answer = await first(job('echo ready $SNOWFLAKE_JOB_INDEX', 'NAME = batch REPLICAS = 2'));
    expect(answer['status']).toBe('Job DB.S.BATCH completed successfully with status: DONE.');
    expect(await first("SHOW SERVICES LIKE 'batch'")).toMatchObject({
      name: 'BATCH',
      status: 'DONE',
      database_name: 'DB',
      schema_name: 'S',
      compute_pool: 'TUTORIAL_COMPUTE_POOL',
      current_instances: 0,
      target_instances: 2,
      is_job: 'true',
      is_async_job: 'false',
    });
    const instances = await admin.rows('SHOW SERVICE INSTANCES IN SERVICE batch');
    expect(instances).toMatchObject([
      { service_name: 'BATCH', service_status: 'DONE', instance_id: '0', status: 'SUCCEEDED' },
      { instance_id: '1', status: 'SUCCEEDED', start_time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/u) },
    ]);
    expect(await first('SHOW SERVICE CONTAINERS IN SERVICE batch')).toMatchObject({
      container_name: 'main',
      status: 'DONE',
      last_exit_code: 0,
      restart_count: 0,
    });
    expect(await admin.value("SELECT SYSTEM$GET_SERVICE_LOGS('DB.S.BATCH', 1, 'main')")).toBe('ready 1');
    const status = JSON.parse(String(await admin.value("SELECT SYSTEM$GET_SERVICE_STATUS('batch')"))) as unknown[];
    expect(status).toMatchObject([{ status: 'DONE', containerName: 'main', instanceId: '0' }, { instanceId: '1' }]);
    expect(await admin.rows('SHOW SERVICES IN COMPUTE POOL tutorial_compute_pool')).toHaveLength(1);
    await admin.run('DROP SERVICE batch');
    expect(await admin.rows('SHOW SERVICES IN ACCOUNT')).toEqual([]);
  });

  test('that fails answers with why', async () => {
    const { message } = await failure(admin.run(job('exit 4', 'NAME = failing')));
    expect(message).toBe('Job DB.S.FAILING ended with status FAILED. Job failed: instance 0: Encountered fatal error: exit code 4');
    await admin.run('DROP SERVICE failing');
  });

  test('runs in the background, is waited for and cancelled', async () => {
    await admin.run(job('sleep 1000', 'NAME = slow ASYNC = TRUE'));
    await admin.run("CALL slow!spcs_wait_for('RUNNING', 60)");
    await expect.poll(async () => (await first("SHOW COMPUTE POOLS LIKE 'TUTORIAL%'"))['state']).toBe('ACTIVE');
    const late = await failure(admin.run("CALL slow!spcs_wait_for('DONE', 0)"));
    expect(late.message).toContain('did not reach status DONE within 0 seconds. Current status: RUNNING');
    const inUse = await failure(admin.run('DROP COMPUTE POOL tutorial_compute_pool'));
    expect(inUse.message).toContain('ALTER COMPUTE POOL TUTORIAL_COMPUTE_POOL STOP ALL');
    expect(await admin.value('CALL slow!spcs_cancel_job()')).toBe('Job DB.S.SLOW was cancelled.');
    expect(await admin.value("CALL SYSTEM$CANCEL_JOB('slow')")).toBe('Job DB.S.SLOW had ended before: CANCELLED.');
    const never = await failure(admin.run("CALL SYSTEM$WAIT_FOR_SERVICES(60, 'slow')"));
    expect(never.message).toContain('can no longer reach status DONE');
    await admin.run('DROP SERVICE slow');
  });

  test('is not run by a client that only wants to know its columns', async () => {
    await admin.run(job('true', 'NAME = described'), { describeOnly: true });
    expect(await admin.rows("SHOW SERVICES LIKE 'described'")).toEqual([]);
  });

  test('mounts stages: paths of the container stand for the stage’s folder', async () => {
    const sql = `EXECUTE JOB SERVICE IN COMPUTE POOL tutorial_compute_pool NAME = writer FROM SPECIFICATION $$
spec:
  containers:
  - name: main
    image: /db/s/repository/image
    command: [sh, -c, "echo $TEXT > /mnt/out/result.txt"]
    env: {TEXT: written by a job}
    volumeMounts: [{name: out, mountPath: /mnt/out}]
  volumes:
  - {name: out, source: "@db.s.code/results"}
$$`;
    await admin.run(sql);
    expect(await admin.rows('LIST @db.s.code')).toMatchObject([{ name: 'code/results/result.txt', size: 17 }]);
    await admin.run('DROP SERVICE writer');
  });

  test.each([
    [
      'an image without a command',
      'spec: {containers: [{name: main, image: /a/b}]}',
      "Unsupported feature 'the entry point of image /a/b",
    ],
    [
      'several containers',
      'spec: {containers: [{name: a, image: /a, command: [x]}, {name: b, image: /b, command: [x]}]}',
      'several containers',
    ],
    ['endpoints', 'spec: {containers: [{name: a, image: /a, command: [x]}], endpoints: []}', 'endpoints'],
    [
      'a block volume',
      'spec: {containers: [{name: a, image: /a, command: [x], volumeMounts: [{name: v, mountPath: /v}]}], volumes: [{name: v, source: block}]}',
      'volume v with source block',
    ],
    ['no YAML', 'spec: [', 'Invalid spec'],
    ['no specification', 'hello', 'Invalid spec'],
  ])('with %s is refused by name', async (_, spec, named) => {
    const { message } = await failure(
      admin.run(`EXECUTE JOB SERVICE IN COMPUTE POOL tutorial_compute_pool FROM SPECIFICATION $$${spec}$$`),
    );
    expect(message).toContain(named);
    expect(await admin.rows('SHOW SERVICES IN ACCOUNT')).toEqual([]);
  });

  test('that is cancelled while it is waited for ends with its statement', async () => {
    const statement = new Promise<{ cancel: () => void; done: Promise<string> }>((resolve) => {
      let settle: (message: string) => void = () => undefined;
      const done = new Promise<string>((finish) => {
        settle = finish;
      });
      const running = admin.driver.execute({
        sqlText: job('sleep 1000', 'NAME = waited'),
        complete: (error) => {
          settle(error?.message ?? '');
        },
      });
      resolve({ cancel: () => running.cancel(() => undefined), done });
    });
    const { cancel, done } = await statement;
    await expect.poll(async () => (await first("SHOW SERVICES LIKE 'waited'"))['status']).toBe('RUNNING');
    cancel();
    expect(await done).toContain('SQL execution canceled');
    expect(await first("SHOW SERVICES LIKE 'waited'")).toMatchObject({ status: 'CANCELLED' });
  });
});

// https://docs.snowflake.com/en/user-guide/security-access-control-privileges
describe('privileges', () => {
  let engineer: SdkConnection;

  beforeAll(async () => {
    for (const statement of [
      'create role engineer',
      'grant role engineer to user local_admin',
      'grant usage on database db to role engineer',
      'grant usage on schema db.s to role engineer',
    ]) {
      await admin.run(statement);
    }
    engineer = await server.connect({ role: 'ENGINEER', database: 'DB', schema: 'S' });
    await engineer.run('use secondary roles none');
  });

  test('a job needs the pool and CREATE SERVICE on the schema', async () => {
    const sql = job('true', 'NAME = allowed');
    expect((await failure(engineer.run(sql))).message).toContain(
      "Compute pool 'TUTORIAL_COMPUTE_POOL' does not exist or not authorized",
    );
    await admin.run('grant usage on compute pool tutorial_compute_pool to role engineer');
    expect((await failure(engineer.run(sql))).message).toContain("Insufficient privileges to operate on schema 'S'");
    await admin.run('grant create service on schema db.s to role engineer');
    await engineer.run(sql);
    expect(await first("SHOW SERVICES LIKE 'allowed'")).toMatchObject({ owner: 'ENGINEER' });
  });

  test('a pool is operated only by who may', async () => {
    expect((await failure(engineer.run('ALTER COMPUTE POOL tutorial_compute_pool SUSPEND'))).message).toContain(
      'Insufficient privileges',
    );
    expect((await failure(engineer.run('ALTER COMPUTE POOL tutorial_compute_pool SET MAX_NODES = 9'))).message).toContain(
      'Insufficient privileges',
    );
    expect(
      (await failure(engineer.run('CREATE COMPUTE POOL p MIN_NODES=1 MAX_NODES=1 INSTANCE_FAMILY=CPU_X64_XS'))).message,
    ).toContain('Insufficient privileges');
  });

  test('a job’s log is for who may monitor it', async () => {
    await admin.run(job('echo secret', 'NAME = private'));
    expect((await failure(engineer.run("SELECT SYSTEM$GET_SERVICE_LOGS('private', 0, 'main')"))).message).toContain(
      'does not exist or not authorized',
    );
    await admin.run('grant monitor on service private to role engineer');
    expect(await engineer.value("SELECT SYSTEM$GET_SERVICE_LOGS('private', 0, 'main')")).toBe('secret');
    expect((await failure(engineer.run('CALL private!spcs_cancel_job()'))).message).toContain('Insufficient privileges');
    expect((await engineer.rows('DESCRIBE SERVICE private'))[0]).toMatchObject({ spec: null });
  });
});

describe('after a restart', () => {
  test('pools and jobs are what they were; a job that ran has failed with the reason', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'jobs-restart-'));
    try {
      let restarting = await startLocalServer({ dataDir });
      let connection = await restarting.connect();
      for (const statement of [
        'create database db',
        'create schema db.s',
        'CREATE COMPUTE POOL tutorial_compute_pool MIN_NODES = 1 MAX_NODES = 1 INSTANCE_FAMILY = CPU_X64_XS',
        job('echo kept', 'NAME = done'),
        job('sleep 1000', 'NAME = running ASYNC = TRUE'),
        "CALL running!spcs_wait_for('RUNNING', 60)",
        job('echo later', 'NAME = waiting ASYNC = TRUE'),
        'CREATE COMPUTE POOL sleeping MIN_NODES = 1 MAX_NODES = 1 INSTANCE_FAMILY = CPU_X64_XS',
        'ALTER COMPUTE POOL sleeping SUSPEND',
      ]) {
        await connection.run(statement);
      }
      await restarting.close();
      restarting = await startLocalServer({ dataDir });
      connection = await restarting.connect();
      await connection.run('use schema db.s');
      await connection.run("CALL waiting!spcs_wait_for('DONE', 60)");
      const services = await connection.rows('SHOW SERVICES');
      expect(services.map((each) => [each['name'], each['status']])).toEqual([
        ['DONE', 'DONE'],
        ['RUNNING', 'INTERNAL_ERROR'],
        ['WAITING', 'DONE'],
      ]);
      expect(await connection.value("SELECT SYSTEM$GET_SERVICE_LOGS('done', 0, 'main')")).toBe('kept');
      expect(await connection.rows("SHOW COMPUTE POOLS LIKE 'sleeping'")).toMatchObject([{ state: 'SUSPENDED' }]);
      await restarting.close();
    } finally {
      await rm(dataDir, { recursive: true, force: true });
    }
  });
});
