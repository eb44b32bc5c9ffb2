import type { CatalogObject } from '../../catalog/catalog-object.ts';
import type { RecordIndex, StoredRecord } from '../../catalog/records.ts';
import { taskGraphKindName, taskGraphProperties, type TaskGraphProperties } from './task-graph-properties.ts';

/** All TASK GRAPH objects, found by the tasks that they are over; kept up to date by the catalog's records. */
export class TaskGraphIndex implements RecordIndex {
  readonly collections = new Set(['object']);
  readonly #graphs = new Map<string, CatalogObject>();
  /** Task id → id of the graph whose committed version holds it. */
  readonly #holders = new Map<string, string>();

  added(record: StoredRecord): void {
    const graph = asTaskGraph(record);
    if (graph === undefined) return;
    this.#graphs.set(graph.id, graph);
    for (const task of taskGraphProperties(graph).committed?.tasks ?? []) this.#holders.set(task.id, graph.id);
  }

  removed(record: StoredRecord): void {
    const graph = asTaskGraph(record);
    if (graph === undefined) return;
    this.#graphs.delete(graph.id);
    for (const task of taskGraphProperties(graph).committed?.tasks ?? []) {
      if (this.#holders.get(task.id) === graph.id) this.#holders.delete(task.id);
    }
  }

  all(): Iterable<CatalogObject> {
    return this.#graphs.values();
  }

  /** The graph whose committed version holds the task. */
  holding(taskId: string): CatalogObject | undefined {
    return this.#graphs.get(this.#holders.get(taskId) ?? '');
  }

  /** When the version that holds the task was committed, epoch milliseconds. */
  committedOn(taskId: string): number | null {
    const holder = this.holding(taskId);
    return holder === undefined ? null : (taskGraphProperties(holder).committed?.at ?? null);
  }

  /** The task as it was committed. */
  committedTask(taskId: string): CatalogObject | undefined {
    const holder = this.holding(taskId);
    return holder === undefined
      ? undefined
      : taskGraphProperties(holder).committed?.tasks.find((committed) => committed.id === taskId);
  }

  /** The graph that names the task in ROOTS, now or in its committed version. */
  rootedIn(task: CatalogObject): CatalogObject | undefined {
    return this.#find(task, ({ root, committed }) => root === task.name || committed?.tasks[0]?.id === task.id);
  }

  /** The graph that names the task as its FINALIZER. */
  finalizedBy(task: CatalogObject): CatalogObject | undefined {
    return this.#find(task, ({ finalizer }) => finalizer === task.name);
  }

  #find(task: CatalogObject, matches: (properties: TaskGraphProperties) => boolean): CatalogObject | undefined {
    for (const graph of this.#graphs.values()) {
      if (graph.parent === task.parent && matches(taskGraphProperties(graph))) return graph;
    }
    return undefined;
  }
}

function asTaskGraph(record: StoredRecord): CatalogObject | undefined {
  const object = record as CatalogObject;
  return object.kind === taskGraphKindName ? object : undefined;
}
