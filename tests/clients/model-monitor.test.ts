import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalServer, startLocalServer } from '../support/local-server.ts';
import { runPythonClient } from '../support/python-client.ts';

interface Found {
  readonly made: readonly string[];
  readonly metrics: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly refused: Readonly<Record<string, unknown>>;
  readonly lifecycle: Readonly<Record<string, unknown>>;
}

const text = (pattern: RegExp): unknown => expect.stringMatching(pattern);

// snowflake.ml's registry and model monitors, over inference logs that the registered models wrote.
describe("Snowflake ML's model monitor client", () => {
  let server: LocalServer;
  let found: Found;

  beforeAll(async () => {
    server = await startLocalServer();
    found = (await runPythonClient(server, 'model_monitor.py')) as Found;
  });

  afterAll(() => server.close());

  it('makes monitors of scikit-learn and custom models', () => {
    expect(found.made).toEqual(['DENIAL_MONITOR', 'PRICE_MONITOR', 'SPECIES_MONITOR']);
  });

  it('finds, suspends, resumes, segments and deletes them', () => {
    expect(found.lifecycle).toEqual({
      names: ['DENIAL_MONITOR', 'DENIAL_MONITOR'],
      suspended: 'SUSPENDED',
      resumed: 'ACTIVE',
      added: [['REGION', 'COLOUR'], ['N']],
      dropped: [['REGION'], []],
      shown: [
        ['DENIAL_MONITOR', 'TABULAR_BINARY_CLASSIFICATION', '30 minutes'],
        ['PRICE_MONITOR', 'TABULAR_REGRESSION', '30 minutes'],
        ['SPECIES_MONITOR', 'TABULAR_MULTI_CLASSIFICATION', '30 minutes'],
      ],
      deleted: ['ValueError', text(/Unable to find model monitor 'DENIAL_MONITOR'/u)],
      left: 2,
    });
  });

  it('says what cannot be', () => {
    expect(found.refused).toEqual({
      second: ['SnowparkSQLException', text(/version V1 of model ML\.MON\.DENIAL already has a monitor/u)],
      function: ['ValueError', text(/Function with name explain does not exist/u)],
      warehouse: ['ValueError', text(/Warehouse 'NO_WH' not found/u)],
      source: ['SnowparkSQLException', text(/'ML\.MON\.NOWHERE' does not exist/u)],
      column: ['ValueError', text(/NOTHING.* do not exist in source/u)],
      task: ['ValueError', text(/must be logged with task/u)],
      missing: ['ValueError', text(/Unable to find model monitor 'NOBODY'/u)],
      unmonitored: ['ValueError', text(/Unable to find model monitor for the given model version/u)],
      metric_table: ['SnowparkSQLException', text(/Unsupported feature 'CREATE MODEL MONITOR … TIMESTAMP_CUSTOM_METRIC_TABLE'/u)],
    });
  });

  // https://docs.snowflake.com/en/sql-reference/functions-model-monitors
  it.each(['DENIAL', 'PRICE', 'SPECIES'])('measures %s as scikit-learn, scipy and numpy do', (name) => {
    const off = Object.entries(found.metrics[name] ?? {});
    expect(off.length).toBeGreaterThan(15);
    expect(off.filter(([, difference]) => !(difference < 1e-9))).toEqual([]);
  });
});
