import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LocalServer, startLocalServer } from '../../support/local-server.ts';
import type { SdkConnection } from '../../support/sdk-connection.ts';

let server: LocalServer;
let admin: SdkConnection;
/** Entitled. */
let ana: SdkConnection;
/** Not entitled. */
let bob: SdkConnection;
let folder: string;

const secrets = ['alpha-1@secret', 'beta-22@secret', 'gamma-333@secret'];

const byManager = "r <> 'eu' or exists (select 1 from d.hidden.managers where role = current_role() and region = r)";

const open = (username: string): Promise<SdkConnection> =>
  server.connect({ username, password: 'Secret-123', database: 'D', schema: 'PUBLIC', warehouse: 'W' });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'governance-'));
  server = await startLocalServer();
  admin = await server.connect();
  for (const sql of [
    'create warehouse w',
    'create database d',
    'create schema d.policies',
    'create schema d.hidden',
    'use schema d.public',
  ])
    await admin.run(sql);
  for (const [role, user] of [
    ['analyst', 'ana'],
    ['outsider', 'bob'],
  ]) {
    for (const sql of [
      `create role ${String(role)}`,
      `create user ${String(user)} password = 'Secret-123' default_role = ${String(role)} default_secondary_roles = ()`,
      `grant role ${String(role)} to user ${String(user)}`,
      `grant usage on warehouse w to role ${String(role)}`,
      `grant usage on database d to role ${String(role)}`,
      `grant all on schema d.public to role ${String(role)}`,
    ])
      await admin.run(sql);
  }
  for (const sql of [
    "create masking policy policies.email as (val string) returns string -> case when current_role() in ('ANALYST') then val else '***' end",
    `create row access policy policies.region as (r string) returns boolean -> ${byManager}`,
    'create table hidden.managers (role string, region string)',
    "insert into hidden.managers values ('ANALYST', 'eu')",
    'create table people (id int, email string, region string)',
    `insert into people values (1, '${secrets[0] ?? ''}', 'us'), (2, '${secrets[1] ?? ''}', 'us'), (3, '${secrets[2] ?? ''}', 'eu')`,
    'create view people_v as select email, region from people',
    'create table sink (email string, region string)',
    'create stage files',
    "create function shout(s string) returns string as 'upper(s)'",
    'grant all on all tables in schema public to role analyst',
    'grant all on all tables in schema public to role outsider',
    'grant all on all views in schema public to role analyst',
    'grant all on all views in schema public to role outsider',
    'grant usage on all functions in schema public to role outsider',
    'grant read, write on stage files to role outsider',
    'grant read, write on stage files to role analyst',
  ])
    await admin.run(sql);
  ana = await open('ana');
  bob = await open('bob');
});

afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

const protect = async (): Promise<void> => {
  await admin.run('alter table people modify column email set masking policy policies.email force');
};

