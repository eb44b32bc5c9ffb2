import type { CatalogObject } from '../../catalog/catalog-object.ts';
import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { checkShape, type ProposedTask, requireSuspendedRoots } from './graph-rules.ts';
import type { TaskDraft } from './task-changes.ts';
import type { TaskSettings } from './task-clauses.ts';
import type { SchemaTasks } from './task-index.ts';
import { isRoot } from './task-properties.ts';
import { namingIn, type TaskHome } from './task-references.ts';
import { checkSizes } from './task-sizes.ts';

/**
 * Weighs a task, as it would be, against its graph, and demands that the roots of the graphs it leaves and joins are
 * suspended. `settings` are the statement's own: a value that was there before is not refused for being named.
 */
export function checkTask(
  draft: TaskDraft,
  owner: string | null,
  existing: CatalogObject | undefined,
  settings: TaskSettings,
  tasks: SchemaTasks,
  home: TaskHome,
): void {
  const naming = namingIn(home);
  const { properties, parameters } = draft;
  checkSizes(parameters, properties.warehouse === null, settings);
  checkShape(tasks, proposed(draft, owner, settings), naming);
  const touched = [...properties.predecessors, ...(properties.finalizes === null ? [] : [properties.finalizes])];
  requireSuspendedRoots(tasks, existing === undefined ? touched : [existing.name, ...touched], naming);
}

function proposed(draft: TaskDraft, owner: string | null, settings: TaskSettings): ProposedTask {
  const { properties, parameters } = draft;
  const overlaps = properties.overlapPolicy !== 'NO_OVERLAP';
  return {
    name: draft.name,
    predecessors: properties.predecessors,
    finalizes: properties.finalizes,
    started: false,
    owner,
    hasSchedule: properties.schedule !== null,
    hasConfig: properties.config !== null,
    // A policy is refused for being named at all, the deprecated switch only when it is TRUE.
    overlap: settings.has('OVERLAP_POLICY') ? 'OVERLAP_POLICY' : overlaps ? 'ALLOW_OVERLAPPING_EXECUTION' : undefined,
    hasRetries: Number(parameters['TASK_AUTO_RETRY_ATTEMPTS'] ?? 0) > 0,
  };
}

/** A root without a graph may be dropped and replaced while it is started. https://docs.snowflake.com/en/sql-reference/sql/drop-task */
export function isStandalone(object: CatalogObject, tasks: SchemaTasks): boolean {
  return isRoot(object) && [...tasks.childrenOf(object.name)].length === 0 && tasks.finalizerOf(object.name) === undefined;
}

/** A root that has a finalizer stays one. @throws SnowflakeError `taskFinalizedChild`, `taskFinalizedReplaced` */
export function requireNoFinalizer(draft: TaskDraft, tasks: SchemaTasks, home: TaskHome, replaced: boolean): void {
  if (tasks.finalizerOf(draft.name) === undefined) return;
  if (!replaced) throw SnowflakeError.of('taskFinalizedChild', {});
  throw SnowflakeError.of('taskFinalizedReplaced', { task: namingIn(home).qualified(draft.name) });
}
