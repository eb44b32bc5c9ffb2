import { afterEach, beforeEach, expect, it } from 'vitest';
import { types } from '../../../local-snowflake/sql/types.ts';
import { SmallAccount } from './support/small-account.ts';

let account: SmallAccount;

beforeEach(async () => {
  account = await SmallAccount.open();
});

afterEach(() => account.close());

// https://docs.snowflake.com/en/sql-reference/functions/system_cancel_query: what it ends may be a statement of the same session.
it('a system function alone does not wait for the statements before it', async () => {
  let release = (): void => undefined;
  const held = new Promise<string>((resolve) => {
    release = () => {
      resolve('released');
    };
  });
  account.systemFunctions.set('SYSTEM$HELD', { returns: types.varchar(), call: () => held });
  account.systemFunctions.set('SYSTEM$RELEASE', {
    returns: types.varchar(),
    call: ([argument]) => {
      release();
      return Promise.resolve(argument?.cell ?? null);
    },
  });
  const first = account.rows("SELECT SYSTEM$HELD() || '!'");
  const second = await account.run("SELECT SYSTEM$RELEASE('now') AS answer");
  expect(second).toEqual({ columns: [{ name: 'ANSWER', type: types.varchar(), nullable: true }], rows: [['now']] });
  expect(await first).toEqual([['released!']]);
});

it('is an ordinary query with anything beside it', async () => {
  account.systemFunctions.set('SYSTEM$ECHO', { returns: types.varchar(), call: ([a]) => Promise.resolve(a?.cell ?? null) });
  expect(await account.rows("SELECT SYSTEM$ECHO('a') WHERE FALSE")).toEqual([]);
  expect(await account.rows("SELECT SYSTEM$ECHO('a' || 'b'), 1")).toEqual([['ab', '1']]);
  expect(await account.rows('SELECT SYSTEM$ECHO(12)')).toEqual([['12']]);
});