// https://docs.snowflake.com/en/user-guide/security-column-intro#masking-policies-at-query-runtime
describe('a masked column', () => {
  beforeAll(protect);

  test('is masked in projections, predicates, joins, groups and orders', async () => {
    expect(await ana.rows('select email from people order by id')).toEqual(secrets.map((EMAIL) => ({ EMAIL })));
    expect(await bob.rows('select distinct email from people')).toEqual([{ EMAIL: '***' }]);
    expect(await bob.value(`select count(*) from people where email = '${secrets[0] ?? ''}'`)).toBe(0);
    expect(await bob.value("select count(*) from people where email like 'alpha%'")).toBe(0);
    expect(await bob.value('select count(*) from people a join people b on a.email = b.email')).toBe(9);
    expect(await ana.value('select count(*) from people a join people b on a.email = b.email')).toBe(3);
    expect(await bob.value('select count(*) from (select email, count(*) from people group by email)')).toBe(1);
  });

  test('is seen by CURRENT_ROLE of the session through views, which have their owner’s rights', async () => {
    expect(await bob.rows('select distinct email from people_v')).toEqual([{ EMAIL: '***' }]);
    expect(await ana.value('select count(distinct email) from people_v')).toBe(3);
  });

  // Plans are kept by text: https://docs.snowflake.com/en/user-guide/querying-persisted-results
  test('one text, two roles, in both orders and again', async () => {
    const text = 'select max(email) as m from people';
    for (const [connection, value] of [
      [ana, secrets[2]],
      [bob, '***'],
      [bob, '***'],
      [ana, secrets[2]],
      [bob, '***'],
    ] as const)
      expect(await connection.value(text)).toBe(value);
    await admin.run('grant role analyst to user bob');
    for (let turn = 0; turn < 3; turn += 1) {
      await bob.run('use role analyst');
      expect(await bob.value(text)).toBe(secrets[2]);
      await bob.run('use role outsider');
      expect(await bob.value(text)).toBe('***');
    }
    await admin.run('revoke role analyst from user bob');
  });

  test('a changed body counts for the next statement', async () => {
    await admin.run("alter masking policy policies.email set body -> 'all of it'");
    expect(await ana.value('select max(email) from people')).toBe('all of it');
    await admin.run(
      "alter masking policy policies.email set body -> case when is_role_in_session('ANALYST') then val else '***' end",
    );
    expect(await ana.value('select max(email) from people')).toBe(secrets[2]);
    expect(await bob.value('select max(email) from people')).toBe('***');
  });

  test('a body that cannot be bound fails the query, and no other', async () => {
    await admin.run('alter masking policy policies.email set body -> nowhere(val)');
    await expect(ana.run('select email from people')).rejects.toMatchObject({ message: expect.stringContaining('NOWHERE') });
    expect(await ana.value('select count(*) from people')).toBe(3);
    await admin.run("alter masking policy policies.email set body -> case when current_role() = 'ANALYST' then val else '***' end");
  });

  // https://docs.snowflake.com/en/user-guide/security-column-advanced
  test('INVOKER_ROLE is the view’s owner, CURRENT_USER the session’s, CURRENT_SCHEMA the table’s', async () => {
    await admin.run(
      "alter masking policy policies.email set body -> invoker_role() || '/' || current_user() || '/' || current_schema()",
    );
    expect(await bob.value('select max(email) from people')).toBe('OUTSIDER/BOB/PUBLIC');
    expect(await bob.value('select max(email) from people_v')).toBe('ACCOUNTADMIN/BOB/PUBLIC');
    await admin.run("alter masking policy policies.email set body -> case when current_role() = 'ANALYST' then val else '***' end");
  });

  test('is written masked: CREATE TABLE AS, INSERT … SELECT, UPDATE, MERGE, files', async () => {
    await bob.run('create table mine as select email from people');
    expect(await bob.rows('select distinct email from mine')).toEqual([{ EMAIL: '***' }]);
    await bob.run('insert into sink select email, region from people');
    await bob.run('update people set region = email where id = 1');
    expect(await admin.value('select region from people where id = 1')).toBe('***');
    await admin.run("update people set region = 'us' where id = 1");
    await bob.run('merge into sink using people on false when not matched then insert (email) values (people.email)');
    expect(await admin.rows('select distinct email from sink')).toEqual([{ EMAIL: '***' }]);
    await admin.run('delete from sink');
    await bob.run('copy into @files/out from people file_format = (type = csv compression = none) overwrite = true single = true');
    await bob.run(`get @files/out file://${folder}`);
    const text = await readFile(join(folder, 'out'), 'utf8');
    expect(text).toContain('***');
    expect(text).not.toContain('secret');
  });

  test('UPDATE and DELETE find rows by what the session sees', async () => {
    expect((await bob.rows(`update people set id = 9 where email = '${secrets[0] ?? ''}'`))[0]).toMatchObject({
      'number of rows updated': 0,
    });
    expect((await bob.rows(`delete from people where email like '%secret'`))[0]).toMatchObject({ 'number of rows deleted': 0 });
  });

  // https://docs.snowflake.com/en/user-guide/security-column-intro#streams
  test('streams, time travel and clones mask it as well', async () => {
    await admin.run('create stream changes on table people show_initial_rows = true');
    await admin.run('create stream view_changes on view people_v show_initial_rows = true');
    await admin.run('grant select on all streams in schema public to role outsider');
    expect(await bob.rows('select distinct email from changes')).toEqual([{ EMAIL: '***' }]);
    expect(await bob.rows('select distinct email from view_changes')).toEqual([{ EMAIL: '***' }]);
    expect(await bob.rows('select distinct email from people at (offset => 0)')).toEqual([{ EMAIL: '***' }]);
    await bob.run('create table copied clone people');
    expect(await bob.rows('select distinct email from copied')).toEqual([{ EMAIL: '***' }]);
    await admin.run('drop stream changes');
    await admin.run('drop stream view_changes');
  });

  // https://docs.snowflake.com/en/user-guide/dynamic-tables-create: the refresh has the owner's rights.
  test('a dynamic table holds what its owner sees', async () => {
    await admin.run("create masking policy policies.mine as (val string) returns string -> 'mine'");
    await admin.run('grant usage on schema policies to role outsider');
    await admin.run('grant apply on masking policy policies.mine to role outsider');
    await bob.run(
      "create dynamic table dyn (e, own masking policy policies.mine) target_lag = '1 day' warehouse = w as select email, 'x' from people",
    );
    await bob.run('grant select on dynamic table dyn to role analyst');
    for (let refresh = 0; refresh < 2; refresh += 1) {
      expect(await ana.rows('select distinct e, own from dyn')).toEqual([{ E: '***', OWN: 'mine' }]);
      await bob.run('alter dynamic table dyn refresh');
    }
  });
});

