import { afterAll, beforeAll, expect, it } from 'vitest';
import { type LocalServer, startLocalServer } from '../support/local-server.ts';
import { runPythonClient } from '../support/python-client.ts';

let server: LocalServer;

beforeAll(async () => {
  server = await startLocalServer();
  const connection = await server.connect();
  await connection.run('create database d');
  await connection.run('alter user local_admin set default_namespace = d.public');
  await connection.run("alter account set timezone = 'Europe/Berlin'");
});
afterAll(() => server.close());

// https://docs.snowflake.com/en/developer-guide/python-connector/python-connector-pandas
it('gives the Python connector what its results in JSON give, and tables of Arrow and pandas besides', async () => {
  const nanos = 'timestamp[ns]';
  expect(await runPythonClient(server, 'arrow_results.py')).toEqual({
    different: [],
    formats: [['arrow', 'json']],
    rows: [
      [1, 1],
      [2, 2],
      [0, 0],
      [2, 2],
      [60_000, 60_000],
    ],
    types: {
      tiny: 'int8',
      small: 'int16',
      medium: 'int32',
      long: 'int64',
      longest: 'decimal128(38, 0)',
      money: 'double',
      wide: 'decimal128(38, 9)',
      real: 'double',
      nan: 'double',
      infinite: 'double',
      words: 'string',
      empty: 'string',
      nothing: 'string',
      yes: 'bool',
      first_day: 'date32[day]',
      last_day: 'date32[day]',
      clock: 'time64[us]',
      clock_seconds: 'time32[s]',
      clock_millis: 'time32[ms]',
      moment: nanos,
      before_epoch: nanos,
      last_moment: 'timestamp[us]',
      moment_seconds: 'timestamp[s]',
      moment_micros: 'timestamp[us]',
      local: 'timestamp[ns, tz=Europe/Berlin]',
      local_millis: 'timestamp[ms, tz=Europe/Berlin]',
      zoned: 'timestamp[ns, tz=Europe/Berlin]',
      zoned_millis: 'timestamp[ms, tz=Europe/Berlin]',
      zoned_micros: 'timestamp[us, tz=Europe/Berlin]',
      zoned_seconds: 'timestamp[s, tz=Europe/Berlin]',
      variant: 'string',
      list: 'string',
      map: 'string',
    },
    zoned: [
      '1960-01-01 22:34:05.250000+01:00',
      '1960-01-02 12:04:05.250000+01:00',
      '2024-01-02 03:04:05.250000+01:00',
      '2024-01-02 03:04:05+01:00',
    ],
    nulls: [1, 2],
    frame: [60_000, 'int32', 1_799_970_000, 1_817_969_700, 20_000],
    batches: [true, 60_000],
    no_rows: ['int64', 'string'],
    binary: ['00ffab'],
    by_name: [{ A: 1, B: 'b' }],
    other: ['json', 'json', 'json'],
    asked: 'json',
    told: 'json',
  });
});
