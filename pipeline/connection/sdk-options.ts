import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { ConnectionOptions } from 'snowflake-sdk';
import { PipelineFailure } from '../failure.ts';
import type { ConnectionEntry } from './connection-entry.ts';

const loopbackHosts = new Set(['localhost', '127.0.0.1', '::1']);

const incomplete = (entry: ConnectionEntry, missing: string): PipelineFailure =>
  new PipelineFailure(`Connection "${entry.name}" (${entry.source}) has no ${missing}.`, {
    wayOut: `Add ${missing} to the entry, or set SNOWFLAKE_${missing.split(' ')[0]?.toUpperCase() ?? ''}.`,
  });

const privateKey = (entry: ConnectionEntry, path: string): string => {
  const file = path.startsWith('~/') ? join(homedir(), path.slice(2)) : path;
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new PipelineFailure(`The private key of connection "${entry.name}" cannot be read: ${(error as Error).message}.`, {
      wayOut: 'Correct private_key_file (or SNOWFLAKE_PRIVATE_KEY_FILE): the path of a PKCS#8 key in PEM format.',
      cause: error,
    });
  }
};

// A key pair needs its authenticator named: https://docs.snowflake.com/en/developer-guide/node-js/nodejs-driver-authenticate
const credentials = (entry: ConnectionEntry, option: (key: string) => string | undefined): ConnectionOptions => {
  const authenticator = option('authenticator');
  const keyFile = option('private_key_file') ?? option('private_key_path');
  const keyText = option('private_key_raw') ?? (keyFile === undefined ? undefined : privateKey(entry, keyFile));
  const passphrase = option('private_key_passphrase');
  const password = option('password');
  const token = option('token');
  const tokenFile = option('token_file_path');
  if (keyText !== undefined) {
    return {
      authenticator: authenticator ?? 'SNOWFLAKE_JWT',
      privateKey: keyText,
      ...(passphrase === undefined ? {} : { privateKeyPass: passphrase }),
    };
  }
  if (authenticator === undefined && password === undefined && token === undefined)
    throw incomplete(entry, 'password or private_key_file');
  return {
    ...(authenticator === undefined ? {} : { authenticator }),
    ...(password === undefined ? {} : { password }),
    ...(token === undefined ? {} : { token }),
    ...(tokenFile === undefined ? {} : { tokenFilePath: tokenFile }),
  };
};

export interface SdkConnection {
  readonly options: ConnectionOptions;
  /** Where it leads, for messages. */
  readonly address: string;
  /** Set when that is this machine. */
  readonly loopback: { readonly host: string; readonly port: number } | undefined;
}

/** What snowflake-sdk needs to connect as the entry says. @throws PipelineFailure naming what the entry lacks. */
export const sdkConnection = (entry: ConnectionEntry): SdkConnection => {
  const option = (key: string): string | undefined => {
    const value = entry.options[key];
    return value === undefined || value === '' ? undefined : String(value);
  };
  const account = option('account');
  const user = option('user') ?? option('username');
  if (account === undefined) throw incomplete(entry, 'account');
  if (user === undefined) throw incomplete(entry, 'user');
  const host = option('host');
  const protocol = option('protocol') ?? 'https';
  const port = Number(option('port') ?? (protocol === 'http' ? 80 : 443));
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new PipelineFailure(`Connection "${entry.name}" (${entry.source}) has the port ${option('port') ?? ''}.`, {
      wayOut: 'A port is a whole number from 1 to 65535.',
    });
  }
  const given = (name: string): Record<string, string> => {
    const value = option(name);
    return value === undefined ? {} : { [name]: value };
  };
  const options: ConnectionOptions = {
    ...credentials(entry, option),
    account,
    username: user,
    application: 'pipeline',
    ...(host === undefined ? {} : { accessUrl: `${protocol}://${host}:${port}` }),
    ...given('role'),
    ...given('warehouse'),
    ...given('database'),
    ...given('schema'),
    // A watch may last for hours; the session must not end on the way.
    clientSessionKeepAlive: true,
  };
  return {
    options,
    address: host === undefined ? account : `${host}:${port}`,
    loopback: host !== undefined && loopbackHosts.has(host) ? { host, port } : undefined,
  };
};
