import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MonitorAccount } from './monitor-account.ts';

const hour = 3_600_000;
const patient = { timeout: 20_000 };

// https://docs.snowflake.com/en/developer-guide/snowflake-ml/model-registry/model-observability#temporarily-stopping-and-resuming-monitoring
describe('The refresh of a model monitor', () => {
  let account: MonitorAccount;

  beforeEach(async () => {
    account = await MonitorAccount.open();
    await account.monitor();
  });

  afterEach(() => account.close());

  const count = async (): Promise<unknown> =>
    (
      await account.rows("select sum(metric_value) as n from table(model_monitor_stat_metric('watch', 'count', 'probability'))")
    )[0]?.['N'];
  const insert = (): Promise<unknown> =>
    account.run("insert into scored (id, scored_at, probability, denied) values (9, '2026-03-10 10:00', 0.5, 1)");
  const state = async (): Promise<Record<string, unknown>> => {
    const [row] = await account.rows('describe model monitor watch');
    const of = (column: string): unknown => (JSON.parse(String(row?.[column])) as Record<string, unknown>)['SOURCE_AGGREGATED'];
    return { state: row?.['monitor_state'], status: of('aggregation_status'), error: of('aggregation_last_error') };
  };

  it('comes with its interval', async () => {
    await insert();
    await account.clock.advanceBy(hour - 1);
    expect(await count()).toBe(5);
    await account.clock.advanceBy(1);
    await expect.poll(count, patient).toBe(6);
  });

  it('stops while the monitor is suspended', async () => {
    await account.run('alter model monitor watch suspend');
    await insert();
    await account.clock.advanceBy(3 * hour);
    expect([await count(), await state()]).toEqual([5, { state: 'SUSPENDED', status: 'SUSPENDED', error: '' }]);
    await account.run('alter model monitor watch resume');
    await account.clock.advanceBy(0);
    await expect.poll(count, patient).toBe(6);
  });

  it('goes on after a restart, with what was computed before', async () => {
    const drift = (): Promise<unknown> =>
      account.rows(
        "select event_timestamp::varchar, metric_value from table(model_monitor_drift_metric('watch', 'psi', 'income'))",
      );
    const before = await drift();
    await account.restart();
    expect(await drift()).toEqual(before);
    await insert();
    await account.clock.advanceBy(hour);
    await expect.poll(count, patient).toBe(6);
  });

  it('keeps what it has when it fails, and suspends the monitor after the fifth time in a row', async () => {
    await account.run("insert into scored (id, scored_at, probability) values (9, '2026-03-10', 7)");
    // Kept when the alarm of the next refresh is set.
    const alarms = account.clock.pending;
    const fail = async (): Promise<void> => {
      await account.clock.advanceBy(hour);
      await expect.poll(() => account.clock.pending, patient).toBe(alarms);
    };
    for (let failed = 1; failed < 5; failed += 1) await fail();
    expect(await state()).toEqual({
      state: 'ACTIVE',
      status: 'ACTIVE',
      error: expect.stringMatching(/1 values of prediction score column PROBABILITY/u),
    });
    expect(await count()).toBe(5);
    await account.clock.advanceBy(hour);
    await expect.poll(state, patient).toMatchObject({ state: 'SUSPENDED', status: 'SUSPENDED' });
    await account.run('delete from scored where probability > 1');
    await account.run('alter model monitor watch resume');
    await account.clock.advanceBy(hour);
    await expect.poll(state, patient).toEqual({ state: 'ACTIVE', status: 'ACTIVE', error: '' });
  });

  it('finds a source that was made anew, as a table or a view', async () => {
    await account.run('create or replace table scored as select * from scored limit 2');
    await account.clock.advanceBy(hour);
    await expect.poll(count, patient).toBe(2);
    await account.run('alter table scored rename to kept');
    await account.run('create view scored as select * from kept where id = 1');
    await account.run('drop model monitor watch');
    await account.monitor();
    await account.run('create or replace view scored as select * from kept');
    await account.clock.advanceBy(hour);
    await expect.poll(count, patient).toBe(2);
  });
});
