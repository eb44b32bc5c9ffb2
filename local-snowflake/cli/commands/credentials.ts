import { CommandFailure, exitCodes } from '../command-failure.ts';
import { readCredentials } from '../credentials.ts';
import { dataHome, type HomeOptions } from '../data-home.ts';
import { report, table } from '../report.ts';
import { readSettings } from '../settings.ts';

/** How to connect. Works whether or not the server runs, once it was started. */
export function credentials(options: HomeOptions & { readonly json?: boolean }): void {
  const home = dataHome(options);
  const known = readCredentials(home);
  const { port } = readSettings(home);
  if (known === undefined || port === undefined) {
    throw new CommandFailure(
      exitCodes.notRunning,
      `There is no local Snowflake in ${home.directory} yet. Make one with: local-snowflake start`,
    );
  }
  const facts = { ...known, host: '127.0.0.1', port, protocol: 'http', connectionsFile: home.connections };
  report(options.json, facts, () => table(Object.entries(facts).map(([name, value]) => [name, String(value)])));
}
