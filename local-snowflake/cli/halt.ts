import { askServer } from './admin-client.ts';
import { CommandFailure, exitCodes } from './command-failure.ts';
import { type DataHome } from './data-home.ts';
import { processIdentity } from './process-identity.ts';
import { removeServerRecord, serverState } from './server-record.ts';

const longestStop = 15_000;
const pollEvery = 25;

/**
 * Stops the folder's server and waits for its process to be gone. False when none was running; the record of one that
 * was killed is cleared away.
 * @throws CommandFailure `timeout`
 */
export async function halt(home: DataHome): Promise<boolean> {
  const state = serverState(home);
  if (state.kind === 'stopped') return false;
  if (state.kind === 'crashed') {
    removeServerRecord(home);
    return false;
  }
  const { pid, identity } = state.record;
  try {
    await askServer(state.record, 'POST', 'stop');
  } catch {
    // It does not answer; the record's identity made sure that this is its process.
    process.kill(pid, 'SIGTERM');
  }
  for (let waited = 0; waited < longestStop; waited += pollEvery) {
    if (processIdentity(pid) !== identity) return true;
    await new Promise((resolve) => setTimeout(resolve, pollEvery));
  }
  throw new CommandFailure(
    exitCodes.timeout,
    `The server (process ${String(pid)}) did not stop within ${String(longestStop / 1000)} seconds. End it with: kill -9 ${String(pid)}`,
  );
}
