import { beforeEach, describe, expect, it } from 'vitest';
import { followRun } from '../../pipeline/run/follow-run.ts';
import type { GraphRun } from '../../pipeline/run/graph-run.ts';
import type { RunProgress } from '../../pipeline/run/run-progress.ts';
import { startRun, type StartRequest } from '../../pipeline/run/start-run.ts';
import { graphRun, sampleGraph, taskRun } from './sample-graph.ts';
import { ScriptedAccount } from './scripted-account.ts';

const graph = sampleGraph();
let account: ScriptedAccount;

beforeEach(() => {
  account = new ScriptedAccount();
});

const start = (request: StartRequest = { kind: 'fresh', config: undefined }): ReturnType<typeof startRun> =>
  startRun(account, graph, request, () => account.now(), account);

const executing = graphRun({ group: 'mine', scheduledAt: 1_990_000 });

// https://docs.snowflake.com/en/sql-reference/sql/execute-task
describe('starting a run', () => {
  it('sends EXECUTE TASK and finds the run it made', async () => {
    account.complete = [graphRun({ group: 'earlier', state: 'SUCCEEDED', completedAt: 1 })];
    account.onExecute = () => (account.current = [executing]);
    expect((await start()).run.group).toBe('mine');
    expect(account.statements.filter((sql) => sql.startsWith('EXECUTE'))).toEqual(['EXECUTE TASK "DB"."S"."LOAD"']);
  });

  it('passes the configuration and asks for retries in the documented forms', async () => {
    account.onExecute = () => (account.current = [executing, graphRun({ group: 'g', attempt: 2, scheduledFrom: 'MANUAL RETRY' })]);
    await start({ kind: 'fresh', config: { quality: { threshold: 0.9 } } });
    account.current = [];
    expect((await start({ kind: 'retry last' })).run).toMatchObject({ group: 'g', attempt: 2 });
    account.current = [];
    await start({ kind: 'retry group', group: "g'1" });
    expect(account.statements.filter((sql) => sql.startsWith('EXECUTE'))).toEqual([
      'EXECUTE TASK "DB"."S"."LOAD" USING CONFIG = $${"quality":{"threshold":0.9}}$$',
      'EXECUTE TASK "DB"."S"."LOAD" RETRY LAST',
      `EXECUTE TASK "DB"."S"."LOAD" RETRY GRAPH RUN GROUP 'g''1'`,
    ]);
  });

  it('waits until the run is listed', async () => {
    account.steps = [() => {}, () => (account.current = [executing])];
    expect((await start()).run.group).toBe('mine');
  });

  it('finds a run that ended before it was looked for, or was skipped', async () => {
    account.onExecute = () => (account.complete = [graphRun({ group: 'quick', state: 'SUCCEEDED' })]);
    expect((await start()).run).toMatchObject({ group: 'quick', state: 'SUCCEEDED' });
    account.onExecute = () => (account.taskRuns = [taskRun('LOAD', { group: 'none', state: 'SKIPPED' })]);
    expect((await start()).run).toMatchObject({ group: 'none', state: 'SKIPPED' });
  });

  it('recognises a scheduled run that its own replaced, and takes no other for its own', async () => {
    account.current = [graphRun({ group: 'due', state: 'SCHEDULED', scheduledFrom: 'SCHEDULE', scheduledAt: 9_000_000 })];
    account.onExecute = () => (account.current = [graphRun({ group: 'due', scheduledFrom: 'EXECUTE_TASK' })]);
    expect((await start()).run.group).toBe('due');
    account.current = [];
    account.onExecute = () => (account.current = [graphRun({ group: 'next', scheduledFrom: 'SCHEDULE' })]);
    await expect(start()).rejects.toThrow(/does not list it/);
  });

  it('says which run it waits for', async () => {
    account.current = [graphRun({ group: 'before' })];
    account.onExecute = () => (account.current = [graphRun({ group: 'before' }), graphRun({ group: 'mine', state: 'SCHEDULED' })]);
    expect(await start()).toMatchObject({ run: { group: 'mine' }, behind: { group: 'before' } });
  });
});

