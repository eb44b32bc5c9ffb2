import { afterAll, beforeAll, expect, test } from 'vitest';
import { type LocalServer, startLocalServer } from '../../support/local-server.ts';
import type { SdkConnection } from '../../support/sdk-connection.ts';

let server: LocalServer;
let client: SdkConnection;

beforeAll(async () => {
  server = await startLocalServer();
  client = await server.connect();
  for (const sql of ['create database d', 'use schema d.public', 'create role reader']) await client.run(sql);
});

afterAll(async () => {
  await server.close();
});

const usage = async (routine: string): Promise<unknown[]> =>
  (await client.run(`show grants on ${routine}`)).rows
    .filter((row) => row['grantee_name'] === 'READER')
    .map((row) => row['privilege']);

// https://docs.snowflake.com/en/sql-reference/sql/create-function and create-procedure (COPY GRANTS)
test.each([
  ['function f()', "create or replace function f() COPY returns int as '1'"],
  ['procedure p()', "create or replace procedure p() COPY returns int language sql as 'begin return 1; end'"],
])('COPY GRANTS keeps what was granted on a %s that is replaced', async (routine, create) => {
  await client.run(create.replace('COPY ', ''));
  await client.run(`grant usage on ${routine} to role reader`);
  await client.run(create.replace('COPY', 'copy grants'));
  expect(await usage(routine)).toEqual(['USAGE']);
  await client.run(create.replace('COPY ', ''));
  expect(await usage(routine)).toEqual([]);
});
