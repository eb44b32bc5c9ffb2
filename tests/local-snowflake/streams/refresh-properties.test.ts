import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TaskServer } from '../tasks/task-server.ts';

/** What a row may hold: equal rows, NULLs, and texts that read alike when they are put one behind the other. */
const rowOf = fc.constantFrom("(1, 'a')", '(1, null)', "(null, 'a')", '(null, null)', "(11, '')", "(1, '1')", "(null, 'null')");

type Step = { readonly kind: 'refresh'; readonly rows: readonly string[] } | { readonly kind: 'consume' };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('refresh' as const), rows: fc.array(rowOf, { maxLength: 5 }) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('consume' as const) }) },
);

/** Rows of `from` that `to` lacks, each as often as it does. */
function lacking(from: readonly string[], to: readonly string[]): string[] {
  const left = [...to];
  return from.filter((row) => {
    const at = left.indexOf(row);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

describe('a stream on a dynamic table', () => {
  let server: TaskServer;

  beforeAll(async () => {
    server = await TaskServer.start();
    await server.run('create database d', 'create table t (n int, v varchar)', 'create table seen (n int)');
  });

  afterAll(async () => {
    await server.close();
  });

  // https://docs.snowflake.com/en/user-guide/dynamic-tables/streams-on-dts: "Each read returns the net changes since the previous read."
  it('gives the rows by which its content differs from what was consumed, whatever refreshes were in between', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(rowOf, { maxLength: 5 }), fc.array(step, { maxLength: 8 }), async (first, steps) => {
        let now: readonly string[] = first;
        let offset: readonly string[] = first;
        const fill = async (rows: readonly string[]): Promise<void> => {
          await server.run('truncate table t', ...(rows.length === 0 ? [] : [`insert into t values ${rows.join(', ')}`]));
        };
        await fill(first);
        await server.run(
          "create or replace dynamic table dt target_lag = 'downstream' warehouse = compute_wh as select n, v from t",
          'create or replace stream s on dynamic table dt',
        );
        for (const next of steps) {
          if (next.kind === 'refresh') {
            now = next.rows;
            await fill(now);
            await server.run('alter dynamic table dt refresh');
          } else {
            offset = now;
            await server.run('insert into seen select n from s where false');
          }
          const given = await server.rows(
            `select '(' || coalesce(n::varchar, 'null') || ', ' || coalesce('''' || v || '''', 'null') || ') ' || metadata$action as r from s`,
          );
          const expected = [
            ...lacking(offset, now).map((row) => `${row} DELETE`),
            ...lacking(now, offset).map((row) => `${row} INSERT`),
          ];
          expect(given.map((row) => String(row['R'])).sort()).toEqual(expected.sort());
        }
      }),
      { numRuns: 15 },
    );
  }, 120_000);
});
