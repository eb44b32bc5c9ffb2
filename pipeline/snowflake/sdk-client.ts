import type snowflake from 'snowflake-sdk';
import type { Connection, ConnectionOptions, SnowflakeError } from 'snowflake-sdk';
import type { ConnectionEntry } from '../connection/connection-entry.ts';
import { sdkConnection } from '../connection/sdk-options.ts';
import { PipelineFailure } from '../failure.ts';
import { assertListening } from './reachable.ts';
import type { SqlClient, SqlRow } from './sql-client.ts';
import { SqlFailure, wayOutOf } from './sql-failure.ts';

type Sdk = typeof snowflake;

const silent = (): void => {
  // Messages of the driver reach the user as errors of the statement, not as log lines.
};

let loaded: Promise<Sdk> | undefined;

// The driver takes a good part of a second to load, and commands such as --help need none of it.
const loadSdk = (): Promise<Sdk> => {
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
  loaded ??= import('snowflake-sdk').then(({ default: sdk }) => {
    sdk.configure({ logLevel: 'OFF', customLogger: { error: silent, warn: silent, info: silent, debug: silent, trace: silent } });
    return sdk;
  });
  return loaded;
};

// The session ended on the server's side (it was restarted, or the session was idle for too long): the statement did not run.
const sessionLost = new Set(['390104', '390111', '390112', '390114', '390195', '407002', '401004']);

const codeOf = (error: SnowflakeError): string => String(error.code ?? '');

const connectFailure = (error: SnowflakeError, entry: ConnectionEntry, address: string): PipelineFailure => {
  const code = codeOf(error);
  const who = `connection "${entry.name}" (${entry.source})`;
  if (code === '390100' || code === '390144') {
    return new PipelineFailure(`Snowflake refused the credentials of ${who}: ${error.message}`, {
      wayOut:
        code === '390144'
          ? 'Check that the private key belongs to the public key set on the user (DESCRIBE USER: RSA_PUBLIC_KEY_FP).'
          : 'Check user and password. For the local Snowflake, npx local-snowflake credentials prints them.',
      cause: error,
    });
  }
  if (code === '390189' || code === '390201') {
    return new PipelineFailure(`${who}: ${error.message}`, {
      wayOut: 'Correct role, or have it granted to the user.',
      cause: error,
    });
  }
  if (error.name === 'NetworkError' || error.name === 'RequestFailedError') {
    const reason = error.cause instanceof Error ? `: ${error.cause.message}` : '';
    return new PipelineFailure(`No answer from ${address}${reason}.`, {
      wayOut: `Check account and host of ${who}, and the network.`,
      cause: error,
    });
  }
  return new PipelineFailure(`Cannot connect with ${who}: ${error.message}`, { wayOut: 'Check the entry.', cause: error });
};

const statementFailure = (error: SnowflakeError, address: string): PipelineFailure => {
  if (error.name !== 'OperationFailedError') {
    return new PipelineFailure(`The connection to ${address} broke: ${error.message}`, {
      wayOut: 'A run that was started goes on without it. Join it again: pipeline watch.',
      cause: error,
    });
  }
  const code = Number(error.code);
  return new SqlFailure(error.message, code, error.sqlState ?? '', wayOutOf(code, error.message), error);
};

const connectOnce = async (entry: ConnectionEntry, options: ConnectionOptions, address: string): Promise<Connection> => {
  const sdk = await loadSdk();
  try {
    const connection = sdk.createConnection(options);
    return await new Promise<Connection>((resolve, reject) => {
      void connection.connect((error) => (error === undefined || error === null ? resolve(connection) : reject(error)));
    });
  } catch (error) {
    throw connectFailure(error as SnowflakeError, entry, address);
  }
};

const execute = (connection: Connection, sql: string): Promise<readonly SqlRow[]> =>
  new Promise((resolve, reject) => {
    connection.execute({
      sqlText: sql,
      complete: (error, _statement, rows) => {
        if (error) reject(error);
        else resolve((rows ?? []) as readonly SqlRow[]);
      },
    });
  });

/** Connects through snowflake-sdk. @throws PipelineFailure that says what to correct. */
export const connectToSnowflake = async (entry: ConnectionEntry): Promise<SqlClient> => {
  const { options, address, loopback } = sdkConnection(entry);
  // Retrying a login for minutes makes a mistyped host look like a hang.
  const impatient = { ...options, sfRetryMaxLoginRetries: loopback === undefined ? 2 : 0 };
  const open = async (): Promise<Connection> => {
    if (loopback !== undefined) await assertListening(loopback.host, loopback.port);
    return await connectOnce(entry, impatient, address);
  };
  let connection = open();
  await connection;
  return {
    address,
    query: async (sql) => {
      const used = connection;
      try {
        return await execute(await used, sql);
      } catch (error) {
        if (!sessionLost.has(codeOf(error as SnowflakeError))) throw asFailure(error, address);
        // Statements sent side by side share one new session.
        if (connection === used) connection = open();
        try {
          return await execute(await connection, sql);
        } catch (again) {
          throw asFailure(again, address);
        }
      }
    },
    close: async () => {
      const last = await connection.catch(() => undefined);
      if (last === undefined) return;
      await new Promise<void>((resolve) => {
        last.destroy(() => resolve());
      });
    },
  };
};

const asFailure = (error: unknown, address: string): PipelineFailure =>
  error instanceof PipelineFailure ? error : statementFailure(error as SnowflakeError, address);
