import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { EngineProject } from './support/engine-project.ts';

let project: EngineProject;
beforeEach(async () => {
  project = new EngineProject();
  await project.run('stack', 'init', 'try');
});
afterEach(() => project.remove());

const preview = (): ReturnType<EngineProject['run']> => project.run('preview', '--stack', 'try');

describe('a program in TypeScript', () => {
  test('runs as an ES module and tells its outputs', async () => {
    project.write('index.ts', `import * as pulumi from '@pulumi/pulumi';\nexport const stack: string = pulumi.getStack();\n`);
    const { code, output } = await project.run('up', '--stack', 'try', '--yes', '--skip-preview');
    expect(output).toContain('stack: "try"');
    expect(code).toBe(0);
  });

  test('reads its configuration, and knows what in it is secret', async () => {
    project.write(
      'index.ts',
      `import * as pulumi from '@pulumi/pulumi';
       const config = new pulumi.Config();
       export const list = config.requireObject<string[]>('list');
       export const secret = config.requireSecret('token');`,
    );
    await project.run('config', 'set', '--stack', 'try', '--path', 'list[0]', 'first');
    await project.run('config', 'set', '--stack', 'try', '--secret', 'token', 'hush');
    const { output } = await preview();
    expect(output).toContain('[0]: "first"');
    expect(output).toContain('secret: [secret]');
    expect(output).not.toContain('hush');
  });

  test('shows what it prints', async () => {
    project.write('index.ts', `console.log('to stdout'); console.error('to stderr');`);
    const { output } = await preview();
    expect(output).toContain('to stdout');
    expect(output).toContain('to stderr');
  });
});

describe('a program that fails', () => {
  test('by an exception is explained once, by the exception and its line', async () => {
    project.write('index.ts', `interface Pool {\n  nodes: number\n}\nthrow new Error('the pool is too small');`);
    const { code, output } = await preview();
    expect(code).not.toBe(0);
    expect(output).toContain('index.ts:4:7');
    expect(output.slice(output.indexOf('Diagnostics:')).match(/the pool is too small/gu)).toHaveLength(1);
    expect(output).not.toContain('non-zero exit code');
  });

  test('by its exit code is explained by that', async () => {
    project.write('index.ts', `process.exit(7);`);
    const { code, output } = await preview();
    expect(code).not.toBe(0);
    expect(output).toContain('Program exited with non-zero exit code: 7');
  });

  test('by a signal is explained by that', async () => {
    project.write('index.ts', `process.kill(process.pid, 'SIGKILL');`);
    const { output } = await preview();
    expect(output).toContain('The program was ended by SIGKILL');
  });
});

test.each(['SIGINT', 'SIGTERM'] as const)('an engine that gets %s ends the program as well', async (signal) => {
  const pidFile = join(project.folder, 'pid');
  project.write(
    'index.ts',
    `import { writeFileSync } from 'node:fs';
     writeFileSync(${JSON.stringify(pidFile)}, String(process.pid));
     console.log('waiting');
     setInterval(() => undefined, 1000);
     await new Promise(() => undefined);`,
  );
  const run = project.start('preview', '--stack', 'try');
  await run.printed('waiting');
  run.kill(signal);
  const { code } = await run.finished;
  expect(code).not.toBe(0);
  expect(() => process.kill(Number(readFileSync(pidFile, 'utf8')), 0)).toThrow('ESRCH');
});

test('an option in Pulumi.yaml that would be ignored is refused by name', async () => {
  const file = join(project.folder, 'Pulumi.yaml');
  writeFileSync(file, `${readFileSync(file, 'utf8')}    loader: ts-node\n`);
  project.write('index.ts', '');
  const { code, output } = await preview();
  expect(code).not.toBe(0);
  expect(output).toContain('runtime option "loader" is not supported by this language host');
});

test('the engine is told which plugins the installed packages need', async () => {
  project.write('index.ts', '');
  const { output } = await project.run('about', '--stack', 'try');
  expect(output).toMatch(/resource +snowflake +1\.3\.0/u);
  expect(output).toMatch(/NAME +VERSION\n@pulumi\/snowflake +1\.3\.0/u);
  expect(output).toContain(`version='${process.versions.node}'`);
});
