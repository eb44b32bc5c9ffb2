import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LocalServer, startLocalServer } from '../../support/local-server.ts';
import type { SdkConnection } from '../../support/sdk-connection.ts';

let server: LocalServer;
let admin: SdkConnection;
let officer: SdkConnection;

beforeAll(async () => {
  server = await startLocalServer();
  admin = await server.connect();
  for (const sql of [
    'create role security_officer',
    "create user olga password = 'Secret-123' default_role = security_officer default_secondary_roles = ()",
    'grant role security_officer to user olga',
    'create database governance',
    'create schema governance.policies',
    'create role analyst',
  ])
    await admin.run(sql);
  officer = await server.connect({ username: 'olga', password: 'Secret-123' });
});

afterAll(async () => {
  await server.close();
});

// https://docs.snowflake.com/en/sql-reference/sql/create-masking-policy
describe('masking policies', () => {
  test('are made with CREATE MASKING POLICY on the schema alone', async () => {
    await admin.run('grant usage on database governance to role security_officer');
    await admin.run('grant usage on schema governance.policies to role security_officer');
    const create = `create masking policy governance.policies.email_mask as (val string) returns string ->
      CASE
        WHEN current_role() IN ('ANALYST') THEN VAL
        ELSE '*********'
      END;`;
    await expect(officer.run(create)).rejects.toMatchObject({ code: '003001' });
    await admin.run('grant create masking policy on schema governance.policies to role security_officer');
    await officer.run(create);
    await expect(officer.run(create)).rejects.toMatchObject({ code: '002002' });
    await officer.run(create.replace('masking policy', 'masking policy if not exists'));
    await officer.run(create.replace('create', 'create or replace'));
  });

  // https://docs.snowflake.com/en/sql-reference/sql/show-masking-policies, https://docs.snowflake.com/en/sql-reference/sql/desc-masking-policy
  test('SHOW and DESCRIBE', async () => {
    await officer.run(
      "create masking policy governance.policies.m2 as (v number(10,2), comment varchar) returns number -> iff(comment = 'x', v, 0) comment = 'two' exempt_other_policies = true",
    );
    const shown = await officer.rows("show masking policies like 'm%' in schema governance.policies");
    expect(shown).toMatchObject([
      {
        name: 'M2',
        database_name: 'GOVERNANCE',
        schema_name: 'POLICIES',
        kind: 'MASKING_POLICY',
        owner: 'SECURITY_OFFICER',
        comment: 'two',
        options: '{"EXEMPT_OTHER_POLICIES":true}',
        owner_role_type: 'ROLE',
      },
    ]);
    expect(await officer.rows('describe masking policy governance.policies.m2')).toEqual([
      { name: 'M2', signature: '(V NUMBER(10,2), COMMENT VARCHAR)', return_type: 'NUMBER(38,0)', body: "iff(comment = 'x', v, 0)" },
    ]);
    expect(await officer.rows('desc masking policy governance.policies.email_mask')).toMatchObject([
      { signature: '(VAL VARCHAR)', return_type: 'VARCHAR(16777216)', body: expect.stringMatching(/^CASE[\s\S]*END$/u) },
    ]);
    expect(await officer.value("select get_ddl('policy', 'governance.policies.m2')")).toContain(
      'create or replace masking policy M2',
    );
  });

  // https://docs.snowflake.com/en/sql-reference/sql/alter-masking-policy
  test('ALTER', async () => {
    await officer.run('alter masking policy governance.policies.m2 set body -> 0');
    await officer.run("alter masking policy governance.policies.m2 set comment = 'three'");
    await officer.run('alter masking policy governance.policies.m2 rename to governance.policies.m3');
    await officer.run('alter masking policy if exists governance.policies.m2 unset comment');
    await officer.run('alter masking policy governance.policies.m3 unset comment');
    expect(await officer.rows('show masking policies in schema governance.policies')).toMatchObject([
      { name: 'EMAIL_MASK' },
      { name: 'M3', comment: '' },
    ]);
    await officer.run(
      "create or alter masking policy governance.policies.m3 as (v number(10,2), comment varchar) returns number -> 1 comment = 'four'",
    );
    expect(await officer.rows('desc masking policy governance.policies.m3')).toMatchObject([{ body: '1' }]);
    await officer.run('drop masking policy governance.policies.m3');
    await officer.run('drop masking policy if exists governance.policies.m3');
  });

  test('argument and result have one type', async () => {
    await expect(
      officer.run('create masking policy governance.policies.bad as (v varchar) returns number -> 1'),
    ).rejects.toMatchObject({ message: expect.stringContaining('Masking policy function argument and return type mismatch.') });
  });

  // https://docs.snowflake.com/en/user-guide/security-column-intro#privileges
  test('APPLY on the policy and APPLY MASKING POLICY on the account show it', async () => {
    await admin.run("create user ana password = 'Secret-123' default_role = analyst default_secondary_roles = ()");
    await admin.run('grant role analyst to user ana');
    await admin.run('grant usage on database governance to role analyst');
    await admin.run('grant usage on schema governance.policies to role analyst');
    const ana = await server.connect({ username: 'ana', password: 'Secret-123' });
    expect(await ana.rows('show masking policies in account')).toEqual([]);
    await expect(ana.run('desc masking policy governance.policies.email_mask')).rejects.toMatchObject({ code: '002003' });
    await officer.run('grant apply on masking policy governance.policies.email_mask to role analyst');
    expect(await ana.rows('show masking policies in account')).toHaveLength(1);
    await officer.run('revoke apply on masking policy governance.policies.email_mask from role analyst');
    expect(await ana.rows('show masking policies in account')).toEqual([]);
    await admin.run('grant apply masking policy on account to role analyst');
    expect(await ana.rows('show masking policies in account')).toHaveLength(1);
    await expect(ana.run('drop masking policy governance.policies.email_mask')).rejects.toMatchObject({ code: '003001' });
    await admin.run('revoke apply masking policy on account from role analyst');
    await admin.run('grant ownership on masking policy governance.policies.email_mask to role analyst');
    await ana.run('alter masking policy governance.policies.email_mask set body -> val');
  });
});

