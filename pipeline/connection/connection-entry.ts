/**
 * One connection as connections.toml describes it. Keys are those of the Snowflake CLI and the Python connector.
 * https://docs.snowflake.com/en/developer-guide/snowflake-cli/connecting/configure-connections
 */
export interface ConnectionEntry {
  /** The entry's name, or `environment` when it comes from SNOWFLAKE_* variables alone. */
  readonly name: string;
  /** Where it was read, for messages. */
  readonly source: string;
  /** Option values, secrets among them: never printed. */
  readonly options: Readonly<Record<string, string | number | boolean>>;
}

// Only what a connection is made of; SNOWFLAKE_HOME, SNOWFLAKE_DEFAULT_CONNECTION_NAME and the like are something else.
const environmentKeys = [
  'account',
  'user',
  'password',
  'host',
  'port',
  'protocol',
  'role',
  'warehouse',
  'database',
  'schema',
  'authenticator',
  'token',
  'token_file_path',
  'private_key_file',
  'private_key_path',
  'private_key_raw',
  'private_key_passphrase',
] as const;

type Environment = Readonly<Record<string, string | undefined>>;

/** Options from `SNOWFLAKE_<KEY>` and, stronger, `SNOWFLAKE_CONNECTIONS_<NAME>_<KEY>`. Empty variables count as unset. */
const optionsFromEnvironment = (environment: Environment, connection: string): Record<string, string> => {
  const options: Record<string, string> = {};
  const own = `SNOWFLAKE_CONNECTIONS_${connection.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')}_`;
  for (const key of environmentKeys) {
    const value = environment[`${own}${key.toUpperCase()}`] || environment[`SNOWFLAKE_${key.toUpperCase()}`];
    if (value !== undefined && value !== '') options[key] = value;
  }
  return options;
};

const secretKeys = new Set(['password', 'token', 'token_file_path', 'private_key_file', 'private_key_path', 'private_key_raw']);

/**
 * The entry with the environment laid over it. A credential from the environment replaces the entry's own,
 * whatever its kind: a key given there is not sent along with a password from the file.
 */
export const withEnvironment = (entry: ConnectionEntry, environment: Environment): ConnectionEntry => {
  const over = optionsFromEnvironment(environment, entry.name);
  const keys = Object.keys(over);
  if (keys.length === 0) return entry;
  const replacesCredential = keys.some((key) => secretKeys.has(key));
  const kept = Object.entries(entry.options).filter(
    ([key]) => !(replacesCredential && (secretKeys.has(key) || key === 'authenticator')),
  );
  return {
    ...entry,
    source: `${entry.source} and SNOWFLAKE_* variables`,
    options: { ...Object.fromEntries(kept), ...over },
  };
};

/** A connection from SNOWFLAKE_* variables alone, when they are enough for one. */
export const entryFromEnvironment = (environment: Environment, name: string): ConnectionEntry | undefined => {
  const options = optionsFromEnvironment(environment, name);
  const complete =
    options['account'] !== undefined && options['user'] !== undefined && Object.keys(options).some((key) => secretKeys.has(key));
  return complete ? { name, source: 'SNOWFLAKE_* variables', options } : undefined;
};
