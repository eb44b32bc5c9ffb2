import { statSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { ProjectCopy } from './support/project-copy.ts';

let project: ProjectCopy;
beforeAll(() => {
  project = new ProjectCopy();
});
afterAll(() => project.remove());

describe('npm run pulumi, without a backend chosen', () => {
  test('creates a stack that has settings when it is first named, and prints nothing but what was asked for', async () => {
    const { code, stdout } = await project.pulumi('stack', 'output', '--json', '-s', 'local');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({});
  });

  test('refuses a stack without settings and names those that there are', async () => {
    const { code, stderr } = await project.pulumi('preview', '--stack=prd');
    expect(code).toBe(1);
    expect(stderr).toContain('There is no stack "prd". The stacks are dev, local');
  });

  test('keeps the settings as they are under version control', async () => {
    const before = project.read('Pulumi.local.yaml');
    const { code } = await project.pulumi('up', '--yes', '--skip-preview', '-s', 'local');
    expect(code).toBe(0);
    expect(project.read('Pulumi.local.yaml')).toBe(before);
  });

  test('finds nothing to change after that, and can read its secrets', async () => {
    expect(await project.pulumi('preview', '--expect-no-changes', '-s', 'local')).toMatchObject({ code: 0 });
    const { stdout } = await project.pulumi('stack', 'output', 'secret', '--show-secrets', '-s', 'local');
    expect(stdout.trim()).toBe('hush');
  });

  test('keeps the note that a secret in the settings needs', async () => {
    await project.pulumi('config', 'set', '--secret', 'token', 'hush', '-s', 'dev');
    expect(project.read('Pulumi.dev.yaml')).toMatch(/^encryptionsalt: /mu);
    const { stdout } = await project.pulumi('config', 'get', 'token', '-s', 'dev');
    expect(stdout.trim()).toBe('hush');
  });

  test('lets nobody else read the state and its passphrase', () => {
    const mode = (path: string): number => statSync(join(project.folder, path)).mode % 0o1000;
    expect(mode('.local/pulumi-state')).toBe(0o700);
    expect(mode('.local/pulumi-state/passphrase')).toBe(0o600);
  });
});

test('a backend and a passphrase that the user has chosen are used', async () => {
  const chosen = { PULUMI_BACKEND_URL: `file://${project.folder}`, PULUMI_CONFIG_PASSPHRASE: 'mine' };
  const { code } = await project.npm('pulumi', ['stack', 'init', 'shared', '--non-interactive'], chosen);
  expect(code).toBe(0);
  expect(project.read('.pulumi/stacks/sample/shared.json')).toContain('passphrase');
});

describe('npm run preview:comment', () => {
  test('writes what would change', async () => {
    const { code } = await project.npm('preview:comment', ['dev', 'preview.md']);
    expect(code).toBe(0);
    const comment = project.read('preview.md');
    expect(comment).toContain('### Pulumi preview of `dev`\n');
    expect(comment).toContain('+ 1 to create');
    expect(comment).not.toContain('hush');
  });

  test('writes why a preview fails, and fails', async () => {
    project.write('index.ts', `throw new Error('gate.threshold is too high');`);
    const { code } = await project.npm('preview:comment', ['dev', 'preview.md']);
    expect(code).not.toBe(0);
    expect(project.read('preview.md')).toContain('gate.threshold is too high');
  });
});

describe('npm run destroy', () => {
  test('asks first, so it refuses where nobody can answer', async () => {
    const { code, stderr } = await project.npm('destroy', ['local']);
    expect(code).toBe(1);
    expect(stderr).toContain('npm run destroy -- local --yes');
  });

  test.each([[[]], [['local', 'dev']], [['--force', 'local']]])('refuses %j and says how it is used', async (args) => {
    const { code, stderr } = await project.npm('destroy', args);
    expect(code).toBe(1);
    expect(stderr).toContain('Usage: npm run destroy -- <stack> [--yes]');
  });

  test('empties the stack', async () => {
    expect(await project.npm('destroy', ['local', '--yes'])).toMatchObject({ code: 0 });
    const { stdout } = await project.pulumi('stack', 'export', '-s', 'local');
    expect(JSON.parse(stdout).deployment).not.toHaveProperty('resources');
  });
});
