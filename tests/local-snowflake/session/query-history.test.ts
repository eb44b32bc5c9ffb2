import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FakeClock } from '../../../local-snowflake/platform/clock.ts';
import { type LocalServer, startLocalServer } from '../../support/local-server.ts';
import type { SdkConnection } from '../../support/sdk-connection.ts';

const clock = new FakeClock('2026-03-02T12:00:00Z');
let server: LocalServer;
let admin: SdkConnection;
let jane: SdkConnection;

beforeAll(async () => {
  server = await startLocalServer({ clock });
  admin = await server.connect({ database: 'D', schema: 'PUBLIC' });
  for (const sql of [
    'create database d',
    "create user jane password = 'Secret-123' type = person",
    'grant usage on database d to role public',
    'grant usage on warehouse compute_wh to role public',
    'create warehouse other',
    'grant usage on warehouse other to role public',
  ])
    await admin.run(sql);
  jane = await server.connect({
    username: 'jane',
    password: 'Secret-123',
    database: 'D',
    schema: 'PUBLIC',
    warehouse: 'COMPUTE_WH',
  });
});
afterAll(async () => {
  await server.close();
});

const texts = async (call: string, client: SdkConnection): Promise<unknown[]> => {
  const rows = await client.rows(`select query_text from table(information_schema.${call}) where query_text like 'select ''%'`);
  return rows.map((row) => Object.values(row)[0]);
};

// https://docs.snowflake.com/en/sql-reference/functions/query_history
describe('QUERY_HISTORY', () => {
  test('by session, user and warehouse', async () => {
    await admin.run("select 'of the administrator'");
    await jane.run("select 'one'");
    await jane.run('use warehouse other');
    await clock.advanceBy(60_000);
    await jane.run("select 'two'");

    expect(await texts('query_history_by_session()', jane)).toEqual(["select 'two'", "select 'one'"]);
    expect(await texts("query_history_by_warehouse(warehouse_name => 'compute_wh')", jane)).toEqual(["select 'one'"]);
    expect(await texts('query_history_by_warehouse()', jane)).toEqual(["select 'two'"]);
    expect(await texts('query_history_by_user(user_name => current_user())', jane)).toEqual(["select 'two'", "select 'one'"]);
    expect(await texts("query_history_by_user(user_name => 'jane')", admin)).toEqual(["select 'two'", "select 'one'"]);
    const session = Object.values((await jane.rows('select current_session()'))[0] ?? {})[0];
    expect(await texts(`query_history_by_session(session_id => ${String(session)})`, admin)).toEqual([
      "select 'two'",
      "select 'one'",
    ]);
    expect(
      await texts("query_history_by_session(end_time_range_start => '2026-03-02 12:00:30 +0000'::timestamp_ltz)", jane),
    ).toEqual(["select 'two'"]);
    await expect(jane.run('select * from table(information_schema.query_history_by_user(colour => 1))')).rejects.toThrow('COLOUR');
  });

  // https://docs.snowflake.com/en/sql-reference/functions/encrypt#usage-notes
  test('does not show what is encrypted, nor the passphrase', async () => {
    await jane.run("select encrypt('the patient', 'my passphrase', x'AB')");
    const rows = await jane.rows(
      "select query_text from table(information_schema.query_history_by_session()) where query_text like 'select enc%'",
    );
    expect(rows.map((row) => Object.values(row)[0])).toEqual(["select encrypt('☺☺☺☺', '☺☺☺☺', '☺☺☺☺')"]);
  });
});
