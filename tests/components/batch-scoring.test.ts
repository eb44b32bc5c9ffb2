import { beforeEach, describe, expect, it } from 'vitest';

import { BatchScoring, batchScoringPlan } from '../../components/batch-scoring.ts';
import { parseStackConfig } from '../../components/config.ts';
import { loadPayloads } from '../../components/payloads.ts';
import { scoringGraph } from '../../components/scoring-graph.ts';
import { ModelMonitor } from '../../components/snowflake/model-monitor.ts';
import { stackNames } from '../../components/stack-names.ts';
import { named, RecordedResources } from './recorded-resources.ts';

const resources = new RecordedResources();
beforeEach(() => resources.install());

const place = { database: 'DB', schema: 'SC', warehouse: 'WH' };
const scoring = {
  ...{ database: 'DB', schema: 'SC', dataSchema: 'DATA', model: 'M', function: 'predict', output: 'p', source: 'F', log: 'LOG' },
  ...{ id: 'ID', features: ['A'], scoredAt: 'AT', version: 'V', score: 'P', class: 'C', threshold: 0.5 },
};

describe('BatchScoring', () => {
  it('is a task graph that scores first', async () => {
    const plan = batchScoringPlan({
      task: 'SCORE',
      schedule: '30m',
      scoring,
      then: (graph, scored) => graph.task('REPORT', { body: 'CALL REPORT()', after: [scored] }),
    });
    const made = await resources.of(() => new BatchScoring('scoring', { ...place, plan }));
    expect(named(made, 'scoring-score').inputs).toMatchObject({ schedule: { minutes: 30 }, comment: 'Scores F with M into LOG' });
    expect(named(made, 'scoring-score').inputs['sqlStatement']).toMatch(
      /^BEGIN\n {2}CREATE TABLE IF NOT EXISTS "DB"\."DATA"\."LOG"/u,
    );
    expect(named(made, 'scoring-report').inputs).toMatchObject({ afters: ['"DB"."SC"."SCORE"'] });
    expect(named(made, 'scoring-hold').inputs).toMatchObject({ root: 'SCORE' });
  });

  it('refuses a schedule that Snowflake would not take', () => {
    expect(() => batchScoringPlan({ task: 'SCORE', schedule: 'often', scoring })).toThrow(/often/u);
  });
});

describe('ModelMonitor', () => {
  it('is a resource of the provider of this project', async () => {
    const args = {
      ...{
        database: 'DB',
        schema: 'SC',
        name: 'WATCH',
        model: 'DB.SC.M',
        version: 'V1',
        function: 'predict',
        source: 'DB.DATA.LOG',
      },
      ...{ warehouse: 'WH', timestampColumn: 'AT', idColumns: ['ID'], predictionScoreColumn: 'P' },
    };
    const made = await resources.of(() => new ModelMonitor('watch', args));
    expect(named(made, 'watch')).toMatchObject({ type: 'snowflakeml:index:ModelMonitor', inputs: args });
  });
});

describe('scoringGraph', () => {
  const least = { connection: 'local', schedule: 'none', notifications: { kind: 'email', recipients: ['a@example.com'] } };
  const graph = (monitoring: object | undefined) =>
    scoringGraph({
      names: stackNames('DEV'),
      config: parseStackConfig('dev', { ...least, ...(monitoring === undefined ? {} : { monitoring }) }),
      procedures: loadPayloads('payloads').procedures,
      trainingRoot: 'PREPARE_DATA',
    });
  const tasks = (monitoring: object) =>
    Object.fromEntries((graph(monitoring)?.tasks ?? []).map(({ name, after, when, body }) => [name, { after, when, body }]));

  it('is there when the configuration says so', () => {
    expect(graph(undefined)).toBeUndefined();
    expect(Object.keys(tasks({}))).toEqual(['SCORE_APPLICATIONS', 'WATCH_MODEL', 'CHECK_DRIFT', 'ALERT_DRIFT']);
    expect(tasks({ retrain: true })['RETRAIN']).toEqual({
      after: ['CHECK_DRIFT'],
      when: "SYSTEM$GET_PREDECESSOR_RETURN_VALUE('CHECK_DRIFT') = 'drifted'",
      body: 'EXECUTE TASK "SNOWBANK_DEV"."PIPELINE"."PREPARE_DATA"',
    });
  });

  it('tells its tasks what to look at, in keys that the payloads know', () => {
    const config = JSON.parse(graph({ driftColumn: 'LOAN_TO_VALUE', driftLimit: 0.5, driftDays: 7 })?.config ?? '{}') as object;
    expect(config).toMatchObject({ drift_column: 'LOAN_TO_VALUE', drift_limit: 0.5, drift_days: 7, database: 'SNOWBANK_DEV' });
    expect(() => graph({ driftColumn: 'COLOUR' })).toThrow(/monitoring.driftColumn is COLOUR; the inference log has PROBABILITY/u);
  });
});
