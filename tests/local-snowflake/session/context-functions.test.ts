import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FakeClock } from '../../../local-snowflake/platform/clock.ts';
import { type LocalServer, startLocalServer } from '../../support/local-server.ts';
import type { SdkConnection } from '../../support/sdk-connection.ts';

const clock = new FakeClock('2026-03-02T12:00:00Z');
let server: LocalServer;
let admin: SdkConnection;
/** Has ANALYST as its role, DATA_ADMIN as a secondary one; DATA_ADMIN has DATA_USER. */
let jane: SdkConnection;

beforeAll(async () => {
  server = await startLocalServer({ clock });
  admin = await server.connect();
  for (const sql of [
    'create database d',
    'create role analyst',
    'create role data_admin',
    'create role data_user',
    'grant role data_user to role data_admin',
    "create user jane password = 'Secret-123' default_role = analyst default_warehouse = compute_wh type = person email = 'jane@example.com'",
    'grant role analyst to user jane',
    'grant role data_admin to user jane',
    'grant usage on warehouse compute_wh to role analyst',
    'grant usage on database d to role public',
    'grant usage on schema d.public to role public',
    "create view d.public.v as select current_role() as c, invoker_role() as i, is_granted_to_invoker_role('SYSADMIN') as g",
    "create function d.public.f() returns varchar as 'current_role() || invoker_role()'",
    'grant select on view d.public.v to role public',
    'grant usage on function d.public.f() to role public',
    "create procedure d.public.p() returns varchar language sql as 'begin return current_role() || is_role_in_session(''ANALYST''); end'",
    'grant usage on procedure d.public.p() to role public',
  ])
    await admin.run(sql);
  jane = await server.connect({ username: 'jane', password: 'Secret-123', database: 'D', schema: 'PUBLIC' });
});
afterAll(async () => {
  await server.close();
});

/** Values of the one row. */
const row = async (sql: string, client = jane): Promise<unknown[]> => Object.values((await client.rows(sql))[0] ?? {});

// https://docs.snowflake.com/en/sql-reference/functions-context
describe('roles', () => {
  // functions/current_secondary_roles
  test('CURRENT_SECONDARY_ROLES', async () => {
    expect(await row('select current_secondary_roles()')).toEqual(['{"roles":"ANALYST,DATA_ADMIN","value":"ALL"}']);
    await jane.run('use secondary roles none');
    expect(await row('select current_secondary_roles()')).toEqual(['{"roles":"","value":""}']);
    await jane.run('use secondary roles all');
  });

  // functions/is_role_in_session: names in their own case, literally or row by row
  test('IS_ROLE_IN_SESSION', async () => {
    const asked =
      "select is_role_in_session('ANALYST'), is_role_in_session('DATA_USER'), is_role_in_session('SYSADMIN'), is_role_in_session('analyst') as lower";
    expect(await row(asked)).toEqual([true, true, false, false]);
    await jane.run('use secondary roles none');
    expect(await row(asked)).toEqual([true, false, false, false]);
    expect(
      await row("select listagg(column1) from values ('DATA_USER'), ('ANALYST'), (null) where is_role_in_session(column1)"),
    ).toEqual(['ANALYST']);
    await jane.run('use secondary roles all');
    expect(await row("select is_role_in_session(upper('analyst'))")).toEqual([true]);
  });

  // functions/current_available_roles; functions/current_role_type
  test('CURRENT_AVAILABLE_ROLES and CURRENT_ROLE_TYPE', async () => {
    expect(
      await row('select current_available_roles(), array_size(parse_json(current_available_roles())), current_role_type()'),
    ).toEqual(['[ "ANALYST", "DATA_ADMIN", "DATA_USER", "PUBLIC" ]', 4, 'ROLE']);
  });

  // functions/invoker_role, functions/is_granted_to_invoker_role: "View owner role", "UDF owner role", "CURRENT_ROLE"
  test('INVOKER_ROLE and IS_GRANTED_TO_INVOKER_ROLE', async () => {
    expect(
      await row("select invoker_role(), is_granted_to_invoker_role('ANALYST'), is_granted_to_invoker_role('DATA_USER')"),
    ).toEqual(['ANALYST', true, false]);
    expect(await row('select * from v')).toEqual(['ANALYST', 'ACCOUNTADMIN', true]);
    expect(await row('select f()')).toEqual(['ANALYSTACCOUNTADMIN']);
    expect(await row('call p()')).toEqual(['ACCOUNTADMINfalse']);
  });

  // functions/is_database_role_in_session, functions/is_application_role_in_session, functions/is_instance_role_in_session
  test('of kinds that the account does not have are none of the session', async () => {
    expect(
      await row(
        "select is_database_role_in_session('R1'), is_application_role_in_session('R1'), is_instance_role_in_session('R1')",
      ),
    ).toEqual([false, false, false]);
  });
});

