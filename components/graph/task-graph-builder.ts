import { graphProblems, topologicalOrder } from './graph-rules.ts';
import type { JsonObject } from './json-object.ts';
import { parseSchedule, type Schedule, scheduleClause } from './schedule.ts';
import { TaskGraphError } from './task-graph-error.ts';

/** A condition on what an earlier task returned. */
export interface ReturnedCondition {
  readonly task: string;
  readonly value: string;
}

/** A task of a graph that is being built; give it to `after` of later tasks. `Returned`: what it may return. */
export interface TaskHandle<Returned extends string = string> {
  readonly name: string;
  /**
   * Lets a later task run only when this one returned `value`; the task is skipped otherwise.
   * @example graph.task('PROMOTE_MODEL', { body, after: [check], when: check.returned('promote_model') })
   */
  returned(value: Returned): ReturnedCondition;
}

export interface TaskOptions<Returned extends string = string> {
  /**
   * What the task executes: one SQL statement, a scripting block, or what `procedureCall`, `pythonBody` and `mlJobBody` make.
   * @example procedureCall('"SNOWBANK"."PIPELINE"."TRAIN_MODEL"')
   */
  readonly body: string;
  /**
   * Tasks that must have succeeded before. None for the root.
   * @example [prepareData]
   */
  readonly after?: readonly TaskHandle[];
  /** @example checkModelQuality.returned('promote_model') */
  readonly when?: ReturnedCondition;
  /**
   * All that this task may return, for tasks that branch on it: another value in `returned` is then an error, of the compiler and
   * at preview.
   * @example ['promote_model', 'send_alert']
   */
  readonly returns?: readonly Returned[];
  /**
   * Cancels a run of this task that takes longer, in minutes; Snowflake's own limit is 60.
   * @example 120
   */
  readonly timeoutMinutes?: number;
  /**
   * Shown in SHOW TASKS. A text that differs from the last one is a change of the task.
   * @example 'Trains the model; code 3f1c2a90'
   */
  readonly comment?: string;
}

/** Of a finalizer nothing comes after, and no branch leads to it. */
export type FinalizerOptions = Omit<TaskOptions, 'after' | 'when' | 'returns'>;

export interface TaskGraphOptions<Config extends JsonObject> {
  /**
   * When the graph runs by itself: `1d`, `12h`, `30m`, a cron expression with a time zone, or `none`.
   * @example '0 3 * * * Europe/Berlin'
   */
  readonly schedule?: string;
  /**
   * Read by every task through SYSTEM$GET_TASK_GRAPH_CONFIG.
   * @example { model: 'MORTGAGE_MODEL', threshold: 0.7 }
   */
  readonly config?: Config;
  /**
   * Suspends the root after that many failed runs in a row; 0 never does.
   * @example 3
   */
  readonly suspendAfterFailures?: number;
  /**
   * How often Snowflake retries a failed run from its failed task, 0 to 30.
   * @example 1
   */
  readonly autoRetries?: number;
}

/** A task as it will be deployed. */
export interface PlannedTask {
  readonly name: string;
  readonly role: 'root' | 'child' | 'finalizer';
  readonly after: readonly string[];
  /** SQL of the WHEN clause. */
  readonly when?: string;
  readonly body: string;
  readonly timeoutMinutes?: number;
  readonly comment?: string;
}

/** A graph that keeps Snowflake's rules. Tasks stand behind their predecessors, the finalizer last. */
export interface TaskGraphPlan {
  readonly root: string;
  readonly tasks: readonly PlannedTask[];
  readonly schedule: Schedule;
  /** As SHOW TASKS shows it. */
  readonly scheduleClause?: string;
  /** JSON text. */
  readonly config?: string;
  readonly suspendAfterFailures?: number;
  readonly autoRetries?: number;
}

/**
 * Describes a task graph. `plan` checks it as a whole, before anything is sent to Snowflake.
 *
 * @example
 * const graph = new TaskGraphBuilder({ schedule: '1d', config: { threshold: 0.7 } });
 * const prepare = graph.task('PREPARE_DATA', { body: 'CALL PREPARE_DATA()' });
 * const train = graph.task('TRAIN_MODEL', { body: 'CALL TRAIN_MODEL()', after: [prepare] });
 * graph.finalizer('CLEANUP', { body: 'CALL CLEANUP()' });
 * const plan = graph.plan();
 */
export class TaskGraphBuilder<Config extends JsonObject = JsonObject> {
  readonly #options: TaskGraphOptions<Config>;
  readonly #tasks: { name: string; options: TaskOptions }[] = [];
  readonly #finalizers: { name: string; options: FinalizerOptions }[] = [];

  constructor(options: TaskGraphOptions<Config> = {}) {
    this.#options = options;
  }

  /** Adds a task. The one without predecessors is the root. */
  task<const Returned extends string = string>(name: string, options: TaskOptions<Returned>): TaskHandle<Returned> {
    this.#tasks.push({ name, options });
    return { name, returned: (value) => ({ task: name, value }) };
  }

