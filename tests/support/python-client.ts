import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { LocalServer } from './local-server.ts';

const python = fileURLToPath(new URL('../../.cache/venv/bin/python', import.meta.url));

/**
 * Runs a Python script from `tests/clients/` against a server; what it prints must be one JSON value.
 * Connection parameters arrive as the JSON text in CONNECTION.
 */
export async function runPythonClient(
  server: LocalServer,
  script: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<unknown> {
  if (!existsSync(python)) throw new Error(`There is no Python environment at ${python}; make test sets it up.`);
  const { account, user, password, port } = server;
  const connection = { account, user, password, host: '127.0.0.1', port, protocol: 'http' };
  const { stdout } = await promisify(execFile)(python, [fileURLToPath(new URL(`../clients/${script}`, import.meta.url))], {
    env: { PATH: process.env['PATH'], HOME: '/nonexistent', ...environment, CONNECTION: JSON.stringify(connection) },
    maxBuffer: 64 * 1024 * 1024,
  });
  return JSON.parse(stdout) as unknown;
}
