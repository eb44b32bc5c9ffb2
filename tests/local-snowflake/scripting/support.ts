import { afterAll, beforeAll } from 'vitest';
import { type LocalServer, startLocalServer } from '../../support/local-server.ts';
import type { SdkConnection, SdkRow } from '../../support/sdk-connection.ts';

/** A connection of Snowflake's driver with a database of its own, for the tests of one file. */
export interface ScriptSession {
  readonly run: (sql: string) => Promise<readonly SdkRow[]>;
  readonly value: (sql: string) => Promise<unknown>;
  /** What a statement fails with: `code (SQLSTATE): message`. */
  readonly refusal: (sql: string) => Promise<string>;
  readonly connection: () => SdkConnection;
  readonly server: () => LocalServer;
}

export function useScriptSession(): ScriptSession {
  let server: LocalServer | undefined;
  let connection: SdkConnection | undefined;
  beforeAll(async () => {
    server = await startLocalServer();
    connection = await server.connect();
    await connection.run('CREATE DATABASE scripts');
  });
  afterAll(() => server?.close());
  const current = (): SdkConnection => {
    if (connection === undefined) throw new Error('the server is started before each file');
    return connection;
  };
  return {
    run: (sql) => current().rows(sql),
    value: (sql) => current().value(sql),
    refusal: async (sql) => {
      try {
        return `no refusal, but ${JSON.stringify(await current().rows(sql))}`;
      } catch (error) {
        const { code, sqlState, message } = error as { code: string; sqlState: string; message: string };
        return `${code} (${sqlState}): ${message}`;
      }
    },
    connection: current,
    server: () => {
      if (server === undefined) throw new Error('the server is started before each file');
      return server;
    },
  };
}
