import type { CatalogObject } from '../../catalog/catalog-object.ts';

/** What the kind TASK tells the engine that runs tasks, and asks of it. */
export interface TaskScheduler {
  /** When a graph version that holds the task was last set, epoch milliseconds; null before the first time. */
  committedOn(task: CatalogObject): number | null;
  /** A root, or a TASK GRAPH, was resumed: its graph version is set, and it is due by its schedule from now on. */
  resumed(root: CatalogObject): void;
  /** A TASK GRAPH has another committed version, which runs from now on. */
  committed(graph: CatalogObject): void;
  /** A root was suspended, changed, dropped or has become something else: it is due no more. */
  disarmed(taskId: string): void;
}
