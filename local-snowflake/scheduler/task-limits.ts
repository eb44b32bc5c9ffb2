import { type GraphVersion, rootSpec, type TaskSpec } from './graph-version.ts';
import type { TaskCatalog } from './ports.ts';

const longest = 604_800_000;

/**
 * How long runs may take, in milliseconds. On the root USER_TASK_TIMEOUT_MS bounds the whole graph run, elsewhere its task;
 * a task's own setting goes before the root's. The lower of it and STATEMENT_TIMEOUT_IN_SECONDS counts.
 * https://docs.snowflake.com/en/user-guide/tasks-graphs (Task graph timeouts)
 */
export class TaskLimits {
  readonly #catalog: TaskCatalog;

  constructor(catalog: TaskCatalog) {
    this.#catalog = catalog;
  }

  /** Bound of the whole graph run; undefined when the root sets none. A TASK GRAPH has no such setting: its root is a task like others. */
  graphLimit(version: GraphVersion): number | undefined {
    const root = rootSpec(version);
    if (version.object !== undefined) return undefined;
    return this.hasOwnLimit(root) && version.tasks.length > 1 ? this.#own(root, version) : undefined;
  }

  /** Bound of one task run; undefined when only the graph's bound holds for it. */
  taskLimit(task: TaskSpec, version: GraphVersion): number | undefined {
    const bounded = this.graphLimit(version) !== undefined && task.role !== 'finalizer';
    if (!this.hasOwnLimit(task) && bounded) return this.#statement(task);
    const own = this.#own(task, version);
    const statement = this.#statement(task);
    return statement === undefined ? own : Math.min(own, statement);
  }

  hasOwnLimit(task: TaskSpec): boolean {
    return task.parameters['USER_TASK_TIMEOUT_MS'] !== undefined;
  }

  #own(task: TaskSpec, version: GraphVersion): number {
    const set = task.parameters['USER_TASK_TIMEOUT_MS'] ?? this.#catalog.parameter(version.schemaId, 'USER_TASK_TIMEOUT_MS');
    const milliseconds = Number(set);
    return milliseconds === 0 ? longest : milliseconds;
  }

  #statement(task: TaskSpec): number | undefined {
    const seconds = Number(task.parameters['STATEMENT_TIMEOUT_IN_SECONDS'] ?? 0);
    return seconds === 0 ? undefined : seconds * 1000;
  }
}
