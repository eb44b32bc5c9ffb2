import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FakeClock } from '../../../local-snowflake/platform/clock.ts';
import type { JobRecord } from '../../../local-snowflake/objects/job/job-record.ts';
import { logText } from '../../../local-snowflake/objects/job/log-text.ts';
import { isAlive } from './support/is-alive.ts';
import { JobBench } from './support/job-bench.ts';
import { testHost } from './support/test-host.ts';

const host = testHost();
let bench: JobBench;

beforeEach(async () => {
  bench = await JobBench.open(host);
});

afterAll(() => host.close());

afterEach(() => bench.close());

async function run(draft: Awaited<ReturnType<JobBench['mlJob']>>): Promise<JobRecord> {
  const { id } = await bench.runner.submit(draft);
  return bench.runner.ended(id);
}

async function log(job: Pick<JobRecord, 'id'>, instance = 0, lines?: number): Promise<string> {
  return logText((await bench.runner.log(job.id, instance)) ?? [], lines);
}

/** Message of the error that ends the work; listened for at once, so that it may come at any time. */
function messageOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'no error',
    (error: unknown) => (error as Error).message,
  );
}

async function json(path: string): Promise<Record<string, unknown>> {
  return JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>;
}

describe('an ML job', () => {
  test('runs its script with a session and its arguments, keeps its log and writes its result to the stage', async () => {
    await bench.put(
      'app/train.py',
      `
import os, sys
import helper
from snowflake.snowpark.context import get_active_session
row = get_active_session().sql("select 41").collect()[0]
print("arguments", sys.argv[1:], "in", os.path.basename(os.getcwd()))
__return__ = {"answer": helper.next(row[0]), "instances": os.environ["SNOWFLAKE_JOBS_COUNT"]}
`,
    );
    await bench.put('app/helper.py', 'def next(x): return x + 1');
    const job = await run(await bench.mlJob(['/mnt/job_stage/app/train.py', '--rounds', '20']));
    expect(await log(job)).toContain("arguments ['--rounds', '20'] in app");
    expect([job.status, job.message]).toEqual(['DONE', 'Job completed successfully.']);
    expect(job.instances).toMatchObject([{ status: 'SUCCEEDED', exitCode: 0 }]);
    expect(await json(bench.resultPath(job))).toMatchObject({ success: true, value: { answer: 42, instances: '1' } });
    expect(bench.openTokens.size).toBe(0);
    expect(bench.kept.get(job.id)).toEqual(job);
    // Nothing but what the job wrote: no byte code beside the payload.
    expect(existsSync(`${bench.folder}/stage/train_0a1b/app/__pycache__`)).toBe(false);
  });

  test('that raises fails with the exception in its log and in its result', async () => {
    await bench.put('app/train.py', 'def inner():\n    raise ValueError("no data")\ninner()\n');
    const job = await run(await bench.mlJob(['/mnt/job_stage/app/train.py']));
    expect([job.status, job.message]).toEqual(['FAILED', 'Job failed: instance 0: Encountered fatal error: exit code 1']);
    expect(await log(job)).toContain('ValueError: no data');
    expect(await json(bench.resultPath(job))).toMatchObject({
      success: false,
      metadata: { type: 'builtins.ValueError', message: 'no data' },
    });
  });

  test('that is killed from outside fails with how it ended', async () => {
    await bench.put('app/train.py', 'import os, signal\nos.kill(os.getpid(), signal.SIGKILL)\n');
    const job = await run(await bench.mlJob(['/mnt/job_stage/app/train.py']));
    expect(job.message).toContain('killed by SIGKILL');
  });

  test('whose requirements are not installed names them', async () => {
    await bench.put('app/train.py', 'print("not reached")');
    await bench.put('app/requirements.txt', 'xgboost>=1\nno-such-package==2  # for nothing\nnumpy<1\n');
    const job = await run(await bench.mlJob(['/mnt/job_stage/app/train.py']));
    expect(job.status).toBe('FAILED');
    expect(await log(job)).toMatch(/not installed: no-such-package==2, numpy<1 \(installed: /u);
  });

  // https://docs.snowflake.com/en/developer-guide/snowflake-ml/ml-jobs/head-worker-execution
  test('of two instances runs its script on the head alone, beside a worker that stands by', async () => {
    await bench.put('app/train.py', 'import os\n__return__ = os.environ["SNOWFLAKE_JOB_INDEX"]');
    const job = await run(await bench.mlJob(['/mnt/job_stage/app/train.py'], { instances: 2 }));
    expect(job.status).toBe('DONE');
    expect(job.instances.map((each) => each.status)).toEqual(['SUCCEEDED', 'SUCCEEDED']);
    expect(await log(job, 1)).toBe('Worker node started. See more logs in the head node.\nThe head node has ended.');
    expect(await json(bench.resultPath(job))).toMatchObject({ value: '0' });
  });

  // https://docs.snowflake.com/en/developer-guide/snowflake-ml/ml-jobs/direct-per-instance-execution
  test('started on every instance trains one model together', async () => {
    await bench.put(
      'app/train.py',
      `
import os, socket, time
import numpy as np
import xgboost as xgb
from xgboost import collective
from xgboost.tracker import RabitTracker

index, count = int(os.environ["SNOWFLAKE_JOB_INDEX"]), int(os.environ["SNOWFLAKE_JOBS_COUNT"])
head, port = os.environ["MLRS_HEAD_IP"], int(os.environ["MLRS_RDZV_PORT"])
assert os.environ["MLRS_NODE_IPS"].split(",")[0] == head and len(set(os.environ["MLRS_NODE_IPS"].split(","))) == count
if index == 0:
    tracker = RabitTracker(n_workers=count, host_ip=head, port=port)
    tracker.start()
else:
    # XGBoost's own retries are seconds apart.
    while True:
        try:
            socket.create_connection((head, port)).close()
            break
        except OSError:
            time.sleep(0.02)
with collective.CommunicatorContext(dmlc_communicator="rabit", dmlc_tracker_uri=head, dmlc_tracker_port=port, dmlc_retry=20):
    rows = np.random.RandomState(7).rand(400, 3)
    share = rows[index::count]
    model = xgb.train({"nthread": 1}, xgb.DMatrix(share, share.sum(axis=1)), num_boost_round=3)
    together = collective.get_world_size()
if index == 0:
    tracker.wait_for()
__return__ = {"together": together, "error": float(np.abs(model.predict(xgb.DMatrix(rows)) - rows.sum(axis=1)).mean())}
`,
    );
    const job = await run(
      await bench.mlJob(['/mnt/job_stage/app/train.py'], { instances: 2, environment: { MLRS_LAUNCH_BACKEND: 'passthrough' } }),
    );
    expect(`${job.status}\n${await log(job)}\n${await log(job, 1)}`).toMatch(/^DONE/u);
    const { value } = (await json(bench.resultPath(job))) as { value: { together: number; error: number } };
    expect(value.together).toBe(2);
    expect(value.error).toBeLessThan(0.3);
    for (const index of [0, 1])
      expect(await json(bench.resultPath(job, `instances/${String(index)}.json`))).toMatchObject({ exit_code: 0, exc: null });
  });

  test('started on every instance fails when one does, and records which', async () => {
    await bench.put('app/train.py', 'import os\nif os.environ["SNOWFLAKE_JOB_INDEX"] == "1":\n    raise KeyError("column")\n');
    const job = await run(
      await bench.mlJob(['/mnt/job_stage/app/train.py'], { instances: 2, environment: { MLRS_LAUNCH_BACKEND: 'passthrough' } }),
    );
    expect([job.status, job.message]).toEqual(['FAILED', 'Job failed: instance 1: Encountered fatal error: exit code 1']);
    expect(await json(bench.resultPath(job, 'instances/1.json'))).toMatchObject({
      exit_code: 1,
      exc: { type: 'builtins.KeyError', message: "'column'" },
    });
    expect(await json(bench.resultPath(job, 'instances/0.json'))).toMatchObject({ exit_code: 0 });
  });
});

describe('a job service', () => {
  test('runs its command once for each instance, with the documented variables', async () => {
    const job = await run(
      bench.command(['sh', '-c', 'echo $GREETING $SNOWFLAKE_SERVICE_NAME $SNOWFLAKE_JOB_INDEX of $SNOWFLAKE_JOBS_COUNT'], 2),
    );
    expect(job.status).toBe('DONE');
    expect([await log(job), await log(job, 1)]).toEqual([`hello ${job.name} 0 of 2`, `hello ${job.name} 1 of 2`]);
  });

  test.each([
    ['leaves with a code', ['sh', '-c', 'exit 3'], 'exit code 3'],
    ['is not there', ['no-such-command'], 'exit code 127'],
  ])('whose command %s fails', async (_, command, how) => {
    const job = await run(bench.command(command));
    expect([job.status, job.message]).toEqual(['FAILED', `Job failed: instance 0: Encountered fatal error: ${how}`]);
  });

  test('that floods its log keeps the end of it', async () => {
    const job = await run(bench.command(['python3', '-c', 'for n in range(200_000): print(n, "x" * 100)']));
    expect(job.status).toBe('DONE');
    const lines = (await bench.runner.log(job.id, 0)) ?? [];
    expect(lines.at(-1)?.text).toBe(`199999 ${'x'.repeat(100)}`);
    expect(lines.length).toBeLessThan(100_000);
    expect(lines.length).toBeGreaterThan(20_000);
    const text = await log(job);
    expect(text.length).toBeLessThanOrEqual(100 * 1024);
    expect(await log(job, 0, 2)).toBe(`199998 ${'x'.repeat(100)}\n199999 ${'x'.repeat(100)}`);
  });

  test('waits for its nodes, first come, first served', async () => {
    const first = await bench.runner.submit(bench.command(['sleep', '1000'], 3));
    await bench.runner.waitFor(first.id, 'RUNNING', 60);
    const second = await bench.runner.submit(bench.command(['true'], 2));
    const third = await bench.runner.submit(bench.command(['true']));
    expect([second.status, third.status]).toEqual(['PENDING', 'PENDING']);
    expect(bench.pools.facts('P')).toMatchObject({ state: 'ACTIVE', activeNodes: 3, jobs: 3, waitingFor: 'nodes' });
    await bench.runner.cancel(first.id);
    expect((await bench.runner.ended(second.id)).status).toBe('DONE');
    expect((await bench.runner.ended(third.id)).status).toBe('DONE');
    expect(bench.pools.facts('P')).toMatchObject({ state: 'IDLE', activeNodes: 0, jobs: 0 });
  });

  test('that is cancelled ends with all it started', async () => {
    const { id } = await bench.runner.submit(bench.command(['sh', '-c', 'sleep 1000 & echo $$ $!; wait']));
    await expect.poll(() => log({ id })).toMatch(/\d+ \d+/u);
    const pids = (await log({ id })).split(' ').map(Number);
    expect(await bench.runner.cancel(id)).toBe(true);
    expect(bench.runner.find(id)).toMatchObject({ status: 'CANCELLED', message: 'The job was cancelled.' });
    for (const pid of pids) expect(isAlive(pid)).toBe(false);
    expect(await bench.runner.cancel(id)).toBe(false);
  });

  test('that waits can be cancelled too', async () => {
    const first = await bench.runner.submit(bench.command(['sleep', '1000'], 3));
    const second = await bench.runner.submit(bench.command(['true']));
    await bench.runner.cancel(second.id);
    expect(bench.runner.find(second.id)?.status).toBe('CANCELLED');
    expect(bench.pools.facts('P').jobs).toBe(1);
    await bench.runner.stopAll('P');
    expect(bench.runner.find(first.id)).toMatchObject({
      status: 'CANCELLED',
      message: 'The compute pool was told to stop all its jobs.',
    });
  });

  test('that is dropped is remembered, its log is not', async () => {
    const job = await run(bench.command(['echo', 'x']));
    await bench.runner.drop(job.id);
    expect(bench.runner.find(job.id)?.deletedOn).not.toBeNull();
    expect(bench.kept.get(job.id)?.deletedOn).not.toBeNull();
    expect(await bench.runner.log(job.id, 0)).toBeUndefined();
  });
});

describe('waiting for a status', () => {
  test('ends when it is reached, when it never can be, and when the time is over', async () => {
    await bench.close();
    const clock = new FakeClock();
    bench = await JobBench.open(host, clock);
    await clock.advanceBy(0);
    const running = await bench.runner.submit(bench.command(['sleep', '1000']));
    expect((await bench.runner.waitFor(running.id, 'RUNNING', 60)).status).toBe('RUNNING');
    const waiting = bench.runner.waitFor(running.id, 'DONE', 30);
    const late = messageOf(waiting);
    await clock.advanceBy(30_000);
    expect(await late).toMatch(/did not reach status DONE within 30 seconds\. Current status: RUNNING/u);
    const never = bench.runner.waitFor(running.id, 'DONE', 30);
    const hopeless = messageOf(never);
    await bench.runner.cancel(running.id);
    expect(await hopeless).toMatch(/can no longer reach status DONE\. Current status: CANCELLED/u);
    const given = new AbortController();
    const queued = await bench.runner.submit(bench.command(['sleep', '1000']));
    const abandoned = messageOf(bench.runner.ended(queued.id, given.signal));
    given.abort();
    expect(await abandoned).toBe('SQL execution canceled');
  });
});

describe('after a restart', () => {
  test('a job that ran has failed with the reason, one that waited runs, one that ended is as it was', async () => {
    const done = await run(bench.command(['true']));
    const running = await bench.runner.submit(bench.command(['sleep', '1000'], 3));
    await bench.runner.waitFor(running.id, 'RUNNING', 60);
    const waiting = await bench.runner.submit(bench.command(['true']));
    const records = structuredClone([...bench.kept.values()]);

    await bench.runner.cancel(running.id);
    await bench.runner.cancel(waiting.id);
    const restarted = bench.newRunner();
    await restarted.restore(records);
    restarted.start();
    expect(restarted.find(done.id)).toEqual(done);
    expect(restarted.find(running.id)).toMatchObject({
      status: 'INTERNAL_ERROR',
      message: 'The local Snowflake ended while the job was running.',
    });
    expect((await restarted.ended(waiting.id)).status).toBe('DONE');
  });

  test('a job that was stopped with the server says so', async () => {
    const { id } = await bench.runner.submit(bench.command(['sleep', '1000']));
    await bench.runner.waitFor(id, 'RUNNING', 60);
    await bench.runner.close();
    expect(bench.kept.get(id)).toMatchObject({
      status: 'INTERNAL_ERROR',
      message: 'The local Snowflake was stopped while the job was running.',
    });
  });

  test('jobs older than 30 days are forgotten', async () => {
    const job = await run(bench.command(['true']));
    await bench.newRunner().restore([{ ...job, completedOn: Number(job.completedOn) - 31 * 24 * 3600 * 1000 }]);
    expect(bench.runner.find(job.id)).toBeUndefined();
    expect(bench.kept.has(job.id)).toBe(false);
  });
});
