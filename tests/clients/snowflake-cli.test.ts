import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalServer, startLocalServer } from '../support/local-server.ts';

// The Snowflake CLI, which knows nothing but a connections.toml: https://docs.snowflake.com/en/developer-guide/snowflake-cli/index

const snowflakeCli = fileURLToPath(new URL('../../.cache/snowflake-cli/bin/snow', import.meta.url));

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

describe('the Snowflake CLI', () => {
  let server: LocalServer;
  let home: string;

  beforeAll(async () => {
    server = await startLocalServer();
    home = mkdtempSync(join(tmpdir(), 'snowflake-cli-'));
    const { account, user, password, port } = server;
    const settings = { account, user, password, role: 'ACCOUNTADMIN', host: '127.0.0.1', port, protocol: 'http' };
    const lines = Object.entries(settings).map(([name, value]) => `${name} = ${JSON.stringify(value)}`);
    writeFileSync(join(home, 'connections.toml'), ['[default]', ...lines, ''].join('\n'), { mode: 0o600 });
  });

  afterAll(async () => {
    await server.close();
    rmSync(home, { recursive: true });
  });

  function snow(...words: readonly string[]): Promise<Ended> {
    const environment = { PATH: process.env['PATH'], HOME: home, SNOWFLAKE_HOME: home };
    return new Promise((resolve) => {
      execFile(snowflakeCli, words, { env: environment, cwd: home }, (error, stdout, stderr) => {
        resolve({ code: typeof error?.code === 'number' ? error.code : error === null ? 0 : 1, stdout, stderr });
      });
    });
  }

  async function json(...words: readonly string[]): Promise<unknown> {
    const { code, stdout, stderr } = await snow(...words, '--format', 'json');
    if (code !== 0) throw new Error(`snow ${words.join(' ')}: ${stdout}${stderr}`);
    return JSON.parse(stdout) as unknown;
  }

  it('connects', async () => {
    expect(await json('connection', 'test')).toMatchObject({
      'Connection name': 'default',
      Status: 'OK',
      Account: server.account,
    });
  });

  it('runs statements, and ends with an error when one fails', async () => {
    const statements = [
      'create warehouse wh',
      'create database db',
      'create schema db.s',
      'create table db.s.log (x varchar)',
      "create task db.s.root warehouse = wh schedule = '1 minute' as select 1",
      'create task db.s.child warehouse = wh after db.s.root as select 2',
      'create stage db.s.code',
      "select 12.50::number(6, 2) as price, 'it''s' as name, null as nothing, '2026-03-01'::date as day",
    ];
    const answers = (await json('sql', '-q', statements.join(';\n'))) as readonly unknown[];
    expect(answers[0]).toEqual([{ status: 'Warehouse WH successfully created.' }]);
    expect(answers.at(-1)).toEqual([{ PRICE: '12.50', NAME: "it's", NOTHING: null, DAY: '2026-03-01' }]);
    const failed = await snow('sql', '-q', 'select 1 / 0');
    expect([failed.code, failed.stderr]).toEqual([1, expect.stringContaining('100051 (22012)')]);
    expect(failed.stderr).toContain('Division by zero');
  });

  it('describes a task, and runs a task graph', async () => {
    expect(await json('object', 'describe', 'task', 'db.s.child')).toMatchObject([
      { name: 'CHILD', definition: 'select 2', state: 'suspended', task_relations: '{"Predecessors":["DB.S.ROOT"]}' },
    ]);
    const statements = [
      "select system$task_dependents_enable('db.s.root')",
      'execute task db.s.root await',
      'alter task db.s.root suspend',
      'alter task db.s.child suspend',
      `select name, state, scheduled_from from table(db.information_schema.task_history())
       where scheduled_from = 'EXECUTE TASK' order by completed_time`,
    ];
    const answers = (await json('sql', '-q', statements.join(';\n'))) as readonly unknown[];
    expect(answers[1]).toEqual([{ status: 'Task ROOT is scheduled to run immediately.' }]);
    expect(answers.at(-1)).toEqual([
      { NAME: 'ROOT', STATE: 'SUCCEEDED', SCHEDULED_FROM: 'EXECUTE TASK' },
      { NAME: 'CHILD', STATE: 'SUCCEEDED', SCHEDULED_FROM: 'EXECUTE TASK' },
    ]);
  });

  it('lists and drops tasks', async () => {
    expect(await json('object', 'list', 'task', '--in', 'database', 'db')).toMatchObject([
      { name: 'CHILD', predecessors: expect.stringContaining('"DB.S.ROOT"') as string, state: 'suspended' },
      { name: 'ROOT', schedule: '1 minute', warehouse: 'WH' },
    ]);
    expect(await json('object', 'drop', 'task', 'db.s.child')).toEqual([{ status: 'CHILD successfully dropped.' }]);
  });

  it('creates objects by the REST API, whose address it looks for at each level', async () => {
    const task = JSON.stringify({ name: 'made', definition: 'select 3', warehouse: 'wh' });
    const { stdout } = await snow('object', 'create', 'task', '--json', task, '--database', 'db', '--schema', 's');
    expect(stdout).toContain('Task MADE successfully created.');
  });

  it('copies files to stages and back, and runs a file of statements', async () => {
    writeFileSync(join(home, 'run.sql'), "insert into db.s.log values ('<% who %>');");
    expect(await json('stage', 'copy', 'run.sql', '@db.s.code')).toMatchObject([{ source: 'run.sql', status: 'UPLOADED' }]);
    expect(await json('stage', 'copy', '@db.s.code', 'back/')).toMatchObject([{ file: 'run.sql', status: 'DOWNLOADED' }]);
    expect(readFileSync(join(home, 'back', 'run.sql'), 'utf8')).toContain('<% who %>');
    expect(await json('sql', '-f', 'run.sql', '-D', 'who=me')).toEqual([{ 'number of rows inserted': 1 }]);
  });
});
