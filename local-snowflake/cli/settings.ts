import { CommandFailure, exitCodes } from './command-failure.ts';
import { readJsonFile, writeJsonFile } from './json-file.ts';

/** What a data folder remembers of its server between starts. */
export interface Settings {
  /** Of the folder's layout. */
  readonly format: number;
  readonly port: number | undefined;
}

const format = 1;

/** @throws CommandFailure for a folder that a newer version of this program has written */
export function readSettings(home: { readonly settings: string; readonly directory: string }): Settings {
  const { format: found, port } = readJsonFile(home.settings) ?? {};
  if (typeof found === 'number' && found > format) {
    throw new CommandFailure(
      exitCodes.dataUnusable,
      `The data folder ${home.directory} was written by a newer version of local-snowflake. Use that version, or another folder with --data.`,
    );
  }
  return { format, port: typeof port === 'number' ? port : undefined };
}

export function writeSettings(home: { readonly settings: string }, port: number | undefined): void {
  writeJsonFile(home.settings, { format, ...(port !== undefined && { port }) });
}
