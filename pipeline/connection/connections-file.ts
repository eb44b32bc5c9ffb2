import { readFileSync } from 'node:fs';
import { homedir, platform } from 'node:os';
import { join } from 'node:path';
import { parse, TomlError } from 'smol-toml';
import { PipelineFailure } from '../failure.ts';
import type { ConnectionEntry } from './connection-entry.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The files in which a connection may stand, the first that has it wins. The local Snowflake of the project writes its own.
 * https://docs.snowflake.com/en/developer-guide/snowflake-cli/connecting/configure-cli
 */
export const connectionFiles = (projectFolder: string | undefined, environment: Environment): readonly string[] => {
  const home = environment['HOME'] ?? homedir();
  const folders = [
    ...(environment['SNOWFLAKE_HOME'] ? [environment['SNOWFLAKE_HOME']] : []),
    ...(projectFolder === undefined ? [] : [localSnowflakeFolder(projectFolder)]),
    join(home, '.snowflake'),
    ...(platform() === 'darwin' ? [join(home, 'Library', 'Application Support', 'snowflake')] : []),
    ...(platform() === 'win32' ? [join(home, 'AppData', 'Local', 'snowflake')] : []),
    ...(platform() === 'linux' ? [join(environment['XDG_CONFIG_HOME'] ?? join(home, '.config'), 'snowflake')] : []),
  ];
  return folders.flatMap((folder) => [join(folder, 'connections.toml'), join(folder, 'config.toml')]);
};

/** Where the project's local Snowflake keeps its data and its connections.toml. */
export const localSnowflakeFolder = (projectFolder: string): string => join(projectFolder, '.local', 'snowflake');

const isTable = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);

const readTables = (file: string): Record<string, unknown> | undefined => {
  let content: string;
  try {
    content = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new PipelineFailure(`${file} cannot be read: ${(error as Error).message}.`, { cause: error });
  }
  try {
    const document = parse(content);
    // config.toml keeps its connections under [connections.NAME], connections.toml at the top.
    if (!file.endsWith('config.toml')) return document;
    return isTable(document['connections']) ? document['connections'] : {};
  } catch (error) {
    // The parser's message quotes the faulty lines, which may hold a password: only the place is told.
    const place = error instanceof TomlError ? ` at line ${error.line}, column ${error.column}` : '';
    throw new PipelineFailure(`${file} is not valid TOML${place}.`, {
      wayOut: 'Correct that line. A connection looks like: [name], then lines such as account = "…".',
    });
  }
};

/** Reads the connection `name` from the first file that has it. @throws PipelineFailure that lists where it looked. */
export const readConnection = (name: string, files: readonly string[]): ConnectionEntry => {
  const found: string[] = [];
  const read: string[] = [];
  for (const file of files) {
    const tables = readTables(file);
    if (tables === undefined) continue;
    read.push(file);
    const entry = tables[name];
    if (isTable(entry)) {
      const options = Object.entries(entry).filter((option): option is [string, string | number | boolean] =>
        ['string', 'number', 'boolean'].includes(typeof option[1]),
      );
      return { name, source: file, options: Object.fromEntries(options) };
    }
    found.push(...Object.keys(tables).filter((key) => isTable(tables[key])));
  }
  if (read.length === 0) {
    throw new PipelineFailure('There is no connections.toml.', {
      wayOut: `Looked for ${files.join(', ')}. For the local Snowflake, start it (npx local-snowflake start); for an account, write the file with a [${name}] entry, or set SNOWFLAKE_ACCOUNT, SNOWFLAKE_USER and SNOWFLAKE_PASSWORD or SNOWFLAKE_PRIVATE_KEY_FILE.`,
    });
  }
  throw new PipelineFailure(`There is no connection "${name}" in ${read.join(', ')}.`, {
    wayOut:
      found.length === 0
        ? `Add an entry [${name}] with account, user and password or private_key_file.`
        : `It has ${found.join(', ')}: choose one with --connection, or add [${name}].`,
  });
};
