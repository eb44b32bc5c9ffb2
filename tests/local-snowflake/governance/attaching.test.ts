import { afterAll, beforeAll, describe, expect, test } from 'vitest';
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
    'create schema d.policies',
    "create masking policy d.policies.hide as (val string) returns string -> '***'",
    "create masking policy d.policies.other as (val string) returns string -> '###'",
    "create masking policy d.policies.visible as (val string, visibility string) returns string -> iff(visibility = 'public', val, '***')",
    'create masking policy d.policies.hide_number as (val number) returns number -> 0',
    'create row access policy d.policies.none as (region varchar) returns boolean -> false',
    'create row access policy d.policies.two as (region varchar, n number) returns boolean -> n > 1',
    'use schema d.public',
  ])
    await admin.run(sql);
});

afterAll(async () => {
  await server.close();
});

const policies = async (table: string): Promise<unknown[]> =>
  (await admin.rows(`describe table ${table}`)).map((row) => row['policy name']);

// https://docs.snowflake.com/en/user-guide/security-column-intro#apply-masking-policies-to-columns
describe('masking policies', () => {
  test('come with a new table, a new view, a new column', async () => {
    await admin.run(
      'create table user_info (ssn string masking policy policies.hide, email string with masking policy d.policies.visible using (email, visibility), visibility string)',
    );
    expect(await policies('user_info')).toEqual(['D.POLICIES.HIDE', 'D.POLICIES.VISIBLE', null]);
    await admin.run("insert into user_info values ('1', 'a@x', 'public'), ('2', 'b@x', 'private')");
    expect(await admin.rows('select * from user_info order by visibility')).toEqual([
      { SSN: '***', EMAIL: '***', VISIBILITY: 'private' },
      { SSN: '***', EMAIL: 'a@x', VISIBILITY: 'public' },
    ]);
    await admin.run('create view user_info_v (v masking policy policies.other) as select visibility from user_info');
    expect(await admin.rows('select distinct v from user_info_v')).toEqual([{ V: '###' }]);
    await admin.run('alter table user_info add column phone string masking policy policies.hide');
    expect(await admin.value('select count(phone) from user_info')).toBe(2);
    await admin.run('create table c1 (a string with masking policy policies.hide) as select visibility from user_info');
    expect(await admin.value('select min(a) from c1')).toBe('***');
    expect(await admin.value("select get_ddl('table', 'user_info')")).toContain(
      'WITH MASKING POLICY D.POLICIES.VISIBLE USING (EMAIL, VISIBILITY)',
    );
  });

  // https://docs.snowflake.com/en/user-guide/security-column-intro#replace-a-masking-policy-on-a-column
  test('are set, replaced and unset', async () => {
    await admin.run('create table t1 (c1 string, c2 string, n number(10,2), m number(10,2))');
    await admin.run('alter table if exists t1 modify column c1 set masking policy policies.hide;');
    await admin.run('alter table t1 modify column c1 set masking policy policies.hide');
    await expect(admin.run('alter table t1 modify column c1 set masking policy policies.other')).rejects.toMatchObject({
      code: '003529',
      message: expect.stringContaining('Specified column already attached to another masking policy.'),
    });
    await admin.run('alter table t1 modify column c1 set masking policy policies.other force');
    await admin.run('alter table t1 alter c2 set masking policy policies.hide, column n set masking policy policies.hide_number');
    expect(await policies('t1')).toEqual(['D.POLICIES.OTHER', 'D.POLICIES.HIDE', 'D.POLICIES.HIDE_NUMBER', null]);
    await admin.run('alter table t1 modify column "C1" unset masking policy');
    await admin.run('alter table t1 modify column c1 unset masking policy');
    expect(await policies('t1')).toEqual([null, 'D.POLICIES.HIDE', 'D.POLICIES.HIDE_NUMBER', null]);
    await admin.run('alter table t1 rename column c2 to c3');
    expect(await policies('t1')).toEqual([null, 'D.POLICIES.HIDE', 'D.POLICIES.HIDE_NUMBER', null]);
    await admin.run('create view v1 as select c1 from t1');
    await admin.run('alter view v1 modify column c1 set masking policy policies.hide');
    expect((await admin.rows('describe view v1'))[0]).toMatchObject({ 'policy name': 'D.POLICIES.HIDE' });
    await admin.run('alter view v1 modify column c1 unset masking policy');
  });

  test.each([
    [
      'alter table t1 modify column m set masking policy policies.hide',
      'COLUMN data type NUMBER(10,2) does not match with masking policy data type TEXT.',
    ],
    [
      'create table bad (n number masking policy policies.hide)',
      'COLUMN data type NUMBER(38,0) does not match with masking policy data type TEXT.',
    ],
    [
      'alter table t1 modify column c1 set masking policy nowhere',
      "Masking policy 'D.PUBLIC.NOWHERE' does not exist or not authorized.",
    ],
    ['alter table t1 modify column zz set masking policy policies.hide', "invalid identifier 'ZZ'"],
    ['alter table t1 modify column c1 set masking policy policies.visible using (c1)', 'expected 2 arguments, got 1 arguments'],
    [
      'alter table t1 modify column c1 set masking policy policies.visible using (c1, c3)',
      "Column 'C3' cannot be used as policy argument because it is masked by another policy.",
    ],
  ])('are refused: %s', async (sql, message) => {
    await expect(admin.run(sql)).rejects.toMatchObject({ message: expect.stringContaining(message) });
  });
});