describe('the session', () => {
  // functions/current_client, functions/current_ip_address
  test('CURRENT_CLIENT and CURRENT_IP_ADDRESS', async () => {
    const [client, address] = await row('select current_client(), current_ip_address()');
    expect(client).toMatch(/^JavaScript \d+\.\d+\.\d+$/u);
    expect(address).toBe('127.0.0.1');
  });

  // functions/current_statement
  test('CURRENT_STATEMENT', async () => {
    expect(await row('SELECT 2.71, CURRENT_STATEMENT();')).toEqual([2.71, 'SELECT 2.71, CURRENT_STATEMENT();']);
  });

  // functions/current_transaction, functions/last_transaction
  test('CURRENT_TRANSACTION and LAST_TRANSACTION', async () => {
    const session = await server.connect();
    expect(await row('select current_transaction(), last_transaction()', session)).toEqual([null, null]);
    await session.run('begin');
    expect(await row('select current_transaction(), last_transaction()', session)).toEqual(['1772452800000000000', null]);
    await session.run('rollback');
    expect(await row('select current_transaction(), last_transaction()', session)).toEqual([null, '1772452800000000000']);
  });

  // functions/getvariable
  test('GETVARIABLE and SESSION_CONTEXT', async () => {
    await jane.run("set var_2 = 'value_2'");
    expect(
      await row("select getvariable('var_2') a, getvariable('VAR_2') b, session_context('var_2') c, session_context('VAR_2') d"),
    ).toEqual([null, 'value_2', null, 'value_2']);
    await jane.run('set three = 3');
    expect(await row("select getvariable('THREE') || '!'")).toEqual(['3!']);
  });

  // functions/all_user_names, functions/current_organization_user, functions/invoker_share
  test('ALL_USER_NAMES, CURRENT_ORGANIZATION_USER and INVOKER_SHARE', async () => {
    expect(await row('select all_user_names(), current_organization_user, current_organization_user(), invoker_share()')).toEqual([
      ['JANE', 'LOCAL_ADMIN'],
      null,
      null,
      null,
    ]);
  });
});

// https://docs.snowflake.com/en/sql-reference/functions/sys_context
describe('SYS_CONTEXT', () => {
  // functions/sys_context_snowflake_session (Examples)
  test.each([
    ['PRINCIPAL_NAME', 'JANE'],
    ['PRINCIPAL_TYPE', 'USER_PERSON'],
    ['PRINCIPAL_EMAIL', 'jane@example.com'],
    ['PRINCIPAL_SCHEMA', null],
    ['ROLE', 'ANALYST'],
    ['ROLE_TYPE', 'ROLE'],
    ['WANTED_SECONDARY_ROLES', '["ANALYST","DATA_ADMIN"]'],
    ['SECONDARY_ROLES', '["ANALYST","DATA_ADMIN","DATA_USER","PUBLIC"]'],
    ['DATABASE', 'D'],
    ['SCHEMA', 'PUBLIC'],
    ['WAREHOUSE', 'COMPUTE_WH'],
    ['IP_ADDRESS', '127.0.0.1'],
  ])('SNOWFLAKE$SESSION %s', async (property, value) => {
    expect(await row(`select sys_context('SNOWFLAKE$SESSION', '${property}')`)).toEqual([value]);
  });

  // functions/is_role_activated; functions/sys_context_snowflake_current; functions/sys_context_snowflake_environment
  test('functions, and other namespaces', async () => {
    expect(
      await row(`select sys_context('SNOWFLAKE$SESSION', 'IS_ROLE_ACTIVATED', 'DATA_USER')::boolean = true a,
        sys_context('SNOWFLAKE$CURRENT', 'IS_ROLE_ACTIVATED', 'SYSADMIN', 'ANALYST') b, sys_context('SNOWFLAKE$CURRENT', 'AGENT_TYPE') c,
        sys_context('SNOWFLAKE$ENVIRONMENT', 'ACCOUNT') = current_account() d, sys_context('SNOWFLAKE$ENVIRONMENT', 'CLIENT') = current_client() e`),
    ).toEqual([true, 'TRUE', null, true, true]);
  });

  test('of the session of a task', async () => {
    await admin.run(
      `create task d.public.told as begin create table d.public.principal as
         select sys_context('SNOWFLAKE$SESSION', 'PRINCIPAL_TYPE') as t, sys_context('SNOWFLAKE$SESSION', 'PRINCIPAL_NAME') as n,
           sys_context('SNOWFLAKE$SESSION', 'PRINCIPAL_DATABASE') as d, current_available_roles() as r; end`,
    );
    await admin.run('execute task d.public.told');
    await clock.advanceBy(1000);
    await expect.poll(() => admin.rows("show tables like 'principal' in schema d.public")).toHaveLength(1);
    expect(await row('select * from d.public.principal', admin)).toEqual(['TASK', 'TOLD', 'D', '[]']);
  });

  test('refuses what it does not know by name', async () => {
    await expect(jane.run("select sys_context('SNOWFLAKE$APPLICATION', 'NAME')")).rejects.toThrow(
      /SYS_CONTEXT\('SNOWFLAKE\$APPLICATION', 'NAME'\)/u,
    );
  });
});