// https://docs.snowflake.com/en/user-guide/security-row-intro#row-access-policies-at-query-runtime
describe('a filtered table', () => {
  beforeAll(async () => {
    await admin.run('alter table people modify column email unset masking policy');
    await admin.run('alter table people add row access policy policies.region on (region)');
  });
  afterAll(async () => {
    await admin.run('alter table people drop all row access policies');
  });

  test('shows rows by a mapping table that the session cannot read', async () => {
    await expect(bob.run('select * from d.hidden.managers')).rejects.toMatchObject({ code: '002003' });
    expect(await ana.value('select count(*) from people')).toBe(3);
    expect(await bob.value('select count(*) from people')).toBe(2);
    expect(await bob.value('select count(*) from people_v')).toBe(2);
    expect(await bob.value("select count(*) from people where region = 'eu'")).toBe(0);
    await admin.run('delete from hidden.managers');
    expect(await ana.value('select count(*) from people')).toBe(2);
    await admin.run("insert into hidden.managers values ('ANALYST', 'eu')");
  });

  // https://docs.snowflake.com/en/sql-reference/constructs/changes
  test('shows what is seen now of its past and of its changes; mapping tables are read as they are', async () => {
    await admin.run('alter table people set change_tracking = true');
    const start = await admin.value('select current_timestamp()::varchar');
    await admin.run("insert into people values (7, 'new', 'eu'), (8, 'new', 'us')");
    const changes = `select id from people changes (information => default) at (timestamp => '${String(start)}'::timestamp_tz)`;
    expect(await bob.rows(changes)).toEqual([{ ID: 8 }]);
    expect(await ana.rows(`${changes} order by id`)).toEqual([{ ID: 7 }, { ID: 8 }]);
    const past = `select count(*) from people at (timestamp => '${String(start)}'::timestamp_tz)`;
    expect([await ana.value(past), await bob.value(past)]).toEqual([3, 2]);
    await ana.run('delete from people where id > 6');
  });

  // DuckDB puts cheap conditions before costly ones: none of the query's may come before the policy's.
  test.each([
    "r <> 'eu'",
    "regexp_like(sha2(sha2(r)) || r, '.*us')",
    "r <> 'eu' or exists (select 1 from d.hidden.managers where role = current_role())",
  ])('an expression that fails for a hidden row fails not at all: %s', async (text) => {
    await admin.run(`alter row access policy policies.region set body -> ${text}`);
    expect(await bob.value("select count(*) from people where to_number(iff(region = 'eu', email, '1')) = 1")).toBe(2);
    expect(await bob.value("select count(*) from people where 1 / iff(region = 'eu', 0, 1) = 1")).toBe(2);
    expect(await bob.value('select count(*) from people where id / (3 - id) < 100')).toBe(2);
    await admin.run(`alter row access policy policies.region set body -> true`);
    const seen = "select count(*) from people where 1 / iff(region = 'eu', 0, 1) = 1";
    await expect(bob.run(seen)).rejects.toMatchObject({ code: '100051' });
    await admin.run(`alter row access policy policies.region set body -> ${byManager}`);
  });

  test('UPDATE, DELETE and MERGE reach the rows that are seen', async () => {
    expect((await bob.rows('update people set id = id + 10'))[0]).toMatchObject({ 'number of rows updated': 2 });
    expect(await admin.rows("select id from people at (offset => 0) where region = 'eu'")).toEqual([]);
    expect((await ana.rows('update people set id = id - 10 where id > 10'))[0]).toMatchObject({ 'number of rows updated': 2 });
    await bob.run("merge into people p using (select 3 as id) s on p.id = s.id when matched then update set email = 'gone'");
    expect(await ana.value('select email from people where id = 3')).toBe(secrets[2]);
    await ana.run('create table backup as select * from people');
    expect((await bob.rows('delete from people'))[0]).toMatchObject({ 'number of rows deleted': 2 });
    expect(await ana.rows('select id from people')).toEqual([{ ID: 3 }]);
    await ana.run('insert into people select * from backup where id < 3');
    // Rows that cannot be seen can be inserted.
    await bob.run("insert into people values (4, 'x', 'eu')");
    expect(await bob.value('select count(*) from people')).toBe(2);
    expect((await ana.rows('delete from people where id = 4'))[0]).toMatchObject({ 'number of rows deleted': 1 });
  });
});

