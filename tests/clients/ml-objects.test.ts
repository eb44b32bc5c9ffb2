import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalServer, startLocalServer } from '../support/local-server.ts';
import { runPythonClient } from '../support/python-client.ts';

type Found = Readonly<Record<'feature_store' | 'dataset' | 'fileset' | 'registry', Readonly<Record<string, unknown>>>>;

const text = (pattern: RegExp): unknown => expect.stringMatching(pattern);

// snowflake.ml's clients of the Feature Store, Datasets and the Model Registry, one after the other in one session.
describe("Snowflake ML's Python clients", () => {
  let server: LocalServer;
  let found: Found;

  beforeAll(async () => {
    server = await startLocalServer();
    found = (await runPythonClient(server, 'ml_objects.py')) as Found;
  });

  afterAll(() => server.close());

  describe('The Feature Store client', () => {
    it('refuses to open what is not there', () => {
      expect(found.feature_store).toMatchObject({
        no_store: ['ValueError', text(/SNOWML_FEATURE_STORE_OBJECT does not exist/u)],
        no_warehouse: ['ValueError', text(/Cannot find warehouse NO_SUCH_WH/u)],
      });
    });

    it('keeps entities', () => {
      expect(found.feature_store['entities']).toEqual({
        read: ["It's a customer", ['LEFT_ID', 'RIGHT_ID']],
        missing: ['ValueError', text(/Cannot find Entity with name: NOBODY/u)],
        listed: [
          ['CUSTOMER', '["CUSTOMER"]', 'Whoever has an account'],
          ['PAIR', '["LEFT_ID", "RIGHT_ID"]', ''],
        ],
        left: ['CUSTOMER'],
      });
    });

    it('registers feature views, kept by a dynamic table or as a view', () => {
      expect(found.feature_store['views']).toEqual({
        managed: ['ACTIVE', '1 day', 'Balances', { BALANCE: 'in whole euros', NOTE: '' }, 'TS'],
        static: 'STATIC',
        listed: [
          ['BALANCE', 'V1', '1 day', 'ACTIVE', 'ML_WH'],
          ['DOUBLED', '1', null, null, null],
        ],
        of_entity: [['BALANCE'], ['DOUBLED']],
        missing: ['ValueError', text(/Failed to find FeatureView BALANCE\/V2/u)],
        bad_lag: ['RuntimeError', text(/invalid value \[1 second\] for parameter 'TARGET_LAG'/u)],
      });
    });

    it('refreshes, suspends, resumes and updates them', () => {
      expect(found.feature_store['refresh']).toEqual({
        stale: [4, 4],
        fresh: 5,
        history: [
          ['SUCCEEDED', 'CREATION', 86_400],
          ['SUCCEEDED', 'MANUAL', 86_400],
        ],
        suspended: 'SUSPENDED',
        resumed: 'ACTIVE',
        updated: ['2 days', 'Balances of accounts'],
      });
    });

    it('makes training sets of what was known at the time', () => {
      expect(found.feature_store['reading']).toEqual({
        // Customer 2 had no balance on 1 January, and the late one by 1 March.
        training_set: [
          [1, 0, 10, 20],
          [1, 1, 20, 40],
          [2, 0, null, null],
          [2, 1, 50, 100],
        ],
        saved: [
          [1, '2024-01-01 00:00:00', 10],
          [1, '2024-02-01 00:00:00', 20],
          [2, null, null],
          [2, '2024-02-15 00:00:00', 50],
        ],
        saved_again: ['RuntimeError', text(/Object 'ML\.STORE\.SAVED' already exists/u)],
        values: [[null], ['a'], ['b'], ['late']],
        dataset: [
          [1, 0, 10],
          [1, 1, 20],
          [2, 0, -1],
          [2, 1, 50],
        ],
        dataset_views: ['BALANCE'],
      });
    });

    it('keeps them in other ways: with warehouses of their own, on a schedule, as views', () => {
      expect(found.feature_store['managed']).toEqual({
        initialization: ['ML_WH', null],
        overwritten: ['STATIC', 'ACTIVE', 'ACTIVE', 'STATIC'],
        tasks: 0,
      });
    });

    it('appends what each refresh had', () => {
      expect(found.feature_store['appending']).toEqual({
        rows: [true, 0],
        columns: ['CUSTOMER', 'TS', 'BALANCE', 'NOTE'],
        fewer: ['ValueError', text(/extend-only evolution cannot drop columns/u)],
        manual: ['ValueError', text(/Manual refresh is not supported for append-only feature views/u)],
      });
    });

    it('aggregates over windows, also for a coarser entity', () => {
      // Customer 1 has the odd hours. Before noon of the second day: 31, 33, 35; six hours earlier 25, 27, 29.
      expect(found.feature_store['tiled']).toEqual({
        features: [
          'AMOUNT_SUM_6H',
          'EVENTS',
          'AMOUNT_AVG_6H_OFFSET_6H',
          'AMOUNT_MAX_LIFETIME',
          'PAGE_LAST_N_1D',
          'PAGE_FIRST_DISTINCT_N_1D',
          'PAGE_APPROX_COUNT_DISTINCT_1D',
          'AMOUNT_APPROX_PERCENTILE_1D',
        ],
        training: [
          [99, 12, 27, 35, expect.any(Array), expect.any(Array), 3, 24],
          [0, 0, null, null, null, null, 0, null],
        ],
        club: [195, 24, 26.5, 35, expect.any(Array), expect.any(Array), 3, 23.5],
        other_join: ['ValueError', text(/Tiled feature views require join_method='cte'/u)],
      });
    });

    it('is told by name that there is no online service', () => {
      expect(found.feature_store['online_service']).toEqual([
        'ProgrammingError',
        text(/000002.*the online service of a Feature Store/su),
      ]);
    });

    it('deletes what nothing uses', () => {
      expect(found.feature_store['deleting']).toEqual({
        in_use: ['ValueError', text(/Cannot delete Entity CUSTOMER due to active FeatureViews: \['BALANCE', 'DOUBLED'\]/u)],
        left: [0, 0],
      });
    });
  });

  describe('The Dataset client', () => {
    it('creates datasets once', () => {
      expect(found.dataset).toMatchObject({
        missing: ['DatasetNotExistError', text(/THINGS_SET does not exist/u)],
        exists: ['DatasetExistError', text(/THINGS_SET already exists/u)],
        exist_ok: '"ML"."STORE".things_set',
      });
    });

    it('keeps versions with their labels, and refuses what cannot be one', () => {
      expect(found.dataset).toMatchObject({
        version: [['FLAG'], ['TS', 'DAY'], "it's"],
        versions: ['None yet', 'v1'],
        refused: {
          twice: ['DatasetExistError', text(/version v1 already exists/u)],
          case_counts: ['DatasetNotExistError', text(/version 'V1' does not exist/u)],
          path: ['SnowparkSQLException', text(/001008.*\n.*\[\.\.\/v2\]/u)],
          partitions: ['SnowparkSQLException', text(/invalid identifier 'NOTHING'/u)],
          query: ['SnowparkSQLException', text(/100051 \(22012\): Division by zero/u)],
          drop_missing: ['DatasetCannotDeleteError', text(/399012.*'v2' does not exist/u)],
        },
        after_refusals: ['None yet', 'v1'],
      });
    });

    it('reads versions into pandas and Snowpark', () => {
      expect(found.dataset['reading']).toEqual({
        types: ['int64', 'float64', 'object', 'bool', 'object', 'datetime64[us]', 'float64'],
        rows: [
          ['0', 'nan', 'n0', 'True', '2024-01-01', '2024-01-01 00:00:00', '0.0'],
          ['1', '0.25', 'n1', 'False', '2024-01-02', '2024-01-01 00:01:00', '0.33'],
        ],
        sum: [100, 4950, 15],
        features: ['ID', 'X', 'NAME', 'AMOUNT'],
        snowpark: [
          [0, null, 'n0', true, '2024-01-01', '2024-01-01 00:00:00', 0],
          [1, 0.25, 'n1', false, '2024-01-02', '2024-01-01 00:01:00', 0.33],
        ],
        split: 100,
        limited: 3,
        empty: [0, 7],
        files: ['snow://dataset/"ML"."STORE".THINGS_SET/versions/v1'],
      });
      expect(found.dataset['from_frame']).toBe(4950);
    });

    // https://docs.snowflake.com/en/sql-reference/sql/alter-dataset-add-version
    it('partitions versions', () => {
      expect(found.dataset['partitioned']).toEqual([
        ['data_0_0_0_0_0_0_0.snappy.parquet', 'data_0_0_0_1_0_0_0.snappy.parquet'],
        4950,
        100,
      ]);
    });

    it('drops versions and datasets', () => {
      expect(found.dataset).toMatchObject({
        deleted: [['None yet'], ['FileNotFoundError', text(/returned no results from INFER_SCHEMA/u)]],
        dropped: ['DatasetNotExistError', text(/THINGS_SET does not exist/u)],
      });
    });
  });

  describe('File sets and file systems', () => {
    it('keep the rows of a query as files of a stage', () => {
      expect(found.fileset['file_set']).toEqual({
        files: ['sfc://@ML.RAW.FILES/sets/IT/data_0_0_0.snappy.parquet'],
        location: 'sfc://@ML.RAW.FILES/sets/IT/',
        rows: [100, 5],
        again: ['FileSetExistError', text(/IT has already existed/u)],
        encrypted: ['FileSetLocationError', text(/server-side-encrypted internal stage/u)],
        missing: ['FileSetLocationError', text(/server-side-encrypted internal stage/u)],
        restored: true,
        left: ['@ML.RAW.FILES/sets/FEW/'],
        deleted: ['FileSetAlreadyDeletedError', text(/already been deleted/u)],
      });
    });

    // https://docs.snowflake.com/en/sql-reference/functions/get_presigned_url
    it('read files of stages and datasets by presigned URLs', () => {
      expect(found.fileset['stage']).toEqual({
        listed: ['@ML.RAW.FILES/csv/a.csv'],
        size: 4,
        read: ['1,2\n', '1,2\n', '1,2\n'],
        exists: [true, false],
        no_file: ['StageFileNotFoundError', text(/Stage file csv\/a\.csvx doesn't exist/u)],
        no_stage: ['StageNotFoundError', text(/Stage @ML\.RAW\.NOTHING does not exist/u)],
      });
      expect(found.fileset['dataset']).toEqual({ arrow: 100, same_size: true });
    });
  });

  describe('The Registry client', () => {
    it('logs versions of a model, with metrics', () => {
      expect(found.registry).toMatchObject({
        none: [0, ['ValueError', text(/Unable to find model DENIAL/u)]],
        twice: ['ValueError', text(/Model DENIAL version v1 already existed/u)],
        first: [
          "it's first",
          {
            accuracy: 0.75,
            matrix: [
              [1, 2],
              [3, 4],
            ],
          },
          'TABULAR_BINARY_CLASSIFICATION',
        ],
        functions: [
          ['PREDICT', 2],
          ['PREDICT_PROBA', 2],
        ],
        listed: [['DENIAL', 'V1', '["V1","V2"]']],
        metrics: { accuracy: 0.9 },
      });
    });

    it('moves the default version and aliases', () => {
      expect(found.registry).toMatchObject({
        versions: [
          ['V1', 'true', '["DEFAULT","FIRST"]', "it's first"],
          ['V2', 'false', '["LAST"]', ''],
        ],
        alias: ['V2', 'V2', 'Who is denied'],
        promoted: [
          ['V1', 'false', '["FIRST"]', "it's first"],
          ['V2', 'true', '["DEFAULT","LAST","CHAMPION"]', ''],
        ],
      });
    });

    it('refuses what cannot be, and changes nothing then', () => {
      expect(found.registry['refused']).toEqual({
        unknown_model: ['ValueError', text(/Unable to find model NO_SUCH_MODEL/u)],
        unknown_version: ['ValueError', text(/Unable to find version or alias with name V9/u)],
        unknown_default: ['ValueError', text(/cannot set version V9 as default/u)],
        alias_taken: ['SnowparkSQLException', text(/CHAMPION already exists in model DENIAL/u)],
        drop_default: ['SnowparkSQLException', text(/Cannot drop version V2 of model DENIAL: it is the default version/u)],
        no_package: ['SnowparkSQLException', text(/no-such-package-anywhere.*not installed/u)],
        no_python: ['SnowparkSQLException', text(/Unsupported feature 'Python 3\.9/u)],
        no_manifest: ['SnowparkSQLException', text(/Unable to read file MANIFEST\.yml/u)],
      });
      expect(found.registry['after_refusals']).toEqual(found.registry['promoted']);
    });

    it('runs the methods of versions, from pandas, Snowpark and SQL', () => {
      const object = (value: number): string => `{\n  "output_feature_0": ${String(value)}\n}`;
      expect(found.registry['inference']).toEqual({
        pandas: true,
        snowpark: true,
        sql: [
          [1, object(1)],
          [0, object(0)],
          [expect.any(Number), text(/output_feature_0/u)],
        ],
        unknown_method: ['SnowparkSQLException', text(/Unknown function DENIAL!SCORE/u)],
        too_few: ['SnowparkSQLException', text(/\[DENIAL!PREDICT\], expected 2, got 1/u)],
        unknown_version: ['SnowparkSQLException', text(/Version V9 does not exist in model DENIAL/u)],
      });
    });

    it('fails with what a model raises, and keeps nothing of the statement', () => {
      const raised = ['SnowparkSQLException', text(/ValueError: this model takes no negative numbers/u)];
      expect(found.registry['raising']).toEqual({
        client: raised,
        sql: raised,
        wrong_type: ['SnowparkSQLException', text(/100038 \(22018\): Numeric value 'many' is not recognized/u)],
        wrong_frame: ['ValueError', text(/feature N does not exist in data/u)],
        left: 0,
        after: [4],
      });
    });

    it('gives methods the parameters that they have beside rows', () => {
      expect(found.registry['parameters']).toEqual({
        defaults: [
          [2, 'twice'],
          [4, 'twice'],
        ],
        given: [
          [3, "it's thrice"],
          [6, "it's thrice"],
        ],
        snowpark: [4, 8],
        sql: [
          { V: 2, NOTE: 'twice' },
          { V: 5, NOTE: 'twice' },
          { V: 2, NOTE: 'named' },
        ],
        unknown: ['ValueError', text(/Unknown parameter\(s\): \['nothing'\]/u)],
        unknown_in_sql: ['SnowparkSQLException', text(/000938.*SCALED!PREDICT/su)],
        too_many: ['SnowparkSQLException', text(/000938.*SCALED!PREDICT/su)],
      });
    });

    it('scores with the version that a statement began with, though it is dropped meanwhile', () => {
      expect(found.registry['dropped_under_query']).toEqual({
        scored: 1,
        left: ['NEW'],
        gone: ['SnowparkSQLException', text(/Version OLD does not exist in model RACING/u)],
      });
    });

    it('tags, loads, exports, renames and deletes models', () => {
      expect(found.registry).toMatchObject({
        tags: [{ 'ML.REGISTRY.STAGE': 'live' }, 'live', null],
        loaded: true,
        exported: {
          model: ['model/model.yaml', 'model/models/DENIAL/model.ubj'],
          full: ['MANIFEST.yml', 'model/model.yaml', 'model/models/DENIAL/model.ubj'],
          again: ['ValueError', text(/is a file or an non-empty folder/u)],
        },
        left: [['V2', 'true', '["DEFAULT","FIRST","LAST"]', '']],
        renamed: ['APPROVAL'],
        deleted: [0, ['ValueError', text(/Unable to find model APPROVAL/u)]],
      });
    });
  });
});
