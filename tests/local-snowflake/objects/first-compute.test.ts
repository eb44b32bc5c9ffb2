import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LocalServer, startLocalServer } from '../../support/local-server.ts';
import type { SdkConnection, SdkRow } from '../../support/sdk-connection.ts';

const folder = mkdtempSync(join(tmpdir(), 'first-compute-'));
let server: LocalServer;
let admin: SdkConnection;

async function open(): Promise<void> {
  server = await startLocalServer({ dataDir: folder });
  admin = await server.connect();
}
beforeAll(open);
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

const names = async (what: string): Promise<unknown[]> => (await admin.rows(`show ${what}`)).map((row) => row['name']);
const pool = async (name: string): Promise<SdkRow | undefined> => (await admin.rows(`show compute pools like '${name}'`))[0];

// https://docs.snowflake.com/en/user-guide/warehouses-overview#default-warehouse-for-notebooks
test('a new account has a warehouse for its first user and one for notebooks', async () => {
  expect(await names('warehouses')).toEqual(['COMPUTE_WH', 'SYSTEM$STREAMLIT_NOTEBOOK_WH']);
  expect((await admin.rows('show warehouses'))[1]).toMatchObject({
    size: 'X-Small',
    max_cluster_count: 10,
    auto_suspend: 60,
    owner: 'ACCOUNTADMIN',
  });
  expect(await admin.rows('show grants on warehouse system$streamlit_notebook_wh')).toContainEqual(
    expect.objectContaining({ privilege: 'USAGE', grantee_name: 'PUBLIC' }),
  );
});

// https://docs.snowflake.com/en/developer-guide/snowpark-container-services/working-with-compute-pool#system-compute-pools
describe('the system compute pools', () => {
  const common = { state: 'SUSPENDED', min_nodes: 1, num_services: 0, num_jobs: 0, auto_resume: 'true', owner: 'ACCOUNTADMIN' };

  test('are there, suspended, with the configuration of the page', async () => {
    expect(await admin.rows('show compute pools')).toMatchObject([
      { ...common, name: 'SYSTEM_COMPUTE_POOL_CPU', instance_family: 'CPU_X64_S', max_nodes: 150, auto_suspend_secs: 259_200 },
      { ...common, name: 'SYSTEM_COMPUTE_POOL_GPU', instance_family: 'GPU_NV_S', max_nodes: 50, auto_suspend_secs: 600 },
    ]);
  });

  test('are everybody’s to use, until PUBLIC loses them', async () => {
    await admin.run('create role analyst');
    await admin.run('grant role analyst to user local_admin');
    const analyst = await server.connect({ role: 'ANALYST' });
    await analyst.run('use secondary roles none');
    expect(await analyst.rows('show compute pools')).toHaveLength(2);
    await expect(analyst.run('alter compute pool system_compute_pool_cpu set max_nodes = 2')).rejects.toThrow(
      /Insufficient privileges/u,
    );
    await admin.run('revoke usage on compute pool system_compute_pool_cpu from role public');
    expect(await analyst.rows('show compute pools')).toHaveLength(1);
    await admin.run('grant usage on compute pool system_compute_pool_cpu to role analyst');
    expect(await analyst.rows('show compute pools')).toHaveLength(2);
  });

  test('are for notebooks, model serving and ML jobs alone', async () => {
    await admin.run('create database d');
    const spec = `from specification $$ spec: {containers: [{name: main, image: /d/public/r/i:latest, command: ["sh"]}]} $$`;
    for (const sql of [
      `create service s in compute pool system_compute_pool_cpu ${spec}`,
      `execute job service in compute pool system_compute_pool_cpu name = j ${spec}`,
    ]) {
      await expect(admin.run(sql)).rejects.toThrow(
        'Compute pool SYSTEM_COMPUTE_POOL_CPU can only support services of type [NOTEBOOK, MODEL_SERVING, STREAMLIT, ML_JOB]',
      );
    }
  });

  test('are ACCOUNTADMIN’s to change and to drop', async () => {
    await admin.run('alter compute pool system_compute_pool_gpu set auto_suspend_secs = 3600');
    expect(await pool('system_compute_pool_gpu')).toMatchObject({ auto_suspend_secs: 3600 });
    await admin.run('alter compute pool system_compute_pool_cpu stop all');
    await admin.run('drop compute pool system_compute_pool_cpu');
    expect(await names('compute pools')).toEqual(['SYSTEM_COMPUTE_POOL_GPU']);
  });
});

test('what was dropped does not come back', async () => {
  await admin.run('drop warehouse compute_wh');
  await server.close();
  await open();
  expect(await names('compute pools')).toEqual(['SYSTEM_COMPUTE_POOL_GPU']);
  expect(await names('warehouses')).toEqual(['SYSTEM$STREAMLIT_NOTEBOOK_WH']);
  expect(await pool('system_compute_pool_gpu')).toMatchObject({ auto_suspend_secs: 3600, state: 'SUSPENDED' });
});

test('an account of before there were any gets them when it is opened', async () => {
  await admin.run("alter user local_admin set default_warehouse = ''");
  await server.service.internals.records.change((change) => {
    change.delete('first-compute');
  });
  await server.close();
  await open();
  expect(await names('compute pools')).toEqual(['SYSTEM_COMPUTE_POOL_CPU', 'SYSTEM_COMPUTE_POOL_GPU']);
  expect(await admin.value('select current_warehouse()')).toBe('COMPUTE_WH');
  expect(await pool('system_compute_pool_gpu')).toMatchObject({ auto_suspend_secs: 3600 });
});
