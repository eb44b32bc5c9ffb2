import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalServer, startLocalServer } from '../support/local-server.ts';
import { runPythonClient } from '../support/python-client.ts';

type Found = Readonly<Record<'frame' | 'sql' | 'partitioned' | 'files' | 'refused', unknown>>;

const refused = (pattern: RegExp): unknown => [expect.any(String), expect.stringMatching(pattern)];

// ModelVersion.run_batch of snowflake-ml-python, and what it says in SQL.
// https://docs.snowflake.com/en/developer-guide/snowflake-ml/inference/batch-inference-jobs
describe('Batch inference jobs', () => {
  let server: LocalServer;
  let found: Found;

  beforeAll(async () => {
    server = await startLocalServer();
    found = (await runPythonClient(server, 'batch_inference.py')) as Found;
  });

  afterAll(() => server.close());

  it('score a frame with several instances, and leave only results', () => {
    expect(found.frame).toEqual({
      status: 'DONE',
      right: true,
      columns: ['A', 'B', 'ID', 'output_feature_0'],
      files: ['_SUCCESS', 'part_0_0.parquet', 'part_0_2.parquet', 'part_1_1.parquet', 'part_1_3.parquet'],
      logs: [true, true],
      input_left: [],
    });
  });

  it('score a query, wait for the end, and overwrite only when told to', () => {
    const done = 'Batch inference job ML.BATCH.NAMED_JOB completed successfully.';
    expect(found.sql).toEqual({
      answer: done,
      rows: [
        [2, 'y', 4],
        [3, 'z', 6],
      ],
      name_taken: refused(/'ML\.BATCH\.NAMED_JOB' already exists/u),
      has_files: refused(/NAMED_JOB already contains files, and output\.mode is error/u),
      overwritten: done,
    });
  });

  it('work on partitions', () => {
    expect(found.partitioned).toEqual([
      ['a', 4],
      ['b', 2],
    ]);
  });

  it('give models the contents of staged files', () => {
    expect(found.files).toEqual([
      ['@ML.BATCH.FILES/one.txt', 1],
      ['@ML.BATCH.FILES/three.txt', 3],
    ]);
  });

  it('say what is wrong with the rows or the model, and mark nothing as complete then', () => {
    expect(found.refused).toMatchObject({
      wrong_schema: ['FAILED', 'The input does not fit model ML.BATCH.APPROVAL version V1: there is no column B'],
      raising: ['FAILED', true],
      no_success: [],
    });
  });

  it('are refused without a trace when they cannot run', () => {
    expect(found.refused).toMatchObject({
      pool_missing: refused(/Compute pool 'NO_SUCH_POOL' does not exist/u),
      pool_too_small: refused(/needs 3 nodes, compute pool BATCH_POOL has 2 at most/u),
      node_too_small: refused(/memory 900Gi is more than a node of compute pool BATCH_POOL has/u),
      engine: refused(/Unsupported feature 'inference engine VLLM of batch inference jobs'/u),
      unknown_version: refused(/Version V9 does not exist in model APPROVAL/u),
      unknown_method: refused(/Unknown function APPROVAL!score/u),
      no_output: refused(/Invalid spec: output/u),
      no_service_left: true,
      // Of the two jobs that failed, for whoever looks for the reason.
      input_left: ['data_0_0_0.snappy.parquet', 'data_0_0_0.snappy.parquet'],
    });
  });
});
