import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TaskServer } from '../tasks/task-server.ts';

type Side = 'l' | 'r';

interface Row {
  readonly id: number;
  readonly key: number;
  readonly value: number;
}

type Step =
  | { readonly kind: 'insert' | 'delete' | 'update'; readonly side: Side; readonly key: number }
  | { readonly kind: 'consume' };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constantFrom('insert', 'insert', 'delete', 'update'),
      side: fc.constantFrom<Side>('l', 'r'),
      key: fc.nat(1),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('consume' as const) }) },
);

/** One table: its rows now, those at the stream's offset, and those inserted since as they were inserted. */
class Table {
  now: readonly Row[] = [];
  offset: readonly Row[] = [];
  inserted: readonly Row[] = [];

  insert(row: Row): void {
    this.now = [...this.now, row];
    this.inserted = [...this.inserted, row];
  }

  consume(): void {
    this.offset = this.now;
    this.inserted = [];
  }
}

describe('an append-only stream on a view with a join', () => {
  let server: TaskServer;

  beforeAll(async () => {
    server = await TaskServer.start();
    await server.run('create database d', 'create table seen (n int)');
  });

  afterAll(async () => {
    await server.close();
  });

  // https://docs.snowflake.com/en/user-guide/streams-intro#join-results-behavior: what was there x inserted + inserted x what was there +
  // inserted x inserted
  it('gives the join of insertions with all that was there and with one another, whatever else is done', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 10 }), async (steps) => {
        const tables = { l: new Table(), r: new Table() };
        await server.run(
          'create or replace table l (id int, k int, v int)',
          'create or replace table r (id int, k int, v int)',
          "create or replace view lr as select l.id || '-' || r.id || ' ' || l.v || '-' || r.v as pair from l join r on l.k = r.k",
          'create or replace stream s on view lr append_only = true',
        );
        for (const [id, next] of steps.entries()) {
          if (next.kind === 'consume') {
            await server.run('insert into seen select 1 from s where false');
            for (const table of Object.values(tables)) table.consume();
            continue;
          }
          const { side, key } = next;
          const table = tables[side];
          if (next.kind === 'insert') {
            table.insert({ id, key, value: id });
            await server.run(`insert into ${side} values (${String(id)}, ${String(key)}, ${String(id)})`);
          } else if (next.kind === 'delete') {
            table.now = table.now.filter((row) => row.key !== key);
            await server.run(`delete from ${side} where k = ${String(key)}`);
          } else {
            table.now = table.now.map((row) => (row.key === key ? { ...row, value: row.value + 100 } : row));
            await server.run(`update ${side} set v = v + 100 where k = ${String(key)}`);
          }
        }
        const pairs = (left: readonly Row[], right: readonly Row[]): string[] =>
          left.flatMap((l) =>
            right
              .filter((r) => r.key === l.key)
              .map((r) => `${String(l.id)}-${String(r.id)} ${String(l.value)}-${String(r.value)} INSERT false`),
          );
        const { l, r } = tables;
        const expected = [...pairs(l.offset, r.inserted), ...pairs(l.inserted, r.offset), ...pairs(l.inserted, r.inserted)];
        const given = await server.rows("select pair || ' ' || metadata$action || ' ' || metadata$isupdate as r from s");
        expect(given.map((row) => String(row['R'])).sort()).toEqual(expected.sort());
      }),
      { numRuns: 8 },
    );
  }, 120_000);
});
