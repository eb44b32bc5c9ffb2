import type { CatalogObject } from '../../catalog/catalog-object.ts';
import { taskProperties, type TaskProperties } from '../task/task-properties.ts';
import { sizeParameters } from '../task/task-sizes.ts';
import { type CommittedGraph, type TaskDefaults, taskGraphProperties } from './task-graph-properties.ts';

/**
 * The tasks of a committed version as ordinary tasks of an ordinary graph: the root has what the graph sets for all, each has what
 * TASK_DEFAULTS give it, the finalizer names its root. In the order of the version.
 */
export function runningTasks({ graph, tasks, finalizer }: CommittedGraph): CatalogObject[] {
  const { defaults } = taskGraphProperties(graph);
  const root = tasks[0]?.name ?? '';
  return tasks.map((task, position) => {
    if (position === 0) return withDefaults(changed(task, rootSettings(task, graph)), defaults);
    return withDefaults(task.name === finalizer ? changed(task, { finalizes: root }) : task, defaults);
  });
}

function changed(task: CatalogObject, change: Partial<TaskProperties>): CatalogObject {
  return { ...task, properties: { ...task.properties, ...change } };
}

function rootSettings(task: CatalogObject, graph: CatalogObject): Partial<TaskProperties> {
  const { schedule, scheduleBase, config, overlapPolicy, errorIntegration, successIntegration, condition } =
    taskGraphProperties(graph);
  const own = taskProperties(task).condition;
  return {
    schedule,
    scheduleBase,
    config,
    overlapPolicy,
    errorIntegration,
    successIntegration,
    // The page has WHEN for the graph, tasks have one for themselves: the root runs, and with it the graph, when both are met.
    condition: condition !== null && own !== null ? `(${condition}) AND (${own})` : (condition ?? own),
  };
}

/** What the task sets itself goes before the defaults; sizes are for serverless tasks. */
function withDefaults(task: CatalogObject, defaults: TaskDefaults): CatalogObject {
  const own = taskProperties(task);
  const warehouse = own.warehouse ?? defaults.warehouse;
  const inherited = Object.entries(defaults.parameters).filter(([name]) => warehouse === null || !sizeParameters.has(name));
  const targetCompletionInterval = own.targetCompletionInterval ?? defaults.targetCompletionInterval;
  return {
    ...changed(task, { warehouse, targetCompletionInterval }),
    parameters: { ...Object.fromEntries(inherited), ...task.parameters },
  };
}
