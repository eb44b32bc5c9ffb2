import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TaskServer } from '../tasks/task-server.ts';

// https://docs.snowflake.com/en/sql-reference/sql/copy-files
describe('COPY FILES', () => {
  let server: TaskServer;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'copy-files-'));
    server = await TaskServer.start();
    await server.run(
      'create warehouse w',
      'create database d',
      'create stage src_stage directory = (enable = true)',
      'create stage trg_stage',
    );
    for (const name of ['one.csv', 'two.csv', 'notes.txt']) {
      await writeFile(join(folder, name), name);
      await server.run(`put 'file://${join(folder, name)}' @src_stage/path/ auto_compress = false`);
    }
    await server.run('alter stage src_stage refresh');
  });

  afterAll(async () => {
    await server.close();
    await rm(folder, { recursive: true, force: true });
  });

  const copied = async (statement: string): Promise<readonly unknown[]> => {
    await server.run('remove @trg_stage');
    await server.run(statement);
    return (await server.rows('list @trg_stage')).map(({ name }) => name);
  };

  it.each([
    ['copy files into @trg_stage from @src_stage/path/', ['notes.txt', 'one.csv', 'two.csv']],
    ["copy files into @trg_stage/new from @src_stage/path/ files = ('one.csv', 'absent.csv')", ['new/one.csv']],
    ["copy files into @trg_stage from @src_stage pattern = '.*[.]csv'", ['path/one.csv', 'path/two.csv']],
    ["copy files into @trg_stage/a from (select '@src_stage/path/notes.txt')", ['a/path/notes.txt']],
    ["copy files into @trg_stage from (select '@src_stage/path/notes.txt', 'b/renamed.txt')", ['b/renamed.txt']],
    [
      "copy files into @trg_stage from (select '@src_stage/' || relative_path, split_part(relative_path, '/', 2) from directory(@src_stage) where relative_path like '%.csv')",
      ['one.csv', 'two.csv'],
    ],
  ])('%s', async (statement, files) => {
    expect(await copied(statement)).toEqual(files.map((file) => `trg_stage/${file}`));
  });

  it('names the files, or counts them', async () => {
    const from = 'copy files into @trg_stage from @src_stage/path/';
    expect(await server.rows(from)).toEqual([{ file: 'notes.txt' }, { file: 'one.csv' }, { file: 'two.csv' }]);
    expect(await server.rows(`${from} detailed_output = false`)).toEqual([{ numOfFilesCopied: 3 }]);
  });

  it.each([
    [
      "select '@src_stage/path/one.csv' union all select '@src_stage/path/absent.csv'",
      /Remote file '@src_stage\/path\/absent.csv' was not found/u,
    ],
    ["select '@src_stage/path/one.csv', '../../outside'", /invalid stage location '..\/..\/outside'/u],
    ['select null', /invalid stage location 'NULL'/u],
    ["select '@nowhere/one.csv'", /Stage 'D.PUBLIC.NOWHERE' does not exist or not authorized/u],
  ])('copies nothing from (%s)', async (query, message) => {
    await server.run('remove @trg_stage');
    await expect(server.run(`copy files into @trg_stage from (${query})`)).rejects.toThrow(message);
    expect(await server.rows('list @trg_stage')).toEqual([]);
  });

  it('takes neither FILES nor PATTERN with a query', async () => {
    const statement = "copy files into @trg_stage from (select '@src_stage/path/one.csv') pattern = '.*'";
    await expect(server.run(statement)).rejects.toThrow(/COPY FILES from a query with FILES or PATTERN/u);
  });
});
