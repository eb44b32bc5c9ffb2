import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DataConnection } from '../../../local-snowflake/data/data-connection.ts';
import { SmallAccount } from './support/small-account.ts';

// https://docs.snowflake.com/en/sql-reference/transactions
describe('transactions', () => {
  let account: SmallAccount;
  let other: DataConnection;

  beforeEach(async () => {
    account = await SmallAccount.open();
    other = await account.engine.connect();
    await account.run('CREATE TABLE t (id INT NOT NULL, name VARCHAR(5))');
    await account.run("INSERT INTO t VALUES (1, 'one'), (2, 'two')");
  });

  afterEach(async () => {
    await other.close();
    await account.close();
  });

  const elsewhere = async (text: string): Promise<(string | null)[][]> => {
    const { result } = await other.run(text, account.ports());
    return result.rows.map((row) => [...row]);
  };

  it('shows changes to others once committed', async () => {
    await account.connection.begin();
    await account.run("INSERT INTO t VALUES (3, 'three')");
    expect(await account.rows('SELECT count(*) FROM t')).toEqual([['3']]);
    expect(await elsewhere('SELECT count(*) FROM t')).toEqual([['2']]);
    await account.connection.commit();
    expect(await elsewhere('SELECT count(*) FROM t')).toEqual([['3']]);
  });

  it('forgets what is rolled back', async () => {
    await account.connection.begin();
    await account.run('DELETE FROM t');
    await account.connection.rollback();
    expect(await account.rows('SELECT count(*) FROM t')).toEqual([['2']]);
  });

  it.each([
    ["SELECT 'x'::INT FROM t", '100038'],
    ['INSERT INTO t VALUES (NULL, NULL)', '100072'],
    ['SELECT 1 / (id - 2) FROM t', '100051'],
    ["UPDATE t SET name = 'much too long'", '100078'],
  ])('keeps what succeeded before %s failed', async (failing, code) => {
    await account.connection.begin();
    await account.run("INSERT INTO t VALUES (3, 'three')");
    await account.run('DELETE FROM t WHERE id = 1');
    await expect(account.run(failing)).rejects.toMatchObject({ code });
    expect(account.connection.inTransaction).toBe(true);
    expect(await account.rows('SELECT id FROM t ORDER BY id')).toEqual([['2'], ['3']]);
    await account.run("UPDATE t SET name = 'drei' WHERE id = 3");
    await account.connection.commit();
    expect(await elsewhere('SELECT id, name FROM t ORDER BY id')).toEqual([
      ['2', 'two'],
      ['3', 'drei'],
    ]);
  });

  it('commits after a failure that was the last statement', async () => {
    await account.connection.begin();
    await account.run("INSERT INTO t VALUES (3, 'three')");
    await expect(account.run('SELECT 1 / 0 FROM t')).rejects.toThrow('Division by zero');
    await account.connection.commit();
    expect(await elsewhere('SELECT count(*) FROM t')).toEqual([['3']]);
  });

  it('rolls everything back after a failure too', async () => {
    await account.connection.begin();
    await account.run("INSERT INTO t VALUES (3, 'three')");
    await expect(account.run('SELECT 1 / 0 FROM t')).rejects.toThrow('Division by zero');
    await account.connection.rollback();
    expect(await account.rows('SELECT count(*) FROM t')).toEqual([['2']]);
  });

  it('waits for the transaction that has changed the same rows', async () => {
    await account.connection.begin();
    await account.run("UPDATE t SET name = 'mine' WHERE id = 1");
    let done = false;
    const update = elsewhere("UPDATE t SET name = name || '+' WHERE id = 1").then((rows) => {
      done = true;
      return rows;
    });
    // Statements of the first session go on while the other one waits.
    await account.run("UPDATE t SET name = 'late' WHERE id = 1");
    expect(done).toBe(false);
    await account.connection.commit();
    expect(await update).toEqual([['1', '0']]);
    expect(await account.rows('SELECT name FROM t WHERE id = 1')).toEqual([['late+']]);
  });

  it('lets two transactions that want each other’s rows both end', async () => {
    await account.connection.begin();
    await other.begin();
    await account.run("UPDATE t SET name = 'a' WHERE id = 1");
    await elsewhere("UPDATE t SET name = 'b' WHERE id = 2");
    const first = account.run("UPDATE t SET name = 'a' WHERE id = 2").then(() => account.connection.commit());
    const second = elsewhere("UPDATE t SET name = 'b' WHERE id = 1").then(() => other.commit());
    await Promise.all([first, second]);
    const [[name]] = (await account.rows('SELECT min(name) FROM t')) as [[string]];
    expect(await account.rows('SELECT name FROM t')).toEqual([[name], [name]]);
  });

  it('ends a wait when the statement is cancelled', async () => {
    await account.connection.begin();
    await account.run('DELETE FROM t WHERE id = 1');
    const abort = new AbortController();
    const waiting = other.run('DELETE FROM t WHERE id = 1', { ...account.ports(), signal: abort.signal });
    const ended = waiting.catch((error: unknown) => error);
    abort.abort();
    expect(await ended).toMatchObject({ code: '000604' });
    await account.connection.commit();
    expect(await elsewhere('SELECT count(*) FROM t')).toEqual([['1']]);
  });

  it('goes on for those who wait when the session ends', async () => {
    const third = await account.engine.connect();
    await third.begin();
    await third.run("UPDATE t SET name = 'gone'", account.ports());
    const update = elsewhere("UPDATE t SET name = 'mine' WHERE id = 1");
    await third.close();
    await update;
    expect(await account.rows('SELECT name FROM t ORDER BY id')).toEqual([['mine'], ['two']]);
  });
});
