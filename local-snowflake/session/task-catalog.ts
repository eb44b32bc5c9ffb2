import type { CatalogObject } from '../catalog/catalog-object.ts';
import { parameters } from '../objects/parameters.ts';
import { orderedGraph } from '../objects/task/task-graph.ts';
import type { TaskIndex } from '../objects/task/task-index.ts';
import { isRoot, isStarted, suspendedTask, taskKindName, taskProperties } from '../objects/task/task-properties.ts';
import { runningTasks } from '../objects/task-graph/running-tasks.ts';
import type { TaskGraphIndex } from '../objects/task-graph/task-graph-index.ts';
import {
  isResumed,
  suspendedTaskGraph,
  taskGraphKindName,
  taskGraphProperties,
} from '../objects/task-graph/task-graph-properties.ts';
import type { GraphContent, TaskSpec } from '../scheduler/graph-version.ts';
import type { TaskCatalog } from '../scheduler/ports.ts';
import type { Account } from './account.ts';

/** Task definitions as the engine reads them, out of the account's catalog. */
export class AccountTaskCatalog implements TaskCatalog {
  readonly #account: () => Account;
  readonly #tasks: TaskIndex;
  readonly #graphs: TaskGraphIndex;

  constructor(account: () => Account, tasks: TaskIndex, graphs: TaskGraphIndex) {
    this.#account = account;
    this.#tasks = tasks;
    this.#graphs = graphs;
  }

  graph(rootId: string): GraphContent | undefined {
    const object = this.#account().catalog.byId(rootId);
    if (object?.kind === taskGraphKindName) return this.#committed(object);
    if (object?.kind !== taskKindName || !isRoot(object)) return undefined;
    const tasks = this.#tasks.of(object.parent);
    return this.#content(
      object,
      orderedGraph(tasks, object.name).flatMap((name) => tasks.object(name) ?? []),
    );
  }

  *startedRoots(): Generator<string> {
    for (const task of this.#tasks.all()) {
      // A finalizer that a TASK GRAPH names starts nothing by itself.
      if (isRoot(task) && isStarted(task) && this.#graphs.finalizedBy(task) === undefined) yield task.id;
    }
    for (const graph of this.#graphs.all()) if (isResumed(graph)) yield graph.id;
  }

  isStarted(rootId: string): boolean {
    const object = this.#account().catalog.byId(rootId);
    return object !== undefined && (object.kind === taskGraphKindName ? isResumed(object) : isStarted(object));
  }

  parameter(schemaId: string, name: string): string {
    const { catalog, accountParameters } = this.#account();
    for (let holder = catalog.byId(schemaId); holder !== undefined;) {
      const value = holder.parameters[name];
      if (value !== undefined) return value;
      holder = holder.parent === null ? undefined : catalog.byId(holder.parent);
    }
    return accountParameters.get(name) ?? parameters[name]?.default ?? '';
  }

  async suspendForErrors(rootId: string): Promise<void> {
    const { catalog, clock, logger } = this.#account();
    const object = catalog.byId(rootId);
    if (object === undefined) return;
    const suspended = object.kind === taskGraphKindName ? suspendedTaskGraph : suspendedTask;
    try {
      await catalog.change((change) => {
        catalog.update(suspended(object, 'SUSPENDED_DUE_TO_ERRORS', clock.now()), change);
      });
    } catch (error) {
      logger.error({ task: object.name, error }, 'a task that failed too often could not be suspended');
    }
  }

  #committed(object: CatalogObject): GraphContent | undefined {
    const { committed, scheduleBase } = taskGraphProperties(object);
    if (committed === null) return undefined;
    const content = this.#content(object, runningTasks(committed));
    if (content === undefined) return undefined;
    const { owner, name, parameters: own } = committed.graph;
    const { revision } = taskGraphProperties(committed.graph);
    return { ...content, owner, scheduleBase, object: { name, parameters: own, revision } };
  }

  /** `tasks`: the root first, each behind its predecessors. */
  #content(object: CatalogObject, tasks: readonly CatalogObject[]): GraphContent | undefined {
    const [root] = tasks;
    if (root === undefined || object.parent === null) return undefined;
    const [database = '', schema = ''] = this.#account().catalog.pathOf(object);
    const { schedule, scheduleBase, config, overlapPolicy, errorIntegration, successIntegration } = taskProperties(root);
    return {
      rootId: object.id,
      database,
      schema,
      schemaId: object.parent,
      owner: object.owner,
      schedule,
      scheduleBase,
      config,
      overlapPolicy,
      errorIntegration,
      successIntegration,
      tasks: specsOf(tasks),
    };
  }
}

function specsOf(tasks: readonly CatalogObject[]): TaskSpec[] {
  const positions = new Map(tasks.map(({ name }, position) => [name, position]));
  return tasks.map((object, position) => {
    const { predecessors, finalizes, condition, definition, warehouse, executeAsUser, revision, ...rest } = taskProperties(object);
    const role = position === 0 ? 'root' : finalizes === null ? 'child' : 'finalizer';
    return {
      id: object.id,
      name: object.name,
      role,
      predecessors: predecessors.flatMap((predecessor) => positions.get(predecessor) ?? []),
      resumed: role === 'root' || isStarted(object),
      definition,
      condition,
      warehouse,
      executeAsUser,
      parameters: object.parameters,
      revision,
      comment: object.comment,
      targetCompletionInterval: rest.targetCompletionInterval,
      lastSuspendedOn: rest.lastSuspendedOn,
    };
  });
}
