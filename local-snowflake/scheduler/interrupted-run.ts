import { SnowflakeError } from '../errors/snowflake-error.ts';
import { type GraphRun, type Outcome, outcomeAt, type TaskRun } from './graph-run.ts';

/**
 * Ends what was executing in a run that a stop cut short: it has failed, through no fault of its own. `failed` hears of each.
 * @returns the outcomes that the run goes on with, by position
 */
export function endInterrupted(run: GraphRun, now: number, failed: (task: TaskRun) => void): Map<number, Outcome> {
  const interrupted = SnowflakeError.of('taskInterrupted', {});
  const known = new Map<number, Outcome>([...run.carried].map(([position, { outcome }]) => [position, outcome]));
  for (const [position, task] of run.tasks) {
    if (task.state === 'EXECUTING') {
      task.state = 'FAILED';
      task.completedTime = now;
      task.errorCode = interrupted.code;
      task.errorMessage = interrupted.message;
      task.systemError = true;
      failed(task);
    }
    const outcome = outcomeAt(run, position);
    if (outcome !== undefined) known.set(position, outcome);
  }
  return known;
}
