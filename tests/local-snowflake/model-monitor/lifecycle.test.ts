import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MonitorAccount } from './monitor-account.ts';

const json = (value: unknown): unknown => JSON.parse(String(value));

// https://docs.snowflake.com/en/sql-reference/sql/create-model-monitor, alter-, show-, desc-, drop-model-monitor
describe('CREATE MODEL MONITOR', () => {
  let account: MonitorAccount;

  beforeAll(async () => {
    account = await MonitorAccount.open();
  });

  afterAll(() => account.close());

  const described = async (name = 'watch'): Promise<Record<string, unknown>> =>
    (await account.rows(`describe model monitor ${name}`))[0] as Record<string, unknown>;

  it('makes a monitor that SHOW and DESCRIBE tell of', async () => {
    await account.monitor();
    const [shown] = await account.rows("show model monitors like 'WAT%' in schema db.sc");
    expect(shown).toMatchObject({
      name: 'WATCH',
      database_name: 'DB',
      schema_name: 'SC',
      warehouse_name: 'WH',
      refresh_interval: '1 hour',
      aggregation_window: '1 day',
      model_task: 'TABULAR_BINARY_CLASSIFICATION',
      type: 'MODEL_VERSION_MONITOR',
      monitor_state: 'ACTIVE',
      gateway: '',
    });
    expect(json(shown?.['source'])).toEqual({ name: 'SCORED', database_name: 'DB', schema_name: 'SC', status: 'ACTIVE' });
    expect(json(shown?.['baseline'])).toMatchObject({ name: 'TRAINING', status: 'ACTIVE' });
    expect(json(shown?.['model'])).toEqual({
      model_name: 'DENIAL',
      version_name: 'V1',
      function_name: 'predict',
      database_name: 'DB',
      schema_name: 'SC',
      model_status: 'ACTIVE',
      version_status: 'ACTIVE',
    });
    const more = await described();
    expect(json(more['aggregation_status'])).toEqual({
      SOURCE_AGGREGATED: 'ACTIVE',
      SOURCE_AGGREGATED_REGION: 'ACTIVE',
      ACCURACY_AGGREGATED: 'ACTIVE',
      ACCURACY_AGGREGATED_REGION: 'ACTIVE',
    });
    // The variant is no feature: it cannot be measured.
    expect(json(more['columns'])).toMatchObject({
      timestamp_column: 'SCORED_AT',
      id_columns: ['ID'],
      prediction_score_columns: ['PROBABILITY'],
      numerical_columns: ['INCOME'],
      string_columns: ['GRADE'],
      boolean_columns: ['OWNED'],
      segment_columns: ['REGION'],
    });
  });

  it('is taken once, unless it says otherwise', async () => {
    await expect(account.monitor()).rejects.toThrow(/already exists/u);
    expect(await account.monitor('watch', {}, 'create model monitor if not exists')).toBeDefined();
    await account.monitor('watch', { REFRESH_INTERVAL: "'2 hours'" }, 'create or replace model monitor');
    expect((await described())['refresh_interval']).toBe('2 hours');
    await expect(account.monitor('watch', {}, 'create or replace model monitor if not exists')).rejects.toThrow(/incompatible/u);
  });

  it.each([
    ['a version that has a monitor already', {}, /version V1 of model DB\.SC\.DENIAL already has a monitor, DB\.SC\.WATCH/u],
    ['an unknown model', { MODEL: 'nobody' }, /Model 'DB\.SC\.NOBODY' does not exist or not authorized/u],
    ['an unknown version', { MODEL: 'price', VERSION: "'v9'" }, /Version V9 does not exist in model PRICE/u],
    ['an unknown function', { MODEL: 'price', FUNCTION: "'explain'" }, /has no function explain; it has PREDICT/u],
    ['an unknown source', { MODEL: 'price', SOURCE: 'nowhere' }, /Object 'DB\.SC\.NOWHERE' does not exist/u],
    ['an unknown warehouse', { MODEL: 'price', WAREHOUSE: 'none' }, /Warehouse 'NONE' does not exist/u],
    ['an unknown column', { MODEL: 'price', ID_COLUMNS: "('nothing')" }, /column 'nothing' does not exist/u],
    ['a model without a task', { MODEL: 'blob' }, /is of task UNKNOWN; it must be one of TABULAR_BINARY_CLASSIFICATION/u],
    [
      'a timestamp of another type',
      { MODEL: 'price', TIMESTAMP_COLUMN: 'income' },
      /INCOME of TIMESTAMP_COLUMN is of type FLOAT, and must be of type TIMESTAMP_NTZ/u,
    ],
    [
      'a segment that is no text',
      { MODEL: 'price', SEGMENT_COLUMNS: "('income')" },
      /INCOME of SEGMENT_COLUMNS is of type FLOAT, and must be of type STRING/u,
    ],
    [
      'a score that is no number',
      { MODEL: 'price', PREDICTION_SCORE_COLUMNS: "('grade')" },
      /GRADE of PREDICTION_SCORE_COLUMNS.*must be of type NUMBER/u,
    ],
    [
      'scores of several classes',
      { MODEL: 'species' },
      /PREDICTION_SCORE_COLUMNS cannot be used with a model of task TABULAR_MULTI_CLASSIFICATION/u,
    ],
    [
      'two predictions',
      { MODEL: 'price', PREDICTION_SCORE_COLUMNS: "('probability', 'income')" },
      /models with several outputs are not supported/u,
    ],
    [
      'no prediction',
      { MODEL: 'price', PREDICTION_SCORE_COLUMNS: undefined, PREDICTION_CLASS_COLUMNS: undefined },
      /at least one of PREDICTION_CLASS_COLUMNS/u,
    ],
    ['a column of two roles', { MODEL: 'price', ID_COLUMNS: "('region')" }, /column REGION is specified more than once/u],
    [
      'more than five segments',
      { MODEL: 'price', SEGMENT_COLUMNS: "('a','b','c','d','e','f')", SOURCE: 'wide' },
      /it has 6 segment columns; at most 5/u,
    ],
    [
      'a short interval',
      { MODEL: 'price', REFRESH_INTERVAL: "'59 seconds'" },
      /invalid value \[59 seconds\] for parameter 'REFRESH_INTERVAL'/u,
    ],
    [
      'a window of hours',
      { MODEL: 'price', AGGREGATION_WINDOW: "'24 hours'" },
      /invalid value \[24 hours\] for parameter 'AGGREGATION_WINDOW'/u,
    ],
    ['nothing to refresh by', { MODEL: 'price', REFRESH_INTERVAL: undefined }, /Missing option\(s\): REFRESH_INTERVAL/u],
    ['a property that there is not', { MODEL: 'price', COLOUR: "'red'" }, /invalid property 'COLOUR' for 'MODEL MONITOR'/u],
    ['a gateway', { MODEL: 'price', GATEWAY: 'g' }, /Unsupported feature 'CREATE MODEL MONITOR … GATEWAY'/u],
  ] as const)('refuses %s, and leaves nothing', async (_what, change, message) => {
    await account.run(`create or replace table wide as select *, '' as a, '' as b, '' as c, '' as d, '' as e, '' as f from scored`);
    await expect(account.monitor('other', change)).rejects.toThrow(message);
    expect(await account.rows("show model monitors like 'other'")).toEqual([]);
  });

  it('refuses scores outside 0 to 1 and times that are missing, as they would fail each refresh', async () => {
    await account.run('create table bad like scored');
    await account.run("insert into bad (scored_at, probability) values ('2026-03-09', 1.5), (null, 0.5)");
    await account.run('drop model monitor watch');
    await expect(account.monitor('other', { SOURCE: 'bad' })).rejects.toThrow(/1 values of timestamp column SCORED_AT are NULL/u);
    await account.run('delete from bad where scored_at is null');
    await expect(account.monitor('other', { SOURCE: 'bad' })).rejects.toThrow(
      /1 values of prediction score column PROBABILITY are not between 0 and 1/u,
    );
    await account.monitor();
  });

  it('sees views and dynamic tables as sources, and names in quotes', async () => {
    await account.run('create view seen as select *, income as "My income" from scored');
    await account.monitor('viewed', {
      MODEL: 'price',
      SOURCE: 'seen',
      BASELINE: undefined,
      ACTUAL_CLASS_COLUMNS: undefined,
      PREDICTION_SCORE_COLUMNS: `('"My income"')`,
    });
    expect(json((await described('viewed'))['columns'])).toMatchObject({ prediction_score_columns: ['My income'] });
    expect(json((await described('viewed'))['baseline'])).toMatchObject({ status: 'NOT_SET' });
    await account.run('drop model monitor viewed');
  });

  it('asks for the privileges of the page', async () => {
    for (const statement of [
      'create role analyst',
      'grant usage on database db to role analyst',
      'grant usage on schema sc to role analyst',
      'grant usage on warehouse wh to role analyst',
      'grant role analyst to user local_admin',
      'use role analyst',
      'use secondary roles none',
    ])
      await account.run(statement);
    try {
      await expect(account.monitor('mine', { MODEL: 'price' })).rejects.toThrow(
        /Insufficient privileges to operate on schema 'SC'/u,
      );
      const granted = async (grant: string): Promise<void> => {
        await account.run('use role accountadmin');
        await account.run(`grant ${grant} to role analyst`);
        await account.run('use role analyst');
      };
      await granted('create model monitor on schema sc');
      await expect(account.monitor('mine', { MODEL: 'price' })).rejects.toThrow(
        /Model 'DB\.SC\.PRICE' does not exist or not authorized/u,
      );
      await granted('usage on model price');
      await expect(account.monitor('mine', { MODEL: 'price' })).rejects.toThrow(
        /'DB\.SC\.SCORED' does not exist or not authorized/u,
      );
      await granted('select on table scored');
      await expect(account.monitor('mine', { MODEL: 'price' })).rejects.toThrow(
        /'DB\.SC\.TRAINING' does not exist or not authorized/u,
      );
      await account.monitor('mine', { MODEL: 'price', BASELINE: undefined });
      await expect(account.run('alter model monitor watch suspend')).rejects.toThrow(
        /'DB\.SC\.WATCH' does not exist or not authorized/u,
      );
      await granted('modify on model monitor watch');
      await account.run('alter model monitor watch suspend');
      await account.run('alter model monitor watch resume');
      expect(json((await described())['baseline'])).toMatchObject({ name: '********', status: 'MASKED' });
      await expect(account.run('drop model monitor watch')).rejects.toThrow(
        /Insufficient privileges to operate on model monitor 'WATCH'/u,
      );
      await account.run('drop model monitor mine');
    } finally {
      await account.run('use role accountadmin');
    }
  });
});

