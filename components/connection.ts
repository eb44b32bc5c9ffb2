import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';

import { parse, TomlError } from 'smol-toml';
import { z } from 'zod';

/** How to reach an account and as whom: the named connection that Snowflake's own clients use. */
export interface SnowflakeConnection {
  readonly name: string;
  readonly organization: string;
  readonly account: string;
  readonly user: string;
  readonly password?: string;
  /** PKCS#8 PEM */
  readonly privateKey?: string;
  readonly privateKeyPassphrase?: string;
  readonly role?: string;
  readonly host?: string;
  readonly port?: number;
  readonly protocol?: 'http' | 'https';
}

export class ConnectionError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ConnectionError';
  }
}

type Environment = Readonly<Record<string, string | undefined>>;

const text = z.string().min(1);
const settings = z.object({
  account: text.regex(/^[A-Za-z0-9_]+-[A-Za-z0-9_-]+$/u, 'must be ORGANIZATION-ACCOUNT, for example MYORG-MYACCOUNT'),
  user: text,
  password: text.optional(),
  private_key_raw: text.optional(),
  private_key_file: text.optional(),
  private_key_path: text.optional(),
  private_key_file_pwd: text.optional(),
  private_key_passphrase: text.optional(),
  role: text.optional(),
  host: text.optional(),
  port: z.coerce.number().int().min(1).max(65_535).optional(),
  protocol: z.enum(['http', 'https']).optional(),
});

/**
 * Finds the connection `name`: in `connections.toml` or `config.toml` of `home` (else SNOWFLAKE_HOME, else ~/.snowflake), with
 * `SNOWFLAKE_CONNECTIONS_<NAME>_<SETTING>` variables before them, which is how a pipeline passes credentials.
 * https://docs.snowflake.com/en/developer-guide/snowflake-cli/connecting/configure-connections
 */
export function findConnection(
  name: string,
  { home, environment = process.env }: { readonly home?: string | undefined; readonly environment?: Environment } = {},
): SnowflakeConnection {
  const folder = home ?? environment['SNOWFLAKE_HOME'] ?? join(homedir(), '.snowflake');
  const fromFile = readConnection(folder, name);
  const fromEnvironment = readVariables(name, environment);
  if (fromFile === undefined && Object.keys(fromEnvironment).length === 0) {
    throw new ConnectionError(
      `There is no connection "${name}": neither in ${join(folder, 'connections.toml')} nor in the environment. ` +
        `Add a section [${name}] with account, user and password or private_key_file, ` +
        `or set SNOWFLAKE_CONNECTIONS_${name.toUpperCase()}_ACCOUNT, …_USER and …_PRIVATE_KEY_RAW.`,
    );
  }
  const parsed = settings.safeParse({ ...fromFile, ...fromEnvironment });
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => {
      const found = parsed.error.issues.length === 0 ? '' : issue.message;
      return `${issue.path.join('.')} ${found}`;
    });
    throw new ConnectionError(`Connection "${name}" cannot be used: ${problems.join('; ')}.`);
  }
  return toConnection(name, parsed.data, folder);
}

function toConnection(name: string, found: z.output<typeof settings>, folder: string): SnowflakeConnection {
  const [organization = '', ...account] = found.account.split('-');
  const privateKey = readPrivateKey(name, found, folder);
  const privateKeyPassphrase = found.private_key_file_pwd ?? found.private_key_passphrase;
  if (privateKey === undefined && found.password === undefined) {
    throw new ConnectionError(`Connection "${name}" has no credentials: give it a password, private_key_file or private_key_raw.`);
  }
  const { user, role, host, port, protocol } = found;
  return {
    name,
    organization,
    account: account.join('-'),
    user,
    ...(privateKey === undefined ? { password: found.password ?? '' } : { privateKey }),
    ...(privateKey === undefined || privateKeyPassphrase === undefined ? {} : { privateKeyPassphrase }),
    ...(role === undefined ? {} : { role }),
    ...(host === undefined ? {} : { host }),
    ...(port === undefined ? {} : { port }),
    ...(protocol === undefined ? {} : { protocol }),
  };
}

function readPrivateKey(name: string, found: z.output<typeof settings>, folder: string): string | undefined {
  // Secret stores tend to keep a key on one line.
  if (found.private_key_raw !== undefined) return found.private_key_raw.replaceAll('\\n', '\n');
  const file = found.private_key_file ?? found.private_key_path;
  if (file === undefined) return undefined;
  const path = file.startsWith('~/') ? join(homedir(), file.slice(2)) : isAbsolute(file) ? file : join(folder, file);
  try {
    return readFileSync(path, 'utf8');
  } catch {
    throw new ConnectionError(`Connection "${name}" names the private key ${path}, which cannot be read.`);
  }
}

function readConnection(folder: string, name: string): Readonly<Record<string, unknown>> | undefined {
  const connections = readToml(join(folder, 'connections.toml'));
  const section = connections?.[name] ?? (readToml(join(folder, 'config.toml'))?.['connections'] as never)?.[name];
  return section === undefined ? undefined : (section as Readonly<Record<string, unknown>>);
}

function readToml(path: string): Readonly<Record<string, unknown>> | undefined {
  if (!existsSync(path)) return undefined;
  try {
    return parse(readFileSync(path, 'utf8'));
  } catch (error) {
    // The parser quotes the text around the mistake, which may be a password.
    const line = error instanceof TomlError ? ` (line ${error.line})` : '';
    throw new ConnectionError(`${path} in ${dirname(path)} is not a TOML file${line}.`);
  }
}

function readVariables(name: string, environment: Environment): Readonly<Record<string, string>> {
  const prefix = `SNOWFLAKE_CONNECTIONS_${name.toUpperCase()}_`;
  return Object.fromEntries(
    Object.entries(environment).flatMap(([variable, value]) =>
      variable.startsWith(prefix) && value !== undefined && value !== ''
        ? [[variable.slice(prefix.length).toLowerCase(), value]]
        : [],
    ),
  );
}
