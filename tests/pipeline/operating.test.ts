import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createGraph, finalStates, operatedAccount, target } from './operated-account.ts';
import { jsonLines, type PipelineCommand } from './run-pipeline.ts';

const account = operatedAccount();
const { sql, run } = account;

describe('a graph that runs', () => {
  beforeAll(() => createGraph(account));

  it('run: starts it, shows each task, ends with the state of the graph', async () => {
    const finished = await run('run');
    expect(finished.stderr).toBe('');
    expect(finished.code).toBe(0);
    expect(finished.stdout).toMatch(/LOAD SUCCEEDED in [\d.]+s: loaded/);
    expect(finished.stdout).toMatch(/^✓ +CHECK +SUCCEEDED +[\d.]+s +promote$/m);
    expect(finished.stdout).toMatch(/^↷ +ALERT +SKIPPED/m);
    expect(finished.stdout).toMatch(/✓ SUCCEEDED after [\d.]+s {2}BANK\.DAG\.LOAD run \w+, started by EXECUTE TASK/);
  });

  it('run --config: takes the other branch, by a configuration merged into the default', async () => {
    const finished = await run('run', '--json', '--config', 'quality.threshold=0.99');
    expect(finished.code).toBe(0);
    expect(finalStates(finished)).toEqual({
      LOAD: 'SUCCEEDED',
      CHECK: 'SUCCEEDED',
      ALERT: 'SUCCEEDED',
      PROMOTE: 'SKIPPED',
      CLEANUP: 'SUCCEEDED',
    });
    const events = jsonLines(finished.stdout);
    expect(events[0]).toMatchObject({
      event: 'run',
      graph: 'BANK.DAG.LOAD',
      scheduledFrom: 'EXECUTE_TASK',
      config: { quality: { metric: 'auc', threshold: 0.99 } },
    });
    expect(events.at(-1)).toMatchObject({ event: 'end', state: 'SUCCEEDED', exitCode: 0 });
    expect(events.find((event) => event['task'] === 'CHECK' && event['state'] === 'SUCCEEDED')).toMatchObject({
      returnValue: 'alert',
    });
  });

  it('run: points out a key that the default configuration does not have', async () => {
    const finished = await run('run', '--config', 'treshold=0.9');
    expect(finished.code).toBe(0);
    expect(finished.stderr).toContain("Not in the graph's own configuration: treshold. It has quality.");
  });

  it('run --no-wait, then watch: joins the same run and ends as it does', async () => {
    const [started] = jsonLines((await run('run', '--no-wait', '--json')).stdout);
    const watched = await run('watch', '--json', '--run', String(started?.['group']));
    expect(watched.code).toBe(0);
    expect(jsonLines(watched.stdout).at(-1)).toMatchObject({ event: 'end', group: started?.['group'], state: 'SUCCEEDED' });
  });

  it('history: lists the runs, newest first, and counts', async () => {
    const finished = await run('history', '--json', '--stats', '--limit', '3');
    const [newest, second, third, stats, ...more] = jsonLines(finished.stdout);
    expect(more).toEqual([]);
    for (const event of [newest, second, third]) expect(event).toMatchObject({ event: 'run', state: 'SUCCEEDED' });
    expect(String(newest?.['scheduledAt']) > String(second?.['scheduledAt'])).toBe(true);
    expect(stats).toMatchObject({ event: 'stats', runs: 3, succeeded: 3, successRate: 1 });
    const { tasks } = stats as unknown as { tasks: readonly { task: string; runs: number }[] };
    expect(tasks.map(({ task, runs }) => [task, runs])).toEqual([
      ['LOAD', 3],
      ['CHECK', 3],
      ['ALERT', expect.any(Number)],
      ['PROMOTE', expect.any(Number)],
      ['CLEANUP', 3],
    ]);
    const text = await run('history', '--stats');
    expect(text.stdout).toMatch(/✓ SUCCEEDED/);
    expect(text.stdout).toMatch(/4 of 4 runs succeeded \(100%\)/);
  });

  it('graph: draws it with the states of the last run, also as SVG', async () => {
    const finished = await run('graph', '--svg', 'graph.svg');
    expect(finished.code).toBe(0);
    expect(readFileSync(join(account.pipeline.folder, 'graph.svg'), 'utf8')).toContain('PROMOTE');
    const drawn = await run('graph');
    expect(drawn.stdout).toMatch(/┌─+┐[^]*LOAD[^]*▼[^]*CHECK[^]*ALERT[^]*PROMOTE[^]*CLEANUP/);
    expect(drawn.stdout).toMatch(/↷ SKIPPED/);
    expect((await run('graph', '--no-states')).stdout).not.toContain('SUCCEEDED');
  });

  it('logs: shows what a task returned', async () => {
    const finished = await run('logs', 'check');
    expect(finished.code).toBe(0);
    expect(finished.stdout).toMatch(/✓ CHECK SUCCEEDED/);
    expect(finished.stdout).toContain('Returned: promote');
  });

  it('suspend and resume: leave a task out of a run, and bring it back', async () => {
    expect((await run('suspend', 'promote')).stdout).toBe('BANK.DAG.LOAD: 3 of 5 tasks started; suspended: LOAD, PROMOTE.\n');
    const finished = await run('run', '--json');
    expect(jsonLines(finished.stdout)[0]).toMatchObject({
      event: 'remark',
      message: expect.stringContaining('left out of the run: PROMOTE'),
    });
    expect(finalStates(finished)).toMatchObject({
      LOAD: 'SUCCEEDED',
      CHECK: 'SUCCEEDED',
      PROMOTE: 'SUSPENDED',
      CLEANUP: 'SUCCEEDED',
    });
    expect((await run('resume', '--children')).stdout).toBe('BANK.DAG.LOAD: 4 of 5 tasks started; suspended: LOAD.\n');
  });

  it('doctor: finds nothing wrong, then names a grant that was taken away', async () => {
    const fine = await run('doctor');
    expect(fine.stdout).toMatch(/ENGINEER has EXECUTE TASK[^]*Nothing found\./);
    expect(fine.code).toBe(0);
    await sql('USE ROLE ACCOUNTADMIN', 'REVOKE USAGE ON WAREHOUSE WH FROM ROLE ENGINEER');
    const ill = await run('doctor');
    await sql('GRANT USAGE ON WAREHOUSE WH TO ROLE ENGINEER', 'USE ROLE ENGINEER');
    expect(ill.code).toBe(5);
    expect(ill.stdout).toContain('GRANT USAGE ON WAREHOUSE WH TO ROLE ENGINEER;');
  });
});

