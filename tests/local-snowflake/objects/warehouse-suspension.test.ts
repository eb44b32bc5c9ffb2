import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FakeClock } from '../../../local-snowflake/platform/clock.ts';
import { type LocalServer, startLocalServer } from '../../support/local-server.ts';
import type { SdkConnection, SdkRow } from '../../support/sdk-connection.ts';

const second = 1000;
const start = new Date('2026-01-01T00:00:00Z');
const after = (seconds: number): Date => new Date(start.getTime() + seconds * second);

let clock: FakeClock;
let server: LocalServer;
let admin: SdkConnection;

beforeEach(async () => {
  clock = new FakeClock(start.getTime());
  server = await startLocalServer({ clock });
  admin = await server.connect();
  await admin.run('create database d');
  await admin.run('create table t (n int)');
});
afterEach(async () => {
  await server.close();
});

const shown = async (name = 'wh'): Promise<SdkRow | undefined> => (await admin.rows(`show warehouses like '${name}'`))[0];

// https://docs.snowflake.com/en/user-guide/warehouses-overview#auto-suspension-and-auto-resumption
describe('AUTO_SUSPEND', () => {
  test('suspends a warehouse that nothing has run on for so many seconds, and the next statement resumes it', async () => {
    await admin.run('create warehouse wh auto_suspend = 60');
    await clock.advanceBy(50 * second);
    await admin.run('select n from t');
    await clock.advanceBy(60 * second - 1);
    expect(await shown()).toMatchObject({ state: 'STARTED', resumed_on: start, started_clusters: 1 });
    await clock.advanceBy(1);
    await expect.poll(shown).toMatchObject({ state: 'SUSPENDED', resumed_on: start, updated_on: after(110), started_clusters: 0 });
    await clock.advanceBy(90 * second);
    await admin.run('select 1');
    expect(await shown()).toMatchObject({ state: 'SUSPENDED', updated_on: after(110) });
    await admin.run('select n from t');
    expect(await shown()).toMatchObject({ state: 'STARTED', resumed_on: after(200), updated_on: after(200) });
    await clock.advanceBy(60 * second);
    await expect.poll(shown).toMatchObject({ state: 'SUSPENDED', resumed_on: after(200), updated_on: after(260) });
  });

  test('does not suspend a warehouse in use', async () => {
    await admin.run('create warehouse wh auto_suspend = 60');
    const other = await server.connect({ warehouse: 'WH', database: 'D', schema: 'PUBLIC' });
    const ended = other.run("select system$wait(10, 'MINUTES'), count(*) from t");
    await expect.poll(shown).toMatchObject({ running: 1 });
    await clock.advanceBy(9 * 60 * second);
    expect(await shown()).toMatchObject({ state: 'STARTED', running: 1 });
    await clock.advanceBy(60 * second);
    await ended;
    expect(await shown()).toMatchObject({ state: 'STARTED', running: 0 });
    await clock.advanceBy(60 * second);
    await expect.poll(shown).toMatchObject({ state: 'SUSPENDED', updated_on: after(660) });
  });

  // https://docs.snowflake.com/en/sql-reference/sql/create-warehouse (AUTO_SUSPEND: 0 or NULL)
  test.each(['0', 'null'])('of %s never does', async (never) => {
    await admin.run(`create warehouse wh auto_suspend = ${never}`);
    await clock.advanceBy(3000 * second);
    expect(await shown()).toMatchObject({ state: 'STARTED' });
    await admin.run('alter warehouse wh set auto_suspend = 300');
    await clock.advanceBy(0);
    await expect.poll(shown).toMatchObject({ state: 'SUSPENDED' });
  });

  test('is ten minutes when nothing is said, and begins anew with RESUME', async () => {
    await admin.run('create warehouse wh initially_suspended = true');
    expect(await shown()).toMatchObject({ state: 'SUSPENDED', auto_suspend: 600 });
    await clock.advanceBy(300 * second);
    await admin.run('alter warehouse wh resume');
    expect(await shown()).toMatchObject({ state: 'STARTED', resumed_on: after(300), updated_on: after(300) });
    await clock.advanceBy(600 * second);
    await expect.poll(shown).toMatchObject({ state: 'SUSPENDED', updated_on: after(900) });
  });
});

// https://docs.snowflake.com/en/sql-reference/sql/alter-warehouse
test('ABORT ALL QUERIES ends what runs on the warehouse, and nothing else', async () => {
  await admin.run('create warehouse wh');
  const here = await server.connect({ warehouse: 'WH', database: 'D', schema: 'PUBLIC' });
  const elsewhere = await server.connect({ warehouse: 'COMPUTE_WH', database: 'D', schema: 'PUBLIC' });
  const waiting = "select system$wait(10, 'MINUTES'), count(*) from t";
  const aborted = here.run(waiting).then(
    () => 'ended',
    (error: unknown) => String(error),
  );
  const kept = elsewhere.run(waiting);
  await expect.poll(shown).toMatchObject({ running: 1 });
  await expect.poll(() => shown('compute_wh')).toMatchObject({ running: 1 });
  await admin.run('alter warehouse wh abort all queries');
  expect(await aborted).toMatch(/cancel/iu);
  expect(await shown()).toMatchObject({ running: 0, state: 'STARTED' });
  await clock.advanceBy(600 * second);
  await kept;
});
