import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalServer, startLocalServer } from '../support/local-server.ts';
import { runPythonClient } from '../support/python-client.ts';

// What the stack gives its role, components/pipeline-grants.ts; the stack's names carry the environment's suffix.
const account = (suffix: string): readonly string[] => [
  'use role ACCOUNTADMIN',
  `create role ENGINEER${suffix}`,
  `grant role ENGINEER${suffix} to user LOCAL_ADMIN`,
  `create warehouse DEMO_WH${suffix}`,
  `create database SNOWBANK${suffix}`,
  `create schema SNOWBANK${suffix}.DATA`,
  `create schema SNOWBANK${suffix}.PIPELINE`,
  `create masking policy SNOWBANK${suffix}.DATA.PROTECTED_ATTRIBUTE_READERS as (val boolean) returns boolean -> case when is_role_in_session('ENGINEER${suffix}') then val end`,
  `create tag SNOWBANK${suffix}.DATA.PROTECTED_ATTRIBUTE`,
  `alter tag SNOWBANK${suffix}.DATA.PROTECTED_ATTRIBUTE set masking policy SNOWBANK${suffix}.DATA.PROTECTED_ATTRIBUTE_READERS`,
  `create row access policy SNOWBANK${suffix}.DATA.APPLICATION_READERS as (key number(38,0)) returns boolean -> is_role_in_session('ENGINEER${suffix}')`,
  `create compute pool DEMO_POOL${suffix} min_nodes = 1 max_nodes = 2 instance_family = CPU_X64_S`,
  `create notification integration DEMO_NOTIFICATION_INTEGRATION${suffix} type = email enabled = true default_recipients = ('risk@example.com') default_subject = 'Mortgage model'`,
  `grant apply on tag SNOWBANK${suffix}.DATA.PROTECTED_ATTRIBUTE to role ENGINEER${suffix}`,
  `grant apply on row access policy SNOWBANK${suffix}.DATA.APPLICATION_READERS to role ENGINEER${suffix}`,
  `grant usage on warehouse DEMO_WH${suffix} to role ENGINEER${suffix}`,
  `grant usage on compute pool DEMO_POOL${suffix} to role ENGINEER${suffix}`,
  `grant usage on integration DEMO_NOTIFICATION_INTEGRATION${suffix} to role ENGINEER${suffix}`,
  `grant usage on database SNOWBANK${suffix} to role ENGINEER${suffix}`,
  `grant usage, create table, create tag, create view, create dynamic table on schema SNOWBANK${suffix}.DATA to role ENGINEER${suffix}`,
  `grant usage, create stage, create service, create dataset, create model on schema SNOWBANK${suffix}.PIPELINE to role ENGINEER${suffix}`,
  `use role ENGINEER${suffix}`,
  `create stage SNOWBANK${suffix}.PIPELINE.CODE_STAGE`,
  `create stage SNOWBANK${suffix}.PIPELINE.JOB_STAGE`,
];

type Outcome = readonly [code: number, result: unknown];
type Versions = Readonly<Record<string, readonly [isDefault: string, metrics: Readonly<Record<string, number>>]>>;

interface Found extends Readonly<Record<string, unknown>> {
  readonly bad_files: Readonly<Record<string, Outcome>>;
  readonly versions: Versions;
}

interface RunResult {
  readonly version: string;
  readonly promoted?: string;
  readonly alert?: string;
  readonly branch: string;
  readonly training: Readonly<Record<string, unknown>>;
  readonly dropped: { readonly models: string[]; readonly datasets: string[]; readonly runs: string[]; readonly errors: string[] };
}

