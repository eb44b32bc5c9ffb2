import { branchesOnState, parseCondition } from '../objects/task/condition.ts';
import type { GraphRunState, Outcome } from './graph-run.ts';
import type { GraphVersion, TaskSpec } from './graph-version.ts';

/**
 * Where a task stands in a run. `PASSED`: suspended, and the run went on as though it had succeeded. `NOT_EXECUTED`: a
 * predecessor kept it from running.
 */
export type Standing = 'WAITING' | 'ACTIVE' | 'PASSED' | 'NOT_EXECUTED' | Outcome;

/** What has to be done next: let a task run, or end the graph run. */
export type Step = { readonly kind: 'run'; readonly position: number } | { readonly kind: 'end'; readonly state: GraphRunState };

/**
 * The rules by which one graph run goes on, free of time and effects: told what ended, it says what comes next.
 * https://docs.snowflake.com/en/user-guide/tasks-graphs
 */
export class GraphProgress {
  readonly #version: GraphVersion;
  readonly #standings: Standing[];
  readonly #children: number[][];
  readonly #branching: boolean[];
  readonly #finalizer: number | undefined;
  #active = 0;
  #ended = false;

  /** `known`: outcomes that are settled before the run begins (an earlier attempt, a recovered run), by position. */
  constructor(version: GraphVersion, known: ReadonlyMap<number, Outcome> = new Map()) {
    this.#version = version;
    this.#standings = version.tasks.map((_, position) => known.get(position) ?? 'WAITING');
    this.#children = version.tasks.map(() => []);
    for (const [position, task] of version.tasks.entries()) {
      for (const predecessor of task.predecessors) this.#children[predecessor]?.push(position);
    }
    this.#branching = version.tasks.map((task) => task.condition !== null && branchesOnState(parseCondition(task.condition)));
    const last = version.tasks.length - 1;
    this.#finalizer = version.tasks[last]?.role === 'finalizer' ? last : undefined;
  }

  standing(position: number): Standing {
    return this.#standings[position] ?? 'WAITING';
  }

  /** Number of tasks that were let run and have not ended. */
  get active(): number {
    return this.#active;
  }

  begin(): Step[] {
    const steps: Step[] = [];
    // Predecessors come first in the list, so one pass settles everything that follows from what is known.
    for (const position of this.#version.tasks.keys()) this.#advance(position, steps);
    return this.#closed(steps);
  }

  ended(position: number, outcome: Outcome): Step[] {
    if (this.#standings[position] !== 'ACTIVE') return [];
    this.#standings[position] = outcome;
    this.#active -= 1;
    const steps: Step[] = [];
    const open = [position];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      for (const child of this.#children[next] ?? []) {
        // Only what settles at once can settle others; tasks that are let run report back.
        if (this.#advance(child, steps) && this.#standings[child] !== 'ACTIVE') open.push(child);
      }
    }
    return this.#closed(steps);
  }

  /** Moves a waiting task on when it can be; says whether it moved. */
  #advance(position: number, steps: Step[]): boolean {
    const task = this.#version.tasks[position];
    if (task === undefined || task.role === 'finalizer' || this.#standings[position] !== 'WAITING') return false;
    const verdict = task.role === 'root' ? 'RUN' : this.#verdict(task, this.#branching[position] === true);
    if (verdict === undefined) return false;
    if (verdict === 'NOT_EXECUTED') this.#standings[position] = 'NOT_EXECUTED';
    else if (!task.resumed) this.#standings[position] = 'PASSED';
    else this.#run(position, steps);
    return true;
  }

  #run(position: number, steps: Step[]): void {
    this.#standings[position] = 'ACTIVE';
    this.#active += 1;
    steps.push({ kind: 'run', position });
  }

  /** What the predecessors mean for a task; undefined while that is open. */
  #verdict(task: TaskSpec, branching: boolean): 'RUN' | 'NOT_EXECUTED' | undefined {
    const resumed = task.predecessors.filter((predecessor) => this.#version.tasks[predecessor]?.resumed === true);
    if (resumed.length === 0) return this.#behindSuspended(task);
    const standings = resumed.map((predecessor) => this.standing(predecessor));
    if (branching) {
      // A condition on the predecessors' states is looked at when all of them have ended, in whatever way.
      // https://docs.snowflake.com/en/sql-reference/functions/system_predecessors_state
      if (standings.some((standing) => standing === 'WAITING' || standing === 'ACTIVE')) return undefined;
      return standings.every((standing) => standing === 'NOT_EXECUTED') ? 'NOT_EXECUTED' : 'RUN';
    }
    if (standings.some((standing) => standing !== 'SUCCEEDED' && standing !== 'WAITING' && standing !== 'ACTIVE')) {
      return 'NOT_EXECUTED';
    }
    return standings.every((standing) => standing === 'SUCCEEDED') ? 'RUN' : undefined;
  }

  /**
   * A suspended predecessor counts as though it had succeeded; a join needs at least one that is resumed.
   * https://docs.snowflake.com/en/user-guide/tasks-graphs (Skip or suspend a child task)
   */
  #behindSuspended(task: TaskSpec): 'RUN' | 'NOT_EXECUTED' | undefined {
    const [only, ...others] = task.predecessors;
    if (only === undefined || others.length > 0) return 'NOT_EXECUTED';
    const standing = this.standing(only);
    if (standing === 'PASSED') return 'RUN';
    return standing === 'WAITING' ? undefined : 'NOT_EXECUTED';
  }

  /** Adds what follows when nothing runs any more: the finalizer, then the end. */
  #closed(steps: Step[]): Step[] {
    if (this.#active > 0 || this.#ended) return steps;
    const root = this.standing(0);
    const finalizer = this.#finalizer;
    // The finalizer does not start when the root was skipped.
    if (finalizer !== undefined && root !== 'SKIPPED' && this.#standings[finalizer] === 'WAITING') {
      if (this.#version.tasks[finalizer]?.resumed === true) {
        this.#run(finalizer, steps);
        return steps;
      }
      this.#standings[finalizer] = 'PASSED';
    }
    this.#ended = true;
    steps.push({ kind: 'end', state: this.#state(root) });
    return steps;
  }

  /** https://docs.snowflake.com/en/sql-reference/functions/complete_task_graphs (STATE) */
  #state(root: Standing): GraphRunState {
    if (root === 'SKIPPED') return 'SKIPPED';
    if (this.#standings.includes('FAILED')) return 'FAILED';
    return this.#standings.includes('CANCELLED') ? 'CANCELLED' : 'SUCCEEDED';
  }
}
