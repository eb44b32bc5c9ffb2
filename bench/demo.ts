import { existsSync } from 'node:fs';
import type { Figure } from './main.ts';
import { median, residentMegabytes, runCommand } from './run-command.ts';

const python = '.cache/venv/bin/python';
const rounds = 3;

/** A run of the deployed graph beside the same pipeline without any Snowflake; and a second `make demo`. */
export async function demoBench(report: (figure: Figure) => void): Promise<void> {
  if (!existsSync(python)) throw new Error('Run "make demo" once before measuring it.');
  await runCommand('make', ['demo']);
  const again = await runCommand('make', ['demo']);
  report({ bench: 'demo', name: 'second make demo', value: again.milliseconds / 1000, unit: 's', aim: 60 });
  const runs: number[] = [];
  let peak = 0;
  for (let round = 0; round < rounds; round += 1) {
    const sampling = setInterval(() => {
      void serverMemory().then((megabytes) => {
        peak = Math.max(peak, megabytes);
      });
    }, 500);
    runs.push((await runCommand('node_modules/.bin/pipeline', ['run', '--stack', 'local', '--json'])).milliseconds);
    clearInterval(sampling);
  }
  const plain: number[] = [];
  for (let round = 0; round < rounds; round += 1)
    plain.push((await runCommand(python, ['-m', 'mortgage_pipeline', 'baseline'])).milliseconds);
  report({ bench: 'demo', name: 'graph run', value: median(runs) / 1000, unit: 's' });
  report({ bench: 'demo', name: 'pipeline without Snowflake', value: median(plain) / 1000, unit: 's' });
  report({
    bench: 'demo',
    name: 'graph run to pipeline without Snowflake',
    value: median(runs) / median(plain),
    unit: 'ratio',
    aim: 2.5,
  });
  report({ bench: 'demo', name: "peak memory of the server's process", value: peak, unit: 'MB' });
}

async function serverMemory(): Promise<number> {
  const { stdout } = await runCommand('node_modules/.bin/local-snowflake', ['status', '--data', '.local/snowflake', '--json']);
  return residentMegabytes((JSON.parse(stdout) as { pid: number }).pid);
}
