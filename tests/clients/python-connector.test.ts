import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalServer, startLocalServer } from '../support/local-server.ts';
import { runPythonClient } from '../support/python-client.ts';

// The Snowflake Python connector, in a process of its own, against a server in this one.
describe('Snowflake Python connector', () => {
  let server: LocalServer;
  let found: Record<string, unknown>;

  beforeAll(async () => {
    server = await startLocalServer();
    found = (await runPythonClient(server, 'python_connector.py')) as Record<string, unknown>;
  }, 120_000);

  afterAll(() => server.close());

  it('refuses a wrong password at once', () => {
    expect(found['wrong_password']).toMatchObject({ type: 'DatabaseError', errno: 390_100, quick: true });
  });

  it('reads every type', () => {
    expect(found['every_type']).toMatchObject({
      row: {
        FIXED: '12345678901234567890',
        DECIMAL_: "Decimal('1.50')",
        REAL_: '0.0015',
        BOOLEAN_: 'True',
        DATE_: 'datetime.date(2022, 1, 8)',
        TIME_: 'datetime.time(1, 1, 1, 123456)',
        NTZ: 'datetime.datetime(2023, 11, 14, 22, 13, 20, 123456)',
        LTZ: "datetime.datetime(2023, 11, 14, 23, 13, 20, 123000, tzinfo=<DstTzInfo 'Europe/Berlin' CET+1:00:00 STD>)",
        TZ: 'datetime.datetime(2023, 11, 14, 22, 13, 20, 500000, tzinfo=pytz.FixedOffset(60))',
        BINARY_: String.raw`bytearray(b'\xde\xad\xbe\xef')`,
        BEFORE_EPOCH: 'datetime.datetime(1969, 12, 31, 23, 59, 58, 500000)',
      },
      nulls: 14,
    });
    const { row } = found['every_type'] as { row: Record<string, string> };
    expect(row['TEXT_']).toBe(String.raw`'äöü "q" \' \\ 雪'`.replace(/^'(.*)'$/u, `'$1'`));
    expect(JSON.parse((row['VARIANT_'] ?? '').slice(1, -1).replaceAll('\\n', ' '))).toEqual({ a: [1, null, 'x'] });
    expect(JSON.parse((row['OBJECT_'] ?? '').slice(1, -1).replaceAll('\\n', ' '))).toEqual({ b: 2 });
    expect(JSON.parse((row['ARRAY_'] ?? '').slice(1, -1).replaceAll('\\n', ' '))).toEqual([1, 'x']);
  });

  // https://docs.snowflake.com/en/sql-reference/data-types-vector
  it('reads structured values as semi-structured ones, and vectors as lists', () => {
    const row = [[1, 2], { k: 1 }, [1, 2.5], [1, 2]];
    expect(found['nested_types']).toEqual({ ARROW: [row], JSON: [row] });
  });

  it('describes without running', () => {
    expect(found['describe_only']).toMatchObject({ columns: ['A', 'B'], error: { errno: 2003, sqlstate: '42S02' } });
  });

  it('binds on the client and on the server, and inserts in batches', () => {
    expect(found['binds']).toEqual({ client: [1, "it's", null] });
    expect(found['server_binds']).toEqual({
      row: [1, "it's; -- not a comment", null, true],
      same: true,
      inserted: 1000,
      total: [1000, 499_500, 'row 999'],
    });
  });

  it('counts what DML changed', () => {
    expect(found['dml']).toMatchObject({
      inserted: 3,
      stats: { num_rows_inserted: 3 },
      updated: 2,
      deleted: 1,
      null: { type: 'IntegrityError', errno: 100_072 },
    });
  });

  it('reads a large result in chunks', () => {
    expect(found['large_result']).toEqual({ rows: 200_000, rowcount: 200_000, sum: (200_000 * 199_999) / 2, chunked: true });
  });

  it('runs statements asynchronously', () => {
    expect(found['asynchronous']).toMatchObject({
      rows: [[57]],
      status: 'SUCCESS',
      failed: 'FAILED_WITH_ERROR',
      error: { errno: 2003 },
      unknown: 'NO_DATA',
    });
  });

  it('runs several statements in one request, and refuses them unasked', () => {
    expect(found['multi_statement']).toMatchObject({ results: [[[1]], [['two;']], [[3]]], wrong: { errno: 8 } });
  });

  it.each(['transfers', 'presigned_transfers'])('moves files to and from stages (%s)', (scenario) => {
    expect(found[scenario]).toMatchObject({
      put: ['hello.txt', 'hello.txt.gz', 6000, expect.any(Number), 'NONE', 'GZIP', 'UPLOADED'],
      stream: ['stream.txt', 'stream.txt', 6, 6, 'NONE', 'NONE', 'UPLOADED'],
      listed: ['files/stream.txt', 'files/sub/hello.txt.gz'],
      get: [['hello.txt.gz', 'DOWNLOADED']],
      got: ['hello.txt.gz'],
      text: 'stream',
    });
  });

  it('cancels a statement that takes longer than its timeout', () => {
    expect(found['abort']).toMatchObject({ errno: 604, quick: true });
  });

  it('knows its session, and when it ends', () => {
    expect(found['session']).toEqual({
      database: 'WIRE_PY',
      schema: 'PUBLIC',
      role: 'ACCOUNTADMIN',
      valid: true,
      id: true,
      changed: 'OTHER',
      closed: true,
    });
  });

  it("answers errors with Snowflake's code, SQLSTATE and wording", () => {
    expect(found['unknown_table']).toMatchObject({
      type: 'ProgrammingError',
      errno: 2003,
      sqlstate: '42S02',
      message: expect.stringContaining('does not exist or not authorized') as string,
    });
  });
});
