import { execFile, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { ProjectCopy } from './support/project-copy.ts';

let project: ProjectCopy;
beforeEach(() => {
  project = new ProjectCopy();
});
afterEach(() => project.remove());

/** Runs a script of the toolchain where nothing is installed but Node.js and what is named. */
function onBareMachine(script: string, commands: Readonly<Record<string, string>> = {}): { code: number | null; stderr: string } {
  const bin = join(project.folder, 'bin');
  mkdirSync(bin);
  symlinkSync(process.execPath, join(bin, 'node'));
  for (const [name, text] of Object.entries(commands)) writeFileSync(join(bin, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  const { status, stderr } = spawnSync(process.execPath, [script], {
    cwd: project.folder,
    env: { PATH: bin, HOME: project.folder },
    encoding: 'utf8',
  });
  return { code: status, stderr };
}

describe('a machine that lacks something', () => {
  test('is told everything it lacks and how to get it, before anything is begun', () => {
    const { code, stderr } = onBareMachine('toolchain/setup.mjs');
    expect(code).toBe(1);
    expect(stderr).toMatch(/Python 3\.11 .* was not found.*apt install python3\.11/u);
    expect(stderr).toMatch(/Pulumi CLI, 3\.245\.0 or newer, was not found on PATH, and neither was Go.*https:\/\/go\.dev/u);
    expect(stderr).not.toContain('…');
  });

  test('is not taken in by another Python or by an engine that is too old', () => {
    const { code, stderr } = onBareMachine('toolchain/setup.mjs', { python3: 'echo 3.12', pulumi: 'echo v3.100.0' });
    expect(code).toBe(1);
    expect(stderr).toContain('Python 3.11');
    expect(stderr).toContain('Pulumi CLI');
  });
});

describe('two set-ups of one folder', () => {
  const wait = promisify(execFile);
  const work = (name: string): string => `
    import { appendFileSync } from 'node:fs';
    import { setTimeout } from 'node:timers/promises';
    import { withSetupLock } from './toolchain/setup/setup-lock.mjs';
    await withSetupLock(async () => {
      appendFileSync('log', '${name} begins\\n');
      await setTimeout(100);
      appendFileSync('log', '${name} ends\\n');
    });`;
  const run = async (name: string): Promise<void> => {
    await wait(process.execPath, ['--input-type=module', '--eval', work(name)], { cwd: project.folder });
  };

  test('are done one after the other', async () => {
    const names = ['a', 'b', 'c', 'd'];
    await Promise.all(names.map(run));
    const lines = readFileSync(join(project.folder, 'log'), 'utf8').trim().split('\n');
    expect(lines).toHaveLength(2 * names.length);
    for (let at = 0; at < lines.length; at += 2) expect(lines[at + 1]).toBe(lines[at]?.replace('begins', 'ends'));
  });

  test('do not wait for one that was killed', async () => {
    const lock = join(project.folder, '.cache/setup.lock');
    mkdirSync(dirname(lock));
    const { pid } = spawnSync(process.execPath, ['--eval', '0']);
    writeFileSync(lock, String(pid));
    await Promise.all(['a', 'b'].map(run));
    expect(readFileSync(join(project.folder, 'log'), 'utf8').trim().split('\n')).toHaveLength(4);
  });
});