// https://docs.snowflake.com/en/user-guide/tag-based-masking-policies
describe('policies of tags', () => {
  test('protect columns of their type, from the column up to the database', async () => {
    await admin.run('create tag policies.pii');
    await admin.run('create table tagged (a string, n number, b string)');
    await admin.run("insert into tagged values ('a', 1, 'b')");
    await admin.run('create masking policy policies.hide_number as (v number) returns number -> -1');
    await admin.run('alter tag policies.pii set masking policy policies.email, masking policy policies.hide_number');
    const seen = async (): Promise<unknown> => (await admin.rows('select * from tagged'))[0];
    expect(await seen()).toEqual({ A: 'a', N: 1, B: 'b' });
    await admin.run("alter table tagged modify column a set tag policies.pii = 'yes'");
    expect(await seen()).toEqual({ A: '***', N: 1, B: 'b' });
    await admin.run('alter table tagged modify column a unset tag policies.pii');
    for (const [set, unset] of [
      ["alter table tagged set tag policies.pii = 'x'", 'alter table tagged unset tag policies.pii'],
      ["alter schema public set tag policies.pii = 'x'", 'alter schema public unset tag policies.pii'],
      ["alter database d set tag policies.pii = 'x'", 'alter database d unset tag policies.pii'],
    ]) {
      await admin.run(set ?? '');
      expect(await seen()).toEqual({ A: '***', N: -1, B: '***' });
      await admin.run(unset ?? '');
      expect(await seen()).toEqual({ A: 'a', N: 1, B: 'b' });
    }
    // The column's own policy comes first.
    await admin.run("create masking policy policies.own as (v string) returns string -> 'own'");
    await admin.run("alter table tagged set tag policies.pii = 'x'");
    await admin.run('alter table tagged modify column a set masking policy policies.own');
    expect(await seen()).toEqual({ A: 'own', N: -1, B: '***' });
    await expect(admin.run('drop tag policies.pii')).rejects.toMatchObject({ code: '003557' });
    await expect(admin.run('drop masking policy policies.hide_number')).rejects.toMatchObject({ code: '003506' });
    await expect(admin.run('alter tag policies.pii set masking policy policies.own')).rejects.toMatchObject({ code: '003556' });
    await admin.run('alter tag policies.pii set masking policy policies.own force');
    expect(await seen()).toEqual({ A: 'own', N: -1, B: 'own' });
    await admin.run('create tag policies.other');
    await admin.run('alter tag policies.other set masking policy policies.email');
    await admin.run("alter table tagged set tag policies.other = 'x'");
    await expect(admin.run('select b from tagged')).rejects.toMatchObject({ code: '003559' });
    await admin.run('alter tag policies.other unset masking policy policies.email');
    await admin.run('alter tag policies.pii unset masking policy policies.own, masking policy policies.hide_number');
    expect(await seen()).toEqual({ A: 'own', N: 1, B: 'b' });
  });
});

