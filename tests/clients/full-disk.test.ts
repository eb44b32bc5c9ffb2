import { afterAll, beforeAll, expect, it } from 'vitest';
import { bundle } from '../../local-snowflake/build.mjs';
import { SmallDisk } from '../support/small-disk.ts';

// A real disk without room, in memory and of a few megabytes: what needs room fails and says why, everything else goes on, nothing that
// was refused is done later, and once there is room all is as before, without a restart and after one.
// https://docs.snowflake.com/en/sql-reference/functions/task_history (ERROR_MESSAGE)

let disk: SmallDisk;

beforeAll(async () => {
  await bundle();
  if (!SmallDisk.available) return;
  disk = new SmallDisk('24m');
  await disk.start();
});

afterAll(() => {
  disk?.remove();
});

const noSpace = /No space left on device|no space left on device/u;
const history = 'snowflake.account_usage.task_history';

async function refusal(sql: string): Promise<string> {
  return disk.query(sql).then(
    () => 'done',
    (error: unknown) => (error as Error).message,
  );
}

async function settled(): Promise<void> {
  while ((await disk.query('select 1 from table(db.information_schema.current_task_graphs())')).length > 0);
}

it.skipIf(!SmallDisk.available)('a disk that is full fails what needs room, with the cause, and the server goes on', async () => {
  // Room that the rest of the test needs.
  disk.fill(4 << 20);
  for (const sql of [
    'create warehouse wh',
    'create database db',
    'create schema db.s',
    'create table big (digest varchar)',
    'create table small (digest varchar)',
    'create task fills warehouse = wh as insert into big select md5(seq8()) from table(generator(rowcount => 3000000))',
    "create task root warehouse = wh as insert into small values ('root')",
    "create task child warehouse = wh after root as insert into small values ('child')",
    "select system$task_dependents_enable('db.s.root')",
    'execute task fills',
  ])
    await disk.query(sql);

  // The task that fills it
  await settled();
  const [[state, message] = []] = await disk.query(`select state, error_message from ${history} where name = 'FILLS'`);
  expect([state, message]).toEqual(['FAILED', expect.stringMatching(noSpace)]);
  expect(await disk.query('select count(*) from db.s.big')).toEqual([['0']]);
  disk.free();
  await disk.query('execute task db.s.root');
  await settled();
  const succeeded = `select name from ${history} where state = 'SUCCEEDED' order by name`;
  expect(await disk.query(succeeded)).toEqual([['CHILD'], ['ROOT']]);

  // No room for a single byte: rows, objects, runs
  disk.fill();
  let rows = 2;
  const row = `insert into db.s.small values ('${'x'.repeat(2000)}')`;
  let failure = await refusal(row);
  for (; failure === 'done'; failure = await refusal(row)) rows += 1;
  expect(failure).toMatch(noSpace);
  let objects = 0;
  const table = (): Promise<string> =>
    refusal(`create table db.s.table_${String(objects)} (c number) comment = '${'x'.repeat(4000)}'`);
  for (failure = await table(); failure === 'done'; failure = await table()) objects += 1;
  expect(failure).toMatch(noSpace);
  let runs = 1;
  for (failure = await refusal('execute task db.s.root'); failure === 'done'; failure = await refusal('execute task db.s.root')) {
    runs += 1;
    await settled();
  }
  expect(failure).toMatch(/Task run could not be recorded and was not started: ENOSPC/u);
  const counts = 'select count(*), count_if(length(digest) > 100) from db.s.small';
  const [[, long] = []] = await disk.query(counts);
  expect(Number(long)).toBe(rows - 2);

  // Room again
  disk.free();
  await disk.query(`create table db.s.table_${String(objects)} (c number)`);
  await disk.query('execute task db.s.root');
  runs += 1;
  await settled();
  const rootRuns =
    "select count(distinct graph_run_group_id) from snowflake.account_usage.complete_task_graphs where root_task_name = 'ROOT'";
  expect(await disk.query(rootRuns)).toEqual([[String(runs)]]);
  const everything = [
    rootRuns,
    counts,
    `select name, state, count(*) from ${history} group by all order by all`,
    'select count(*) from db.information_schema.tables',
  ];
  const before = await Promise.all(everything.map((sql) => disk.query(sql)));
  await disk.kill();
  await disk.start();
  await settled();
  expect(await Promise.all(everything.map((sql) => disk.query(sql)))).toEqual(before);
});