// The commands of payloads/ with the real Snowpark, Feature Store, Dataset, ML Jobs and Registry clients.
describe('The standalone pipeline', () => {
  let server: LocalServer;
  let home: string;
  let found: Found;

  beforeAll(async () => {
    server = await startLocalServer();
    const admin = await server.connect();
    for (const statement of ['', '_DEV'].flatMap(account)) await admin.run(statement);
    home = mkdtempSync(join(tmpdir(), 'snowflake-home-'));
    const { user, password, port } = server;
    const settings = { account: server.account, user, password, host: '127.0.0.1', port, protocol: 'http' };
    const lines = Object.entries(settings).map(([key, value]) => `${key} = ${JSON.stringify(value)}`);
    const entries = ['local', 'dev'].flatMap((name) => [`[${name}]`, ...lines, '']);
    writeFileSync(join(home, 'connections.toml'), entries.join('\n'), { mode: 0o600 });
    found = (await runPythonClient(server, 'pipeline.py', { SNOWFLAKE_HOME: home })) as Found;
  });

  afterAll(async () => {
    await server.close();
    rmSync(home, { recursive: true, force: true });
  });

  const result = (name: string): RunResult => {
    const [code, value] = found[name] as Outcome;
    expect([name, code, code === 0 ? '' : value]).toEqual([name, 0, '']);
    return value as RunResult;
  };
  const error = (name: string): unknown => {
    const [code, text] = found[name] as Outcome;
    expect([name, code]).toEqual([name, 1]);
    return text;
  };

  it('says what to do first', () => {
    expect(error('run_without_table')).toMatch(/MORTGAGE_APPLICATIONS is not there.*mortgage_pipeline setup/u);
    expect(error('run_without_rows')).toMatch(/MORTGAGE_APPLICATIONS is empty.*mortgage_pipeline load/u);
  });

  it('sets up the feature store, again without harm', () => {
    expect(found['setup']).toEqual([0, { feature_view: 'MORTGAGE_FEATURES', version: expect.stringMatching(/^V_/u) as string }]);
    expect(found['setup_again']).toEqual(found['setup']);
  });

  it('works in the environment that it is told, with a configuration over it', () => {
    expect(found['dev_setup']).toEqual(found['setup']);
    expect(found['dev_tables']).toEqual([{ OWNER: 'ENGINEER_DEV', ROWS: 0 }]);
    expect(error('dev_run')).toMatch(/^run: SNOWBANK_DEV\.DATA\.MORTGAGE_APPLICATIONS is empty/mu);
    expect(error('dev_other_table')).toMatch(/^run: SNOWBANK_DEV\.DATA\.OTHER_TABLE is not there/mu);
    expect(error('dev_other_role')).toMatch(/NO_SUCH_ROLE/u);
    expect(error('prod_run')).toMatch(/^run: .*connection_name 'prod'.*SNOWFLAKE_HOME/su);
  });

  it('loads the data, again without harm', () => {
    expect(found['load']).toEqual([0, { file_rows: 2381, inserted: 2381, updated: 0, table_rows: 2381 }]);
    expect(found['load_again']).toEqual([0, { file_rows: 2381, inserted: 0, updated: 2381, table_rows: 2381 }]);
    // 285 of the published 2,381 applications were denied.
    expect(found['loaded']).toEqual({ N: 2381, DENIED: 285 });
  });

  it('refuses bad files, and leaves the table as it was', () => {
    expect(found.bad_files).toEqual({
      missing: [1, expect.stringMatching(/there is no file .*no-such-file\.csv/u)],
      empty: [1, expect.stringMatching(/empty\.csv is empty; its first line must be LOAN_ID,/u)],
      header: [1, expect.stringMatching(/header\.csv has a header and no row/u)],
      columns: [1, expect.stringMatching(/starts with 'ID,AGE'; its first line must be LOAN_ID,/u)],
      binary: [1, expect.stringMatching(/is not UTF-8 text/u)],
      text: [
        1,
        expect.stringMatching(/malformed: 100038 .*Numeric value 'much' is not recognized[\s\S]*line 3[\s\S]*is unchanged/u),
      ],
      short: [1, expect.stringMatching(/malformed: 100080 .*Number of columns in file \(2\)[\s\S]*line 3[\s\S]*is unchanged/u)],
      twice: [1, expect.stringMatching(/has 1 rows whose LOAN_ID another row has too/u)],
    });
    expect(found['loaded_after_bad']).toEqual(found['loaded']);
  });

  it('refuses a configuration that cannot be used', () => {
    expect(error('unknown_key')).toMatch(/unknown key 'treshold'; known are .*threshold/u);
    expect(error('threshold')).toMatch(/threshold must be a number from 0 to 1, got 1\.5/u);
    expect(error('unknown_pool')).toMatch(/Compute pool 'NO_SUCH_POOL' not found/u);
  });

  it('trains on two nodes and promotes the model with its metrics', () => {
    const run = result('run');
    expect(run.training).toMatchObject({ instances: 2, mode: 'collective', rows: 1901, rounds: 100 });
    expect(run).toMatchObject({ branch: 'promote_model', promoted: run.version.toUpperCase() });
    expect(run.dropped.errors).toEqual([]);
    const [isDefault, metrics] = found.versions[run.version.toUpperCase()] ?? [];
    expect([Object.keys(found.versions), isDefault]).toEqual([[run.version.toUpperCase()], 'true']);
    expect(metrics).toMatchObject({ test_rows: 480 });
    expect(metrics?.['test_accuracy']).toBeGreaterThan(0.85);
    expect(metrics?.['test_auc']).toBeGreaterThan(0.8);
  });

  it('leaves a trace from the model to the raw table', () => {
    const [first, ...rest] = found['lineage'] as readonly string[];
    expect(first).toBe('MORTGAGE_DATASET');
    expect(rest).toContainEqual(expect.stringMatching(/^MORTGAGE_FEATURES\$V_/u));
    expect(rest).toContain('MORTGAGE_APPLICATIONS');
  });

  it('fails with what the training job said when it raises, and how it ended when it dies', () => {
    expect(error('raises')).toMatch(/ML job \S+ ended with status FAILED/u);
    expect(error('raises')).toMatch(/--- node 0: FAILED[\s\S]*looking for trouble on node 0[\s\S]*KeyError: 'no column BALANCE'/u);
    expect(error('raises')).toMatch(/--- node 1: FAILED[\s\S]*looking for trouble on node 1/u);
    expect(error('dies')).toMatch(/--- node 1: FAILED, .*SIGKILL/u);
  });

  it('leaves the promoted model as it was after failures', () => {
    expect(found['versions_after_failures']).toEqual(found.versions);
  });

  it('alerts when the model is below the threshold, and keeps the default version', () => {
    const run = result('alert');
    expect(run).toMatchObject({ branch: 'send_alert', alert: expect.stringContaining('is below the threshold 0.99') as string });
    expect(found['versions_after_alert']).toEqual(found.versions);
    expect(server.service.outbox()).toMatchObject([
      { kind: 'email', recipients: ['risk@example.com'], subject: 'Mortgage model', body: run.alert },
    ]);
  });

  it('clears away what failed runs left, but not what the default version was made from', () => {
    const promoted = result('run').version;
    const alerted = result('alert').version;
    expect(result('alert').dropped.runs).toHaveLength(2);
    const kept = [promoted, alerted].flatMap((version) => [version, `${version}_test`, `${version}_train`]);
    expect(found['dataset_versions']).toEqual(kept.toSorted());
  });

  it('neither promotes nor alerts with --no-register', () => {
    const run = result('not_registered');
    expect([run.branch, run.promoted, run.alert]).toEqual(['promote_model', undefined, undefined]);
    expect(found['versions_after_not_registered']).toEqual(found.versions);
    expect(server.service.outbox()).toHaveLength(1);
  });

  it('promotes again and drops the version before', async () => {
    const run = result('again');
    expect(run.dropped).toMatchObject({ models: [result('run').promoted], errors: [] });
    expect(Object.keys(found['versions_at_last'] as Versions)).toEqual([run.promoted]);
    // A client of another make, and what is left of the jobs.
    const admin = await server.connect({ role: 'ENGINEER', database: 'SNOWBANK', schema: 'PIPELINE' });
    expect(await admin.rows('show versions in model MORTGAGE_MODEL')).toMatchObject([
      { name: run.promoted, is_default_version: 'true', metadata: expect.stringContaining('"test_accuracy"') as string },
    ]);
    expect(await admin.rows('show services in schema SNOWBANK.PIPELINE')).toHaveLength(1);
    const folders = (await admin.rows('list @JOB_STAGE/runs/')).map((row) => String(row['name']).split('/')[2]);
    expect(new Set(folders)).toEqual(new Set([run.version]));
  });
});
