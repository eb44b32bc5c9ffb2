import type { CatalogObject } from '../../catalog/catalog-object.ts';
import type { ContactPurpose } from '../contact.ts';
import type { OverlapPolicy, SuspendReason } from '../task/task-properties.ts';

/** What the members of a graph have unless they set it themselves. */
export interface TaskDefaults {
  readonly warehouse: { readonly id: string; readonly name: string } | null;
  readonly targetCompletionInterval: string | null;
  /** By upper-case name. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** What a TASK GRAPH holds in the catalog besides name, owner, comment, tags and parameters. JSON. */
export interface TaskGraphProperties {
  readonly schedule: string | null;
  /** Epoch milliseconds from which an interval counts: the last RESUME, or the COMMIT of another schedule. */
  readonly scheduleBase: number;
  /** Folded name of the one task of ROOTS, in the graph's schema. */
  readonly root: string | null;
  /** Folded name of the finalizer, in the graph's schema. */
  readonly finalizer: string | null;
  readonly overlapPolicy: OverlapPolicy;
  readonly errorIntegration: string | null;
  readonly successIntegration: string | null;
  readonly config: string | null;
  /** WHEN expression as written. */
  readonly condition: string | null;
  readonly defaults: TaskDefaults;
  /** Ids of contacts by purpose. */
  readonly contacts: Readonly<Partial<Record<ContactPurpose, string>>>;
  readonly state: 'started' | 'suspended';
  readonly lastSuspendedOn: number | null;
  readonly lastSuspendedReason: SuspendReason | null;
  /** Counts modifications of what a version covers. */
  readonly revision: number;
  /** What runs; null before the first COMMIT. */
  readonly committed: CommittedGraph | null;
}

/** The graph and its members as they were at COMMIT. */
export interface CommittedGraph {
  /** Epoch milliseconds. */
  readonly at: number;
  /** The TASK GRAPH itself, without a committed version. */
  readonly graph: CatalogObject;
  /** The root first, each task behind its predecessors, the finalizer (if any) last. */
  readonly tasks: readonly CatalogObject[];
  /** Name of the finalizer, whether the graph or the task names the other. */
  readonly finalizer: string | null;
}

export const taskGraphKindName = 'TASK GRAPH';

export const emptyTaskGraph: TaskGraphProperties = {
  schedule: null,
  scheduleBase: 0,
  root: null,
  finalizer: null,
  overlapPolicy: 'NO_OVERLAP',
  errorIntegration: null,
  successIntegration: null,
  config: null,
  condition: null,
  defaults: { warehouse: null, targetCompletionInterval: null, parameters: {} },
  contacts: {},
  state: 'suspended',
  lastSuspendedOn: null,
  lastSuspendedReason: null,
  revision: 1,
  committed: null,
};

export function taskGraphProperties(object: CatalogObject): TaskGraphProperties {
  return object.properties as unknown as TaskGraphProperties;
}

export function withTaskGraph(object: CatalogObject, change: Partial<TaskGraphProperties>): CatalogObject {
  const properties: TaskGraphProperties = { ...taskGraphProperties(object), ...change };
  return { ...object, properties: { ...properties } };
}

/** A graph that was cloned with its schema, over the clones of its tasks: suspended as they are, and with nothing committed yet. */
export function clonedTaskGraph(object: CatalogObject, now: number): CatalogObject {
  const fresh = { state: 'suspended', lastSuspendedOn: null, lastSuspendedReason: null, scheduleBase: now, revision: 1 } as const;
  return withTaskGraph(object, { ...fresh, committed: null });
}

export function isResumed(object: CatalogObject): boolean {
  return taskGraphProperties(object).state === 'started';
}

export function suspendedTaskGraph(object: CatalogObject, reason: SuspendReason, now: number): CatalogObject {
  return withTaskGraph(object, { state: 'suspended', lastSuspendedOn: now, lastSuspendedReason: reason });
}
