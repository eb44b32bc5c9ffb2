import type { CatalogObject } from '../catalog/catalog-object.ts';
import { parameters } from '../objects/parameters.ts';
import { orderedGraph } from '../objects/task/task-graph.ts';
import type { SchemaTasks, TaskIndex } from '../objects/task/task-index.ts';
import { isRoot, isStarted, suspendedTask, taskKindName, taskProperties } from '../objects/task/task-properties.ts';
import type { GraphContent, TaskSpec } from '../scheduler/graph-version.ts';
import type { TaskCatalog } from '../scheduler/ports.ts';
import type { Account } from './account.ts';

/** Task definitions as the engine reads them, out of the account's catalog. */
export class AccountTaskCatalog implements TaskCatalog {
  readonly #account: () => Account;
  readonly #index: TaskIndex;

  constructor(account: () => Account, index: TaskIndex) {
    this.#account = account;
    this.#index = index;
  }

  graph(rootId: string): GraphContent | undefined {
    const root = this.#task(rootId);
    if (root === undefined || !isRoot(root) || root.parent === null) return undefined;
    const [database = '', schema = ''] = this.#account().catalog.pathOf(root);
    const { schedule, scheduleBase, config, overlapPolicy, errorIntegration, successIntegration } = taskProperties(root);
    return {
      rootId,
      database,
      schema,
      schemaId: root.parent,
      owner: root.owner,
      schedule,
      scheduleBase,
      config,
      overlapPolicy,
      errorIntegration,
      successIntegration,
      tasks: specsOf(this.#index.of(root.parent), root.name),
    };
  }

  *startedRoots(): Generator<string> {
    for (const task of this.#index.all()) if (isRoot(task) && isStarted(task)) yield task.id;
  }

  isStarted(rootId: string): boolean {
    const task = this.#task(rootId);
    return task !== undefined && isStarted(task);
  }

  parameter(taskId: string, name: string): string {
    const { catalog, accountParameters } = this.#account();
    for (let holder = catalog.byId(taskId); holder !== undefined;) {
      const value = holder.parameters[name];
      if (value !== undefined) return value;
      holder = holder.parent === null ? undefined : catalog.byId(holder.parent);
    }
    return accountParameters.get(name) ?? parameters[name]?.default ?? '';
  }

  async suspendForErrors(rootId: string): Promise<void> {
    const { catalog, clock, logger } = this.#account();
    const task = this.#task(rootId);
    if (task === undefined) return;
    try {
      await catalog.change((change) => {
        catalog.update(suspendedTask(task, 'SUSPENDED_DUE_TO_ERRORS', clock.now()), change);
      });
    } catch (error) {
      logger.error({ task: task.name, error }, 'a task that failed too often could not be suspended');
    }
  }

  #task(id: string): CatalogObject | undefined {
    const object = this.#account().catalog.byId(id);
    return object?.kind === taskKindName ? object : undefined;
  }
}

function specsOf(tasks: SchemaTasks, root: string): TaskSpec[] {
  const names = orderedGraph(tasks, root);
  const positions = new Map(names.map((name, position) => [name, position]));
  return names.flatMap((name) => {
    const object = tasks.object(name);
    if (object === undefined) return [];
    const { predecessors, finalizes, condition, definition, warehouse, executeAsUser, revision, ...rest } = taskProperties(object);
    const role = name === root ? 'root' : finalizes === null ? 'child' : 'finalizer';
    return {
      id: object.id,
      name,
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
