// @ts-check
import { existsSync } from 'node:fs';

import { inLocal, inRoot } from '../setup/paths.mjs';
import { runHere } from './run-here.mjs';

/** Objects, data and credentials of the local Snowflake; also the home of its connections file. */
export const serverFolder = inLocal('snowflake');

/** Whether the local Snowflake was ever started here. */
export const serverExists = () => existsSync(serverFolder);

/** Starts the local Snowflake unless it runs. */
export const startServer = () => serverCommand('start');

/** Stops it; what is in it stays. */
export const stopServer = () => serverCommand('stop');

/** @param {string} command */
async function serverCommand(command) {
  await runHere(inRoot('node_modules', '.bin', 'local-snowflake'), [command, '--data', serverFolder]);
}
