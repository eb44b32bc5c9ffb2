import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TaskServer } from '../tasks/task-server.ts';

type Step =
  | { readonly kind: 'insert' | 'delete' | 'update'; readonly value: number }
  | { readonly kind: 'begin' | 'commit' | 'rollback' | 'consume' };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constantFrom('insert', 'delete', 'update'), value: fc.nat(3) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('begin', 'commit', 'rollback', 'consume') }) },
);

/** Rows by their ids, which are never given twice, with how often each was changed. */
type Rows = ReadonlyMap<number, { readonly value: number; readonly changes: number }>;

/** What a stream gives that was at `before`. */
function difference(before: Rows, after: Rows): string[] {
  const lost = [...before].flatMap(([id, row]) => {
    const now = after.get(id);
    return now?.changes === row.changes ? [] : [`${String(id)} ${String(row.value)} DELETE ${String(now !== undefined)}`];
  });
  const gained = [...after].flatMap(([id, row]) => {
    const then = before.get(id);
    return then?.changes === row.changes ? [] : [`${String(id)} ${String(row.value)} INSERT ${String(then !== undefined)}`];
  });
  return [...lost, ...gained].sort();
}

/** The table and its stream as the documentation describes them. */
class Model {
  committed: Rows = new Map();
  now: Rows = new Map();
  offset: Rows = new Map();
  /** Committed rows when the transaction began; undefined outside of one. */
  began: Rows | undefined;
  consumed = false;
  #ids = 0;

  sql(next: Step): readonly string[] {
    switch (next.kind) {
      case 'insert':
        this.#ids += 1;
        this.now = new Map([...this.now, [this.#ids, { value: next.value, changes: 0 }]]);
        return this.#changed(`insert into t values (${String(this.#ids)}, ${String(next.value)})`);
      case 'delete':
        this.now = new Map([...this.now].filter(([, row]) => row.value !== next.value));
        return this.#changed(`delete from t where v = ${String(next.value)}`);
      case 'update':
        this.now = new Map(
          [...this.now].map(([id, row]) => [
            id,
            row.value === next.value ? { value: row.value + 10, changes: row.changes + 1 } : row,
          ]),
        );
        return this.#changed(`update t set v = v + 10 where v = ${String(next.value)}`);
      case 'begin':
        this.began ??= this.committed;
        return ['begin'];
      case 'commit':
        if (this.began !== undefined && this.consumed) this.offset = this.began;
        this.#end(this.now);
        return ['commit'];
      case 'rollback':
        this.#end(this.committed);
        return ['rollback'];
      case 'consume':
        if (this.began === undefined) this.offset = this.committed;
        else this.consumed = true;
        return ['insert into seen select id from s where false'];
    }
  }

  get stream(): string[] {
    return difference(this.offset, this.began ?? this.committed);
  }

  #changed(sql: string): readonly string[] {
    if (this.began === undefined) this.committed = this.now;
    return [sql];
  }

  #end(rows: Rows): void {
    this.committed = this.began === undefined ? this.committed : rows;
    this.now = this.committed;
    this.began = undefined;
    this.consumed = false;
  }
}

// https://docs.snowflake.com/en/user-guide/streams-intro
describe('a stream', () => {
  let server: TaskServer;

  beforeAll(async () => {
    server = await TaskServer.start();
    await server.run('create database d', 'create table seen (id int)');
  });

  afterAll(async () => {
    await server.close();
  });

  it('gives the difference between its offset and what is committed, whatever is done', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 12 }), async (steps) => {
        await server.run('rollback', 'create or replace table t (id int, v int)', 'create or replace stream s on table t');
        const model = new Model();
        for (const next of steps) await server.run(...model.sql(next));
        const rows = await server.rows("select id || ' ' || v || ' ' || metadata$action || ' ' || metadata$isupdate as r from s");
        expect(rows.map((row) => String(row['R'])).sort()).toEqual(model.stream);
        const has = await server.value("select system$stream_has_data('s')");
        // It may say so falsely, but never keeps silent.
        if (model.began === undefined && model.stream.length > 0) expect(has).toBe(true);
      }),
      { numRuns: 25 },
    );
  });
});
