import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { mlJobBody, procedureCall, pythonBody } from '../../components/graph/task-body.ts';
import { type LocalServer, startLocalServer } from '../support/local-server.ts';
import type { SdkConnection } from '../support/sdk-connection.ts';
import type { DescribedGraph } from './programs/graph-program.ts';
import { StackProject } from './support/stack-project.ts';

let server: LocalServer;
let admin: SdkConnection;
let project: StackProject;
let folder: string;
beforeAll(async () => {
  server = await startLocalServer();
  admin = await server.connect();
  folder = mkdtempSync(join(tmpdir(), 'task-bodies-'));
  project = new StackProject({ server, program: 'graph-program.ts' });
  await project.create();
});
afterAll(async () => {
  project?.remove();
  await server?.close();
  rmSync(folder, { recursive: true, force: true });
});

const runtimeVersion = '3.11';
const graph: DescribedGraph = {
  schedule: 'none',
  tasks: [
    { name: 'SQL', body: "INSERT INTO LAB.GRAPHS.DONE SELECT 'statement'" },
    { name: 'SCRIPT', after: ['SQL'], body: "BEGIN\n  INSERT INTO LAB.GRAPHS.DONE SELECT 'script';\nEND" },
    { name: 'CALLED', after: ['SQL'], body: procedureCall('LAB.GRAPHS.NOTE', "it's called") },
    {
      name: 'PYTHON',
      after: ['SCRIPT', 'CALLED'],
      body: pythonBody({
        runtimeVersion,
        code: `def run(session):
    # A quote ' and a backslash \\ stay what they are.
    session.sql("INSERT INTO LAB.GRAPHS.DONE SELECT ?", ["python \\\\"]).collect()
    return "done"`,
      }),
    },
    {
      name: 'JOB',
      after: ['PYTHON'],
      body: mlJobBody({
        runtimeVersion,
        source: '@LAB.GRAPHS.CODE/job/',
        entryPoint: 'job.py',
        jobStage: '@LAB.GRAPHS.JOBS',
        computePool: 'LAB_POOL',
        args: ['from the job'],
      }),
    },
  ],
};

test('SQL, scripts, procedures, Python and ML jobs run as they were written, and are found unchanged', async () => {
  const file = join(folder, 'job.py');
  writeFileSync(
    file,
    `import sys
from snowflake.snowpark.context import get_active_session
get_active_session().sql("INSERT INTO LAB.GRAPHS.DONE SELECT ?", [sys.argv[1]]).collect()
`,
  );
  for (const statement of [
    'CREATE DATABASE LAB',
    'CREATE SCHEMA LAB.GRAPHS',
    'CREATE WAREHOUSE LAB_WH',
    'CREATE COMPUTE POOL LAB_POOL MIN_NODES = 1 MAX_NODES = 1 INSTANCE_FAMILY = CPU_X64_S',
    'CREATE STAGE LAB.GRAPHS.CODE',
    'CREATE STAGE LAB.GRAPHS.JOBS',
    'CREATE TABLE LAB.GRAPHS.DONE (WHAT VARCHAR)',
    `CREATE PROCEDURE LAB.GRAPHS.NOTE(WHAT VARCHAR) RETURNS VARCHAR LANGUAGE SQL AS
     'BEGIN INSERT INTO LAB.GRAPHS.DONE SELECT :WHAT; RETURN WHAT; END'`,
    `PUT 'file://${file}' @LAB.GRAPHS.CODE/job AUTO_COMPRESS = FALSE`,
  ]) {
    await admin.run(statement);
  }
  project.write('graph.json', JSON.stringify(graph));
  await project.succeed('up', '--yes', '--skip-preview');
  expect(await project.preview()).toEqual([]);
  await project.succeed('refresh', '--yes', '--skip-preview');
  expect(await project.preview()).toEqual([]);

  await admin.run('EXECUTE TASK LAB.GRAPHS.SQL');
  await expect
    .poll(
      async () => {
        const { rows } = await admin.run(
          'SELECT STATE, FIRST_ERROR_MESSAGE FROM TABLE(LAB.INFORMATION_SCHEMA.COMPLETE_TASK_GRAPHS())',
        );
        return rows;
      },
      { timeout: 120_000, interval: 250 },
    )
    .toEqual([{ STATE: 'SUCCEEDED', FIRST_ERROR_MESSAGE: null }]);
  const { rows } = await admin.run('SELECT WHAT FROM LAB.GRAPHS.DONE ORDER BY WHAT');
  expect(rows.map((row) => row['WHAT'])).toEqual(['from the job', "it's called", 'python \\', 'script', 'statement']);
});
