import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FakeClock } from '../../../local-snowflake/platform/clock.ts';
import { type LocalServer, startLocalServer } from '../../support/local-server.ts';
import type { SdkConnection } from '../../support/sdk-connection.ts';

/** Noon, so that the day of the newest rows has begun. */
export const now = '2026-03-10T12:00:00Z';

/** An account with models of three tasks, and an inference log of the binary one. */
export class MonitorAccount {
  readonly clock: FakeClock;
  server: LocalServer;
  connection: SdkConnection;
  readonly #folder: string;

  private constructor(clock: FakeClock, server: LocalServer, connection: SdkConnection, folder: string) {
    this.clock = clock;
    this.server = server;
    this.connection = connection;
    this.#folder = folder;
  }

  static async open(): Promise<MonitorAccount> {
    const folder = mkdtempSync(join(tmpdir(), 'monitor-'));
    const clock = new FakeClock(now);
    const server = await startLocalServer({ clock, dataDir: join(folder, 'data') });
    const account = new MonitorAccount(clock, server, await server.connect(), folder);
    await account.#fill();
    return account;
  }

  /** Ends the server and starts another on the same data. */
  async restart(): Promise<void> {
    await this.server.close();
    this.server = await startLocalServer({ clock: this.clock, dataDir: join(this.#folder, 'data') });
    this.connection = await this.server.connect();
    await this.run('use schema db.sc');
  }

  run(statement: string): Promise<unknown> {
    return this.connection.run(statement);
  }

  rows(statement: string): ReturnType<SdkConnection['rows']> {
    return this.connection.rows(statement);
  }

  /** CREATE MODEL MONITOR of the inference log; `change` replaces, adds or (undefined) leaves out properties. */
  monitor(
    name = 'watch',
    change: Readonly<Record<string, string | undefined>> = {},
    words = 'create model monitor',
  ): Promise<unknown> {
    const properties: Record<string, string | undefined> = {
      MODEL: 'denial',
      VERSION: "'v1'",
      FUNCTION: "'predict'",
      SOURCE: 'scored',
      BASELINE: 'training',
      WAREHOUSE: 'wh',
      REFRESH_INTERVAL: "'1 hour'",
      AGGREGATION_WINDOW: "'1 day'",
      TIMESTAMP_COLUMN: 'scored_at',
      ID_COLUMNS: "('id')",
      PREDICTION_SCORE_COLUMNS: "('probability')",
      PREDICTION_CLASS_COLUMNS: "('denied')",
      ACTUAL_CLASS_COLUMNS: "('truth')",
      SEGMENT_COLUMNS: "('region')",
      ...change,
    };
    const written = Object.entries(properties).flatMap(([key, value]) => (value === undefined ? [] : [`${key} = ${value}`]));
    return this.run(`${words} ${name} with ${written.join('\n')}`);
  }

  async close(): Promise<void> {
    await this.server.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #fill(): Promise<void> {
    for (const statement of [
      // Warehouses that suspend themselves set alarms, which the tests count.
      'create warehouse wh auto_suspend = 0',
      'alter warehouse compute_wh set auto_suspend = 0',
      'create database db',
      'create schema sc',
      'create stage models',
      'create table scored (id int, scored_at timestamp_ntz, region string, income float, grade string, owned boolean, probability float, denied int, truth int, note variant)',
      `insert into scored select column1, column2::timestamp_ntz, column3, column4, column5, column6, column7, column8, column9, parse_json('{}') from values
        (1, '2026-03-08 08:00', 'north', 10, 'a', true, 0.1, 0, 0),
        (2, '2026-03-08 09:00', 'south', 20, 'a', true, 0.9, 1, 1),
        (3, '2026-03-09 08:00', 'north', 30, 'b', false, 0.6, 1, 0),
        (4, '2026-03-09 09:00', 'north', null, 'b', true, 0.8, 1, 1),
        (5, '2026-03-10 09:00', 'south', 50, 'a', true, 0.2, 0, null)`,
      'create table training (income float, grade string, owned boolean, probability float, denied int, region string)',
      `insert into training values (10, 'a', true, 0.2, 0, 'north'), (20, 'a', false, 0.4, 0, 'south'), (30, 'b', true, 0.7, 1, 'north'), (40, 'b', true, 0.9, 1, 'south')`,
    ])
      await this.run(statement);
    await this.model('denial', 'TABULAR_BINARY_CLASSIFICATION');
    await this.model('price', 'TABULAR_REGRESSION');
    await this.model('species', 'TABULAR_MULTI_CLASSIFICATION');
    await this.model('blob', 'UNKNOWN');
  }

  /** A model of which no more than its description is needed. */
  async model(name: string, task: string): Promise<void> {
    const folder = join(this.#folder, name);
    mkdirSync(folder);
    writeFileSync(join(folder, 'MANIFEST.yml'), 'methods:\n  - {name: PREDICT, handler: f.g, inputs: [], outputs: []}\n');
    writeFileSync(join(folder, 'model.yaml'), `task: ${task}\n`);
    await this.run(`put 'file://${folder}/*' @models/${name} auto_compress = false`);
    await this.run(`create model ${name} with version v1 from @models/${name}`);
  }
}
