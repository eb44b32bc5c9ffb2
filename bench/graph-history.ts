import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withServer } from './local-server.ts';
import type { Figure } from './main.ts';
import { median, residentMegabytes, runCommand } from './run-command.ts';

const pipeline = 'node_modules/.bin/pipeline';
const root = 'BENCH.LONG.LOAD';
const runs = 10_000;
const rounds = 3;

const commands = {
  history: ['history'],
  'history --limit 1000 --stats': ['history', '--limit', '1000', '--stats'],
  'watch of the last run': ['watch'],
  'graph with states': ['graph'],
  'logs of a task': ['logs', 'CHECK'],
} as const;

/** How long a graph of two tasks that has run ten thousand times takes to look at, and the server to start with it. */
export async function historyBench(report: (figure: Figure) => void): Promise<void> {
  const data = await mkdtemp(join(tmpdir(), 'bench-history-'));
  try {
    // Makes the account, and a password that stays.
    const { password } = await withServer(({ credentials }) => Promise.resolve(credentials), data);
    // A process of its own: DuckDB lets go of the file only when the process ends.
    await runCommand('node_modules/.bin/tsx', ['bench/graph-past-runs.ts', data, String(runs)], {
      BENCH_PASSWORD: String(password),
    });
    const begin = performance.now();
    await withServer(async ({ pid }) => {
      const name = `${String(runs)} runs of history`;
      report({ bench: 'graph', name: `${name}: start of the server`, value: performance.now() - begin, unit: 'ms', aim: 2000 });
      report({ bench: 'graph', name: `${name}: memory of the server`, value: await residentMegabytes(pid), unit: 'MB', aim: 400 });
      const target = ['--root', root, '--connection', 'local', '--connections-file', join(data, 'connections.toml'), '--json'];
      for (const [what, args] of Object.entries(commands)) {
        const times: number[] = [];
        for (let round = 0; round < rounds; round += 1) {
          times.push((await runCommand(pipeline, [...args, ...target])).milliseconds);
        }
        report({ bench: 'graph', name: `${name}: pipeline ${what}`, value: median(times), unit: 'ms', aim: 1500 });
      }
    }, data);
  } finally {
    await rm(data, { recursive: true, force: true });
  }
}