describe('a graph that fails', () => {
  beforeAll(async () => {
    await createGraph(account);
    await sql('DROP TABLE BANK.DAG.SCORE');
  });

  it('run: ends with 1, names the task and its error, and the finalizer has run', async () => {
    const finished = await run('run');
    expect(finished.code).toBe(1);
    expect(finished.stdout).toMatch(/✗ FAILED after/);
    expect(finished.stdout).toMatch(/CHECK failed with error \d+:/);
    expect(finished.stdout).toContain('SCORE');
    expect(finished.stdout).toMatch(/^· +PROMOTE +NOT_RUN$/m);
    expect(finished.stdout).toMatch(/^✓ +CLEANUP +SUCCEEDED/m);
    expect(finished.stdout).toContain(`pipeline logs CHECK ${target.join(' ')}.`);
  });

  it('logs: shows the whole error', async () => {
    const finished = await run('logs', 'CHECK', '--json');
    expect(jsonLines(finished.stdout)[0]).toMatchObject({
      event: 'logs',
      task: 'CHECK',
      state: 'FAILED',
      errorMessage: expect.stringContaining('SCORE'),
      jobs: [],
    });
  });

  it('retry: goes on from the failed task as the next attempt of the same run', async () => {
    await sql('CREATE TABLE BANK.DAG.SCORE (VALUE FLOAT)', 'INSERT INTO BANK.DAG.SCORE VALUES (0.8)');
    const finished = await run('retry', '--json');
    expect(finished.code).toBe(0);
    expect(jsonLines(finished.stdout).at(-1)).toMatchObject({ attempt: 2, scheduledFrom: 'MANUAL RETRY', state: 'SUCCEEDED' });
    expect(finalStates(finished)).toMatchObject({ LOAD: 'SUCCEEDED', CHECK: 'SUCCEEDED 2', PROMOTE: 'SUCCEEDED 2' });
  });

  it('run --from: starts at the task that failed, as the next attempt of its run', async () => {
    await sql('ALTER TABLE BANK.DAG.SCORE RENAME TO BANK.DAG.SCORES');
    expect((await run('run')).code).toBe(1);
    await sql('ALTER TABLE BANK.DAG.SCORES RENAME TO BANK.DAG.SCORE');
    const refused = await run('run', '--from', 'promote');
    expect(refused.stderr).toMatch(/No run can start at PROMOTE: [^]* CHECK FAILED, but PROMOTE NOT_RUN\.[^]*pipeline retry/);
    expect(refused.code).toBe(2);
    const finished = await run('run', '--from', 'check', '--json');
    expect(finished.code).toBe(0);
    expect(jsonLines(finished.stdout).at(-1)).toMatchObject({ attempt: 2, scheduledFrom: 'MANUAL RETRY', state: 'SUCCEEDED' });
    expect(finalStates(finished)).toMatchObject({ LOAD: 'SUCCEEDED', CHECK: 'SUCCEEDED 2', PROMOTE: 'SUCCEEDED 2' });
  });

  it('retry: says that there is nothing to retry', async () => {
    const finished = await run('retry');
    expect(finished.code).toBe(2);
    expect(finished.stderr).toMatch(/Cannot perform retry[^]*pipeline run/);
    expect((await run('run', '--from', 'check')).stderr).toMatch(/No run can start at CHECK: [^]* ended as SUCCEEDED\.\n/);
  });

  it('history: keeps both attempts, with the first error', async () => {
    const [second, first] = jsonLines((await run('history', '--json')).stdout);
    expect(second).toMatchObject({ attempt: 2, state: 'SUCCEEDED' });
    expect(first).toMatchObject({ attempt: 1, state: 'FAILED', firstErrorTask: 'CHECK', group: second?.['group'] });
  });
});

