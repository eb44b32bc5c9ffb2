import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { SdkRow } from '../../support/sdk-connection.ts';
import { TaskServer } from '../tasks/task-server.ts';

// https://docs.snowflake.com/en/developer-guide/snowflake-scripting/asynchronous-child-jobs: "Asynchronous child jobs can run concurrently"
describe('asynchronous child jobs run at the same time', () => {
  let server: TaskServer;

  beforeEach(async () => {
    server = await TaskServer.start();
    await server.run(
      'create database d',
      'create table t (n int)',
      'create table seen (n int)',
      `create procedure slow() returns varchar language sql as begin
        begin transaction;
        insert into t values (1);
        call system$wait(600);
        commit;
      end`,
    );
  });

  afterEach(async () => {
    await server.close();
  });

  const rows = async (): Promise<unknown[]> => (await server.rows('select n from t order by n')).map((row) => row['N']);

  /** Runs a block on a connection of its own. */
  async function start(block: string, ...before: string[]): Promise<{ ended: () => Promise<readonly SdkRow[]> }> {
    const client = await server.connect({ database: 'D', schema: 'PUBLIC' });
    for (const sql of before) await client.run(sql);
    const running = client.rows(`execute immediate $$ ${block} $$`);
    const state = { over: false };
    const end = (): void => {
      state.over = true;
    };
    running.then(end, end);
    return {
      ended: async () => {
        // A second at a time, for as long as it takes; others get their turn in between.
        while (!state.over) {
          await server.clock.advanceBy(1000);
          await server.value('select 1');
        }
        return running;
      },
    };
  }

  test('each in a transaction of its own', async () => {
    const block = await start(`
      begin
        let slow resultset := async (call slow());
        let quick resultset := async (insert into t values (2));
        await quick;
        insert into seen select count(*) from t;
        await slow;
        return sqlid;
      end`);
    // Time stands still: the slow job is in its transaction, or has not even begun it.
    while ((await server.value('select count(*) from seen')) === 0);
    expect([await rows(), await server.value('select n from seen')]).toEqual([[2], 1]);
    await block.ended();
    expect(await rows()).toEqual([1, 2]);
  });

  // https://docs.snowflake.com/en/sql-reference/snowflake-scripting/cancel
  test('CANCEL stops one of them and rolls back what it had begun', async () => {
    const block = await start(`
      begin
        let slow resultset := async (call slow());
        let other resultset := async (insert into t values (2));
        call system$wait(60);
        cancel slow;
        await other;
        return system$get_resultset_status(slow);
      end`);
    expect(Object.values((await block.ended())[0] ?? {})).toEqual(['ABORTED']);
    expect(await rows()).toEqual([2]);
    // What it held is free.
    await server.run('delete from t');
    expect(await rows()).toEqual([]);
  });

  test('one that is not waited for is cancelled, with its changes, when the block ends (await: Usage notes)', async () => {
    const block = await start("begin async (call slow()); call system$wait(60); return 'over'; end");
    await block.ended();
    expect(await rows()).toEqual([]);
  });

  test('more than there are connections for wait, with the values that variables had at their start', async () => {
    const block = await start(`
      begin
        for i in 1 to 20 do
          async (insert into t select :i where system$wait(10) is not null);
        end for;
        await all;
      end`);
    await block.ended();
    expect(await rows()).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
  });

  // https://docs.snowflake.com/en/sql-reference/transactions
  test('within a transaction they are part of it', async () => {
    const client = await server.connect({ database: 'D', schema: 'PUBLIC' });
    await client.run('begin transaction');
    await client.run(
      'execute immediate $$ begin async (insert into t values (1)); async (insert into t values (2)); await all; end $$',
    );
    expect(await client.value('select count(*) from t')).toBe(2);
    await client.run('rollback');
    expect(await rows()).toEqual([]);
  });

  test('they see what the session has: variables, temporary tables, what is current', async () => {
    const block = await start(
      'begin async (insert into own select $v); async (insert into other.x select $v + 1); await all; end',
      'create schema other',
      'create table other.x (n int)',
      'use schema public',
      'create temporary table own (n int)',
      'set v = 7',
    );
    await block.ended();
    expect(await server.rows('select n from d.other.x')).toEqual([{ N: 8 }]);
  });
});
