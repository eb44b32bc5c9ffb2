import { afterAll, beforeAll, expect, it } from 'vitest';
import { RawClient, textOf } from '../../support/http-client.ts';
import { type LocalServer, startLocalServer } from '../../support/local-server.ts';

let server: LocalServer;
let client: RawClient;

beforeAll(async () => {
  server = await startLocalServer();
  client = new RawClient(server.origin);
  await client.login(server.user, server.password);
  for (const statement of ['create database db', 'create warehouse wh']) await client.query(statement);
});
afterAll(() => server.close());

async function value(sql: string): Promise<unknown> {
  const { data, message } = await client.query(sql);
  return (data['rowset'] as (string | null)[][] | undefined)?.[0]?.[0] ?? message;
}

const working = `
  create or replace procedure working(then_wait boolean) returns string language python runtime_version = '3.11'
  packages = ('snowflake-snowpark-python') handler = 'run' as $$
def run(session, then_wait):
    answer = session.sql("select 'worked'").collect()[0][0]
    if then_wait:
        session.sql("call system$wait(600)").collect()
    session.close()
    return answer
$$`;

// Python code has a session of its own that shares the id of the one it was called in.
it('statements can be cancelled after, and while, a procedure has a session of its own', async () => {
  await client.query(working);
  expect(await value('call working(false)')).toBe('worked');
  for (const call of ['call system$wait(600)', 'call working(true)']) {
    const started = await client.query(call, { asyncExec: true });
    const id = textOf(started.data['queryId']);
    expect(await value(`select system$cancel_query('${id}')`)).toBe(`query [${id}] terminated.`);
    expect(await client.get(`/queries/${id}/result`)).toMatchObject({ success: false, code: '000604' });
  }
  expect(await value('call working(false)')).toBe('worked');
});

it('closes the sessions of a procedure with it', async () => {
  await value('call working(false)');
  expect(server.service.load()).toEqual({ sessions: 1, runningQueries: 0 });
});