const forms = [
  'select email from people',
  'select * from people',
  'select p.* from people as p (x, y, z)',
  'select upper(email) as e from people where length(email) > 0 order by email',
  'select listagg(email) as e from people',
  "select min_by(email, id) as e from people group by region having max(email) <> ''",
  'with q as (select email as e from people) select * from q',
  'select a.email from people a join people b using (email)',
  'select (select max(email) from people) as e',
  'select email from people union all select email from people_v',
  'select first_value(email) over (order by id) as e from people qualify row_number() over (order by email) < 9',
  'select f.value as e from people, lateral flatten(array_construct(email)) f',
  'select object_construct(*) as e from people',
  'select e from people_v v, lateral (select v.email as e)',
  'select * from people pivot (max(email) for region in (any))',
  'select * from (select email, region from people) unpivot (e for k in (email, region))',
  'select shout(email) as e from people',
  'select email from people at (offset => 0)',
  'select email from people sample (100)',
  'select $2 as e from people',
  'select email from people_v where region is not null',
];

/** Conditions over roles and users that ANALYST fulfils and OUTSIDER does not. */
const entitled = fc.constantFrom(
  "current_role() = 'ANALYST'",
  "is_role_in_session('ANALYST')",
  "current_user() = 'ANA'",
  "current_role() not in ('OUTSIDER', 'PUBLIC')",
  'exists (select 1 from d.hidden.managers where role = current_role())',
);

/** Bodies of masking policies that give the value to whom the condition entitles. */
const body = fc
  .tuple(
    entitled,
    fc.constantFrom("'***'", 'null', 'sha2(val)', "regexp_replace(val, '.', '*')", "left(val, 0) || '#'"),
    fc.constantFrom(
      'case when ? then val else ! end',
      'iff(?, val, !)',
      'decode(?, true, val, !)',
      'case when not (?) then ! else val end',
    ),
  )
  .map(([condition, mask, form]) => form.replace('?', () => condition).replace('!', () => mask));

/** Bodies of row access policies that show rows to whom the condition entitles. */
const filter = fc
  .tuple(entitled, fc.constantFrom('?', '(?) and r is not null', 'case when ? then true else false end', 'iff(?, true, null)'))
  .map(([condition, form]) => form.replace('?', () => condition));

/** Each query is run by both, one right after the other: what one sees must not depend on the other. */
async function differ(change: string, queries: readonly string[], anaFirst: boolean): Promise<void> {
  await admin.run(change);
  for (const sql of queries) {
    const answers = new Map<SdkConnection, string>();
    for (const who of anaFirst ? [ana, bob] : [bob, ana]) answers.set(who, JSON.stringify(await who.rows(sql)));
    expect(answers.get(bob), `${sql} with ${change}`).not.toMatch(/secret/iu);
    expect(answers.get(ana), `${sql} with ${change}`).toMatch(/secret/iu);
  }
}

const someForms = fc.shuffledSubarray(forms, { minLength: 4, maxLength: 6 });

// https://docs.snowflake.com/en/user-guide/security-column-intro: "applied to the column regardless of where in a SQL expression the column is referenced"
test('property: whatever the body, no form of query gives a value to a role that is not entitled', async () => {
  await protect();
  await admin.run('grant usage on all functions in schema public to role analyst');
  await fc.assert(
    fc.asyncProperty(body, someForms, fc.boolean(), (text, queries, anaFirst) =>
      differ(`alter masking policy policies.email set body -> ${text}`, queries, anaFirst),
    ),
    { numRuns: 10 },
  );
  await admin.run('alter table people modify column email unset masking policy');
});

// https://docs.snowflake.com/en/user-guide/security-row-intro#row-access-policies-at-query-runtime
test('property: whatever the body, no form of query shows a row to a role that is not entitled', async () => {
  await admin.run('alter table people add row access policy policies.region on (region)');
  await fc.assert(
    fc.asyncProperty(filter, someForms, fc.boolean(), (text, queries, anaFirst) =>
      differ(`alter row access policy policies.region set body -> ${text}`, queries, anaFirst),
    ),
    { numRuns: 10 },
  );
});