// https://docs.snowflake.com/en/sql-reference/sql/alter-table (ADD ROW ACCESS POLICY)
describe('row access policies', () => {
  test('come with a new table or view, are added, replaced and dropped', async () => {
    await admin.run(
      'create table sales (customer varchar, spend decimal(20, 2), region varchar) with row access policy policies.none on (region)',
    );
    await admin.run("insert into sales values ('a', 1, 'eu'), ('b', 3, 'us')");
    expect(await admin.value('select count(*) from sales')).toBe(0);
    await expect(admin.run('alter table sales add row access policy policies.none on (region)')).rejects.toMatchObject({
      code: '003549',
      message: 'Object SALES already has a ROW_ACCESS_POLICY. Only one ROW_ACCESS_POLICY is allowed at a time.',
    });
    await admin.run(
      'alter table sales drop row access policy policies.none, add row access policy policies.two on (customer, spend)',
    );
    expect(await admin.rows('select customer from sales')).toEqual([{ CUSTOMER: 'b' }]);
    await expect(admin.run('alter table sales drop row access policy policies.none')).rejects.toMatchObject({
      message: 'Policy NONE is not attached to TABLE SALES.',
    });
    await expect(admin.run('alter table sales drop column spend')).rejects.toMatchObject({ code: '003552' });
    await admin.run('alter table sales rename column spend to paid');
    expect(await admin.rows('select paid from sales')).toEqual([{ PAID: 3 }]);
    await admin.run('alter table sales drop all row access policies');
    await admin.run('alter table sales drop all row access policies');
    expect(await admin.value('select count(*) from sales')).toBe(2);
    await admin.run('create view sales_v with row access policy policies.none on (region) as select * from sales');
    expect(await admin.value('select count(*) from sales_v')).toBe(0);
    await admin.run('alter view sales_v drop row access policy policies.none');
    expect(await admin.value('select count(*) from sales_v')).toBe(2);
    await admin.run('alter view sales_v add row access policy policies.none on (region)');
    await admin.run('drop view sales_v');
  });

  test.each([
    [
      'alter table sales add row access policy policies.two on (region)',
      "Invalid number of arguments for attaching policy 'TWO' to 'SALES', expected 2 arguments, got 1 arguments.",
    ],
    [
      'alter table sales add row access policy policies.none on (paid)',
      "Column 'PAID' data type 'NUMBER(20,2)' does not match with Row access policy data type 'VARCHAR(16777216)'.",
    ],
    [
      'alter table t1 add row access policy policies.none on (c3)',
      "Column 'C3' cannot be used as policy argument because it is masked by another policy.",
    ],
    [
      'alter table sales add row access policy nowhere on (region)',
      "Row access policy 'D.PUBLIC.NOWHERE' does not exist or not authorized.",
    ],
    ['alter table sales drop all row access policy', "unexpected 'policy'"],
  ])('are refused: %s', async (sql, message) => {
    await expect(admin.run(sql)).rejects.toMatchObject({ message: expect.stringContaining(message) });
  });
});

// https://docs.snowflake.com/en/sql-reference/sql/drop-masking-policy#usage-notes
describe('a policy in use', () => {
  test('is neither dropped nor replaced; what it is on frees it when it goes', async () => {
    await admin.run('create table used (a string masking policy policies.other, r varchar)');
    await admin.run('alter table used add row access policy policies.none on (r)');
    const refused = {
      message: expect.stringContaining('cannot be dropped/replaced as it is associated with one or more entities.'),
    };
    await admin.run('drop table user_info');
    await admin.run('drop view user_info_v');
    await expect(admin.run('drop masking policy policies.other')).rejects.toMatchObject(refused);
    await expect(
      admin.run("create or replace masking policy policies.other as (val string) returns string -> 'x'"),
    ).rejects.toMatchObject(refused);
    await expect(admin.run('drop row access policy policies.none')).rejects.toMatchObject(refused);
    await expect(admin.run('drop schema policies')).rejects.toMatchObject(refused);
    await admin.run('drop table used');
    await admin.run('drop masking policy policies.other');
    // What it protected stays closed when the table comes back.
    await admin.run('undrop table used');
    await expect(admin.run('select r from used')).rejects.toMatchObject({ code: '003558' });
    await admin.run('alter table used modify column a unset masking policy');
    expect(await admin.value('select count(r) from used')).toBe(0);
  });

  // https://docs.snowflake.com/en/user-guide/security-column-intro#cloned-objects
  test('goes along with clones, renamed and swapped tables, and with its schema', async () => {
    await admin.run('create schema s1');
    await admin.run("create masking policy s1.m as (v string) returns string -> 'masked'");
    await admin.run("create row access policy s1.r as (v string) returns boolean -> v <> 'no'");
    await admin.run('create table s1.t (a string masking policy s1.m, b string) with row access policy s1.r on (b)');
    await admin.run("insert into s1.t values ('a', 'yes'), ('a', 'no')");
    await admin.run('create table s1.c clone s1.t');
    expect(await admin.rows('select * from s1.c')).toEqual([{ A: 'masked', B: 'yes' }]);
    await admin.run('create schema s2 clone s1');
    await admin.run('alter masking policy s1.m set body -> v');
    expect(await admin.rows('select * from s2.t')).toEqual([{ A: 'masked', B: 'yes' }]);
    expect(await admin.rows('select * from s1.t')).toEqual([{ A: 'a', B: 'yes' }]);
    await admin.run('alter table s2.t rename to s2.u');
    expect(await policies('s2.u')).toEqual(['D.S2.M', null]);
    await admin.run('create table s2.l like s2.u');
    expect(await policies('s2.l')).toEqual([null, null]);
    await admin.run('alter table s2.u swap with s2.l');
    expect(await policies('s2.l')).toEqual(['D.S2.M', null]);
    expect(await admin.rows('select * from s2.l')).toEqual([{ A: 'masked', B: 'yes' }]);
    await admin.run('drop schema s2');
    await admin.run('undrop schema s2');
    expect(await admin.rows('select * from s2.l')).toEqual([{ A: 'masked', B: 'yes' }]);
    await admin.run('drop schema s1');
    await admin.run('use schema public');
  });
});

