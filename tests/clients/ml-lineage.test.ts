import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalServer, startLocalServer } from '../support/local-server.ts';
import { runPythonClient } from '../support/python-client.ts';

type Part = Readonly<Record<string, unknown>>;

const text = (pattern: RegExp): unknown => expect.stringMatching(pattern);

// Snowpark's and snowflake.ml's lineage, and snowflake.ml.experiment, one after the other in one session.
describe("Lineage and experiments through Snowflake's Python clients", () => {
  let server: LocalServer;
  let found: { readonly lineage: Readonly<Record<'tables' | 'ml' | 'privileges', Part>>; readonly experiments: Part };

  beforeAll(async () => {
    server = await startLocalServer();
    found = (await runPythonClient(server, 'ml_lineage.py')) as typeof found;
  });

  afterAll(() => server.close());

  // https://docs.snowflake.com/en/sql-reference/functions/get_lineage-snowflake-core
  it('follows rows through CREATE TABLE AS, views, INSERT, MERGE, COPY INTO, clones and temporary tables', () => {
    expect(found.lineage.tables).toMatchObject({
      down: [
        [1, 'A', 'B'],
        [1, 'A', 'BEYOND'],
        [1, 'A', 'CLONED'],
        [2, 'B', 'C'],
        [2, 'B', 'MERGED'],
        [3, 'C', 'V'],
        [4, 'V', 'INSERTED'],
      ],
      near: [
        [1, 'A', 'B'],
        [1, 'A', 'BEYOND'],
        [1, 'A', 'CLONED'],
      ],
      up: [
        [1, 'V', 'INSERTED'],
        [2, 'C', 'V'],
        [3, 'B', 'C'],
        [4, 'A', 'B'],
        [5, 'FILES', 'A'],
      ],
      files: [[1, 'FILES', 'A']],
    });
  });

  it('answers Snowpark, both ways', () => {
    expect(found.lineage.tables['traced']).toEqual([
      ['TABLE ML.RAW.B ACTIVE', 'TABLE ML.RAW.C ACTIVE', 'Upstream', 1],
      ['TABLE ML.RAW.A ACTIVE', 'TABLE ML.RAW.B ACTIVE', 'Upstream', 2],
      ['TABLE ML.RAW.C ACTIVE', 'VIEW ML.RAW.V ACTIVE', 'Downstream', 1],
      ['VIEW ML.RAW.V ACTIVE', 'TABLE ML.RAW.INSERTED ACTIVE', 'Downstream', 2],
    ]);
  });

  it('leaves out what was dropped; a view depends on whatever has the name', () => {
    expect(found.lineage.tables).toMatchObject({ source_gone: [], source_again: [[1, 'C', 'V']] });
  });

  it('refuses what it cannot be asked', () => {
    expect(found.lineage.tables).toMatchObject({
      missing: ['SnowparkSQLException', text(/'ML\.RAW\.NOTHING' does not exist or not authorized/u)],
      columns: ['SnowparkSQLException', text(/Unsupported feature 'lineage of domain COLUMN'/u)],
      direction: ['SnowparkSQLException', text(/Invalid value \[SIDEWAYS\]/u)],
      too_far: ['SnowparkSQLException', text(/Invalid value \[6\]/u)],
    });
  });

  // https://docs.snowflake.com/en/developer-guide/snowflake-ml/ml-lineage
  it('leads from a source table over a feature view and a dataset to a model', () => {
    const sales = [['LineageNode', 'table', 'ML.RAW.SALES', null]];
    const dataset = ['Dataset', 'dataset', 'ML.STORE.TRAINING', 'first'];
    expect(found.lineage.ml).toEqual({
      feature_view_up: sales,
      feature_view_down: [dataset],
      view_up: sales,
      dataset_up: [['FeatureView', 'feature_view', 'ML.STORE.AMOUNTS', 'v1']],
      dataset_down: [
        ['ModelVersion', 'model', 'ML.REGISTRY.COPY', 'V9'],
        ['ModelVersion', 'model', 'ML.REGISTRY.PRICES', 'V1'],
      ],
      model_up: [dataset],
      model_down: [['ModelVersion', 'model', 'ML.REGISTRY.COPY', 'V9']],
      filtered: [],
      model_from_table: sales,
      sql: [
        [1, 'TRAINING', 'PRICES'],
        [2, 'AMOUNTS$v1', 'TRAINING'],
        [3, 'SALES', 'AMOUNTS$v1'],
      ],
      dataset_deleted: [],
    });
  });

  // https://docs.snowflake.com/en/user-guide/ui-snowsight-lineage#access-control-for-lineage-information
  it('masks what a role holds nothing on, and asks for VIEW LINEAGE', () => {
    expect(found.lineage.privileges).toEqual({
      masked: [[null, 'MASKED']],
      masked_node: ['TABLE "***"."***"."***" MASKED'],
      hidden: ['SnowparkSQLException', text(/'ML\.RAW\.A' does not exist or not authorized/u)],
      resolved: [
        ['A', 'ACTIVE'],
        ['FILES', 'ACTIVE'],
      ],
      without: ['SnowparkSQLException', text(/Insufficient privileges/u)],
    });
  });

  // https://docs.snowflake.com/en/developer-guide/snowflake-ml/experiments
  it('keeps runs of experiments with their metrics and parameters', () => {
    expect(found.experiments).toMatchObject({
      experiments: [4],
      runs: [
        ['FIRST', false],
        ['SECOND', true],
        ['OPEN', false],
        ['a name', false],
      ],
      metrics: [
        ['FIRST', 0.75, 1 / 3],
        ['SECOND', -1, 0.25],
      ],
      params: [['FIRST', "it's a tree", '3', '0.1']],
      history: [
        [0, 1],
        [1, 0.5],
        [2, 1 / 3],
      ],
      like: ['depth'],
    });
  });

  it('refuses what cannot be done to a run, and changes nothing then', () => {
    const committed = ['SnowparkSQLException', text(/has been committed and can no longer be changed/u)];
    expect(found.experiments).toMatchObject({
      refused: {
        again: ['RuntimeError', text(/cannot be resumed/u)],
        committed,
        unknown_run: ['SnowparkSQLException', text(/Run NO_SUCH_RUN does not exist in experiment DENIALS/u)],
        unknown_status: ['ValueError', text(/Unsupported status value/u)],
        bad_metric: ['SnowparkSQLException', text(/invalid value \[\{\}\] for parameter 'METRICS'/u)],
      },
      after_refusals: 4,
      committed,
    });
  });

  it('keeps artifacts of runs', () => {
    expect(found.experiments).toMatchObject({
      artifacts: [
        ['b.txt', 4],
        ['kept/b.txt', 4],
        ['notes/a.txt', 5],
      ],
      below: ['kept/b.txt'],
      fetched: [
        ['b.txt', 'beta'],
        ['kept/b.txt', 'beta'],
        ['notes/a.txt', 'alpha'],
      ],
      no_run: ['SnowparkSQLException', text(/Run NOTHING does not exist/u)],
      outside: ['SnowparkSQLException', text(/versions\/FILES\/\.\.\/\.\.\/x/u)],
    });
  });

  it('knows which models a run logged, and which run a model is from', () => {
    expect(found.experiments).toMatchObject({ model_versions: ['ML.RAW.FOUND'], upstream: [['Run', 'MODEL', 'DENIALS']] });
  });

  it('drops runs and experiments', () => {
    expect(found.experiments).toMatchObject({
      left: ['FIRST'],
      gone: ['SnowparkSQLException', text(/'ML\.RAW\.DENIALS' does not exist or not authorized/u)],
    });
  });
});
