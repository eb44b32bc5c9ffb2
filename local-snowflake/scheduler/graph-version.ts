import type { OverlapPolicy } from '../objects/task/task-properties.ts';

/** One task as a graph version fixes it. */
export interface TaskSpec {
  readonly id: string;
  /** Folded name, unqualified. */
  readonly name: string;
  readonly role: 'root' | 'child' | 'finalizer';
  /** Positions of the predecessors in the version's list. */
  readonly predecessors: readonly number[];
  /** Whether the task takes part in runs; a root always does. */
  readonly resumed: boolean;
  readonly definition: string;
  /** WHEN expression as written. */
  readonly condition: string | null;
  readonly warehouse: { readonly id: string; readonly name: string } | null;
  readonly executeAsUser: { readonly id: string; readonly name: string } | null;
  /** Parameters set on the task itself, upper-case names. */
  readonly parameters: Readonly<Record<string, string>>;
  /** What SNOWFLAKE.ACCOUNT_USAGE.TASK_VERSIONS tells besides; versions that older servers wrote down do not have it. */
  readonly comment?: string;
  readonly targetCompletionInterval?: string | null;
  readonly lastSuspendedOn?: number | null;
  /** Counts the task's modifications. */
  readonly revision: number;
}

/** A whole graph, or a standalone task, as it is at one moment. */
export interface GraphContent {
  /** Id of the root task, or of the TASK GRAPH. */
  readonly rootId: string;
  /** Folded names. */
  readonly database: string;
  readonly schema: string;
  readonly schemaId: string;
  /** Owner role's id; all tasks of a graph have the same. */
  readonly owner: string | null;
  readonly schedule: string | null;
  /** Epoch milliseconds that an interval counts from. */
  readonly scheduleBase: number;
  readonly config: string | null;
  readonly overlapPolicy: OverlapPolicy;
  readonly errorIntegration: string | null;
  readonly successIntegration: string | null;
  /** The TASK GRAPH that was committed, whose id is `rootId`; absent from graphs that their root task stands for. */
  readonly object?: {
    /** Folded name. */
    readonly name: string;
    readonly parameters: Readonly<Record<string, string>>;
    /** Counts its modifications. */
    readonly revision: number;
  };
  /** Each task behind its predecessors: the root first, the finalizer (if any) last. */
  readonly tasks: readonly TaskSpec[];
}

/**
 * What a run runs: set when the root is resumed or executed, and never changed by what happens to the tasks afterwards.
 * https://docs.snowflake.com/en/user-guide/tasks-graphs (Versioning)
 */
export interface GraphVersion extends GraphContent {
  /** From 1; one more when any task was modified since the last version. */
  readonly version: number;
  /** Epoch milliseconds. */
  readonly createdOn: number;
}

/** Whether nothing in the graph was modified, resumed or suspended between the two. */
export function sameContent(a: GraphContent, b: GraphContent): boolean {
  return (
    a.tasks.length === b.tasks.length &&
    a.owner === b.owner &&
    a.object?.revision === b.object?.revision &&
    a.tasks.every((task, position) => {
      const other = b.tasks[position];
      return other !== undefined && task.id === other.id && task.revision === other.revision && task.resumed === other.resumed;
    })
  );
}

export function rootSpec(content: GraphContent): TaskSpec {
  const [root] = content.tasks;
  if (root === undefined) throw new Error('a graph has a root');
  return root;
}

/** Whether the graph is a task on its own: no children, no finalizer. */
export function isStandalone(content: GraphContent): boolean {
  return content.tasks.length === 1;
}