// https://docs.snowflake.com/en/sql-reference/sql/create-row-access-policy
describe('row access policies', () => {
  beforeAll(async () => {
    await admin.run('use schema governance.policies');
    await admin.run(`create or replace row access policy rap_it as (empl_id varchar) returns boolean ->
      case
          when 'it_admin' = current_role() then true
          else false
      end
    ;`);
  });

  test('SHOW and DESCRIBE', async () => {
    expect(await admin.rows('show row access policies in schema governance.policies')).toMatchObject([
      { name: 'RAP_IT', kind: 'ROW_ACCESS_POLICY', options: '', owner: 'ACCOUNTADMIN', owner_role_type: 'ROLE' },
    ]);
    await admin.run('create row access policy rap_test2 as (n number, v varchar) returns boolean -> true');
    expect(await admin.rows('describe row access policy rap_test2')).toEqual([
      { name: 'RAP_TEST2', signature: '(N NUMBER, V VARCHAR)', return_type: 'BOOLEAN', body: 'true' },
    ]);
  });

  test('ALTER and DROP', async () => {
    await admin.run('alter row access policy rap_test2 set body -> n > 1');
    await admin.run("alter row access policy rap_test2 set comment = 'c'");
    await admin.run('alter row access policy rap_test2 rename to rap3');
    expect(await admin.rows("show row access policies like 'rap3'")).toMatchObject([{ comment: 'c' }]);
    await admin.run('drop row access policy rap3');
    await expect(admin.run('undrop row access policy rap3')).rejects.toMatchObject({ code: '000002' });
  });

  // https://docs.snowflake.com/en/user-guide/security-row-intro#troubleshoot-row-access-policies
  test('are boolean', async () => {
    await expect(admin.run('create row access policy p as (n number) returns number -> n')).rejects.toMatchObject({
      code: '003551',
    });
  });
});
