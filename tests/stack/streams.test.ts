import { afterAll, beforeAll, expect, test } from 'vitest';

import type { PlainStream } from './programs/streams-program.ts';
import { TaskLab } from './support/task-lab.ts';

// Streams on tables, views and directory tables through the real engine and the real provider.
// https://registry.terraform.io/providers/snowflakedb/snowflake/latest/docs/resources/stream_on_directory_table
let lab: TaskLab;
beforeAll(async () => {
  lab = await TaskLab.open('streams-program.ts', 'STREAMED');
  for (const sql of [
    'use schema lab.streamed',
    'create table t (n int)',
    'create view v as select n from t',
    'create stage files directory = (enable = true)',
    'insert into t values (1)',
  ])
    await lab.admin.run(sql);
});
afterAll(async () => {
  await lab?.close();
});

/** Deploys and gives what is then there; a preview finds nothing left to do. */
async function deployed(...streams: readonly PlainStream[]): Promise<readonly string[]> {
  lab.project.write('streams.json', JSON.stringify(streams));
  await lab.project.succeed('up', '--yes', '--skip-preview');
  expect(await lab.project.preview()).toEqual([]);
  const rows = await lab.admin.rows('show streams in schema lab.streamed');
  return rows.map((row) => ['name', 'source_type', 'table_name', 'mode', 'comment'].map((column) => row[column]).join(' '));
}

test('streams on tables, views and directory tables are created, changed and replaced', async () => {
  expect(
    await deployed(
      { name: 'S_TABLE', on: 'table', comment: 'rows' },
      { name: 'S_VIEW', on: 'view', appendOnly: 'true', showInitialRows: 'true' },
      { name: 'S_FILES', on: 'stage', comment: 'files' },
    ),
  ).toEqual([
    'S_FILES Stage FILES DEFAULT files',
    'S_TABLE Table LAB.STREAMED.T DEFAULT rows',
    'S_VIEW View LAB.STREAMED.V APPEND_ONLY ',
  ]);
  expect(await lab.admin.rows('select n from lab.streamed.s_view')).toEqual([{ N: 1 }]);
  expect(
    await deployed(
      { name: 'S_TABLE', on: 'table', appendOnly: 'true' },
      { name: 'S_VIEW', on: 'view', comment: 'changes' },
      { name: 'S_FILES', on: 'stage' },
    ),
  ).toEqual([
    'S_FILES Stage FILES DEFAULT ',
    'S_TABLE Table LAB.STREAMED.T APPEND_ONLY ',
    'S_VIEW View LAB.STREAMED.V DEFAULT changes',
  ]);
});