describe('a graph that takes long', () => {
  beforeEach(() =>
    sql(
      'CREATE OR REPLACE SCHEMA BANK.DAG',
      // https://docs.snowflake.com/en/sql-reference/functions/system_wait
      "CREATE TASK BANK.DAG.LOAD WAREHOUSE = WH AS CALL SYSTEM$WAIT(10, 'MINUTES')",
      'CREATE TASK BANK.DAG.NEXT WAREHOUSE = WH AFTER BANK.DAG.LOAD AS SELECT 1',
      'CREATE TASK BANK.DAG.CLEANUP WAREHOUSE = WH FINALIZE = BANK.DAG.LOAD AS SELECT 1',
      'ALTER TASK BANK.DAG.NEXT RESUME',
      'ALTER TASK BANK.DAG.CLEANUP RESUME',
    ),
  );

  const executing = async (...args: readonly string[]): Promise<ReturnType<PipelineCommand['start']>> => {
    const started = account.pipeline.start(...args, ...target);
    await new Promise<void>((resolve, reject) => {
      started.child.stdout?.on('data', () => {
        if (/LOAD EXECUTING/.test(started.output())) resolve();
      });
      void started.finished.then((finished) => reject(new Error(finished.stderr)));
    });
    return started;
  };

  it('cancel: ends it, and who watches it hears of it', async () => {
    const watching = await executing('run');
    const cancelled = await run('cancel');
    expect(cancelled.stderr).toContain('Asked Snowflake to cancel LOAD.');
    expect(cancelled.stdout).toMatch(/⊘ CANCELLED/);
    expect(cancelled.code).toBe(0);
    const watched = await watching.finished;
    expect(watched.stdout).toMatch(/^⊘ +LOAD +CANCELLED/m);
    expect(watched.stdout).toMatch(/^· +NEXT +NOT_RUN/m);
    expect(watched.code).toBe(3);
    expect((await run('cancel')).stderr).toContain('No run of BANK.DAG.LOAD is under way.');
  });

  it('Ctrl-C: ends the watching, not the run', async () => {
    const watching = await executing('run');
    watching.child.kill('SIGINT');
    const left = await watching.finished;
    expect(left.code).toBe(130);
    expect(left.stderr).toMatch(/Stopped watching; the run goes on/);
    const again = await executing('watch');
    await run('cancel');
    expect((await again.finished).code).toBe(3);
  });
});
