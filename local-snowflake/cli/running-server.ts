import { CommandFailure, exitCodes } from './command-failure.ts';
import { dataHome, type HomeOptions } from './data-home.ts';
import { type ServerRecord, serverState } from './server-record.ts';

/** The record of the running server. @throws CommandFailure `notRunning` */
export function runningServer(options: HomeOptions): ServerRecord {
  const state = serverState(dataHome(options));
  if (state.kind === 'running') return state.record;
  throw new CommandFailure(exitCodes.notRunning, 'Local Snowflake is not running. Start it with: local-snowflake start');
}
