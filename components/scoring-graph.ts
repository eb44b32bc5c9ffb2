import manifest from '../payloads/manifest.json' with { type: 'json' };
import { batchScoringPlan } from './batch-scoring.ts';
import type { StackConfig } from './config.ts';
import { procedureCall } from './graph/task-body.ts';
import { TaskGraphError } from './graph/task-graph-error.ts';
import type { TaskGraphPlan } from './graph/task-graph-builder.ts';
import type { PayloadProcedure } from './payloads.ts';
import { codeComment } from './python-procedures.ts';
import { qualifiedName } from './qualified-name.ts';
import type { StackNames } from './stack-names.ts';
import { trainingConfig, type TrainingConfig } from './training-graph.ts';

export interface ScoringGraphArgs {
  readonly names: StackNames;
  readonly config: StackConfig;
  readonly procedures: readonly PayloadProcedure[];
  /** Root of the training graph, for RETRAIN. @example 'PREPARE_DATA' */
  readonly trainingRoot: string;
}

/**
 * SCORE_APPLICATIONS → WATCH_MODEL → CHECK_DRIFT → ALERT_DRIFT, and RETRAIN when the configuration says so. Undefined without
 * `monitoring` in the configuration.
 */
export function scoringGraph({ names, config, procedures, trainingRoot }: ScoringGraphArgs): TaskGraphPlan | undefined {
  const { monitoring } = config;
  if (monitoring === undefined) return undefined;
  const { database, pipelineSchema, dataSchema } = names;
  const watched = [manifest.scoring.score, manifest.scoring.class, ...manifest.scoring.features];
  if (!watched.includes(monitoring.driftColumn)) {
    throw new TaskGraphError([`monitoring.driftColumn is ${monitoring.driftColumn}; the inference log has ${watched.join(', ')}`]);
  }
  const runs = (name: string): { body: string; comment: string } => {
    const procedure = procedures.find((each) => each.name === name);
    if (procedure === undefined) throw new Error(`The payloads have no procedure ${name}.`);
    return { body: procedureCall(qualifiedName(database, pipelineSchema, name)), comment: codeComment(procedure) };
  };
  return batchScoringPlan<TrainingConfig>({
    task: 'SCORE_APPLICATIONS',
    scoring: {
      ...manifest.scoring,
      database,
      schema: pipelineSchema,
      dataSchema,
      model: manifest.config.model,
      log: manifest.config.inference_log,
    },
    schedule: monitoring.schedule,
    config: {
      ...trainingConfig(names, config),
      refresh_interval: monitoring.refreshInterval,
      drift_metric: monitoring.driftMetric,
      drift_column: monitoring.driftColumn,
      drift_limit: monitoring.driftLimit,
      drift_days: monitoring.driftDays,
    },
    then: (graph, scored) => {
      const watch = graph.task('WATCH_MODEL', {
        ...runs('WATCH_MODEL'),
        after: [scored],
        returns: ['watching', 'nothing_to_watch'],
      });
      const check = graph.task('CHECK_DRIFT', {
        ...runs('CHECK_DRIFT'),
        after: [watch],
        when: watch.returned('watching'),
        returns: ['drifted', 'steady'],
      });
      const drifted = check.returned('drifted');
      graph.task('ALERT_DRIFT', { ...runs('ALERT_DRIFT'), after: [check], when: drifted });
      if (monitoring.retrain) {
        const body = `EXECUTE TASK ${qualifiedName(database, pipelineSchema, trainingRoot)}`;
        graph.task('RETRAIN', { body, after: [check], when: drifted });
      }
    },
  });
}
