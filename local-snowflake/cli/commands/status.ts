import { askServer } from '../admin-client.ts';
import { exitCodes } from '../command-failure.ts';
import { dataHome, type HomeOptions } from '../data-home.ts';
import { report } from '../report.ts';
import { serverState } from '../server-record.ts';

/** Exit code 0 when it runs, 3 when it does not. */
export async function status(options: HomeOptions & { readonly json?: boolean }): Promise<void> {
  const home = dataHome(options);
  const data = home.memory ? null : home.directory;
  const state = serverState(home);
  if (state.kind !== 'running') {
    process.exitCode = exitCodes.notRunning;
    report(options.json, { state: state.kind, data }, () => [
      state.kind === 'crashed'
        ? `Local Snowflake is not running: process ${String(state.record.pid)} ended without stopping it. Start it again with: local-snowflake start`
        : 'Local Snowflake is not running. Start it with: local-snowflake start',
    ]);
    return;
  }
  const { pid, port, startedAt, version } = state.record;
  const load = (await askServer(state.record, 'GET', 'status').catch(() => undefined)) as
    | { sessions: number; runningQueries: number }
    | undefined;
  const facts = {
    state: load === undefined ? 'unresponsive' : 'running',
    origin: `http://127.0.0.1:${String(port)}`,
    host: '127.0.0.1',
    port,
    pid,
    startedAt,
    version,
    data,
    ...load,
  };
  report(options.json, facts, () => [
    load === undefined
      ? `Local Snowflake (process ${String(pid)}) does not answer on port ${String(port)}; see ${home.log}.`
      : `Local Snowflake is running at ${facts.origin} (process ${String(pid)}, since ${startedAt}, ${home.memory ? 'in memory' : `data in ${home.directory}`}): ${String(load.sessions)} sessions, ${String(load.runningQueries)} running statements.`,
  ]);
  if (load === undefined) process.exitCode = exitCodes.timeout;
}
