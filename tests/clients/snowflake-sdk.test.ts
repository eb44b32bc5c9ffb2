import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FakeClock } from '../../local-snowflake/platform/clock.ts';
import { alarmOf } from '../support/alarm-of.ts';
import { type LocalServer, startLocalServer } from '../support/local-server.ts';
import type { SdkConnection } from '../support/sdk-connection.ts';

// Snowflake's Node.js driver. https://docs.snowflake.com/en/developer-guide/node-js/nodejs-driver
describe('snowflake-sdk', () => {
  const clock = new FakeClock(Date.now());
  let server: LocalServer;
  let connection: SdkConnection;

  beforeAll(async () => {
    server = await startLocalServer({ clock });
    connection = await server.connect();
    for (const statement of ['create warehouse wire_wh', 'create database wire', 'create stage wire.public.files'])
      await connection.run(statement);
  });

  afterAll(() => server.close());

  describe('login', () => {
    it('refuses a wrong password and an unknown user with the same words', async () => {
      const wrong = { code: '390100', message: 'Incorrect username or password was specified.' };
      await expect(server.connect({ password: 'wrong' })).rejects.toMatchObject(wrong);
      await expect(server.connect({ username: 'NOBODY' })).rejects.toMatchObject(wrong);
    });

    it('takes a key pair, and refuses another key', async () => {
      const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
      const other = generateKeyPairSync('rsa', { modulusLength: 2048 });
      const publicKey = keys.publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
      await connection.run(`create user key_user rsa_public_key = '${publicKey}'`);
      const login = (key: typeof keys): Promise<SdkConnection> =>
        server.connect({
          username: 'key_user',
          authenticator: 'SNOWFLAKE_JWT',
          privateKey: key.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
        });
      const session = await login(keys);
      expect(await session.value('select current_user()')).toBe('KEY_USER');
      await expect(login(other)).rejects.toMatchObject({ code: '390144' });
    });

    it('opens a session in the database, schema and role that were asked for', async () => {
      const session = await server.connect({ database: 'wire', schema: 'public', role: 'SYSADMIN', warehouse: 'wire_wh' });
      expect(await session.rows('select current_database() d, current_schema() s, current_role() r')).toEqual([
        { D: 'WIRE', S: 'PUBLIC', R: 'SYSADMIN' },
      ]);
    });

    it('refuses a role that the user does not have', async () => {
      await expect(server.connect({ role: 'NO_SUCH_ROLE' })).rejects.toMatchObject({ code: '390189' });
    });
  });

  it('keeps a session alive and ends it', async () => {
    const session = await server.connect();
    expect(await session.driver.isValidAsync()).toBe(true);
    await session.close();
    expect(session.driver.isUp()).toBe(false);
  });

  it('reads every type and NULL', async () => {
    await connection.run("alter session set timezone = 'Europe/Berlin'");
    const [row = {}] = await connection.rows(`
      select 12345::number(38,0) as fixed, 1.5::number(10,2) as dec, 0.0015::float as rea, 'äöü "q"' as txt, true as boo, '2022-01-08'::date as dat,
             '01:01:01.5'::time(3) as tim, '2023-11-14 22:13:20.123456'::timestamp_ntz as ntz, '2023-11-14 22:13:20.123 +0000'::timestamp_ltz(3) as ltz,
             '2023-11-14 22:13:20.5 +0100'::timestamp_tz as tz, parse_json('{"a":[1,null]}') as var, object_construct('b', 2) as obj, array_construct(1, 'x') as arr,
             to_binary('DEADBEEF', 'HEX') as bin`);
    expect({ ...row, BIN: Buffer.from(row['BIN'] as Buffer).toString('hex') }).toMatchObject({
      FIXED: 12_345,
      DEC: 1.5,
      REA: 0.0015,
      TXT: 'äöü "q"',
      BOO: true,
      VAR: { a: [1, null] },
      OBJ: { b: 2 },
      ARR: [1, 'x'],
      BIN: 'deadbeef',
    });
    const times = Object.fromEntries(['DAT', 'NTZ', 'LTZ', 'TZ'].map((name) => [name, (row[name] as Date).toJSON()]));
    expect(times).toEqual({
      DAT: '2022-01-08',
      NTZ: '2023-11-14 22:13:20.123',
      LTZ: '2023-11-14 23:13:20.123 +0100',
      TZ: '2023-11-14 22:13:20.500 +0100',
    });
    const [nulls] = await connection.rows(
      'select null::number a, null::float b, null::boolean c, null::date d, null::timestamp_tz e, null::variant f, null::binary g',
    );
    expect(Object.values(nulls ?? {})).toEqual([null, null, null, null, null, null, null]);
  });

  it('describes columns without running the statement', async () => {
    const { statement, rows } = await connection.run(
      "select 1.25::number(10,2) as n, null::varchar(7) as v, '2024-01-01 00:00:00 +0000'::timestamp_ltz(3) as t",
      { describeOnly: true },
    );
    expect(rows).toEqual([]);
    expect(statement.getColumns()?.map((column) => [column.getName(), column.getType(), column.getScale()])).toEqual([
      ['N', 'fixed', 2],
      ['V', 'text', null],
      ['T', 'timestamp_ltz', 3],
    ]);
  });

  it('binds values, and rows of values', async () => {
    await connection.run('create or replace table wire.public.b (n number, t varchar, f float, x boolean)');
    const { statement } = await connection.run('insert into wire.public.b values (?, ?, ?, ?)', {
      binds: [
        [1, "a'b", 1.5, true],
        [2, null, -2.25, false],
      ],
    });
    expect(statement.getNumUpdatedRows()).toBe(2);
    expect(await connection.rows('select * from wire.public.b where n = :1', { binds: [2] })).toEqual([
      { N: 2, T: null, F: -2.25, X: false },
    ]);
  });

  it('runs a statement asynchronously, here and from another session', async () => {
    const alarms = clock.pending;
    const { statement } = await connection.run('call system$wait(30)', { asyncExec: true });
    const id = statement.getQueryId() ?? '';
    await alarmOf(clock, alarms + 1);
    expect(await connection.driver.getQueryStatus(id)).toBe('RUNNING');
    await clock.advanceBy(31_000);
    expect(await connection.resultOf(id)).toEqual([expect.objectContaining({})]);
    expect(await connection.driver.getQueryStatus(id)).toBe('SUCCESS');
    const other = await server.connect();
    expect(await other.resultOf(id)).toHaveLength(1);
  });

  it('cancels a running statement', async () => {
    const alarms = clock.pending;
    let finished: (error: unknown) => void;
    const ended = new Promise<unknown>((resolve) => {
      finished = resolve;
    });
    const statement = connection.driver.execute({
      sqlText: 'call system$wait(1000)',
      complete: (error) => {
        finished(error);
      },
    });
    await alarmOf(clock, alarms + 1);
    await new Promise<void>((resolve, reject) => {
      statement.cancel((error) => {
        if (error) reject(error);
        else resolve();
      });
    });
    expect(await ended).toMatchObject({ code: '000604', sqlState: '57014' });
  });

  it('returns the first result when the same request is sent again', async () => {
    await connection.run('create or replace table wire.public.once (n number)');
    const request = { requestId: '3f0c1a5e-0c3b-4c0e-9a55-0a6a86cfb3de' };
    await connection.run('insert into wire.public.once values (1)', request);
    await connection.run('insert into wire.public.once values (1)', request);
    expect(await connection.value('select count(*) from wire.public.once')).toBe(1);
  });

  it('runs several statements in one request', async () => {
    const { statement, rows } = await connection.run("select 1 as a; select 'x;y' as b", {
      parameters: { MULTI_STATEMENT_COUNT: 2 },
    });
    expect(rows).toEqual([{ A: 1 }]);
    expect((statement as unknown as { hasNext(): boolean }).hasNext()).toBe(true);
    await expect(connection.run('select 1; select 2')).rejects.toMatchObject({ code: '000008' });
  });

  it('streams a large result from its chunks', async () => {
    const { statement, rows } = await connection.run(
      "select seq4() as n, repeat('ä', 100) as t from table(generator(rowcount => 150000))",
    );
    expect(rows).toHaveLength(150_000);
    expect(rows.reduce((sum, row) => sum + Number(row['N']), 0)).toBe((150_000 * 149_999) / 2);
    expect(new Set(rows.map((row) => row['T']))).toEqual(new Set(['ä'.repeat(100)]));
    expect(statement.getNumRows()).toBe(150_000);
  });

  it.each(['LOCAL', 'PRESIGNED'])('puts files onto a stage and gets them back (%s)', async (transfer) => {
    await connection.run(`alter session set LOCAL_SNOWFLAKE_TRANSFER = '${transfer}'`);
    const folder = mkdtempSync(join(tmpdir(), 'wire-'));
    writeFileSync(join(folder, 'data.csv'), 'a,b\n1,2\n'.repeat(100));
    const [put] = await connection.rows(`put file://${folder}/data.csv @wire.public.files/${transfer} overwrite = true`);
    expect(put).toMatchObject({ source: 'data.csv', target: 'data.csv.gz', sourceSize: 800, status: 'UPLOADED' });
    const out = join(folder, 'out');
    mkdirSync(out);
    const [got] = await connection.rows(`get @wire.public.files/${transfer}/data.csv.gz file://${out}/`);
    expect(got).toMatchObject({ file: `${transfer}/data.csv.gz`, status: 'DOWNLOADED' });
    expect(readdirSync(out)).toEqual(['data.csv.gz']);
    expect(gunzipSync(readFileSync(join(out, 'data.csv.gz'))).toString()).toBe('a,b\n1,2\n'.repeat(100));
    await connection.run('alter session unset LOCAL_SNOWFLAKE_TRANSFER');
  });

  it('answers errors with code, SQLSTATE, wording and query id', async () => {
    await expect(connection.run('select * from no_such_table')).rejects.toMatchObject({
      code: '002003',
      sqlState: '42S02',
      message: expect.stringMatching(
        /^SQL compilation error:\nObject '.*NO_SUCH_TABLE' does not exist or not authorized\.$/u,
      ) as string,
      data: { queryId: expect.stringMatching(/^[0-9a-f-]{36}$/u) as string },
    });
    await expect(connection.run('')).rejects.toBeDefined();
    await expect(connection.run('selec 1')).rejects.toMatchObject({ sqlState: expect.any(String) as string });
  });
});

describe('session tokens of snowflake-sdk', () => {
  const clock = new FakeClock(Date.now());
  let server: LocalServer;

  beforeAll(async () => {
    server = await startLocalServer({ clock });
  });

  afterAll(() => server.close());

  it('renews an expired session token by itself, and asks to log in again when the master token has expired too', async () => {
    const session = await server.connect();
    await clock.advanceBy(3601 * 1000);
    expect(await session.value('select 1')).toBe(1);
    await clock.advanceBy(14_401 * 1000);
    await expect(session.run('select 1')).rejects.toMatchObject({ code: 407_002 });
  });

  it('goes on with a token that another request has renewed meanwhile', async () => {
    const session = await server.connect();
    await clock.advanceBy(3601 * 1000);
    const values = await Promise.all([1, 2, 3, 4].map((n) => session.value(`select ${String(n)}`)));
    expect(values).toEqual([1, 2, 3, 4]);
  });
});