const follow = async (run: GraphRun, most = 200): Promise<readonly RunProgress[]> => {
  const seen: RunProgress[] = [];
  const signal = new AbortController();
  for await (const progress of followRun({
    client: account,
    graph,
    run,
    pace: account,
    serverNow: () => account.now(),
    signal: signal.signal,
  })) {
    seen.push(progress);
    if (seen.length >= most) signal.abort();
  }
  return seen;
};

const states = (seen: readonly RunProgress[]): readonly string[] =>
  seen.map((progress) => `${progress.run.attempt} ${progress.run.state}`);

describe('following a run', () => {
  const ended = graphRun({ group: 'mine', state: 'SUCCEEDED', completedAt: 2_000_000 });

  it('looks until the run is among the complete ones', async () => {
    account.current = [executing];
    account.steps = [
      () => (account.taskRuns = [taskRun('LOAD', { group: 'mine' })]),
      () => void ((account.current = []), (account.complete = [ended])),
    ];
    const seen = await follow(executing);
    expect(states(seen)).toEqual(['1 EXECUTING', '1 EXECUTING', '1 SUCCEEDED']);
    expect(seen[2]?.tasks[0]?.state).toBe('SUCCEEDED');
  });

  it('gives no last word while a run is listed nowhere for a moment', async () => {
    account.taskRuns = [taskRun('LOAD', { group: 'mine' })];
    account.steps = [() => (account.complete = [ended])];
    expect(states(await follow(executing))).toEqual(['1 EXECUTING', '1 SUCCEEDED']);
  });

  it('lets the tasks decide when the lists are silent for long', async () => {
    account.taskRuns = [taskRun('LOAD', { group: 'mine', state: 'FAILED' })];
    const seen = await follow(executing);
    expect(states(seen).at(-1)).toBe('1 FAILED');
    expect(new Set(states(seen).slice(0, -1))).toEqual(new Set(['1 EXECUTING']));
  });

  it('waits for the finalizer when a run is called complete before it', async () => {
    account.complete = [ended];
    account.taskRuns = [
      taskRun('LOAD', { group: 'mine' }),
      taskRun('CLEANUP', { group: 'mine', state: 'EXECUTING', completedAt: null }),
    ];
    account.steps = [() => (account.taskRuns = [taskRun('LOAD', { group: 'mine' }), taskRun('CLEANUP', { group: 'mine' })])];
    expect(states(await follow(executing))).toEqual(['1 EXECUTING', '1 SUCCEEDED']);
  });

  // https://docs.snowflake.com/en/user-guide/tasks-graphs#automatic-retries
  it('goes on with an automatic retry', async () => {
    account.automaticRetries = 1;
    const failed = graphRun({ group: 'mine', state: 'FAILED', completedAt: 2_000_000 });
    const again = graphRun({ group: 'mine', attempt: 2, scheduledFrom: 'AUTOMATIC RETRY', scheduledAt: 2_001_000 });
    account.complete = [failed];
    account.steps = [
      () => (account.current = [again]),
      () => void ((account.current = []), (account.complete = [{ ...again, state: 'SUCCEEDED' }, failed])),
    ];
    expect(states(await follow(executing))).toEqual(['1 EXECUTING', '2 EXECUTING', '2 SUCCEEDED']);
  });

  it('ends at once with the last attempt there is', async () => {
    account.automaticRetries = 1;
    account.complete = [graphRun({ group: 'mine', attempt: 2, state: 'FAILED', completedAt: 2_000_000 })];
    expect(states(await follow(graphRun({ group: 'mine', attempt: 2 })))).toEqual(['2 FAILED']);
  });

  it('shows a run of long ago out of its tasks alone', async () => {
    account.taskRuns = [taskRun('LOAD', { group: 'mine' }), taskRun('TRAIN', { group: 'mine', state: 'CANCELLED' })];
    expect(states(await follow(graphRun({ group: 'mine', state: 'CANCELLED', completedAt: 1_500_000 })))).toEqual(['1 CANCELLED']);
  });

  it('says that a waiting run was replaced by another', async () => {
    await expect(follow(graphRun({ group: 'mine', state: 'SCHEDULED' }))).rejects.toThrow(/no longer listed/);
  });

  it('ends without a last word when it is stopped', async () => {
    account.current = [executing];
    expect(states(await follow(executing, 3))).toEqual(['1 EXECUTING', '1 EXECUTING', '1 EXECUTING']);
  });
});
