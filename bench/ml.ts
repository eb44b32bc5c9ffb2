import { existsSync } from 'node:fs';
import { withServer } from './local-server.ts';
import type { Figure } from './main.ts';
import { runCommand } from './run-command.ts';

/** Snowflake's clients and what both sides train with. */
const python = '.cache/venv/bin/python';
/** What only the direct side needs, beside those packages. The database is the version that the server has inside. */
const packages = '.cache/python/bench-ml';
const requirements = ['duckdb==1.5.6', 'uvicorn==0.54.0', 'h11==0.16.0', 'click==8.5.1'];

type Seconds = Readonly<Record<string, number>>;

/** What a figure should not exceed: seconds, or a multiple of what the same work takes without Snowflake. */
const aims: Readonly<Record<string, { readonly seconds?: number; readonly ratio?: number }>> = {
  'dataset of 1,000,000 rows': { ratio: 1.5 },
  'dataset of 1,000,000 rows to pandas': { ratio: 1.5 },
  'job submit to start': { seconds: 1 },
  'batch scoring of 1,000,000 rows': { ratio: 1.5 },
};

/** The stages of a model's life through Snowflake's Python clients, beside the same work without Snowflake in the same run. */
export async function mlBench(report: (figure: Figure) => void): Promise<void> {
  if (!existsSync(python)) throw new Error('Run "make setup" once before measuring this.');
  if (!existsSync(packages)) {
    await runCommand(python, ['-m', 'pip', 'install', '--quiet', '--no-deps', '--target', packages, ...requirements]);
  }
  const direct = await measured('bench/ml_direct.py', { PYTHONPATH: packages });
  const ours = await withServer(async ({ credentials: { host, port, accountName, user, password } }) => {
    const connection = { account: accountName, host, port, user, password, protocol: 'http' };
    return measured('bench/ml.py', { CONNECTION: JSON.stringify(connection) });
  });
  for (const [name, value] of Object.entries(ours)) {
    const plain = direct[name] ?? Number.NaN;
    const aim = aims[name] ?? {};
    const unit = name.endsWith('a second') ? '1/s' : 's';
    report({ bench: 'ml', name, value, unit, ...(aim.seconds !== undefined && { aim: aim.seconds }) });
    report({ bench: 'ml', name: `${name}: without Snowflake`, value: plain, unit });
    const ratio: Figure = { bench: 'ml', name: `${name}: with to without Snowflake`, value: value / plain, unit: 'ratio' };
    report(aim.ratio === undefined ? ratio : { ...ratio, aim: aim.ratio });
  }
}

async function measured(script: string, environment: Readonly<Record<string, string>>): Promise<Seconds> {
  return JSON.parse((await runCommand(python, [script], environment)).stdout) as Seconds;
}
