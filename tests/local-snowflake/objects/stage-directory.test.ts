import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalServer, startLocalServer } from '../../support/local-server.ts';
import type { SdkConnection } from '../../support/sdk-connection.ts';

let server: LocalServer;
let client: SdkConnection;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stage-directory-'));
  server = await startLocalServer();
  client = await server.connect();
  for (const sql of [
    'create database db',
    'create warehouse wh',
    'create stage files directory = (enable = true)',
    'create stage plain',
  ])
    await client.run(sql);
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

async function put(name: string, content: string, path = ''): Promise<void> {
  await writeFile(join(folder, name), content);
  await client.run(`put 'file://${join(folder, name)}' @files/${path} auto_compress = false overwrite = true`);
}

const listed = 'select relative_path as p, size as s from directory(@files) order by relative_path';

// https://docs.snowflake.com/en/user-guide/data-load-dirtables-query
describe('The directory table of a stage', () => {
  it('has the files of the last refresh', async () => {
    await put('a.txt', 'a');
    expect(await client.rows(listed)).toEqual([]);
    expect(await client.rows('alter stage files refresh')).toEqual([
      { file: 'a.txt', status: 'REGISTERED_NEW', description: 'File registered successfully.' },
    ]);
    expect(await client.rows(listed)).toEqual([{ P: 'a.txt', S: 1 }]);
  });

  it('is refreshed below a path alone', async () => {
    await put('a.txt', 'longer');
    await put('b.txt', 'bb', 'sub');
    expect(await client.rows(`alter stage files refresh subpath = 'sub'`)).toMatchObject([{ file: 'sub/b.txt' }]);
    expect(await client.rows(listed)).toEqual([
      { P: 'a.txt', S: 1 },
      { P: 'sub/b.txt', S: 2 },
    ]);
    expect(await client.rows('alter stage files refresh')).toMatchObject([{ file: 'a.txt', status: 'REGISTERED_UPDATE' }]);
    await client.run('remove @files/sub');
    expect(await client.rows('alter stage files refresh')).toMatchObject([{ file: 'sub/b.txt', status: 'UNREGISTERED' }]);
    expect(await client.rows(listed)).toEqual([{ P: 'a.txt', S: 6 }]);
  });

  it('is there only where it was asked for', async () => {
    const refused = { message: expect.stringContaining('Directory table is not enabled on stage DB.PUBLIC.PLAIN') };
    await expect(client.run('select * from directory(@plain)')).rejects.toMatchObject(refused);
    await expect(client.run('alter stage plain refresh')).rejects.toMatchObject(refused);
    await client.run('alter stage plain set directory = (enable = true)');
    expect(await client.rows('select * from directory(@plain)')).toEqual([]);
  });
});

// https://docs.snowflake.com/en/sql-reference/sql/create-image-repository
describe('Image repositories', () => {
  it('are made, shown and dropped; there are never images in one', async () => {
    await client.run(`create image repository images encryption = (type = 'SNOWFLAKE_SSE') comment = 'of models'`);
    expect(await client.rows('show image repositories in schema db.public')).toMatchObject([
      { name: 'IMAGES', database_name: 'DB', encryption: 'SNOWFLAKE_SSE', comment: 'of models' },
    ]);
    expect(await client.rows('show images in image repository images')).toEqual([]);
    await expect(client.run(`create image repository odd encryption = (type = 'NONE')`)).rejects.toMatchObject({ code: '001008' });
    await client.run('drop image repository images');
    expect(await client.rows('show image repositories in schema db.public')).toEqual([]);
    await expect(client.run('show images in image repository images')).rejects.toMatchObject({ code: '002003' });
  });
});
