/** One task as graph rules see it. Names are folded and unqualified: all tasks of a graph live in one schema. */
export interface GraphTask {
  readonly name: string;
  readonly predecessors: readonly string[];
  /** Root that the task finalizes. */
  readonly finalizes: string | null;
  readonly started: boolean;
  /** Owner role's id. */
  readonly owner: string | null;
}

/** The tasks of one schema. */
export interface TaskGraph {
  get(name: string): GraphTask | undefined;
  childrenOf(name: string): Iterable<string>;
  finalizerOf(name: string): string | undefined;
}

/** The graph as it would be with `task` in place of the task of that name. */
export class ChangedGraph implements TaskGraph {
  readonly #base: TaskGraph;
  readonly #task: GraphTask;

  constructor(base: TaskGraph, task: GraphTask) {
    this.#base = base;
    this.#task = task;
  }

  get(name: string): GraphTask | undefined {
    return name === this.#task.name ? this.#task : this.#base.get(name);
  }

  childrenOf(name: string): string[] {
    const others = [...this.#base.childrenOf(name)].filter((child) => child !== this.#task.name);
    return this.#task.predecessors.includes(name) ? [...others, this.#task.name] : others;
  }

  finalizerOf(name: string): string | undefined {
    if (this.#task.finalizes === name) return this.#task.name;
    const finalizer = this.#base.finalizerOf(name);
    return finalizer === this.#task.name ? undefined : finalizer;
  }
}

export function isRootTask(task: GraphTask): boolean {
  return task.predecessors.length === 0 && task.finalizes === null;
}

/** Roots above a task (itself when it is one; the finalized root of a finalizer), in order of discovery. */
export function rootsOf(graph: TaskGraph, name: string): string[] {
  const roots: string[] = [];
  const seen = new Set([name]);
  const open = [name];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const task = graph.get(next);
    if (task === undefined) continue;
    const above = task.finalizes === null ? task.predecessors : [task.finalizes];
    if (above.length === 0) roots.push(next);
    for (const predecessor of above) {
      if (seen.has(predecessor)) continue;
      seen.add(predecessor);
      open.push(predecessor);
    }
  }
  return roots;
}

/** All tasks below one, without it, nearest first; finalizers not included. */
export function descendantsOf(graph: TaskGraph, name: string): string[] {
  const seen = new Set([name]);
  const order: string[] = [];
  const open = [name];
  for (let index = 0; index < open.length; index += 1) {
    for (const child of graph.childrenOf(open[index] ?? '')) {
      if (seen.has(child)) continue;
      seen.add(child);
      order.push(child);
      open.push(child);
    }
  }
  return order;
}

/** Every task of a root's graph: the root first, then nearest first, the finalizer last. */
export function graphOf(graph: TaskGraph, root: string): string[] {
  const finalizer = graph.finalizerOf(root);
  return [root, ...descendantsOf(graph, root), ...(finalizer === undefined ? [] : [finalizer])];
}

/** Roots of all graphs that share a task with a root's graph: more than one when its shape has two roots. */
export function rootsOfWholeGraph(graph: TaskGraph, root: string): string[] {
  const roots = new Set([root]);
  const below = new Set(descendantsOf(graph, root));
  below.add(root);
  for (const name of below) {
    for (const predecessor of graph.get(name)?.predecessors ?? []) {
      if (below.has(predecessor)) continue;
      for (const other of rootsOf(graph, predecessor)) roots.add(other);
    }
  }
  return [...roots].sort();
}

/** A task below the root that is on a circle, or undefined: Kahn's algorithm over the root's descendants. */
export function taskInCycle(graph: TaskGraph, root: string): string | undefined {
  const below = new Set([root, ...descendantsOf(graph, root)]);
  const waiting = new Map<string, number>();
  for (const name of below) {
    waiting.set(name, (graph.get(name)?.predecessors ?? []).filter((predecessor) => below.has(predecessor)).length);
  }
  const open = [...below].filter((name) => waiting.get(name) === 0);
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    waiting.delete(name);
    for (const child of graph.childrenOf(name)) {
      const left = (waiting.get(child) ?? 0) - 1;
      waiting.set(child, left);
      if (left === 0) open.push(child);
    }
  }
  return waiting.keys().next().value;
}

/** A root's graph with every task behind its predecessors: the root first, the finalizer last. The graph must have no circle. */
export function orderedGraph(graph: TaskGraph, root: string): string[] {
  const below = new Set([root, ...descendantsOf(graph, root)]);
  const waiting = new Map<string, number>();
  for (const name of below) {
    waiting.set(name, (graph.get(name)?.predecessors ?? []).filter((predecessor) => below.has(predecessor)).length);
  }
  const order = [root];
  for (let index = 0; index < order.length; index += 1) {
    for (const child of graph.childrenOf(order[index] ?? '')) {
      const left = (waiting.get(child) ?? 0) - 1;
      waiting.set(child, left);
      if (left === 0) order.push(child);
    }
  }
  const finalizer = graph.finalizerOf(root);
  return finalizer === undefined ? order : [...order, finalizer];
}
