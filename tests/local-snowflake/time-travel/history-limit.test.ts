import { afterEach, beforeEach, expect, it } from 'vitest';
import { DataEngine } from '../../../local-snowflake/data/data-engine.ts';
import { types } from '../../../local-snowflake/sql/types.ts';
import { FakeClock } from '../../../local-snowflake/platform/clock.ts';
import { SmallAccount } from '../data/support/small-account.ts';

const rows = 1000;
/** What one version of the table takes, by the estimate of eight bytes for each cell. */
const version = rows * 2 * 8;

let account: SmallAccount;

beforeEach(async () => {
  const clock = new FakeClock('2026-03-01T12:00:00Z');
  account = await SmallAccount.over(await DataEngine.open(':memory:', clock, 4 * version));
  const columns = ['ID', 'N'].map((name) => ({ name, physical: name, type: types.number(38, 0), nullable: true }));
  await account.engine.tables.createTable('t_1', columns);
  account.relations.set('T', { kind: 'table', physicalName: 't_1', columns, createdOn: 0, retention: Number.MAX_SAFE_INTEGER });
  await account.run(`insert into t select seq4(), 0 from table(generator(rowcount => ${String(rows)}))`);
});

afterEach(() => account.close());

it('a table that is overwritten again and again keeps the latest of its past', async () => {
  for (let round = 1; round <= 20; round += 1) {
    await account.run('update t set n = n + 1');
    const kept = account.engine.history.sizes().reduce((sum, { bytes }) => sum + bytes, 0);
    expect(kept).toBeLessThanOrEqual(4 * version);
  }
  const [size] = account.engine.history.sizes();
  expect(size?.bytes).toBeGreaterThanOrEqual(version);
  const past = account.run('select max(n) from t before(timestamp => to_timestamp_ntz(0))');
  await expect(past).rejects.toMatchObject({ symbol: 'timeTravelUnavailable' });
  const now = await account.run('select min(n), max(n) from t');
  expect(now.rows).toEqual([['20', '20']]);
});
