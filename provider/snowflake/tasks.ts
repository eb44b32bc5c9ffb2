import { cellText, executeIfExists, type Session } from './session.ts';
import { qualified } from './sql-text.ts';

export interface TaskGraphPlace {
  readonly database: string;
  readonly schema: string;
}

/** A task as SHOW TASKS tells it. */
export interface LiveTask {
  readonly name: string;
  readonly started: boolean;
  /** Names of the predecessors, without database and schema. */
  readonly predecessors: readonly string[];
  /** The root this task is the finalizer of. */
  readonly finalizes?: string;
  readonly warehouse: string;
  readonly schedule: string;
  readonly condition: string;
  readonly definition: string;
  readonly config: string;
  readonly comment: string;
}

/** The tasks of a schema by name; none when the schema is gone. https://docs.snowflake.com/en/sql-reference/sql/show-tasks */
export async function showTasks(session: Session, place: TaskGraphPlace): Promise<ReadonlyMap<string, LiveTask>> {
  const rows = await executeIfExists(session, `SHOW TASKS IN SCHEMA ${qualified(place.database, place.schema)}`);
  return new Map(
    rows.map((row): [string, LiveTask] => {
      const relations = parseRelations(cellText(row, 'task_relations'));
      const task: LiveTask = {
        name: cellText(row, 'name'),
        started: cellText(row, 'state') === 'started',
        predecessors: relations.predecessors,
        ...(relations.finalizes === undefined ? {} : { finalizes: relations.finalizes }),
        warehouse: cellText(row, 'warehouse'),
        schedule: cellText(row, 'schedule'),
        condition: cellText(row, 'condition'),
        definition: cellText(row, 'definition'),
        config: cellText(row, 'config'),
        comment: cellText(row, 'comment'),
      };
      return [task.name, task];
    }),
  );
}

export function suspendTask(place: TaskGraphPlace, name: string): string {
  return `ALTER TASK ${qualified(place.database, place.schema, name)} SUSPEND`;
}

export function resumeTask(place: TaskGraphPlace, name: string): string {
  return `ALTER TASK ${qualified(place.database, place.schema, name)} RESUME`;
}

/** Statements that take a task out of its graph, so that it stands alone. */
export function detachTask(place: TaskGraphPlace, task: LiveTask): readonly string[] {
  const alter = `ALTER TASK ${qualified(place.database, place.schema, task.name)}`;
  if (task.finalizes !== undefined) return [`${alter} UNSET FINALIZE`];
  if (task.predecessors.length === 0) return [];
  const names = task.predecessors.map((name) => qualified(place.database, place.schema, name));
  return [`${alter} REMOVE AFTER ${names.join(', ')}`];
}

function parseRelations(json: string): { predecessors: readonly string[]; finalizes?: string } {
  if (json === '') return { predecessors: [] };
  const relations = JSON.parse(json) as { Predecessors?: string[]; FinalizedRootTask?: string };
  const finalizes = relations.FinalizedRootTask;
  return {
    predecessors: (relations.Predecessors ?? []).map(lastPart),
    ...(finalizes === undefined ? {} : { finalizes: lastPart(finalizes) }),
  };
}

/** `NAME` of `DB.SCHEMA.NAME`, each part quoted or not. */
function lastPart(name: string): string {
  const parts = name.match(/"(?:[^"]|"")*"|[^.]+/gu) ?? [];
  const last = parts.at(-1) ?? '';
  return last.startsWith('"') ? last.slice(1, -1).replaceAll('""', '"') : last;
}
