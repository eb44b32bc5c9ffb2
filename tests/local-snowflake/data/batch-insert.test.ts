import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TypedCell } from '../../../local-snowflake/data/ports.ts';
import type { Cell } from '../../../local-snowflake/sql/result-set.ts';
import { type SnowflakeType, types } from '../../../local-snowflake/sql/types.ts';
import { SmallAccount } from './support/small-account.ts';

// https://docs.snowflake.com/en/developer-guide/python-connector/python-connector-example#binding-variables-to-insert-multiple-rows
describe('INSERT with rows of binds', () => {
  let account: SmallAccount;

  beforeEach(async () => {
    account = await SmallAccount.open();
    await account.run(
      "CREATE TABLE t (id INT AUTOINCREMENT, n NUMBER(8,2), s VARCHAR(3) DEFAULT 'dfl', at TIMESTAMP_NTZ, v VARIANT)",
    );
  });

  afterEach(async () => {
    await account.close();
  });

  const bind = (kinds: readonly SnowflakeType[], rows: readonly (readonly Cell[])[]): void => {
    account.batch = rows.map(
      (row) =>
        new Map(
          row.map((cell, index): [string, TypedCell] => [String(index + 1), { type: kinds[index] ?? types.varchar(), cell }]),
        ),
    );
  };

  it('inserts every row', async () => {
    bind(
      [types.number(10, 3), types.varchar(), types.timestampNtz(9)],
      [
        ['1.255', 'a', '1704067200.123456789'],
        [null, null, null],
        ['-2', 'b', '-1.500000000'],
      ],
    );
    const { result, affectedRows } = await account.outcome('INSERT INTO t (n, s, at) VALUES (?, ?, ?)');
    expect([result.rows, affectedRows]).toEqual([[['3']], 3]);
    account.batch = [];
    expect(await account.rows('SELECT id, n, s, at FROM t ORDER BY id')).toEqual([
      ['1', '1.26', 'a', '1704067200.123457000'],
      ['2', null, null, null],
      ['3', '-2.00', 'b', '-1.500000000'],
    ]);
  });

  it('computes with binds and takes defaults', async () => {
    bind([types.varchar()], [['{"a": 1}'], ['[2]']]);
    await account.run('INSERT INTO t (v) SELECT parse_json(?)').catch(() => undefined);
    bind([types.number()], [['1'], ['2']]);
    await account.run('INSERT INTO t (n, s) VALUES (:1 * 10, DEFAULT)');
    account.batch = [];
    expect(await account.rows('SELECT n, s FROM t WHERE n IS NOT NULL ORDER BY n')).toEqual([
      ['10.00', 'dfl'],
      ['20.00', 'dfl'],
    ]);
  });

  it('refuses a row that does not fit, and inserts none', async () => {
    bind([types.varchar()], [['abc'], ['abcd']]);
    await expect(account.run('INSERT INTO t (s) VALUES (?)')).rejects.toMatchObject({ code: '100078' });
    account.batch = [];
    expect(await account.rows('SELECT count(*) FROM t')).toEqual([['0']]);
  });
});
