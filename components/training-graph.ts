import type manifest from '../payloads/manifest.json';
import type { StackConfig } from './config.ts';
import { procedureCall } from './graph/task-body.ts';
import { TaskGraphBuilder, type TaskGraphPlan } from './graph/task-graph-builder.ts';
import type { PayloadProcedure } from './payloads.ts';
import { codeComment } from './python-procedures.ts';
import { qualifiedName } from './qualified-name.ts';
import type { StackNames } from './stack-names.ts';

/**
 * What the graph's tasks read: keys of the payloads' configuration (payloads/src/mortgage_config.py), which come from there, with
 * their types, through the manifest. What is left out has its default there.
 */
export type TrainingConfig = Readonly<Partial<(typeof manifest)['config']>>;

export interface TrainingGraphArgs {
  readonly names: StackNames;
  readonly config: StackConfig;
  readonly procedures: readonly PayloadProcedure[];
}

/**
 * PREPARE_DATA → TRAIN_MODEL → CHECK_MODEL_QUALITY → PROMOTE_MODEL or SEND_ALERT, and CLEANUP at the end of every run.
 * Throws TaskGraphError, or names a procedure that the payloads do not offer.
 */
export function trainingGraph({ names, config, procedures }: TrainingGraphArgs): TaskGraphPlan {
  const runs = (name: string): { body: string; comment: string } => {
    const procedure = procedures.find((each) => each.name === name);
    if (procedure === undefined) {
      throw new Error(`The payloads have no procedure ${name}; they have ${procedures.map((each) => each.name).join(', ')}.`);
    }
    return {
      body: procedureCall(qualifiedName(names.database, names.pipelineSchema, name)),
      // A change of the code is a change of the task, and with it a new version of the graph in its history.
      comment: codeComment(procedure),
    };
  };

  const graph = new TaskGraphBuilder<TrainingConfig>({
    schedule: config.schedule,
    config: trainingConfig(names, config),
  });
  const prepareData = graph.task('PREPARE_DATA', runs('PREPARE_DATA'));
  const trainModel = graph.task('TRAIN_MODEL', { ...runs('TRAIN_MODEL'), after: [prepareData] });
  const checkQuality = graph.task('CHECK_MODEL_QUALITY', {
    ...runs('CHECK_MODEL_QUALITY'),
    after: [trainModel],
    returns: ['promote_model', 'send_alert'],
  });
  graph.task('PROMOTE_MODEL', {
    ...runs('PROMOTE_MODEL'),
    after: [checkQuality],
    when: checkQuality.returned('promote_model'),
  });
  graph.task('SEND_ALERT', { ...runs('SEND_ALERT'), after: [checkQuality], when: checkQuality.returned('send_alert') });
  graph.finalizer('CLEANUP', runs('CLEANUP'));
  return graph.plan();
}

/** What the tasks of an environment need to know. */
export function trainingConfig(names: StackNames, config: StackConfig): TrainingConfig {
  const { training, gate } = config;
  const { database, pipelineSchema } = names;
  return {
    dataset: 'MORTGAGE_DATASET',
    model: names.model,
    metric: gate.metric,
    threshold: gate.threshold,
    database,
    schema: pipelineSchema,
    data_schema: names.dataSchema,
    raw_table: 'MORTGAGE_APPLICATIONS',
    warehouse: names.warehouse,
    compute_pool: names.computePool,
    code_stage: `@${database}.${pipelineSchema}.${names.codeStage}/src`,
    job_stage: `@${database}.${pipelineSchema}.${names.jobStage}`,
    notification_integration: names.notificationIntegration,
    target_instances: training.targetInstances,
    keep_versions: config.keepVersions,
    ...(training.rounds === undefined ? {} : { rounds: training.rounds }),
    ...(training.maxDepth === undefined ? {} : { max_depth: training.maxDepth }),
    ...(training.learningRate === undefined ? {} : { learning_rate: training.learningRate }),
  };
}
