import { type Row, type Session, StatementFailed } from '../../provider/snowflake/session.ts';

export interface SimulatedTask {
  readonly name: string;
  after: string[];
  finalizes?: string;
  started: boolean;
  definition: string;
}

/**
 * Tasks of one schema, and the rule that matters here: a graph changes only while its root is suspended.
 * https://docs.snowflake.com/en/sql-reference/sql/alter-task
 */
export class TaskAccount implements Session {
  readonly tasks = new Map<string, SimulatedTask>();
  readonly changes: string[] = [];
  /** Refuses the statements that match. */
  refuse: RegExp | undefined;

  add(name: string, { after = [], finalizes, started = false }: Partial<SimulatedTask> = {}): this {
    this.tasks.set(name, { name, after, started, definition: `CALL ${name}()`, ...(finalizes === undefined ? {} : { finalizes }) });
    return this;
  }

  started(): readonly string[] {
    return [...this.tasks.values()].filter((task) => task.started).map(({ name }) => name);
  }

  execute(statement: string): Promise<readonly Row[]> {
    if (statement.startsWith('SHOW TASKS IN SCHEMA ')) return Promise.resolve(this.#show());
    this.changes.push(statement);
    return Promise.resolve().then(() => {
      this.#alter(statement);
      return [];
    });
  }

  pause(): Promise<void> {
    return Promise.resolve();
  }

  #show(): readonly Row[] {
    const qualified = (name: string): string => `"DB"."SC"."${name}"`;
    return [...this.tasks.values()].map((task) => ({
      name: task.name,
      state: task.started ? 'started' : 'suspended',
      warehouse: 'WH',
      schedule: null,
      condition: null,
      definition: task.definition,
      config: null,
      comment: '',
      task_relations: JSON.stringify({
        Predecessors: task.after.map(qualified),
        ...(task.finalizes === undefined ? {} : { FinalizedRootTask: qualified(task.finalizes) }),
      }),
    }));
  }

  #alter(statement: string): void {
    if (this.refuse?.test(statement) === true) throw new StatementFailed('Insufficient privileges', 3001);
    const match = /^ALTER TASK "DB"\."SC"\."(\w+)" (.+)$/u.exec(statement);
    const task = this.tasks.get(match?.[1] ?? '');
    if (match === null || task === undefined) throw new StatementFailed(`cannot do: ${statement}`, 2003);
    const action = match[2] ?? '';
    const isRoot = task.after.length === 0 && task.finalizes === undefined;
    const started = this.#rootOf(task).started;
    if (started && !(isRoot && /^(?:SUSPEND|RESUME)$/u.test(action))) {
      throw new StatementFailed(`Unable to update graph with root task since that root task is not suspended.`, 91_421);
    }
    if (action === 'SUSPEND') task.started = false;
    else if (action === 'RESUME') task.started = true;
    else if (action === 'UNSET FINALIZE') delete task.finalizes;
    else if (action.startsWith('REMOVE AFTER ')) task.after = [];
    else throw new StatementFailed(`cannot do: ${statement}`, 1003);
  }

  #rootOf(task: SimulatedTask): SimulatedTask {
    const above = task.finalizes ?? task.after[0];
    const next = above === undefined ? undefined : this.tasks.get(above);
    return next === undefined ? task : this.#rootOf(next);
  }
}
