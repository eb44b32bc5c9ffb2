import { SnowflakeError } from '../errors/snowflake-error.ts';
import type { TaskRunContext } from '../objects/task-run-context.ts';
import { displayName } from '../sql/identifier.ts';
import type { ConditionSource } from './condition.ts';
import { configValue } from './graph-config.ts';
import { outcomeAt, returnValueAt, specOf, type TaskRun } from './graph-run.ts';
import type { TaskSpec } from './graph-version.ts';

/** https://docs.snowflake.com/en/sql-reference/functions/system_set_return_value */
const maxReturnBytes = 10 * 1024;

/** What the body of one task run, and its WHEN expression, can ask about the run. */
export class RunContext implements TaskRunContext, Omit<ConditionSource, 'streamHasData'> {
  readonly #run: TaskRun;

  constructor(run: TaskRun) {
    this.#run = run;
  }

  get taskName(): string {
    return this.#qualified(specOf(this.#run));
  }

  async setReturnValue(value: string): Promise<void> {
    // Code that outlives its run (cancelled, timed out) has no run to speak for.
    if (this.#run.state !== 'EXECUTING') throw SnowflakeError.of('taskFunctionOutside', { function: 'SYSTEM$SET_RETURN_VALUE' });
    const bytes = Buffer.byteLength(value);
    if (bytes > maxReturnBytes) throw SnowflakeError.of('taskReturnTooLong', { bytes });
    this.#run.returnValue = value;
  }

  /** https://docs.snowflake.com/en/sql-reference/functions/system_get_predecessor_return_value */
  predecessorReturnValue(name: string | undefined): string | null {
    const { graph } = this.#run;
    const enabled = specOf(this.#run).predecessors.filter((position) => graph.version.tasks[position]?.resumed === true);
    if (name === undefined) {
      const [only, ...others] = enabled;
      if (only === undefined || others.length > 0) throw SnowflakeError.of('taskPredecessorName', { count: enabled.length });
      return returnValueAt(graph, only);
    }
    const position = this.#ancestor(name);
    if (position === undefined) throw SnowflakeError.of('taskPredecessorValue', { name });
    return returnValueAt(graph, position);
  }

  graphConfig(path: string | undefined): string | null {
    return configValue(this.#run.graph.config, path);
  }

  /** https://docs.snowflake.com/en/sql-reference/functions/system_task_runtime_info */
  runtimeInfo(argument: string): string | null {
    const { graph } = this.#run;
    const [root] = graph.version.tasks;
    switch (argument.toUpperCase()) {
      case 'CURRENT_TASK_NAME':
        return this.taskName;
      case 'CURRENT_ROOT_TASK_NAME':
        return root === undefined ? null : this.#qualified(root);
      case 'CURRENT_ROOT_TASK_UUID':
        return root?.id ?? null;
      case 'CURRENT_TASK_GRAPH_RUN_GROUP_ID':
        return graph.group;
      case 'CURRENT_TASK_GRAPH_ORIGINAL_SCHEDULED_TIMESTAMP':
        return timestampText(graph.runId);
      case 'LAST_SUCCESSFUL_TASK_GRAPH_RUN_GROUP_ID':
        return graph.lastSuccess?.group ?? null;
      case 'LAST_SUCCESSFUL_TASK_GRAPH_ORIGINAL_SCHEDULED_TIMESTAMP':
        return graph.lastSuccess === null ? null : timestampText(graph.lastSuccess.runId);
      default:
        throw SnowflakeError.of('taskRuntimeArgument', { value: argument });
    }
  }

  /** https://docs.snowflake.com/en/sql-reference/functions/system_predecessors_state */
  predecessorsState(condition: string): boolean {
    const { graph } = this.#run;
    const outcomes = specOf(this.#run)
      .predecessors.filter((position) => graph.version.tasks[position]?.resumed === true)
      .map((position) => outcomeAt(graph, position));
    const all = (...wanted: readonly string[]): boolean => outcomes.every((outcome) => wanted.includes(outcome ?? ''));
    switch (condition) {
      case 'ALL_SUCCEEDED':
        return all('SUCCEEDED');
      case 'ALL_FAILED':
        return all('FAILED');
      case 'ALL_DONE':
        return all('SUCCEEDED', 'FAILED', 'SKIPPED', 'CANCELLED');
      case 'ALL_SKIPPED':
        return all('SKIPPED');
      case 'AT_LEAST_ONE_FAILED':
        return outcomes.includes('FAILED');
      case 'AT_LEAST_ONE_SUCCEEDED':
        return outcomes.includes('SUCCEEDED');
      case 'NONE_FAILED':
        return all('SUCCEEDED', 'SKIPPED');
      case 'NONE_FAILED_MIN_ONE_SUCCEEDED':
        return all('SUCCEEDED', 'SKIPPED') && outcomes.includes('SUCCEEDED');
      case 'NONE_SKIPPED':
        return all('SUCCEEDED', 'FAILED');
      default:
        throw SnowflakeError.of('taskStateArgument', { function: 'SYSTEM$PREDECESSORS_STATE', value: condition });
    }
  }

  /** https://docs.snowflake.com/en/sql-reference/functions/system_task_completion_state */
  taskCompletionState(name: string): string {
    const { graph } = this.#run;
    const position = graph.version.tasks.findIndex((task) => task.name === name);
    if (position < 0) throw SnowflakeError.of('taskStateArgument', { function: 'SYSTEM$TASK_COMPLETION_STATE', value: name });
    return outcomeAt(graph, position) ?? 'NOT_EXECUTED';
  }

  /** Position of the enabled predecessor of that name, immediate or further up; names are case-sensitive. */
  #ancestor(name: string): number | undefined {
    const { tasks } = this.#run.graph.version;
    const open = [...specOf(this.#run).predecessors];
    const seen = new Set(open);
    for (let index = 0; index < open.length; index += 1) {
      const position = open[index];
      const task = position === undefined ? undefined : tasks[position];
      if (task === undefined) continue;
      if (task.resumed && task.name === name) return position;
      for (const further of task.predecessors) {
        if (seen.has(further)) continue;
        seen.add(further);
        open.push(further);
      }
    }
    return undefined;
  }

  #qualified(task: TaskSpec): string {
    const { database, schema } = this.#run.graph.version;
    return displayName([database, schema, task.name]);
  }
}

/** UTC with its offset, so that a cast to any kind of timestamp keeps the instant. */
export function timestampText(milliseconds: number): string {
  const [date = '', time = ''] = new Date(milliseconds).toISOString().split('T');
  return `${date} ${time.slice(0, -1)} +0000`;
}
