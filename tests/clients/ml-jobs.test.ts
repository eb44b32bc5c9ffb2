import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalServer, startLocalServer } from '../support/local-server.ts';
import { runPythonClient } from '../support/python-client.ts';

// snowflake.ml.jobs, in a process of its own, against a server in this one.
describe('The ML Jobs client', () => {
  let server: LocalServer;

  beforeAll(async () => {
    server = await startLocalServer();
  });

  afterAll(() => server.close());

  it('submits, waits for, reads, cancels and deletes jobs', async () => {
    expect(await runPythonClient(server, 'ml_jobs.py')).toEqual({
      remote: [2, 4, 6],
      remote_status: 'DONE',
      remote_logs: 'doubling y',
      file: { rows: 7, index: 0 },
      file_logs: ['role "ACCOUNTADMIN" schema "JOBS" warehouse "JOB_WH"', 'sum 42'],
      secret: ['shh', false],
      imports: 42,
      failed: ['FAILED', [expect.stringContaining('Job execution failed'), 'ValueError: no such column']],
      killed: ['FAILED', true, expect.stringContaining('Failed to retrieve result for job')],
      refused: {
        no_pool: expect.stringContaining("Compute pool 'NO_SUCH_POOL' does not exist"),
        pool_too_small: expect.stringContaining("exceeds the max_nodes (3) of compute pool 'JOB_POOL'"),
        overrides: expect.stringContaining("Unsupported feature 'spec_overrides of ML jobs but secrets"),
        no_repository: expect.stringContaining("Artifact repository 'job_db.jobs.nothing' does not exist"),
        no_entrypoint: expect.stringContaining('Entrypoint not found'),
        no_job: expect.stringContaining('could not be retrieved'),
        left: 0,
      },
      unknown_package: ['FAILED', 'Packages that the job requires are not installed: no-such-package-anywhere==9.9'],
      parallel: [true, { 0: 0, 1: 0 }, { rows: 9, index: 0 }],
      parallel_logs: [2, 2],
      parallel_failed: [
        'FAILED',
        [expect.stringContaining('DistributedJobError'), expect.stringContaining('ValueError: no such column')],
      ],
      head: ['DONE', 2, 'Worker node started. See more logs in the head node.'],
      running: ['ACTIVE', 1, 1],
      cancelled: 'CANCELLED',
      again: [true, 'CANCELLED'],
      listed: [10, ['CANCELLED', 'DONE', 'FAILED'], 2],
      history: ['CANCELLED', 'DONE', 'FAILED'],
      deleted: [10, 1, 0],
      gone: expect.stringContaining('does not exist or not authorized'),
    });
  });
});
