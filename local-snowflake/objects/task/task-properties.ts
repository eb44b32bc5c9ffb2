import type { ContactPurpose } from '../contact.ts';
import type { CatalogObject } from '../../catalog/catalog-object.ts';

export const overlapPolicies = ['NO_OVERLAP', 'ALLOW_CHILD_OVERLAP', 'ALLOW_ALL_OVERLAP'] as const;
export type OverlapPolicy = (typeof overlapPolicies)[number];

/** https://docs.snowflake.com/en/sql-reference/sql/show-tasks (last_suspended_reason) */
export type SuspendReason =
  | 'USER_SUSPENDED'
  | 'SCHEMA_OR_DATABASE_DELETED'
  | 'GRANT_OWNERSHIP'
  | 'SUSPENDED_DUE_TO_ERRORS'
  | 'CHILD_BECAME_ROOT'
  | 'FINALIZER_BECAME_ROOT'
  | 'MATCHING_OWNER_NOT_FOUND';

/** What a task holds in the catalog besides name, owner, comment, tags and parameters. JSON. */
export interface TaskProperties {
  readonly definition: string;
  /** WHEN expression as written. */
  readonly condition: string | null;
  /** Id and last known name of the warehouse; null for serverless tasks. */
  readonly warehouse: { readonly id: string; readonly name: string } | null;
  readonly schedule: string | null;
  /** Epoch milliseconds from which an interval counts: the last RESUME or SET SCHEDULE. */
  readonly scheduleBase: number;
  readonly config: string | null;
  readonly overlapPolicy: OverlapPolicy;
  /** Folded names of tasks in the same schema. */
  readonly predecessors: readonly string[];
  /** Folded name of the root that this task finalizes. */
  readonly finalizes: string | null;
  readonly errorIntegration: string | null;
  readonly successIntegration: string | null;
  readonly targetCompletionInterval: string | null;
  /** Id and last known name of the user of EXECUTE AS USER. */
  readonly executeAsUser: { readonly id: string; readonly name: string } | null;
  /** Ids of contacts by purpose; tasks of older servers do not have it. */
  readonly contacts?: Readonly<Partial<Record<ContactPurpose, string>>>;
  readonly state: 'started' | 'suspended';
  readonly lastSuspendedOn: number | null;
  readonly lastSuspendedReason: SuspendReason | null;
  /** Counts modifications; a graph version covers certain revisions of its tasks. */
  readonly revision: number;
}

export const taskKindName = 'TASK';

export function taskProperties(object: CatalogObject): TaskProperties {
  return object.properties as unknown as TaskProperties;
}

/** The task with other properties, altered at `now`. */
export function withTask(object: CatalogObject, change: Partial<TaskProperties>, now: number): CatalogObject {
  const properties: TaskProperties = { ...taskProperties(object), ...change };
  return { ...object, alteredOn: now, properties: { ...properties } };
}

/** As `withTask`, counted as a modification of the task. */
export function modifiedTask(object: CatalogObject, change: Partial<TaskProperties>, now: number): CatalogObject {
  return withTask(object, { ...change, revision: taskProperties(object).revision + 1 }, now);
}

export function suspendedTask(object: CatalogObject, reason: SuspendReason, now: number): CatalogObject {
  return withTask(object, { state: 'suspended', lastSuspendedOn: now, lastSuspendedReason: reason }, now);
}

/** A task that was cloned with its schema. https://docs.snowflake.com/en/user-guide/object-clone#cloning-and-tasks */
export function clonedTask(object: CatalogObject, now: number): CatalogObject {
  const fresh = { state: 'suspended', lastSuspendedOn: null, lastSuspendedReason: null, revision: 1, scheduleBase: now } as const;
  return { ...object, properties: { ...taskProperties(object), ...fresh } };
}

export function isStarted(object: CatalogObject): boolean {
  return taskProperties(object).state === 'started';
}

/** Whether the task starts graphs: neither a child nor a finalizer. */
export function isRoot(object: CatalogObject): boolean {
  const { predecessors, finalizes } = taskProperties(object);
  return predecessors.length === 0 && finalizes === null;
}
