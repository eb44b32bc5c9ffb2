import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FakeClock } from '../../../local-snowflake/platform/clock.ts';
import { alarmOf } from '../../support/alarm-of.ts';
import { http, RawClient, textOf } from '../../support/http-client.ts';
import { type LocalServer, startLocalServer } from '../../support/local-server.ts';

describe('the driver protocol, by hand', () => {
  const clock = new FakeClock(Date.now());
  const wireClock = new FakeClock();
  let server: LocalServer;
  let client: RawClient;

  beforeAll(async () => {
    server = await startLocalServer({ clock, wireClock });
    client = new RawClient(server.origin);
    await client.login(server.user, server.password);
    for (const statement of ['create warehouse wire_wh', 'create database wire', 'create stage wire.public.files']) {
      expect(await client.query(statement)).toMatchObject({ success: true });
    }
  });

  afterAll(() => server.close());

  describe('malformed requests get a 4xx that says why, and never hang', () => {
    it.each([
      ['POST', '/session/v1/login-request', {}, '{"data":', 400, 'not valid JSON'],
      ['POST', '/session/v1/login-request', {}, '[]', 400, 'must be a JSON object'],
      ['POST', '/session/v1/login-request', {}, '', 400, 'must be a JSON object'],
      ['POST', '/session/v1/login-request', {}, '{"data":{"PASSWORD":1}}', 400, "'PASSWORD' must be a text"],
      ['POST', '/session/v1/login-request', { 'content-encoding': 'gzip' }, '{}', 400, 'not valid gzip'],
      ['POST', '/session/v1/login-request', { 'content-encoding': 'br' }, '{}', 415, 'not supported'],
      ['POST', '/session', {}, '', 400, 'delete=true'],
      ['GET', '/queries/v1/query-request', {}, '', 404, 'is not part of the protocol'],
      ['GET', '/', {}, '', 404, 'is not part of the protocol'],
      ['GET', '/%zz', {}, '', 400, ''],
      ['GET', '/api/v2/databases', {}, '', 401, ''],
      ['GET', '/api/v2/stages', {}, '', 405, ''],
      ['GET', '/stage-files/guess/../../etc/passwd', {}, '', 403, 'never given out'],
      ['PUT', '/stage-files/guess', {}, 'x', 403, 'never given out'],
      ['GET', '/result-chunks/guess/0', {}, '', 403, 'expired'],
      ['GET', '/admin/v1/status', {}, '', 404, ''],
    ] as const)('%s %s %j %s', async (method, path, headers, body, status, message) => {
      const answer = await http(method, server.origin + path, { 'content-type': 'application/json', ...headers }, body);
      expect(answer.status).toBe(status);
      expect(answer.body.toString()).toContain(message);
    });

    it('a zip bomb', async () => {
      const bomb = gzipSync(gzipSync(Buffer.alloc(300 * 1024 * 1024)));
      const answer = await http('POST', `${server.origin}/telemetry/send`, { 'content-encoding': 'gzip' }, gunzipSync(bomb));
      expect(answer.status).toBe(413);
    });

    it('what is not HTTP at all', async () => {
      const answer = await http(
        'POST',
        `${server.origin}/session`,
        { 'transfer-encoding': 'chunked', 'content-length': '5' },
        'abc',
      ).catch((error: unknown) => error);
      expect(answer).toMatchObject({ status: 400 });
    });
  });

  it('answers statements without a session, or with one that is gone, with the codes on which drivers log in again', async () => {
    const stranger = new RawClient(server.origin);
    expect(await stranger.post('/queries/v1/query-request', { sqlText: 'select 1' }, '')).toMatchObject({
      success: false,
      code: '390104',
    });
    expect(await stranger.post('/queries/v1/query-request', { sqlText: 'select 1' }, 'None')).toMatchObject({
      success: false,
      code: '390104',
    });
    expect(await stranger.post('/session/heartbeat', {}, 'ver:1-made-up')).toMatchObject({ success: false, code: '390111' });
    await stranger.login(server.user, server.password);
    expect(await stranger.post('/session/heartbeat', {})).toMatchObject({ success: true });
    expect(await stranger.post('/session?delete=true', {})).toMatchObject({ success: true });
    expect(await stranger.query('select 1')).toMatchObject({ success: false, code: '390111' });
  });

  it('renews with the master token alone', async () => {
    const other = new RawClient(server.origin);
    const { data } = await other.login(server.user, server.password);
    const body = { oldSessionToken: data['token'], requestType: 'RENEW' };
    expect(await other.post('/session/token-request', body, textOf(data['token']))).toMatchObject({
      success: false,
      code: '390114',
    });
    const renewed = await other.post('/session/token-request', body, textOf(data['masterToken']));
    expect(renewed).toMatchObject({
      success: true,
      data: { sessionId: data['sessionId'], validityInSecondsST: 3600, validityInSecondsMT: 14_400 },
    });
    // A statement that was sent with the old token meanwhile is told that it has expired, not that the session is gone.
    expect(await other.query('select 1')).toMatchObject({ success: false, code: '390112' });
    other.token = textOf(renewed.data['sessionToken']);
    expect(await other.query('select 1')).toMatchObject({ success: true });
    expect(await other.post('/session/token-request', { requestType: 'CLONE' }, textOf(data['masterToken']))).toMatchObject({
      success: false,
      code: '000002',
    });
  });

  it('tells a driver to poll on after 45 seconds, and again, and then gives the result', async () => {
    const alarms = clock.pending;
    const answer = client.query('call system$wait(100)');
    // The statement's own time limit, then the wait.
    await alarmOf(clock, alarms + 1);
    await alarmOf(wireClock);
    await wireClock.advanceBy(44_999);
    await wireClock.advanceBy(1);
    const first = await answer;
    expect(first).toMatchObject({ success: true, code: '333333' });
    const url = textOf(first.data['getResultUrl']);
    expect(url).toBe(`/queries/${textOf(first.data['queryId'])}/result`);
    const second = client.get(url);
    await alarmOf(wireClock);
    await wireClock.advanceBy(45_000);
    expect(await second).toMatchObject({ success: true, code: '333334' });
    const third = client.get(url);
    await clock.advanceBy(101_000);
    expect(await third).toMatchObject({ success: true, code: null, data: { queryId: first.data['queryId'], total: 1 } });
  });

  it('watches and aborts statements by their ids', async () => {
    const starting = client.query('call system$wait(100)', { asyncExec: true });
    await alarmOf(wireClock);
    await wireClock.advanceBy(100);
    const started = await starting;
    expect(started).toMatchObject({ success: true, code: '333334' });
    const id = textOf(started.data['queryId']);
    expect(await client.get(`/monitoring/queries/${id}`)).toMatchObject({
      data: { queries: [{ id, status: 'RUNNING', endTime: 0 }] },
    });
    expect(await client.post(`/queries/${id}/abort-request`, {})).toMatchObject({ success: true });
    expect(await client.get(`/queries/${id}/result`)).toMatchObject({
      success: false,
      code: '000604',
      data: { queryId: id, sqlState: '57014' },
    });
    expect(await client.get(`/monitoring/queries/${id}`)).toMatchObject({
      data: { queries: [{ id, status: 'ABORTED', errorCode: '000604' }] },
    });
    expect(await client.post(`/queries/${id}/abort-request`, {})).toMatchObject({ success: false, code: '000605' });
    expect(await client.post('/queries/v1/abort-request', { requestId: 'none' })).toMatchObject({ success: false, code: '000605' });
    expect(await client.get('/monitoring/queries/none')).toMatchObject({ success: true, data: { queries: [] } });
    expect(await client.get('/queries/none/result')).toMatchObject({ success: false, code: '000709' });
  });

  it('sends the columns with the facts that drivers read', async () => {
    const { data } = await client.query(
      "select 1::number(10,2) as n, 'x'::varchar(10) as v, 'x'::varchar as w, true as b, current_date as d, '1:2:3'::time(3) as t",
    );
    const facts = { database: '', schema: '', table: '', collation: null };
    expect(data['rowtype']).toEqual([
      {
        name: 'N',
        type: 'fixed',
        precision: 10,
        scale: 2,
        length: null,
        byteLength: null,
        nullable: expect.any(Boolean) as boolean,
        ...facts,
      },
      {
        name: 'V',
        type: 'text',
        precision: null,
        scale: null,
        length: 10,
        byteLength: 40,
        nullable: expect.any(Boolean) as boolean,
        ...facts,
      },
      {
        name: 'W',
        type: 'text',
        precision: null,
        scale: null,
        length: 16_777_216,
        byteLength: 16_777_216,
        nullable: expect.any(Boolean) as boolean,
        ...facts,
      },
      {
        name: 'B',
        type: 'boolean',
        precision: null,
        scale: null,
        length: null,
        byteLength: null,
        nullable: expect.any(Boolean) as boolean,
        ...facts,
      },
      {
        name: 'D',
        type: 'date',
        precision: null,
        scale: null,
        length: null,
        byteLength: null,
        nullable: expect.any(Boolean) as boolean,
        ...facts,
      },
      {
        name: 'T',
        type: 'time',
        precision: 0,
        scale: 3,
        length: null,
        byteLength: null,
        nullable: expect.any(Boolean) as boolean,
        ...facts,
      },
    ]);
    expect(data['rowset']).toEqual([['1.00', 'x', 'x', '1', expect.stringMatching(/^\d+$/u), '3723.000']]);
    expect(data).toMatchObject({
      total: 1,
      returned: 1,
      queryResultFormat: 'json',
      statementTypeId: 0x1000,
      version: 1,
      finalRoleName: 'ACCOUNTADMIN',
    });
  });

  it('reports the context that a statement leaves', async () => {
    expect((await client.query('use schema wire.public')).data).toMatchObject({
      finalDatabaseName: 'WIRE',
      finalSchemaName: 'PUBLIC',
    });
    expect((await client.query('use role sysadmin')).data).toMatchObject({ finalRoleName: 'SYSADMIN' });
    expect((await client.query('use role accountadmin')).data).toMatchObject({ finalRoleName: 'ACCOUNTADMIN' });
  });

  it('sends a large result in gzip chunks that any holder of the URL can read', async () => {
    const { data } = await client.query("select seq4() as n, repeat('x', 200) as t from table(generator(rowcount => 100000))");
    const inline = data['rowset'] as string[][];
    const chunks = data['chunks'] as { url: string; rowCount: number; uncompressedSize: number }[];
    expect(data).toMatchObject({ total: 100_000, returned: 100_000 });
    expect(inline.length + chunks.reduce((sum, chunk) => sum + chunk.rowCount, 0)).toBe(100_000);
    const rows = [...inline];
    for (const chunk of chunks) {
      const answer = await http('GET', chunk.url);
      expect(answer.headers).toMatchObject({ 'content-encoding': 'gzip', 'content-type': 'application/octet-stream' });
      const read = JSON.parse(`[${gunzipSync(answer.body).toString()}]`) as string[][];
      expect(read).toHaveLength(chunk.rowCount);
      rows.push(...read);
    }
    expect(rows.map((row) => Number(row[0])).sort((a, b) => a - b)).toEqual(Array.from({ length: 100_000 }, (_, index) => index));
    expect((await http('GET', `${chunks[0]?.url ?? ''}9`)).status).toBe(403);
  });

  it('compresses long answers for clients that ask for it', async () => {
    const ask = (headers: Record<string, string>): ReturnType<typeof http> =>
      http(
        'POST',
        `${server.origin}/queries/v1/query-request`,
        { authorization: `Snowflake Token="${client.token}"`, ...headers },
        JSON.stringify({ sqlText: "select repeat('x', 2000000) as t" }),
      );
    const compressed = await ask({ 'accept-encoding': 'gzip, deflate' });
    expect(compressed.headers['content-encoding']).toBe('gzip');
    expect(compressed.body.length).toBeLessThan(100_000);
    const plain = await ask({});
    expect(plain.headers['content-encoding']).toBeUndefined();
    const rowset = (body: Buffer): unknown => (JSON.parse(body.toString()) as { data: { rowset: unknown } }).data.rowset;
    expect(rowset(gunzipSync(compressed.body))).toEqual(rowset(plain.body));
  });

  describe('presigned stage files', () => {
    let url: string;
    const content = Buffer.from(Array.from({ length: 1000 }, (_, index) => index % 256));

    beforeAll(async () => {
      await client.query("alter session set LOCAL_SNOWFLAKE_TRANSFER = 'PRESIGNED'");
      const put = await client.query("put 'file:///tmp/data.bin' @wire.public.files auto_compress = false");
      expect(put.data).toMatchObject({
        command: 'UPLOAD',
        src_locations: ['/tmp/data.bin'],
        stageInfo: { locationType: 'GCS', creds: {} },
      });
      const { presignedUrl } = put.data['stageInfo'] as { presignedUrl: string };
      // As the Node.js driver does before it uploads.
      expect((await http('GET', presignedUrl)).status).toBe(403);
      expect((await http('PUT', presignedUrl, { 'content-encoding': 'deflate' }, content)).status).toBe(200);
      const get = await client.query("get @wire.public.files/data.bin 'file:///tmp/'");
      expect(get.data).toMatchObject({ command: 'DOWNLOAD', localLocation: '/tmp/' });
      url = (get.data['presignedUrls'] as string[])[0] ?? '';
    });

    it('gives the bytes back as they came', async () => {
      const answer = await http('GET', url);
      expect(answer).toMatchObject({ status: 200, headers: { 'content-length': '1000', 'accept-ranges': 'bytes' } });
      expect(answer.body.equals(content)).toBe(true);
    });

    // As pandas reads Parquet files over HTTP: HEAD, then ranges.
    it('answers HEAD and ranges', async () => {
      expect(await http('HEAD', url)).toMatchObject({
        status: 200,
        headers: { 'content-length': '1000', 'accept-ranges': 'bytes' },
        body: Buffer.alloc(0),
      });
      const part = await http('GET', url, { range: 'bytes=10-19' });
      expect(part).toMatchObject({ status: 206, headers: { 'content-length': '10', 'content-range': 'bytes 10-19/1000' } });
      expect(part.body.equals(content.subarray(10, 20))).toBe(true);
      expect((await http('GET', url, { range: 'bytes=-5' })).body.equals(content.subarray(-5))).toBe(true);
      expect(await http('GET', url, { range: 'bytes=5000-' })).toMatchObject({
        status: 416,
        headers: { 'content-range': 'bytes */1000' },
      });
    });

    it('are for one method and one file, and for a time', async () => {
      expect((await http('PUT', url, {}, 'other')).status).toBe(403);
      expect((await http('GET', `${url}/../other`)).status).toBe(403);
      await clock.advanceBy(3_600_001);
      expect((await http('GET', url)).status).toBe(403);
    });
  });
});
