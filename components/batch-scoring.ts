import * as pulumi from '@pulumi/pulumi';
import type * as snowflake from '@pulumi/snowflake';

import type { JsonObject } from './graph/json-object.ts';
import { type Scoring, scoringBody } from './graph/scoring-body.ts';
import { TaskGraphBuilder, type TaskGraphOptions, type TaskGraphPlan, type TaskHandle } from './graph/task-graph-builder.ts';
import { qualifiedName } from './qualified-name.ts';
import type { GraphHold } from './snowflake/graph-hold.ts';
import { holdTaskGraph, TaskGraph, type TaskGraphArgs } from './task-graph.ts';

export interface BatchScoringPlanOptions<Config extends JsonObject> extends TaskGraphOptions<Config> {
  /** What is scored with which model. */
  readonly scoring: Scoring;
  /** Name of the task that scores. @example 'SCORE_APPLICATIONS' */
  readonly task: string;
  /** Adds tasks behind the one that scores. @example (graph, scored) => graph.task('REPORT', { body, after: [scored] }) */
  readonly then?: (graph: TaskGraphBuilder<Config>, scored: TaskHandle) => void;
}

/** A task graph whose root scores what is new. Throws TaskGraphError. */
export function batchScoringPlan<Config extends JsonObject>(options: BatchScoringPlanOptions<Config>): TaskGraphPlan {
  const { scoring, task, then, ...graphOptions } = options;
  const graph = new TaskGraphBuilder<Config>(graphOptions);
  const scored = graph.task(task, {
    body: scoringBody(scoring),
    comment: `Scores ${scoring.source} with ${scoring.model} into ${scoring.log}`,
  });
  then?.(graph, scored);
  return graph.plan();
}

export interface BatchScoringArgs extends Omit<TaskGraphArgs, 'hold'> {
  /** Holds the graph while it changes, where other things have to wait for that too; the component makes its own else. */
  readonly hold?: GraphHold;
}

/**
 * Scheduled batch scoring: a task graph made by `batchScoringPlan`. The log that it writes is data, made by its first run, and
 * stays when the component goes.
 *
 * @example
 * const plan = batchScoringPlan({ task: 'SCORE', schedule: '1h', scoring: { model: 'MORTGAGE_MODEL', … } });
 * new BatchScoring('scoring', { database: 'SNOWBANK', schema: 'PIPELINE', warehouse: 'DEMO_WH', plan });
 */
export class BatchScoring extends pulumi.ComponentResource {
  /** Fully qualified. */
  readonly root: string;
  readonly tasks: ReadonlyMap<string, snowflake.Task>;

  constructor(name: string, args: BatchScoringArgs, options?: pulumi.ComponentResourceOptions) {
    super('snowflakeml:component:BatchScoring', name, {}, options);
    const hold = args.hold ?? holdTaskGraph(name, args, { parent: this });
    const graph = new TaskGraph(name, { ...args, hold }, { parent: this });
    this.root = qualifiedName(args.database, args.schema, args.plan.root);
    this.tasks = graph.tasks;
    this.registerOutputs({ root: this.root });
  }
}