// https://docs.snowflake.com/en/user-guide/security-column-intro#privileges
describe('privileges', () => {
  let olga: SdkConnection;
  beforeAll(async () => {
    for (const sql of [
      'create role officer',
      "create user olga password = 'Secret-123' default_role = officer default_secondary_roles = ()",
      'grant role officer to user olga',
      'grant usage on warehouse w to role officer',
      'grant usage on database d to role officer',
      'grant usage on all schemas in database d to role officer',
      'create table target (a string, b string)',
    ])
      await admin.run(sql);
    olga = await server.connect({ username: 'olga', password: 'Secret-123', database: 'D', schema: 'PUBLIC', warehouse: 'W' });
  });

  test('APPLY MASKING POLICY on the account is enough, without anything on the table', async () => {
    const set = 'alter table target modify column a set masking policy policies.hide';
    await expect(olga.run(set)).rejects.toMatchObject({ code: '002003' });
    await admin.run('grant apply masking policy on account to role officer');
    await olga.run(set);
    await olga.run('alter table target modify column a unset masking policy');
    await expect(olga.run('alter table target drop column b')).rejects.toMatchObject({ code: '003001' });
    await expect(olga.run('alter table target add row access policy policies.none on (b)')).rejects.toMatchObject({
      code: '003001',
    });
    await expect(olga.run('select * from target')).rejects.toMatchObject({ code: '003001' });
    await admin.run('revoke apply masking policy on account from role officer');
  });

  test('APPLY on the policy goes with OWNERSHIP of the table', async () => {
    await admin.run('grant select on table target to role officer');
    await admin.run('grant apply on masking policy policies.hide to role officer');
    const set = 'alter table target modify column a set masking policy policies.hide';
    await expect(olga.run(set)).rejects.toMatchObject({ code: '003001' });
    await admin.run('grant ownership on table target to role officer revoke current grants');
    await olga.run(set);
    await expect(
      olga.run('alter table target modify column b set masking policy policies.visible using (b, a)'),
    ).rejects.toMatchObject({
      code: '002003',
    });
  });

  test('the owner of a table takes no policy off that it may not apply, nor a tag with one', async () => {
    await admin.run('create table owned (a string masking policy policies.hide, b string)');
    await admin.run("insert into owned values ('secret', 'secret')");
    await admin.run('create tag policies.guard');
    await admin.run('alter tag policies.guard set masking policy policies.hide');
    await admin.run("alter table owned modify column b set tag policies.guard = 'x'");
    await admin.run("alter table owned set tag policies.guard = 'x'");
    await admin.run('revoke apply on masking policy policies.hide from role officer');
    await admin.run('grant ownership on table owned to role officer');
    await admin.run('grant read on tag policies.guard to role officer');
    for (const [sql, code] of [
      ['alter table owned modify column a unset masking policy', '002003'],
      ['alter table owned modify column b unset tag policies.guard', '003001'],
      ['alter table owned unset tag policies.guard', '003001'],
    ])
      await expect(olga.run(sql ?? '')).rejects.toMatchObject({ code });
    expect(await olga.rows('select * from owned')).toEqual([{ A: '***', B: '***' }]);
    await admin.run('grant apply on tag policies.guard to role officer');
    await olga.run('alter table owned modify column b unset tag policies.guard');
    await olga.run('alter table owned unset tag policies.guard');
    expect(await olga.rows('select * from owned')).toEqual([{ A: '***', B: 'secret' }]);
  });
});
