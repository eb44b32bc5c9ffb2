import { mkdirSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { CommandFailure, exitCodes } from './command-failure.ts';
import { readSettings, type Settings, writeSettings } from './settings.ts';

/** How a command names the server it means. */
export interface HomeOptions {
  readonly data?: string;
  readonly memory?: boolean;
}

/** The folder of one local Snowflake, and the files in it that are this program's. */
export interface DataHome {
  readonly directory: string;
  /** Objects and rows are kept in memory only; the folder holds the running server's files. */
  readonly memory: boolean;
  /** Marks the folder as ours and remembers the port. */
  readonly settings: string;
  /** Administrator's name and password; readable by its owner only. */
  readonly credentials: string;
  /** Read by Snowflake's clients when SNOWFLAKE_HOME is this folder. */
  readonly connections: string;
  /** Process, port and administration token of the running server. */
  readonly record: string;
  readonly lock: string;
  readonly log: string;
}

/** `--data`, else LOCAL_SNOWFLAKE_DATA, else `.local/snowflake` in the working directory. */
export function dataHome(options: HomeOptions): DataHome {
  const memory = options.memory === true;
  const directory = resolve(
    memory
      ? join('.local', 'snowflake-memory')
      : (options.data ?? process.env['LOCAL_SNOWFLAKE_DATA'] ?? join('.local', 'snowflake')),
  );
  const file = (name: string): string => join(directory, name);
  return {
    directory,
    memory,
    settings: file('local-snowflake.json'),
    credentials: file('credentials.json'),
    connections: file('connections.toml'),
    record: file('server.json'),
    lock: file('server.lock'),
    log: file('server.log'),
  };
}

/**
 * Makes the folder, for its owner only, and marks it as ours.
 * @throws CommandFailure when it cannot be written, holds files of somebody else (`reset` would delete them), or was
 *   written by a newer version
 */
export function markDirectory(home: DataHome): Settings {
  claimDirectory(home);
  const settings = readSettings(home);
  writeSettings(home, settings.port);
  return settings;
}

function claimDirectory(home: DataHome): void {
  try {
    mkdirSync(home.directory, { recursive: true, mode: 0o700 });
    const files = readdirSync(home.directory);
    if (files.length > 0 && !isOurs(home)) {
      throw new CommandFailure(
        exitCodes.dataUnusable,
        `${home.directory} holds other files and was not made by local-snowflake. Choose a new or empty folder with --data.`,
      );
    }
  } catch (error) {
    if (error instanceof CommandFailure) throw error;
    throw new CommandFailure(
      exitCodes.dataUnusable,
      `The data folder ${home.directory} cannot be used: ${error instanceof Error ? error.message : String(error)}. Choose another with --data.`,
    );
  }
}

/** Whether this program made the folder. */
export function isOurs(home: DataHome): boolean {
  return statSync(home.settings, { throwIfNoEntry: false })?.isFile() === true;
}
