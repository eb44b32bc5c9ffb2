import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Figure } from './main.ts';
import { median, residentMegabytes, runCommand } from './run-command.ts';

const command = 'node_modules/.bin/local-snowflake';
const rounds = 5;

/** From the command to a server that answers, on an empty folder; and what it holds in memory then. */
export async function startBench(report: (figure: Figure) => void): Promise<void> {
  const times: number[] = [];
  let memory = Number.NaN;
  for (let round = 0; round < rounds; round += 1) {
    const folder = await mkdtemp(join(tmpdir(), 'bench-'));
    try {
      times.push((await runCommand(command, ['start', '--data', folder, '--port', '0'])).milliseconds);
      const status = JSON.parse((await runCommand(command, ['status', '--data', folder, '--json'])).stdout) as { pid: number };
      memory = await residentMegabytes(status.pid);
    } finally {
      await runCommand(command, ['stop', '--data', folder]);
      await rm(folder, { recursive: true, force: true });
    }
  }
  report({ bench: 'start', name: 'start to ready, empty', value: median(times), unit: 'ms', aim: 500 });
  report({ bench: 'start', name: 'idle memory', value: memory, unit: 'MB', aim: 250 });
}
