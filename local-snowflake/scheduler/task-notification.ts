import { displayName } from '../sql/identifier.ts';
import { type GraphRun, specOf, type TaskRun } from './graph-run.ts';
import { type GraphVersion, rootSpec, type TaskSpec } from './graph-version.ts';

/** What a message has beside the run that it tells of. */
export interface NotificationFacts {
  readonly messageId: string;
  /** Epoch milliseconds. */
  readonly timestamp: number;
  readonly accountName: string;
}

/** JSON text for ERROR_INTEGRATION. https://docs.snowflake.com/en/user-guide/tasks-errors-integrate (message payload) */
export function taskFailedMessage(run: TaskRun, facts: NotificationFacts): string {
  const { graph } = run;
  const task = specOf(run);
  return JSON.stringify({
    ...head('USER_TASK_FAILED', facts),
    taskName: nameOf(graph.version, task),
    taskId: task.id,
    ...rootOf(graph.version),
    messages: [
      {
        runId: instant(graph.runId),
        scheduledTime: instant(run.scheduledTime),
        queryStartTime: instant(run.queryStartTime),
        // The page's sample has no time here though the run has failed.
        completedTime: 'null',
        queryId: String(run.queryId),
        errorCode: String(run.errorCode),
        errorMessage: run.errorMessage ?? '',
      },
    ],
  });
}

/** JSON text for SUCCESS_INTEGRATION. https://docs.snowflake.com/en/user-guide/tasks-success-integrate (payload) */
export function graphSucceededMessage(run: GraphRun, facts: NotificationFacts): string {
  const root = run.tasks.get(0);
  return JSON.stringify({
    ...head('GRAPH_SUCCEEDED', facts),
    ...rootOf(run.version),
    messages: [
      {
        runId: instant(run.runId),
        scheduledTime: instant(run.scheduledTime),
        queryStartTime: instant(root?.queryStartTime ?? null),
        graphCompletedTime: instant(run.completedTime),
        queryId: String(root?.queryId ?? null),
        attemptNumber: run.attempt,
      },
    ],
  });
}

function head(messageType: string, { messageId, timestamp, accountName }: NotificationFacts): Record<string, string> {
  return { version: '1.0', messageId, messageType, timestamp: instant(timestamp), accountName };
}

function rootOf(version: GraphVersion): { rootTaskName: string; rootTaskId: string } {
  return { rootTaskName: nameOf(version, rootSpec(version)), rootTaskId: rootSpec(version).id };
}

function nameOf({ database, schema }: GraphVersion, task: TaskSpec): string {
  return displayName([database, schema, task.name]);
}

function instant(milliseconds: number | null): string {
  return milliseconds === null ? 'null' : new Date(milliseconds).toISOString();
}
