import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { TaskServer } from '../tasks/task-server.ts';

let server: TaskServer;

beforeAll(async () => {
  server = await TaskServer.start();
  await server.run('create warehouse w', 'create database d');
});

afterAll(async () => {
  await server.close();
});

const id = fc.integer({ min: 1, max: 4 });
const change = fc.oneof(
  fc.tuple(id, id).map(([a, b]) => `insert into t values (${String(a)}, 0), (${String(b)}, 0)`),
  id.map((a) => `delete from t where id = ${String(a)}`),
  id.map((a) => `update t set n = n + 1 where id <= ${String(a)}`),
  id.map(
    (a) =>
      `merge into t using (select ${String(a)} as i) v on t.id = v.i when matched then delete when not matched then insert values (v.i, 9)`,
  ),
  fc.constant('truncate table t'),
  id.map((a) => `insert overwrite into t select id, n + ${String(a)} from t`),
);
const step = fc.oneof(
  { weight: 4, arbitrary: change.map((sql) => [sql]) },
  { weight: 1, arbitrary: fc.tuple(change, change).map(([a, b]) => ['begin', a, b, 'commit']) },
  { weight: 1, arbitrary: change.map((sql) => ['begin', sql, 'rollback']) },
);

// https://docs.snowflake.com/en/user-guide/data-time-travel#querying-historical-data
it('whatever is done to a table, what it was can be read', async () => {
  const content = async (clause: string): Promise<unknown> =>
    server.value(`select listagg(id || ':' || n, ' ') within group (order by id, n) as r from t ${clause}`);
  await fc.assert(
    fc.asyncProperty(fc.boolean(), fc.array(step, { minLength: 1, maxLength: 6 }), async (tracked, steps) => {
      await server.run(`create or replace table t (id int, n int) change_tracking = ${String(tracked)}`);
      const seen: { readonly at: number; readonly rows: unknown }[] = [];
      for (const statements of steps) {
        await server.run(...statements);
        seen.push({ at: server.clock.now(), rows: await content('') });
        await server.clock.advanceBy(1000);
      }
      for (const { at, rows } of seen) {
        expect(await content(`at(offset => ${String((at - server.clock.now()) / 1000)})`)).toEqual(rows);
        expect(await content(`before(timestamp => to_timestamp_ntz(${String(at + 1)}, 3))`)).toEqual(rows);
      }
    }),
    { numRuns: 15 },
  );
});
