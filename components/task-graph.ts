import * as pulumi from '@pulumi/pulumi';
import * as snowflake from '@pulumi/snowflake';

import { taskFingerprint } from './graph/task-fingerprint.ts';
import type { PlannedTask, TaskGraphPlan } from './graph/task-graph-builder.ts';
import { qualifiedName } from './qualified-name.ts';
import { GraphActivation } from './snowflake/graph-activation.ts';
import { GraphHold } from './snowflake/graph-hold.ts';
import { type Transform, transformed } from './transform.ts';
import { withoutStacks } from './without-stacks.ts';

export interface TaskGraphPlace {
  /** @example 'SNOWBANK' */
  readonly database: string;
  /** @example 'PIPELINE' */
  readonly schema: string;
  /** The warehouse tasks run on. @example 'DEMO_WH' */
  readonly warehouse: string;
  /** What the graph is, checked. @example new TaskGraphBuilder({ … }).plan() */
  readonly plan: TaskGraphPlan;
}

export interface TaskGraphArgs extends TaskGraphPlace {
  /** Holds the graph while it changes; made by `holdTaskGraph`. */
  readonly hold: GraphHold;
  /** Lets the graph run on its schedule; the default. @example false */
  readonly enabled?: boolean;
  /** What a task's body needs to exist before. @example (task) => [procedures.procedure(task.name)] */
  readonly needs?: (task: PlannedTask) => readonly pulumi.Resource[];
  readonly transform?: { readonly task?: Transform<snowflake.TaskArgs> };
}

/**
 * The first step of every change of a live graph. Everything a run of the graph reads (its tasks, the code they call) has
 * to come after it.
 *
 * @example
 * const hold = holdTaskGraph('training', place, { parent });
 * const code = new StagedCode('training-code', { changesAfter: [hold], … });
 * new TaskGraph('training', { hold, ...place });
 */
export function holdTaskGraph(name: string, place: TaskGraphPlace, options?: pulumi.CustomResourceOptions): GraphHold {
  const { database, schema, plan } = place;
  return new GraphHold(`${name}-hold`, { database, schema, root: plan.root, ...finalizerOf(plan), ...whatChanges(place) }, options);
}

/**
 * A task graph: each task a resource of Snowflake's provider, between a hold and an activation. One update of a live graph
 * suspends its root, applies the changes, and resumes everything that should run.
 */
export class TaskGraph extends pulumi.ComponentResource {
  /** Fully qualified. */
  readonly root: string;
  readonly tasks: ReadonlyMap<string, snowflake.Task>;

  constructor(name: string, args: TaskGraphArgs, options?: pulumi.ComponentResourceOptions) {
    super('snowflakeml:component:TaskGraph', name, {}, options);
    const { database, schema, plan, hold } = args;
    this.root = qualifiedName(database, schema, plan.root);
    const tasks = new Map<string, snowflake.Task>();
    for (const task of plan.tasks) {
      // The finalizer comes last: whatever it was before has first to be let go by the tasks behind it.
      const before = task.role === 'finalizer' ? [...tasks.values()] : task.after.flatMap((each) => tasks.get(each) ?? []);
      const child = transformed<snowflake.TaskArgs>(
        args.transform?.task,
        `${name}-${task.name.toLowerCase().replaceAll('_', '-')}`,
        taskArgs(args, task, hold),
        {
          parent: this,
          dependsOn: [hold, ...before, ...(args.needs?.(task) ?? [])],
          deleteBeforeReplace: true,
          // Snowflake cannot move a finalizer from one root to another, nor its provider make another task of one.
          replaceOnChanges: ['finalize'],
        },
      );
      tasks.set(
        task.name,
        withoutStacks(() => new snowflake.Task(...child)),
      );
    }
    this.tasks = tasks;
    new GraphActivation(
      `${name}-activation`,
      {
        database,
        schema,
        root: plan.root,
        runRoot: plan.schedule.kind !== 'none' && (args.enabled ?? true),
        tasks: plan.tasks
          .map((task) => task.name)
          .filter((task) => task !== plan.root)
          .toSorted(),
        generation: hold.generation,
      },
      { parent: this, dependsOn: [...tasks.values()] },
    );
    this.registerOutputs({ root: this.root });
  }
}

function finalizerOf({ tasks }: TaskGraphPlan): { finalizer?: string } {
  const finalizer = tasks.find(({ role }) => role === 'finalizer');
  return finalizer === undefined ? {} : { finalizer: finalizer.name };
}

function taskArgs(args: TaskGraphArgs, task: PlannedTask, hold: GraphHold): snowflake.TaskArgs {
  const { database, schema, warehouse, plan } = args;
  const { schedule, config, autoRetries, suspendAfterFailures } = plan;
  const isRoot = task.role === 'root';
  return {
    name: task.name,
    database,
    schema,
    warehouse,
    sqlStatement: task.body,
    // The root starts the runs, so the activation resumes it, once everything below it is there.
    started: isRoot ? hold.rootStarted.apply(Boolean) : true,
    ...(task.after.length === 0 ? {} : { afters: task.after.map((name) => qualifiedName(database, schema, name)) }),
    ...(task.role === 'finalizer' ? { finalize: qualifiedName(database, schema, plan.root) } : {}),
    ...(task.when === undefined ? {} : { when: task.when }),
    ...(task.comment === undefined ? {} : { comment: task.comment }),
    ...(task.timeoutMinutes === undefined ? {} : { userTaskTimeoutMs: task.timeoutMinutes * 60_000 }),
    ...(isRoot && schedule.kind === 'interval' ? { schedule: { minutes: schedule.minutes } } : {}),
    ...(isRoot && schedule.kind === 'cron' ? { schedule: { usingCron: `${schedule.expression} ${schedule.timeZone}` } } : {}),
    ...(isRoot && config !== undefined ? { config } : {}),
    ...(isRoot && autoRetries !== undefined ? { taskAutoRetryAttempts: autoRetries } : {}),
    ...(isRoot && suspendAfterFailures !== undefined ? { suspendTaskAfterNumFailures: suspendAfterFailures } : {}),
  };
}

/** Texts that differ if and only if a task does: what SHOW TASKS tells of it, and its parameters. */
function whatChanges({ plan, warehouse }: TaskGraphPlace) {
  const definitions = plan.tasks.map((task): [string, string] => {
    const isRoot = task.role === 'root';
    const facts = {
      after: task.after,
      finalizes: task.role === 'finalizer' ? plan.root : undefined,
      warehouse,
      schedule: isRoot ? plan.scheduleClause : undefined,
      when: task.when,
      body: task.body,
      config: isRoot ? plan.config : undefined,
      comment: task.comment,
    };
    return [task.name, taskFingerprint(facts)];
  });
  const settings = plan.tasks.flatMap((task): [string, string][] => {
    const { autoRetries, suspendAfterFailures } = plan;
    const ofRoot = task.role === 'root' ? { autoRetries, suspendAfterFailures } : {};
    const text = JSON.stringify({ timeoutMinutes: task.timeoutMinutes, ...ofRoot });
    return text === '{}' ? [] : [[task.name, text]];
  });
  return { definitions: Object.fromEntries(definitions), settings: Object.fromEntries(settings) };
}
