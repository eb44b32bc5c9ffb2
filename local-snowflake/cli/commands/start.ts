import { CommandFailure, exitCodes } from '../command-failure.ts';
import { type DataHome, dataHome, type HomeOptions } from '../data-home.ts';
import { launch, runInForeground } from '../launch.ts';
import { report } from '../report.ts';
import { serverState } from '../server-record.ts';

export interface StartOptions extends HomeOptions {
  readonly port?: number;
  readonly foreground?: boolean;
  readonly json?: boolean;
}

export async function start(options: StartOptions): Promise<void> {
  const home = dataHome(options);
  const running = runningFacts(home);
  if (running !== undefined) {
    tell(options, 'already running', running, home);
    return;
  }
  if (options.foreground === true) {
    process.exitCode = await runInForeground({ home, port: options.port }, (launched) => {
      tell(options, 'started', launched, home);
    });
    return;
  }
  try {
    const launched = await launch({ home, port: options.port });
    tell(options, 'started', launched, home);
  } catch (error) {
    // Two starts at the same time: the one that came second finds the first one's lock, and soon its server.
    const other = error instanceof CommandFailure && error.exitCode === exitCodes.dataInUse ? await soonRunning(home) : undefined;
    if (other === undefined) throw error;
    tell(options, 'already running', other, home);
  }
}

interface ServerFacts {
  readonly pid: number;
  readonly port: number;
}

function runningFacts(home: DataHome): ServerFacts | undefined {
  const state = serverState(home);
  return state.kind === 'running' ? state.record : undefined;
}

async function soonRunning(home: DataHome): Promise<ServerFacts | undefined> {
  for (let attempt = 0; attempt < 50; attempt += 1) {
    const facts = runningFacts(home);
    if (facts !== undefined) return facts;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return undefined;
}

function tell(options: StartOptions, state: 'started' | 'already running', { pid, port }: ServerFacts, home: DataHome): void {
  const origin = `http://127.0.0.1:${String(port)}`;
  const facts = {
    state,
    origin,
    host: '127.0.0.1',
    port,
    pid,
    data: home.memory ? null : home.directory,
    connectionsFile: home.connections,
  };
  report(options.json, facts, () => {
    const where = home.memory ? 'in memory' : `data in ${home.directory}`;
    return [
      `Local Snowflake ${state === 'started' ? 'is ready' : 'is already running'} at ${origin} (process ${String(pid)}, ${where}).`,
      ...(state === 'started' ? [`Connect Snowflake clients with SNOWFLAKE_HOME=${home.directory} (connection "local").`] : []),
      ...(state === 'already running' && options.port !== undefined && options.port !== 0 && options.port !== port
        ? [`It stays on port ${String(port)}; stop it first to have it on port ${String(options.port)}.`]
        : []),
    ];
  });
}
