import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Figure } from './main.ts';
import { replayServer } from './replay-server.ts';
import { runCommand } from './run-command.ts';

const command = 'node_modules/.bin/local-snowflake';
const script = 'bench/queries.py';
/** An environment of its own: the peer needs an older connector than the payloads. */
const environment = '.cache/python/bench';
const python = join(environment, 'bin', 'python');
const requirements = ['fakesnow[server]==0.12.1', 'snowflake-connector-python<5'];

type Medians = Readonly<Record<string, number>>;

/**
 * Medians through the Python connector, beside fakesnow's server, DuckDB itself, and the connector against a server that
 * answers at once, in the same run.
 */
export async function queryBench(report: (figure: Figure) => void): Promise<void> {
  await ensureEnvironment();
  const { ours, client } = await withLocalSnowflake(async (login) => ({
    ours: await measured(login),
    client: await replayed(login),
  }));
  const peer = await withFakesnow((login) => measured(login));
  const plain = await measured(['duckdb']);
  for (const [name, value] of Object.entries(ours)) {
    const other = peer[name] ?? Number.NaN;
    const duckdb = plain[name] ?? Number.NaN;
    report({ bench: 'queries', name: `${name}: local Snowflake, p50`, value, unit: 'ms', aim: duckdb + 2 });
    report({ bench: 'queries', name: `${name}: the connector alone, p50`, value: client[name] ?? Number.NaN, unit: 'ms' });
    report({ bench: 'queries', name: `${name}: fakesnow, p50`, value: other, unit: 'ms' });
    report({ bench: 'queries', name: `${name}: DuckDB itself, p50`, value: duckdb, unit: 'ms' });
    report({ bench: 'queries', name: `${name}: local Snowflake to fakesnow`, value: value / other, unit: 'ratio', aim: 1 / 3 });
  }
}

async function ensureEnvironment(): Promise<void> {
  if (existsSync(python)) return;
  await runCommand('python3', ['-m', 'venv', environment]);
  await runCommand(python, ['-m', 'pip', 'install', '--quiet', ...requirements]);
}

async function measured(args: readonly string[]): Promise<Medians> {
  return JSON.parse((await runCommand(python, [script, ...args])).stdout) as Medians;
}

async function replayed([host = '', port = '', ...rest]: readonly string[]): Promise<Medians> {
  const replay = await replayServer(`http://${host}:${port}`);
  try {
    return await measured([host, String(replay.port), ...rest]);
  } finally {
    await replay.close();
  }
}

async function withLocalSnowflake<T>(use: (login: readonly string[]) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-'));
  await runCommand(command, ['start', '--data', folder, '--port', '0']);
  try {
    const credentials = JSON.parse((await runCommand(command, ['credentials', '--data', folder, '--json'])).stdout) as Record<
      string,
      string | number
    >;
    return await use(['host', 'port', 'account', 'user', 'password'].map((key) => String(credentials[key])));
  } finally {
    await runCommand(command, ['stop', '--data', folder]);
    await rm(folder, { recursive: true, force: true });
  }
}

async function withFakesnow(use: (login: readonly string[]) => Promise<Medians>): Promise<Medians> {
  const port = await freePort();
  const server = spawn(python, ['-m', 'fakesnow', '-s', '-p', String(port)], { stdio: 'ignore' });
  try {
    await listening(port);
    return await use(['127.0.0.1', String(port), 'fakesnow', 'fake', 'snow']);
  } finally {
    server.kill();
  }
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** Polls until the port answers, for half a minute at most. */
async function listening(port: number): Promise<void> {
  for (let attempt = 0; attempt < 300; attempt += 1) {
    const answered = await fetch(`http://127.0.0.1:${String(port)}/`).then(
      () => true,
      () => false,
    );
    if (answered) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`nothing answers on port ${String(port)}`);
}
