/** A task as the rules see it. */
export interface RuledTask {
  readonly name: string;
  readonly after: readonly string[];
  /** The task whose return value decides whether this one runs. */
  readonly branchOf?: string | undefined;
}

export interface RuledGraph {
  readonly tasks: readonly RuledTask[];
  readonly finalizer?: string | undefined;
}

// https://docs.snowflake.com/en/user-guide/tasks-graphs
export const graphLimits = { tasks: 1000, predecessors: 100, children: 100 } as const;

const namePattern = /^[A-Z_][A-Z0-9_$]{0,254}$/u;

/** What Snowflake would refuse about the graph, in words that name the tasks; none when it is a graph. */
export function graphProblems(graph: RuledGraph): readonly string[] {
  const problems = [...nameProblems(graph), ...sizeProblems(graph), ...linkProblems(graph)];
  // Without these the questions below have no meaning.
  if (problems.length > 0) return problems;
  const cycle = findCycle(graph.tasks);
  if (cycle !== undefined) return [`${cycle.join(' → ')} is a cycle: no task may come after itself`];
  return [...rootProblems(graph), ...branchProblems(graph)];
}

/** The tasks in an order in which each comes after its predecessors; tasks on a cycle are left out. */
export function topologicalOrder(tasks: readonly RuledTask[]): readonly string[] {
  const waitingFor = new Map(tasks.map(({ name, after }) => [name, new Set(after)]));
  const children = childrenOf(tasks);
  const ready = tasks.filter(({ after }) => after.length === 0).map(({ name }) => name);
  const order: string[] = [];
  for (let name = ready.shift(); name !== undefined; name = ready.shift()) {
    order.push(name);
    for (const child of children.get(name) ?? []) {
      const left = waitingFor.get(child);
      left?.delete(name);
      if (left?.size === 0) ready.push(child);
    }
  }
  return order;
}

function nameProblems({ tasks, finalizer }: RuledGraph): readonly string[] {
  const names = [...tasks.map(({ name }) => name), ...(finalizer === undefined ? [] : [finalizer])];
  const twice = names.filter((name, index) => names.indexOf(name) !== index);
  return [
    ...new Set([
      ...(tasks.length === 0 ? ['it has no task'] : []),
      ...names
        .filter((name) => !namePattern.test(name))
        .map((name) => `"${name}" is no task name: use upper-case letters, digits, _ and $, for example TRAIN_MODEL`),
      ...twice.map((name) => `two tasks are called ${name}`),
    ]),
  ];
}

function sizeProblems({ tasks, finalizer }: RuledGraph): readonly string[] {
  const size = tasks.length + (finalizer === undefined ? 0 : 1);
  const children = childrenOf(tasks);
  return [
    ...(size > graphLimits.tasks ? [`it has ${size} tasks; Snowflake allows ${graphLimits.tasks}`] : []),
    ...tasks
      .filter(({ after }) => after.length > graphLimits.predecessors)
      .map(({ name, after }) => `${name} has ${after.length} predecessors; Snowflake allows ${graphLimits.predecessors}`),
    ...[...children]
      .filter(([, names]) => names.length > graphLimits.children)
      .map(([name, names]) => `${name} has ${names.length} children; Snowflake allows ${graphLimits.children}`),
  ];
}

function linkProblems({ tasks, finalizer }: RuledGraph): readonly string[] {
  const known = new Set(tasks.map(({ name }) => name));
  return tasks.flatMap(({ name, after }) =>
    after.flatMap((predecessor, index) => {
      if (predecessor === name) return [`${name} comes after itself`];
      if (after.indexOf(predecessor) !== index) return [`${name} names ${predecessor} twice as its predecessor`];
      if (predecessor === finalizer) return [`${name} comes after ${predecessor}, which is the finalizer and has no children`];
      if (!known.has(predecessor)) return [`${name} comes after ${predecessor}, which is not a task of this graph`];
      return [];
    }),
  );
}

function rootProblems({ tasks }: RuledGraph): readonly string[] {
  const roots = tasks.filter(({ after }) => after.length === 0).map(({ name }) => name);
  if (roots.length === 1) return [];
  return [`${roots.join(' and ')} have no predecessor; a graph has one root, so all others must come after another task`];
}

function branchProblems({ tasks }: RuledGraph): readonly string[] {
  const predecessors = new Map(tasks.map(({ name, after }) => [name, after]));
  return tasks.flatMap(({ name, branchOf }) => {
    if (branchOf === undefined || isAncestor(predecessors, branchOf, name)) return [];
    return [`${name} runs depending on what ${branchOf} returns, but does not come after it`];
  });
}

function isAncestor(predecessors: ReadonlyMap<string, readonly string[]>, ancestor: string, name: string): boolean {
  const seen = new Set<string>();
  const waiting = [...(predecessors.get(name) ?? [])];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (next === ancestor) return true;
    if (seen.has(next)) continue;
    seen.add(next);
    waiting.push(...(predecessors.get(next) ?? []));
  }
  return false;
}

/** Tasks along a cycle, the first again at the end. */
function findCycle(tasks: readonly RuledTask[]): readonly string[] | undefined {
  const ordered = new Set(topologicalOrder(tasks));
  const predecessors = new Map(tasks.map(({ name, after }) => [name, after.filter((each) => !ordered.has(each))]));
  // Each task that is left has a predecessor that is left too, so going backwards must meet a task again.
  let name = tasks.find((task) => !ordered.has(task.name))?.name;
  if (name === undefined) return undefined;
  const path: string[] = [];
  while (name !== undefined && !path.includes(name)) {
    path.push(name);
    name = predecessors.get(name)?.[0];
  }
  if (name === undefined) return undefined;
  return [name, ...path.slice(path.indexOf(name)).toReversed()];
}

function childrenOf(tasks: readonly RuledTask[]): ReadonlyMap<string, readonly string[]> {
  const children = new Map<string, string[]>();
  for (const { name, after } of tasks) {
    for (const predecessor of after) children.set(predecessor, [...(children.get(predecessor) ?? []), name]);
  }
  return children;
}
