import { afterAll, beforeAll, expect, it } from 'vitest';
import { type LocalServer, startLocalServer } from '../../support/local-server.ts';

let server: LocalServer;

beforeAll(async () => {
  server = await startLocalServer();
});
afterAll(() => server.close());

// DuckDB crashes the whole process when a connection is closed while it works.
it('survives sessions that are closed while their statements run', async () => {
  const ends: Promise<unknown>[] = [];
  for (let round = 0; round < 20; round++) {
    const connection = await server.connect();
    ends.push(connection.run('SELECT CURRENT_TIMESTAMP() AS NOW').catch(() => undefined));
    await connection.run('SHOW ROLES');
    await connection.close();
  }
  await Promise.all(ends);
  const connection = await server.connect();
  const { rows } = await connection.run('SELECT 1 AS ONE');
  expect(rows).toEqual([{ ONE: 1 }]);
});
