import { SnowflakeError } from '../errors/snowflake-error.ts';
import { displayIdentifier } from '../sql/identifier.ts';
import { type CarriedOutcome, type GraphRun, outcomeAt, returnValueAt } from './graph-run.ts';
import { type GraphContent, rootSpec, sameContent } from './graph-version.ts';

const maxAge = 14 * 86_400_000;

/**
 * The run that EXECUTE TASK … RETRY LAST, or RETRY GRAPH RUN GROUP, starts from: the latest attempt.
 * https://docs.snowflake.com/en/sql-reference/sql/execute-task
 * @throws SnowflakeError `taskRetryNone`, `taskRetryUnknown`, `taskRetryRunning`, `taskRetryClean`, `taskRetryModified`, `taskRetryTooOld`
 */
export function retriableRun(
  content: GraphContent,
  runs: readonly GraphRun[],
  group: string | undefined,
  firstAttemptOf: (run: GraphRun) => GraphRun,
  now: number,
): GraphRun {
  const root = displayIdentifier(rootSpec(content).name);
  // A run whose root was skipped is no graph run.
  const candidates = runs.filter((run) => run.state !== 'SKIPPED' && (group === undefined || run.group === group));
  const last = candidates.at(-1);
  if (last === undefined) {
    throw group === undefined ? SnowflakeError.of('taskRetryNone', { root }) : SnowflakeError.of('taskRetryUnknown', { group });
  }
  if (last.completedTime === null) {
    throw group === undefined
      ? SnowflakeError.of('taskRetryNone', { root })
      : SnowflakeError.of('taskRetryRunning', { group, root });
  }
  if (last.state === 'SUCCEEDED') {
    throw SnowflakeError.of('taskRetryClean', { group: last.group, attempt: last.attempt, root });
  }
  if (!sameContent(last.version, content)) throw SnowflakeError.of('taskRetryModified', { group: last.group, root });
  if (now - firstAttemptOf(last).scheduledTime > maxAge) throw SnowflakeError.of('taskRetryTooOld', { group: last.group, root });
  return last;
}

/**
 * What the next attempt does not run again: tasks that succeeded, and those that were skipped and have nothing above them
 * that runs again.
 */
export function carriedFrom(run: GraphRun): Map<number, CarriedOutcome> {
  const carried = new Map<number, CarriedOutcome>();
  const again = new Set<number>();
  for (const [position, task] of run.version.tasks.entries()) {
    // The finalizer ends every attempt anew.
    if (task.role === 'finalizer') continue;
    const outcome = outcomeAt(run, position);
    const below = task.predecessors.some((predecessor) => again.has(predecessor));
    if (outcome === 'SUCCEEDED' || (outcome === 'SKIPPED' && !below)) {
      carried.set(position, { outcome, returnValue: returnValueAt(run, position) });
      // A task behind others that run again keeps its own result but does not shield those behind it.
      if (below) again.add(position);
    } else if (below || outcome !== undefined) again.add(position);
  }
  return carried;
}
