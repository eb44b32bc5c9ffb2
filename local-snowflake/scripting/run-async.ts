import { SnowflakeError } from '../errors/snowflake-error.ts';
import { ChildJob } from './child-job.ts';
import { evaluate } from './evaluate.ts';
import type { Frame } from './frame.ts';
import { RunStatus } from './run-status.ts';
import { runSource } from './run-sql.ts';
import type { ResultsetEntry } from './scope.ts';
import { asException } from './script-error.ts';
import type { AsyncSource, NameAt, ResultSource, RunSource, Statement } from './tree.ts';

/** https://docs.snowflake.com/en/developer-guide/snowflake-scripting/asynchronous-child-jobs */
const maxJobs = 4000;

/** Fills a RESULTSET, or starts the job that will. `at`: where the statement that does so stands. */
export async function fill(entry: ResultsetEntry, source: ResultSource, at: number, frame: Frame): Promise<void> {
  if (source.kind !== 'async') {
    entry.job = undefined;
    entry.filled = await runSource(source, frame);
    return;
  }
  entry.job = await startJob(source, at, frame);
  entry.job.entry = entry;
  entry.filled = undefined;
}

/** Starts a job, with the values that variables have now; its faults are raised where it is waited for, as faults at `at`. */
export async function startJob({ source }: AsyncSource, at: number, frame: Frame): Promise<ChildJob> {
  const { run } = frame;
  if (run.jobs.size >= maxJobs)
    throw asException('STATEMENT_ERROR', SnowflakeError.of('childJobs', { limit: maxJobs }), at, run.port.signal);
  const ready = await withText(source, frame);
  const child = run.port.child();
  const scope = frame.scope.snapshot();
  const outcome = child.run((port) => {
    const job = { ...run, port, status: new RunStatus(), child: true };
    return runSource({ ...ready, at }, { ...frame, run: job, scope, handlers: undefined });
  });
  const job = new ChildJob(child.queryId, outcome, () => {
    child.cancel();
  });
  run.jobs.add(job);
  run.status.queryId = child.queryId;
  return job;
}

async function withText(source: RunSource, frame: Frame): Promise<RunSource> {
  return source.kind === 'executeImmediate' ? { ...source, given: await evaluate(source.text, frame) } : source;
}

/**
 * AWAIT of one job, or of all; the first that failed raises its fault.
 * https://docs.snowflake.com/en/sql-reference/snowflake-scripting/await
 */
export async function awaitJobs({ resultset }: Extract<Statement, { kind: 'await' }>, frame: Frame): Promise<void> {
  const { jobs, status } = frame.run;
  if (resultset !== undefined) {
    const { job } = entryOf(resultset, frame);
    if (job !== undefined) status.take(await ended(job, frame));
    return;
  }
  const all = [...jobs];
  await Promise.allSettled(all.map((job) => job.outcome));
  for (const job of all) await ended(job, frame);
  // Counts of rows are told for one job alone.
  status.rowCount = null;
  status.activityCount = null;
}

async function ended(job: ChildJob, frame: Frame): Promise<Awaited<ChildJob['outcome']>> {
  const { entry } = job;
  frame.run.jobs.delete(job);
  const outcome = await job.outcome;
  if (entry?.job === job) {
    entry.filled = outcome;
    entry.job = undefined;
  }
  return outcome;
}

/** https://docs.snowflake.com/en/sql-reference/snowflake-scripting/cancel */
export async function cancelJob({ resultset }: Extract<Statement, { kind: 'cancel' }>, frame: Frame): Promise<void> {
  await entryOf(resultset, frame).job?.cancelled();
}

/** The RESULTSET of a name; that it is one was checked before the script ran. */
function entryOf(name: NameAt, frame: Frame): ResultsetEntry {
  const entry = frame.scope.find(name.name);
  if (entry?.kind !== 'resultset') throw SnowflakeError.of('invalidIdentifier', { name: name.name });
  return entry;
}
