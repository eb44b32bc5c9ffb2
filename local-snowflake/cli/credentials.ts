import { randomBytes } from 'node:crypto';
import { CommandFailure, exitCodes } from './command-failure.ts';
import type { DataHome } from './data-home.ts';
import { readJsonFile, writeJsonFile, writePrivateFile } from './json-file.ts';

/** How clients connect to the folder's server. */
export interface Credentials {
  readonly account: string;
  readonly organization: string;
  readonly accountName: string;
  readonly user: string;
  readonly password: string;
  readonly role: string;
}

export const administrator = { user: 'LOCAL_ADMIN', role: 'ACCOUNTADMIN' } as const;

export interface PasswordChoice {
  /** What the account knows, or will be made with. */
  readonly current: string;
  /** What LOCAL_SNOWFLAKE_PASSWORD wants instead, when it is another. */
  readonly wanted: string | undefined;
}

/**
 * The administrator's password: for a new account the one in LOCAL_SNOWFLAKE_PASSWORD, else a random one; for an
 * account that is there the one kept in its folder.
 * @throws CommandFailure when the account is there and its password is not
 */
export function administratorPassword(home: DataHome, accountExists: boolean): PasswordChoice {
  const wanted = process.env['LOCAL_SNOWFLAKE_PASSWORD'] || undefined;
  if (!accountExists) return { current: wanted ?? randomBytes(18).toString('base64url'), wanted: undefined };
  const current = readCredentials(home)?.password;
  if (current === undefined) {
    throw new CommandFailure(
      exitCodes.dataUnusable,
      `${home.credentials} is missing or damaged, and with it the administrator's password. Restore it, or start anew with: local-snowflake reset`,
    );
  }
  return { current, wanted: wanted === current ? undefined : wanted };
}

export function readCredentials(home: DataHome): Credentials | undefined {
  const { account, organization, accountName, user, password, role } = readJsonFile(home.credentials) ?? {};
  if (
    typeof account !== 'string' ||
    typeof organization !== 'string' ||
    typeof accountName !== 'string' ||
    typeof user !== 'string' ||
    typeof password !== 'string' ||
    typeof role !== 'string'
  ) {
    return undefined;
  }
  return { account, organization, accountName, user, password, role };
}

/** Writes the credentials for `local-snowflake credentials`, and as a connections file for Snowflake's clients. */
export function writeCredentials(home: DataHome, credentials: Credentials, port: number): void {
  writeJsonFile(home.credentials, credentials);
  writePrivateFile(home.connections, connectionsToml(credentials, port));
}

/**
 * Connections `local` and, for clients that look for their default name, `default`.
 * https://docs.snowflake.com/en/developer-guide/python-connector/python-connector-connect#connecting-using-the-connections-toml-file
 */
export function connectionsToml(credentials: Credentials, port: number): string {
  const entries = {
    // The identifier `<organization>-<account>`, which every client takes; the Terraform provider takes nothing else.
    account: `${credentials.organization}-${credentials.accountName}`,
    user: credentials.user,
    password: credentials.password,
    role: credentials.role,
    host: '127.0.0.1',
    port,
    protocol: 'http',
  };
  // A JSON text is a TOML basic string as well.
  const lines = Object.entries(entries).map(([name, value]) => `${name} = ${JSON.stringify(value)}`);
  const header = '# Written by local-snowflake at every start. Connects Snowflake clients whose SNOWFLAKE_HOME is this folder.';
  return [header, ...['local', 'default'].flatMap((name) => ['', `[${name}]`, ...lines]), ''].join('\n');
}