  /** Adds the task that runs last, whatever became of the others. */
  finalizer(name: string, options: FinalizerOptions): void {
    this.#finalizers.push({ name, options });
  }

  /** The graph, checked. Throws TaskGraphError with everything that is wrong. */
  plan(): TaskGraphPlan {
    const [finalizer] = this.#finalizers;
    const ruled = this.#tasks.map(({ name, options }) => ({
      name,
      after: (options.after ?? []).map((task) => task.name),
      branchOf: options.when?.task,
    }));
    const problems = [
      ...graphProblems({ tasks: ruled, finalizer: finalizer?.name }),
      ...(this.#finalizers.length > 1
        ? [`${this.#finalizers.map(({ name }) => name).join(' and ')} are both finalizers; a graph has one`]
        : []),
      ...branchValueProblems(this.#tasks),
      ...[...this.#tasks, ...this.#finalizers].flatMap(({ name, options }) => valueProblems(name, options)),
      ...graphValueProblems(this.#options),
    ];
    const schedule = this.#schedule(problems);
    if (problems.length > 0) throw new TaskGraphError(problems);

    const byName = new Map(this.#tasks.map((task) => [task.name, task.options]));
    const tasks = topologicalOrder(ruled).map((name): PlannedTask => plannedTask(name, byName.get(name)));
    const clause = scheduleClause(schedule);
    const { config, suspendAfterFailures, autoRetries } = this.#options;
    return {
      root: tasks[0]?.name ?? '',
      tasks: [
        ...tasks,
        ...(finalizer === undefined ? [] : [{ ...plannedTask(finalizer.name, finalizer.options), role: 'finalizer' as const }]),
      ],
      schedule,
      ...(clause === undefined ? {} : { scheduleClause: clause }),
      ...(config === undefined ? {} : { config: JSON.stringify(config) }),
      ...(suspendAfterFailures === undefined ? {} : { suspendAfterFailures }),
      ...(autoRetries === undefined ? {} : { autoRetries }),
    };
  }

  #schedule(problems: string[]): Schedule {
    try {
      return parseSchedule(this.#options.schedule ?? 'none');
    } catch (error) {
      problems.push(error instanceof Error ? error.message : String(error));
      return { kind: 'none' };
    }
  }
}

function plannedTask(name: string, options: TaskOptions | undefined): PlannedTask {
  const { after = [], when, body = '', timeoutMinutes, comment } = options ?? {};
  return {
    name,
    role: after.length === 0 ? 'root' : 'child',
    after: after.map((task) => task.name),
    body,
    ...(when === undefined ? {} : { when: whenClause(when) }),
    ...(timeoutMinutes === undefined ? {} : { timeoutMinutes }),
    ...(comment === undefined ? {} : { comment }),
  };
}

// https://docs.snowflake.com/en/sql-reference/functions/system_get_predecessor_return_value
function whenClause({ task, value }: ReturnedCondition): string {
  return `SYSTEM$GET_PREDECESSOR_RETURN_VALUE('${task}') = '${value.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
}

/** Branches on a value that the task before them never returns, as far as that is known. */
function branchValueProblems(tasks: readonly { readonly name: string; readonly options: TaskOptions }[]): readonly string[] {
  const returns = new Map(tasks.map(({ name, options }) => [name, options.returns]));
  return tasks.flatMap(({ name, options: { when } }) => {
    const possible = when === undefined ? undefined : returns.get(when.task);
    if (when === undefined || possible === undefined || possible.includes(when.value)) return [];
    const known = possible.map((value) => `"${value}"`).join(' or ');
    return [`${name} runs when ${when.task} returns "${when.value}", but ${when.task} returns ${known === '' ? 'nothing' : known}`];
  });
}

function valueProblems(name: string, { body, timeoutMinutes }: TaskOptions): readonly string[] {
  const longest = 7 * 24 * 60;
  return [
    ...(body.trim() === '' ? [`${name} has nothing to execute`] : []),
    ...(timeoutMinutes !== undefined && !(timeoutMinutes > 0 && timeoutMinutes <= longest)
      ? [`${name} has a timeout of ${timeoutMinutes} minutes; allowed is more than 0 up to ${longest} (7 days)`]
      : []),
  ];
}

function graphValueProblems({ config, autoRetries, suspendAfterFailures }: TaskGraphOptions<JsonObject>) {
  const wholeFrom0 = (value: number): boolean => Number.isInteger(value) && value >= 0;
  return [
    // The provider sends the text between $$, where nothing can be escaped.
    ...(config !== undefined && JSON.stringify(config).includes('$$') ? ['its config contains $$, which cannot be sent'] : []),
    ...(autoRetries !== undefined && !(wholeFrom0(autoRetries) && autoRetries <= 30)
      ? [`autoRetries is ${autoRetries}; allowed is a whole number from 0 to 30`]
      : []),
    ...(suspendAfterFailures !== undefined && !wholeFrom0(suspendAfterFailures)
      ? [`suspendAfterFailures is ${suspendAfterFailures}; allowed is a whole number from 0`]
      : []),
  ];
}
