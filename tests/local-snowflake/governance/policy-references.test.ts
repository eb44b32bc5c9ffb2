import { afterAll, beforeAll, expect, test } from 'vitest';
import { type LocalServer, startLocalServer } from '../../support/local-server.ts';
import type { SdkConnection } from '../../support/sdk-connection.ts';

let server: LocalServer;
let admin: SdkConnection;

beforeAll(async () => {
  server = await startLocalServer();
  admin = await server.connect();
  for (const sql of [
    'create warehouse w',
    'create database d',
    "create masking policy ssn_mask as (val string) returns string -> '***'",
    "create masking policy shown as (val string, v string) returns string -> iff(v = 'yes', val, '***')",
    'create masking policy numbers as (val number) returns number -> 0',
    'create row access policy rap as (a string, b number) returns boolean -> true',
    'create tag pii',
    'create table t (ssn string masking policy ssn_mask, email string masking policy shown using (email, v), v string, n number, k number) with row access policy rap on (v, k)',
    'create view vw (c masking policy ssn_mask) as select v from t',
  ])
    await admin.run(sql);
});

afterAll(async () => {
  await server.close();
});

// https://docs.snowflake.com/en/sql-reference/functions/policy_references
test('POLICY_REFERENCES by the name of what has the policies', async () => {
  const sql = `select * from table(d.information_schema.policy_references(ref_entity_name => 'd.public.t', ref_entity_domain => 'table'))`;
  const rows = await admin.rows(sql);
  expect(rows[0]).toEqual({
    POLICY_DB: 'D',
    POLICY_SCHEMA: 'PUBLIC',
    POLICY_NAME: 'SSN_MASK',
    POLICY_KIND: 'MASKING_POLICY',
    REF_DATABASE_NAME: 'D',
    REF_SCHEMA_NAME: 'PUBLIC',
    REF_ENTITY_NAME: 'T',
    REF_ENTITY_DOMAIN: 'TABLE',
    REF_COLUMN_NAME: 'SSN',
    REF_ARG_COLUMN_NAMES: null,
    TAG_DATABASE: null,
    TAG_SCHEMA: null,
    TAG_NAME: null,
    POLICY_STATUS: 'ACTIVE',
  });
  expect(rows.map((row) => [row['POLICY_NAME'], row['REF_COLUMN_NAME'], row['REF_ARG_COLUMN_NAMES']])).toEqual([
    ['SSN_MASK', 'SSN', null],
    ['SHOWN', 'EMAIL', '[ "V" ]'],
    ['RAP', null, '[ "V", "K" ]'],
  ]);
  // As the Snowflake provider asks when it reads a view.
  const asked = `SELECT * FROM TABLE(SNOWFLAKE.INFORMATION_SCHEMA.POLICY_REFERENCES(REF_ENTITY_NAME => '"D"."PUBLIC"."VW"', REF_ENTITY_DOMAIN => 'VIEW'))`;
  expect(await admin.rows(asked)).toMatchObject([{ POLICY_NAME: 'SSN_MASK', REF_COLUMN_NAME: 'C', REF_ENTITY_DOMAIN: 'VIEW' }]);
  const metrics = `SELECT * FROM TABLE(SNOWFLAKE.INFORMATION_SCHEMA.DATA_METRIC_FUNCTION_REFERENCES(REF_ENTITY_NAME => '"D"."PUBLIC"."VW"', REF_ENTITY_DOMAIN => 'VIEW'))`;
  expect(await admin.rows(metrics)).toEqual([]);
});

test('POLICY_REFERENCES by the policy, with the tags by which it holds', async () => {
  await admin.run('alter tag pii set masking policy numbers');
  await admin.run("alter table t modify column n set tag pii = 'x'");
  const sql = `select ref_entity_name e, ref_entity_domain d, ref_column_name c, tag_name t from table(information_schema.policy_references(policy_name => 'd.public.numbers'))`;
  expect(await admin.rows(sql)).toEqual([
    { E: 'T', D: 'TABLE', C: 'N', T: 'PII' },
    { E: 'PII', D: 'TAG', C: null, T: null },
  ]);
  expect(await admin.value("select system$get_tag('pii', 'd.public.t.n', 'column')")).toBe('x');
  expect(
    await admin.rows(
      "select tag_value v, level l, domain d, column_name c from table(information_schema.tag_references('t.n', 'column'))",
    ),
  ).toEqual([{ V: 'x', L: 'COLUMN', D: 'COLUMN', C: 'N' }]);
});

test('what the role may not see, and what is not there', async () => {
  for (const sql of [
    'create role owner_of_nothing',
    "create user eve password = 'Secret-123' default_role = owner_of_nothing default_secondary_roles = ()",
    'grant role owner_of_nothing to user eve',
    'grant usage on warehouse w to role owner_of_nothing',
    'grant usage on database d to role owner_of_nothing',
    'grant usage on schema d.public to role owner_of_nothing',
    'grant select on table d.public.t to role owner_of_nothing',
  ])
    await admin.run(sql);
  const eve = await server.connect({ username: 'eve', password: 'Secret-123', database: 'D', schema: 'PUBLIC', warehouse: 'W' });
  const ask = `select * from table(information_schema.policy_references('t', 'table'))`;
  await expect(eve.run(ask)).rejects.toMatchObject({ code: '003001' });
  await admin.run('grant apply row access policy on account to role owner_of_nothing');
  expect(await eve.rows(ask)).toMatchObject([{ POLICY_NAME: 'RAP' }]);
  await expect(
    admin.run(`select * from table(information_schema.policy_references(policy_name => 'nowhere'))`),
  ).rejects.toMatchObject({ code: '002003' });
  await expect(
    admin.run(`select * from table(information_schema.policy_references(ref_entity_name => 't', ref_entity_domain => 'stream'))`),
  ).rejects.toMatchObject({ code: '000002' });
  // https://docs.snowflake.com/en/sql-reference/functions/policy_context
  await expect(admin.run("execute using policy_context(current_role => 'X') as select 1")).rejects.toMatchObject({
    code: '000002',
  });
});
