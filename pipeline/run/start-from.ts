import { PipelineFailure } from '../failure.ts';
import type { TaskGraph } from '../graph/task-graph.ts';
import type { RunProgress, TaskProgress } from './run-progress.ts';
import type { StartRequest } from './start-run.ts';
import { hasFailed } from './task-run.ts';

export interface StartFrom {
  readonly request: StartRequest;
  /** What the user should know of it. */
  readonly remarks: readonly string[];
}

const ended = (task: TaskProgress): string => `${task.name} ${task.state}`;

/**
 * How Snowflake can be had to start a run at `task`: the root by EXECUTE TASK, a task that failed in the last run by RETRY LAST. There
 * is no other way. https://docs.snowflake.com/en/sql-reference/sql/execute-task
 * @param last the last run of the graph, undefined when there is none
 * @throws PipelineFailure that says why, where Snowflake starts no run at this task
 */
export const startFrom = (graph: TaskGraph, task: string, last: RunProgress | undefined, again: string): StartFrom => {
  const member = graph.tasks.find(({ name }) => name === task) ?? graph.tasks.find(({ name }) => name === task.toUpperCase());
  if (member === undefined) {
    throw new PipelineFailure(`The graph has no task ${task}.`, {
      wayOut: `It has ${graph.tasks.map(({ name }) => name).join(', ')}.`,
    });
  }
  if (member.role === 'root') return { request: { kind: 'fresh', config: undefined }, remarks: [] };
  const refuse = (why: string, wayOut: string): PipelineFailure =>
    new PipelineFailure(
      `No run can start at ${member.name}: Snowflake starts a run at the root ${graph.root.name}, or, in a retry, where the last run failed. ${why}`,
      { wayOut },
    );
  if (last === undefined) throw refuse('There was no run in the last seven days.', `Start a whole run: pipeline run${again}.`);
  const { run, tasks } = last;
  const group = run.group.slice(0, 8);
  if (run.state === 'EXECUTING') {
    throw refuse(`Run ${group} is still under way.`, `Wait for it (pipeline watch${again}), or end it: pipeline cancel${again}.`);
  }
  if (run.state !== 'FAILED' && run.state !== 'CANCELLED') {
    throw refuse(`The last run, ${group}, ended as ${run.state}.`, `Start a whole run: pipeline run${again}.`);
  }
  const failed = tasks.filter(({ state, attempt }) => attempt === run.attempt && (hasFailed(state) || state === 'CANCELLED'));
  const others = failed.filter(({ name }) => name !== member.name);
  if (others.length === failed.length) {
    throw refuse(
      `In the last run, ${group}, ${failed.map(ended).join(', ')}, but ${tasks
        .filter(({ name }) => name === member.name)
        .map(ended)
        .join(', ')}.`,
      `Start at ${failed.map(({ name }) => name).join(', ')}: pipeline retry${again}; or a whole run: pipeline run${again}.`,
    );
  }
  const also = `Run ${group} is retried, so it also starts at ${others.map(({ name }) => name).join(', ')}, which did not succeed either.`;
  return { request: { kind: 'retry last' }, remarks: others.length === 0 ? [] : [also] };
};