describe('ALTER MODEL MONITOR', () => {
  let account: MonitorAccount;

  beforeAll(async () => {
    account = await MonitorAccount.open();
    await account.monitor();
  });

  afterAll(() => account.close());

  const described = async (): Promise<Record<string, unknown>> =>
    (await account.rows('describe model monitor watch'))[0] as Record<string, unknown>;
  const alter = (change: string): Promise<unknown> => account.run(`alter model monitor watch ${change}`);

  it('sets and unsets what may be changed', async () => {
    await account.run('create warehouse other');
    await alter("set refresh_interval = '30 minutes' warehouse = other comment = 'it''s mine'");
    expect(await described()).toMatchObject({ refresh_interval: '30 minutes', warehouse_name: 'OTHER', comment: "it's mine" });
    await alter('unset comment');
    expect(await described()).toMatchObject({ comment: '' });
    await alter('unset baseline');
    expect(json((await described())['baseline'])).toMatchObject({ status: 'NOT_SET' });
    await alter("set baseline = 'db.sc.training'");
    expect(json((await described())['baseline'])).toMatchObject({ name: 'TRAINING' });
    await account.run('alter model monitor if exists nobody suspend');
  });

  it('adds and drops segments', async () => {
    await alter("add segment_column = 'grade'");
    expect(json((await described())['columns'])).toMatchObject({ segment_columns: ['REGION', 'GRADE'], string_columns: [] });
    await alter('drop segment_column = region');
    expect(json((await described())['columns'])).toMatchObject({ segment_columns: ['GRADE'], string_columns: ['REGION'] });
    await alter('add custom_metric_column = income');
    expect(json((await described())['columns'])).toMatchObject({ custom_metric_columns: ['INCOME'], numerical_columns: [] });
    await alter('drop custom_metric_column = income');
  });

  it.each([
    ["set model = 'price'", /invalid property 'MODEL' for 'MODEL MONITOR'/u],
    ["set aggregation_window = '2 days'", /invalid property 'AGGREGATION_WINDOW'/u],
    ["set refresh_interval = '10 seconds'", /invalid value \[10 seconds\]/u],
    ['set baseline = nowhere', /'DB\.SC\.NOWHERE' does not exist/u],
    ['unset warehouse', /invalid property 'WAREHOUSE'/u],
    ["add segment_column = 'income'", /INCOME of SEGMENT_COLUMNS is of type FLOAT/u],
    ["add segment_column = 'id'", /column ID is specified more than once/u],
    ["add segment_column = 'grade'", /column GRADE is in SEGMENT_COLUMNS already/u],
    ["drop segment_column = 'region'", /column REGION is not in SEGMENT_COLUMNS/u],
    ["add segment_column = 'nothing'", /column 'nothing' does not exist/u],
    ['rename to better', /Unsupported feature 'ALTER MODEL MONITOR … RENAME'/u],
  ])('refuses %s, and changes nothing', async (change, message) => {
    const before = await described();
    await expect(alter(change)).rejects.toThrow(message);
    expect(await described()).toEqual(before);
  });

  it('shows what became of model, source and baseline', async () => {
    await account.run('drop table training');
    await account.run('drop model denial');
    const after = await described();
    expect(json(after['baseline'])).toMatchObject({ name: 'TRAINING', status: 'DELETED' });
    expect(json(after['model'])).toMatchObject({ model_name: 'DENIAL', model_status: 'DELETED', version_status: 'DELETED' });
    await account.run('drop model monitor watch');
    await expect(account.run('drop model monitor watch')).rejects.toThrow(/does not exist/u);
    await account.run('drop model monitor if exists watch');
    expect(await account.rows('show model monitors in account')).toEqual([]);
  });
});
