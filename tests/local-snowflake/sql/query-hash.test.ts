import { describe, expect, it } from 'vitest';
import { queryHash } from '../../../local-snowflake/sql/query-hash.ts';

const tim = "SELECT * FROM table1 WHERE table1.name = 'TIM'";

// https://docs.snowflake.com/en/user-guide/query-hash
describe('the hash of a query', () => {
  it.each([
    [tim, tim],
    [tim, "select *\n  from TABLE1 -- all of them\n where Table1.NAME='TIM'"],
    ['select $n from @stage/a', 'select $N from @STAGE/A'],
    ['create table t as $$ no SQL', 'create table t as $$ no SQL'],
  ])('is the same for %s and %s', (one, other) => {
    expect(queryHash(one)).toEqual(queryHash(other));
    expect(queryHash(one).exact).toMatch(/^[0-9a-f]{32}$/u);
  });

  it.each([
    ['select "a"', 'select "A"'],
    ['select a', 'select "A"'],
    ["select 'a'", "select 'A'"],
    ['select 1', 'select 2'],
    ['select a, b', 'select a b'],
  ])('is another for %s and %s, and so is the other hash', (one, other) => {
    expect(queryHash(one).exact).not.toBe(queryHash(other).exact);
    expect(queryHash(one).parameterized).not.toBe(queryHash(other).parameterized);
  });
});

// https://docs.snowflake.com/en/user-guide/query-hash (Using the Hash of the Parameterized Query)
describe('the hash of the parameterized query', () => {
  it.each([
    [tim, tim.replace('TIM', 'AIHUA')],
    ['select 1 from t where a >= 5 and (b != -7 or 3 <= c)', 'select 1 from t where a >= 6 and (b != -8 or 4 <= c)'],
    ['update t set a = 1 where b = 2', 'update t set a = 1 where b = 3'],
    [
      'select 1 from t join u on t.a = 1 where b in (select 1 from v where c = 2) and d = 3',
      'select 1 from t join u on t.a = 9 where b in (select 1 from v where c = 8) and d = 7',
    ],
  ])('is the same for %s and %s', (one, other) => {
    expect(queryHash(one).parameterized).toBe(queryHash(other).parameterized);
    expect(queryHash(one).exact).not.toBe(queryHash(other).exact);
  });

  it.each([
    ['select 1 from t where a > 5', 'select 1 from t where a > 6'],
    ['update t set a = 1 where b = 2', 'update t set a = 5 where b = 2'],
    ["select 1 from t where a like 'x'", "select 1 from t where a like 'y'"],
    ['select a = 1 from t', 'select a = 2 from t'],
    ['select 1 from t where f(n => 1)', 'select 1 from t where f(n => 2)'],
  ])('is another for %s and %s', (one, other) => {
    expect(queryHash(one).parameterized).not.toBe(queryHash(other).parameterized);
  });
});
