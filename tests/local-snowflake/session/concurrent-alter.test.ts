import { afterAll, beforeAll, expect, it } from 'vitest';
import { type LocalServer, startLocalServer } from '../../support/local-server.ts';
import type { SdkConnection } from '../../support/sdk-connection.ts';

let server: LocalServer;
const connections: SdkConnection[] = [];

beforeAll(async () => {
  server = await startLocalServer();
  for (let count = 0; count < 4; count += 1) connections.push(await server.connect());
  for (const statement of ['create warehouse wh', 'create database db', 'create dataset db.public.d']) await run(0, statement);
});
afterAll(() => server.close());

/** Runs a statement on one of the connections. */
async function run(connection: number, sql: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const chosen = connections[connection % connections.length];
  if (chosen === undefined) throw new Error('there are connections');
  return (await chosen.run(sql)).rows;
}

// https://docs.snowflake.com/en/sql-reference/sql/alter-dataset-add-version
it('changes of one object at the same time are all kept', async () => {
  const versions = Array.from({ length: 12 }, (_, index) => `v${String(index)}`);
  await Promise.all(
    versions.map((version, index) => run(index, `alter dataset db.public.d add version '${version}' from (select 1 x)`)),
  );
  const rows = await run(0, 'show versions in dataset db.public.d');
  expect(new Set(rows.map((row) => row['version']))).toEqual(new Set(versions));
});

it('a version that several statements add at the same time is added once', async () => {
  const add = `alter dataset db.public.d add version 'once' from (select 1 x)`;
  const ends = await Promise.allSettled([run(0, add), run(1, add), run(2, add)]);
  expect(ends.filter((end) => end.status === 'fulfilled')).toHaveLength(1);
});

it('an object that is dropped while it is changed does not come back', async () => {
  await run(0, 'create dataset db.public.short');
  const rows = `select seq4() x from table(generator(rowcount => 100000))`;
  await Promise.allSettled([
    run(0, `alter dataset db.public.short add version 'a' from (${rows})`),
    run(1, `alter dataset db.public.short add version 'b' from (select 1 x)`),
    run(2, 'drop dataset db.public.short'),
  ]);
  expect((await run(0, 'show datasets in schema db.public')).map((row) => row['name'])).toEqual(['D']);
});
