import { displayTaskName, parseTaskName, type TaskName } from '../snowflake/task-name.ts';

export type TaskRole = 'root' | 'child' | 'finalizer';

/** A task as it is defined now. Names within a graph are bare: all its tasks live in one schema. */
export interface GraphTask {
  readonly name: string;
  readonly role: TaskRole;
  readonly predecessors: readonly string[];
  readonly suspended: boolean;
  readonly condition: string | null;
  readonly schedule: string | null;
  readonly warehouse: string | null;
  /** User of EXECUTE AS USER; null for the system's. */
  readonly executeAsUser: string | null;
  readonly definition: string;
  readonly suspendedReason: string | null;
}

export interface TaskGraph {
  readonly root: TaskName;
  /** The root's ID, which TASK_HISTORY calls ROOT_TASK_ID. It changes when the root is replaced. */
  readonly rootId: string;
  readonly owner: string;
  /** The default configuration, JSON text. */
  readonly config: string | null;
  /** Every task after its predecessors, by name where that leaves a choice; the finalizer last. */
  readonly tasks: readonly GraphTask[];
}

/** A row of SHOW TASKS. https://docs.snowflake.com/en/sql-reference/sql/show-tasks */
export interface ShownTask {
  readonly name: string;
  readonly id: string;
  readonly owner: string;
  readonly schedule: string | null;
  readonly warehouse: string | null;
  readonly executeAsUser: string | null;
  readonly state: string;
  readonly definition: string;
  readonly condition: string | null;
  readonly config: string | null;
  readonly suspendedReason: string | null;
  /** Fully qualified names. */
  readonly predecessors: readonly string[];
  /** On a finalizer: the fully qualified name of its root. */
  readonly finalizedRoot: string | null;
}

const bareNames = (qualified: readonly string[]): readonly string[] => qualified.map((name) => parseTaskName(name).name);

const reachable = (root: string, children: ReadonlyMap<string, readonly string[]>): ReadonlySet<string> => {
  const seen = new Set([root]);
  for (const name of seen) for (const child of children.get(name) ?? []) seen.add(child);
  return seen;
};

const inRunOrder = (tasks: readonly GraphTask[]): readonly GraphTask[] => {
  const left = new Map(tasks.map((task) => [task.name, task]));
  const ordered: GraphTask[] = [];
  while (left.size > 0) {
    const ready = [...left.values()].filter((task) => !task.predecessors.some((name) => left.has(name)));
    // Snowflake refuses cycles; were there one all the same, its tasks are listed as they come.
    const next = ready.length > 0 ? ready : [...left.values()];
    next.sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const task of next) {
      ordered.push(task);
      left.delete(task.name);
    }
  }
  return ordered;
};

/** Picks the graph of `root` out of the tasks of its schema; undefined when the root is not among them. */
export const taskGraphOf = (root: TaskName, shown: readonly ShownTask[]): TaskGraph | undefined => {
  const rootTask = shown.find((task) => task.name === root.name);
  if (rootTask === undefined) return undefined;
  const children = new Map<string, string[]>();
  for (const task of shown) {
    for (const predecessor of bareNames(task.predecessors)) {
      const siblings = children.get(predecessor) ?? [];
      siblings.push(task.name);
      children.set(predecessor, siblings);
    }
  }
  const members = reachable(root.name, children);
  const toGraphTask = (task: ShownTask, role: TaskRole): GraphTask => ({
    name: task.name,
    role,
    predecessors: bareNames(task.predecessors),
    suspended: task.state.toLowerCase() === 'suspended',
    condition: task.condition,
    schedule: task.schedule,
    warehouse: task.warehouse,
    executeAsUser: task.executeAsUser,
    definition: task.definition,
    suspendedReason: task.suspendedReason,
  });
  const body = shown
    .filter((task) => members.has(task.name))
    .map((task) => toGraphTask(task, task === rootTask ? 'root' : 'child'));
  const finalizer = shown.find(
    (task) => task.finalizedRoot !== null && displayTaskName(parseTaskName(task.finalizedRoot)) === displayTaskName(root),
  );
  return {
    root,
    rootId: rootTask.id,
    owner: rootTask.owner,
    config: rootTask.config,
    tasks: [...inRunOrder(body), ...(finalizer === undefined ? [] : [toGraphTask(finalizer, 'finalizer')])],
  };
};

/** The name of a member of the graph, qualified. */
export const qualifiedTask = (graph: TaskGraph, name: string): TaskName => ({ ...graph.root, name });
