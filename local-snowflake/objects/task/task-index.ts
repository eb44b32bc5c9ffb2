import type { CatalogObject } from '../../catalog/catalog-object.ts';
import type { RecordIndex, StoredRecord } from '../../catalog/records.ts';
import type { GraphTask, TaskGraph } from './task-graph.ts';
import { isStarted, taskKindName, taskProperties } from './task-properties.ts';

/** All tasks by schema, with the links between them both ways; kept up to date by the catalog's records. */
export class TaskIndex implements RecordIndex {
  readonly collections = new Set(['object']);
  readonly #schemas = new Map<string, SchemaTasks>();
  #started = 0;

  added(record: StoredRecord): void {
    const task = asTask(record);
    if (task === undefined) return;
    this.of(task.parent).add(task);
    if (isStarted(task)) this.#started += 1;
  }

  removed(record: StoredRecord): void {
    const task = asTask(record);
    if (task === undefined) return;
    this.of(task.parent).remove(task);
    if (isStarted(task)) this.#started -= 1;
  }

  /** Number of started tasks in the account. */
  get started(): number {
    return this.#started;
  }

  of(schemaId: string | null): SchemaTasks {
    const key = schemaId ?? '';
    const found = this.#schemas.get(key);
    if (found !== undefined) return found;
    const created = new SchemaTasks();
    this.#schemas.set(key, created);
    return created;
  }

  *all(): Generator<CatalogObject> {
    for (const schema of this.#schemas.values()) yield* schema.objects();
  }
}

function asTask(record: StoredRecord): CatalogObject | undefined {
  const object = record as CatalogObject;
  return object.kind === taskKindName ? object : undefined;
}

/** The tasks of one schema. Links of tasks that are not there (yet, or any more) are kept but lead nowhere. */
export class SchemaTasks implements TaskGraph {
  readonly #objects = new Map<string, CatalogObject>();
  readonly #children = new Map<string, Set<string>>();
  readonly #finalizers = new Map<string, string>();

  add(object: CatalogObject): void {
    const { predecessors, finalizes } = taskProperties(object);
    this.#objects.set(object.name, object);
    for (const predecessor of predecessors) {
      const siblings = this.#children.get(predecessor) ?? new Set();
      this.#children.set(predecessor, siblings.add(object.name));
    }
    if (finalizes !== null) this.#finalizers.set(finalizes, object.name);
  }

  remove(object: CatalogObject): void {
    const { predecessors, finalizes } = taskProperties(object);
    if (this.#objects.get(object.name)?.id === object.id) this.#objects.delete(object.name);
    for (const predecessor of predecessors) {
      const siblings = this.#children.get(predecessor);
      siblings?.delete(object.name);
      if (siblings?.size === 0) this.#children.delete(predecessor);
    }
    if (finalizes !== null && this.#finalizers.get(finalizes) === object.name) this.#finalizers.delete(finalizes);
  }

  objects(): Iterable<CatalogObject> {
    return this.#objects.values();
  }

  object(name: string): CatalogObject | undefined {
    return this.#objects.get(name);
  }

  get(name: string): GraphTask | undefined {
    const object = this.#objects.get(name);
    return object === undefined ? undefined : graphTaskOf(object);
  }

  childrenOf(name: string): Iterable<string> {
    return this.#children.get(name) ?? [];
  }

  finalizerOf(name: string): string | undefined {
    return this.#finalizers.get(name);
  }
}

export function graphTaskOf(object: CatalogObject): GraphTask {
  const { predecessors, finalizes, state } = taskProperties(object);
  return { name: object.name, predecessors, finalizes, started: state === 'started', owner: object.owner };
}
