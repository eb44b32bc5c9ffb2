import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { bundle } from '../../local-snowflake/build.mjs';
import { StackProject } from './support/stack-project.ts';

// A server of its own, which is killed while an update is under way.
const bin = fileURLToPath(new URL('../../local-snowflake/bin/local-snowflake.mjs', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'interrupted-update-'));
let running = false;
let project: StackProject;

async function command(name: string): Promise<Record<string, unknown>> {
  const { stdout } = await promisify(execFile)(process.execPath, [bin, name, '--data', folder, '--json']);
  return JSON.parse(stdout) as Record<string, unknown>;
}

/** Starts the server, on the same port each time, and gives its process. */
async function start(): Promise<number> {
  return Number((await command('start'))['pid']);
}

beforeAll(async () => {
  await bundle();
  await start();
  running = true;
  const { user, password, port, accountName } = await command('credentials');
  const server = { account: String(accountName), user: String(user), password: String(password), port: Number(port) };
  project = new StackProject({ server });
  await project.create();
});

afterAll(async () => {
  project?.remove();
  // Nothing runs where the bundle could not be made.
  if (running) await command('stop');
  rmSync(folder, { recursive: true, force: true });
});

test('an update whose server is killed is completed by the next one', async () => {
  const pid = await start();
  const update = project.start('up', '--yes', '--skip-preview');
  await update.printed(' created ', 40);
  process.kill(pid, 'SIGKILL');
  await start();
  // The drivers' sessions ended with the server; whatever was created by then is in the state.
  await update.finished;
  await project.succeed('up', '--yes', '--skip-preview');
  expect(await project.preview()).toEqual([]);
  await project.succeed('destroy', '--yes', '--skip-preview');
});
