import snowflake from 'snowflake-sdk';
import { setTimeout as wait } from 'node:timers/promises';

import type { Connection } from '../connection.ts';
import { type Row, type Session, StatementFailed } from './session.ts';

const silent = (): void => undefined;
// The driver writes snowflake.log into the working directory unless it is given a logger.
snowflake.configure({
  logLevel: 'OFF',
  customLogger: { error: silent, warn: silent, info: silent, debug: silent, trace: silent },
});

// A login that finds nobody listening should fail within seconds, not minutes.
const loginRetries = 3;

/** One session with Snowflake through snowflake-sdk, opened by the first statement. */
export class DriverSession implements Session {
  readonly #connection: Connection;
  #opened: Promise<snowflake.Connection> | undefined;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  async execute(statement: string): Promise<readonly Row[]> {
    const connection = await (this.#opened ??= this.#open());
    return new Promise((resolve, reject) => {
      connection.execute({
        sqlText: statement,
        complete: (error, _statement, rows) => {
          if (error === undefined || error === null) resolve((rows ?? []) as Row[]);
          else reject(new StatementFailed(describeFailure(error.message, statement), numericCode(error.code)));
        },
      });
    });
  }

  pause(milliseconds: number): Promise<void> {
    return wait(milliseconds);
  }

  /** Ends the session, and with it what it runs. */
  async close(): Promise<void> {
    const connection = await this.#opened?.catch(() => undefined);
    if (connection === undefined) return;
    await new Promise<void>((resolve) => connection.destroy(() => resolve()));
  }

  async #open(): Promise<snowflake.Connection> {
    const { account, user, role, host, port } = this.#connection;
    const address = `${host ?? `${account}.snowflakecomputing.com`}${port === undefined ? '' : `:${port}`}`;
    try {
      return await logIn(snowflake.createConnection(driverOptions(this.#connection)));
    } catch (error) {
      this.#opened = undefined;
      const reason = error instanceof Error ? error.message : String(error);
      const as = role === undefined ? user : `${user} with role ${role}`;
      throw new Error(`Could not log in to Snowflake at ${address} as ${as}: ${reason}`, { cause: error });
    }
  }
}

// The promise of connectAsync is kept even when the login fails; its callback knows.
function logIn(connection: snowflake.Connection): Promise<snowflake.Connection> {
  return new Promise((resolve, reject) => {
    connection
      .connectAsync((error) => {
        if (error === undefined || error === null) resolve(connection);
        else reject(error);
      })
      .catch(reject);
  });
}

function driverOptions(connection: Connection): snowflake.ConnectionOptions {
  const { account, user, password, privateKey, privateKeyPassphrase, role, host, port, protocol } = connection;
  const address = `${protocol ?? 'https'}://${host ?? ''}${port === undefined ? '' : `:${port}`}`;
  return {
    account,
    username: user,
    application: 'snowflakeml_pulumi',
    sfRetryMaxLoginRetries: loginRetries,
    ...(host === undefined ? {} : { accessUrl: address }),
    ...(role === undefined ? {} : { role }),
    ...(privateKey === undefined
      ? { password: password ?? '' }
      : {
          authenticator: 'SNOWFLAKE_JWT',
          privateKey,
          ...(privateKeyPassphrase === undefined ? {} : { privateKeyPass: privateKeyPassphrase }),
        }),
  };
}

function numericCode(code: string | number | undefined): number | undefined {
  const number = Number(code);
  return Number.isInteger(number) ? number : undefined;
}

/** The refusal with the words that name the statement, never its values. */
function describeFailure(message: string, statement: string): string {
  const subject = /^\s*(?:[A-Z]+\s+){1,4}/u.exec(statement)?.[0].trim() ?? 'The statement';
  return `${subject} was refused: ${message}`;
}
