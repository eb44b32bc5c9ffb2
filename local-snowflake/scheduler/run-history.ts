import type { GraphRun, TaskRun } from './graph-run.ts';
import { specOf } from './graph-run.ts';

/** Runs that were, are, or (once they are queued) will be, found fast by what one asks for. Bounded. */
export class RunHistory {
  readonly #limit: number;
  /** By scheduled time, oldest first. */
  #taskRuns: TaskRun[] = [];
  #graphRuns: GraphRun[] = [];
  readonly #byName = new Map<string, TaskRun[]>();
  readonly #byRoot = new Map<string, GraphRun[]>();
  readonly #byGroup = new Map<string, GraphRun[]>();

  /** `limit`: task runs kept; a tenth more may be there before the oldest go. */
  constructor(limit = 100_000) {
    this.#limit = limit;
  }

  get graphRuns(): readonly GraphRun[] {
    return this.#graphRuns;
  }

  get taskRuns(): readonly TaskRun[] {
    return this.#taskRuns;
  }

  /** Task runs of all tasks of that name, whatever its case; oldest first. */
  taskRunsNamed(name: string): readonly TaskRun[] {
    return this.#byName.get(name.toUpperCase()) ?? [];
  }

  graphRunsOf(rootId: string): readonly GraphRun[] {
    return this.#byRoot.get(rootId) ?? [];
  }

  /** Attempts of a group, first to last. */
  attempts(group: string): readonly GraphRun[] {
    return this.#byGroup.get(group) ?? [];
  }

  addGraph(run: GraphRun): void {
    this.#graphRuns.push(run);
    pushTo(this.#byRoot, run.version.rootId, run);
    pushTo(this.#byGroup, run.group, run);
  }

  addTask(run: TaskRun): void {
    insert(this.#taskRuns, run);
    const name = specOf(run).name.toUpperCase();
    const named = this.#byName.get(name) ?? [];
    insert(named, run);
    this.#byName.set(name, named);
  }

  /** Lets the oldest finished graph runs go when there are too many; says whether it did. */
  prune(): boolean {
    if (this.#taskRuns.length <= this.#limit * 1.1) return false;
    const gone = new Set<GraphRun>();
    let excess = this.#taskRuns.length - this.#limit;
    for (const run of this.#graphRuns) {
      if (excess <= 0) break;
      if (run.completedTime === null) continue;
      gone.add(run);
      excess -= run.tasks.size;
    }
    this.#forget(gone);
    return true;
  }

  /** A run that did not come about. */
  withdraw(run: GraphRun): void {
    this.#forget(new Set([run]));
  }

  #forget(gone: ReadonlySet<GraphRun>): void {
    this.#graphRuns = this.#graphRuns.filter((run) => !gone.has(run));
    this.#taskRuns = this.#taskRuns.filter((run) => !gone.has(run.graph));
    keepIn(this.#byName, (run) => !gone.has(run.graph));
    keepIn(this.#byRoot, (run) => !gone.has(run));
    keepIn(this.#byGroup, (run) => !gone.has(run));
  }
}

/** Keeps the order by scheduled time; new runs nearly always belong at the end. */
function insert(runs: TaskRun[], run: TaskRun): void {
  let position = runs.length;
  while (position > 0 && (runs[position - 1]?.scheduledTime ?? 0) > run.scheduledTime) position -= 1;
  runs.splice(position, 0, run);
}

function pushTo<V>(map: Map<string, V[]>, key: string, value: V): void {
  const found = map.get(key);
  if (found === undefined) map.set(key, [value]);
  else found.push(value);
}

function keepIn<V>(map: Map<string, V[]>, keep: (value: V) => boolean): void {
  for (const [key, values] of map) {
    const kept = values.filter(keep);
    if (kept.length === 0) map.delete(key);
    else map.set(key, kept);
  }
}
