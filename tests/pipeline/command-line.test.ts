import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { jsonLines, PipelineCommand } from './run-pipeline.ts';

let pipeline: PipelineCommand;

beforeAll(() => PipelineCommand.build());
beforeEach(() => {
  pipeline = new PipelineCommand();
});
afterEach(() => pipeline.dispose());

const root = ['--root', 'DB.S.ROOT', '--connection', 'dev', '--connections-file', 'connections.toml'];

describe('the command line', () => {
  it('helps, with examples for every command and the exit codes', async () => {
    const { code, stdout } = await pipeline.run('--help');
    expect(code).toBe(0);
    expect(stdout).toMatch(/0 SUCCEEDED +1 FAILED/);
    const commands = [...stdout.matchAll(/^ {2}([a-z]+) \[options\]/gm)].map(([, name]) => name ?? '');
    expect(commands).toEqual([
      'run',
      'watch',
      'retry',
      'cancel',
      'history',
      'graph',
      'logs',
      'suspend',
      'resume',
      'promote',
      'rollback',
      'doctor',
    ]);
    for (const command of commands) {
      const help = await pipeline.run(command, '--help');
      expect(help.code).toBe(0);
      expect(help.stdout).toContain(`$ npx pipeline ${command}`);
    }
  });

  it.each([
    [['rnu'], /unknown command 'rnu'/],
    [['run', '--fast'], /unknown option '--fast'/],
    [['logs'], /missing required argument 'task'/],
    [['history', '--limit', 'many', ...root], /whole number from 1 to 1000/],
    [['run', '--config', 'threshold', ...root], /--config threshold is not understood/],
    [['run', '--root', 'ROOT'], /"ROOT" is not the full name of a task/],
    [['run'], /no Pulumi\.yaml/],
    [['run', '--root', 'DB.S.ROOT', '--connection', 'dev'], /no connections\.toml/],
    [['run', ...root], /no connections\.toml/],
  ])('refuses %j with 2 and says why', async (args, message) => {
    const { code, stdout, stderr } = await pipeline.run(...args);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
    expect(stdout).toBe('');
  });

  it('gives errors as JSON when asked for JSON', async () => {
    const { code, stderr } = await pipeline.run('run', '--json', '--root', 'ROOT');
    expect(code).toBe(2);
    expect(jsonLines(stderr)).toEqual([
      {
        event: 'error',
        message: '"ROOT" is not the full name of a task.',
        wayOut: expect.stringContaining('DATABASE.SCHEMA.TASK'),
        exitCode: 2,
      },
    ]);
  });

  it.each([
    [['history', '--limit', '0', '--json'], /^option '-n, --limit <count>' argument '0' is invalid/],
    [['run', '--json', '--fast'], /^unknown option '--fast'/],
    [['rnu', '--json'], /^unknown command 'rnu'/],
  ])('tells wrong usage as JSON too: %j', async (args, message) => {
    const { code, stdout, stderr } = await pipeline.run(...args);
    expect([code, stdout]).toEqual([2, '']);
    expect(jsonLines(stderr)).toEqual([
      { event: 'error', message: expect.stringMatching(message), wayOut: expect.stringContaining('--help'), exitCode: 2 },
    ]);
  });

  it('says which stack is unknown, in the words of the project', async () => {
    writeFileSync(join(pipeline.folder, 'Pulumi.yaml'), 'name: x');
    writeFileSync(
      join(pipeline.folder, 'package.json'),
      JSON.stringify({
        scripts: { pulumi: `node -e "console.error('error: no stack named \\'nope\\' found'); process.exit(255)"` },
      }),
    );
    const { code, stderr } = await pipeline.run('watch', '--stack', 'nope');
    expect(code).toBe(2);
    expect(stderr).toMatch(/There is no stack "nope"/);
  });

  it('takes the graph from the stack’s outputs, and says when nothing is deployed', async () => {
    writeFileSync(join(pipeline.folder, 'Pulumi.yaml'), 'name: x');
    const outputs = (value: object): void =>
      writeFileSync(
        join(pipeline.folder, 'package.json'),
        JSON.stringify({ scripts: { pulumi: `node -e "console.log(process.env.OUTPUTS)" --` } }).replace(
          'process.env.OUTPUTS',
          `'${JSON.stringify(value).replaceAll('"', String.raw`\\\"`)}'`,
        ),
      );
    outputs({});
    expect((await pipeline.run('run', '--stack', 'dev')).stderr).toMatch(/nothing is deployed in it/);
    outputs({ rootTask: 'DB.S.ROOT', connection: 'elsewhere' });
    pipeline.connection('dev', { account: 'a', user: 'u', password: 'p' });
    const { stderr } = await pipeline.run('run', '--stack', 'dev', '--connections-file', 'connections.toml');
    expect(stderr).toMatch(/no connection "elsewhere" in connections\.toml/);
  });

  it('says at once that the local Snowflake is not there', async () => {
    pipeline.connection('dev', { account: 'a', user: 'u', password: 'p', host: '127.0.0.1', port: 1, protocol: 'http' });
    const { code, stderr } = await pipeline.run('run', ...root);
    expect(code).toBe(2);
    expect(stderr).toMatch(/Nothing answers at 127\.0\.0\.1:1[^]*npx local-snowflake start/);
  });
});
