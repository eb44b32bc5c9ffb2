import { execFile, type ExecFileException, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { bundle } from '../../../local-snowflake/build.mjs';
import { http, RawClient } from '../../support/http-client.ts';
import { SdkConnection } from '../../support/sdk-connection.ts';

const bin = fileURLToPath(new URL('../../../local-snowflake/bin/local-snowflake.mjs', import.meta.url));

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

interface Started {
  readonly state: string;
  readonly port: number;
  readonly pid: number;
  readonly origin: string;
  readonly connectionsFile: string;
}

describe('local-snowflake', () => {
  let folder: string;
  let data: string;

  beforeAll(() => bundle());

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'local-snowflake-'));
    data = join(folder, 'data');
  });

  afterEach(async () => {
    await run('stop');
    await run('stop', '--memory');
    rmSync(folder, { recursive: true, force: true });
  });

  function run(command: string, ...more: string[]): Promise<Ran> {
    const which = more.includes('--memory') || more.includes('--data') ? [] : ['--data', data];
    return new Promise((resolve) => {
      execFile(
        process.execPath,
        [bin, command, ...which, ...more],
        { cwd: folder },
        (error: ExecFileException | null, out, err) => {
          resolve({ code: typeof error?.code === 'number' ? error.code : error === null ? 0 : -1, out, err });
        },
      );
    });
  }

  async function json<T = Started>(command: string, ...more: string[]): Promise<T> {
    const ran = await run(command, '--json', ...more);
    if (ran.out === '') throw new Error(ran.err);
    return JSON.parse(ran.out) as T;
  }

  async function connect(): Promise<SdkConnection> {
    const { account, user, password, port } = await json<{ account: string; user: string; password: string; port: number }>(
      'credentials',
    );
    return SdkConnection.open({ account, username: user, password, accessUrl: `http://127.0.0.1:${String(port)}` });
  }

  it('starts, says where, and stops', async () => {
    const started = await run('start');
    expect(started).toMatchObject({ code: 0, err: '' });
    expect(started.out).toMatch(/^Local Snowflake is ready at http:\/\/127\.0\.0\.1:\d+ \(process \d+, data in .*\/data\)\.\n/u);
    const status = await json<Started & { sessions: number }>('status');
    expect(status).toMatchObject({ state: 'running', sessions: 0 });
    expect(await run('stop')).toMatchObject({ code: 0, out: 'Local Snowflake is stopped.\n' });
    expect(await run('status')).toMatchObject({
      code: 3,
      out: 'Local Snowflake is not running. Start it with: local-snowflake start\n',
    });
    expect(await run('stop')).toMatchObject({ code: 0, out: 'Local Snowflake was not running.\n' });
  });

  it('stops at once also while statements run', async () => {
    const { pid, origin } = await json('start');
    const { user, password } = await json<{ user: string; password: string }>('credentials');
    const client = new RawClient(origin);
    await client.login(user, password);
    await client.query('call system$wait(1000)', { asyncExec: true });
    const waiting = client.query('call system$wait(1000)');
    while ((await json<{ runningQueries: number }>('status')).runningQueries < 2);
    expect(await run('stop')).toMatchObject({ code: 0, out: 'Local Snowflake is stopped.\n' });
    await gone(pid);
    // No dropped socket: who waits is told to poll on.
    expect(await waiting).toMatchObject({ success: true, code: '333333' });
  });

  it('stays in the foreground until Ctrl-C', async () => {
    const child = spawn(process.execPath, [bin, 'start', '--data', data, '--foreground', '--json'], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const exited = once(child, 'exit');
    const started = JSON.parse(String((await once(child.stdout, 'data'))[0])) as Started;
    expect(await json('status')).toMatchObject({ state: 'running', pid: started.pid });
    // A terminal sends the signal to both.
    process.kill(started.pid, 'SIGINT');
    child.kill('SIGINT');
    expect((await exited)[0]).toBe(0);
    expect((await run('status')).code).toBe(3);
  });

  it('does not start twice, also not at the same time', async () => {
    const both = await Promise.all([json('start'), json('start')]);
    expect(both.map(({ state }) => state).sort()).toEqual(['already running', 'started']);
    expect(both[0].pid).toBe(both[1].pid);
    const again = await run('start', '--port', '1');
    expect(again.code).toBe(0);
    expect(again.out).toContain(`is already running at ${both[0].origin}`);
    expect(again.out).toContain('stop it first to have it on port 1');
  });

  it('makes an administrator with a random password, and files that only its user can read', async () => {
    const { connectionsFile, port } = await json('start');
    const credentials = await json<Record<string, unknown>>('credentials');
    expect(credentials).toMatchObject({
      user: 'LOCAL_ADMIN',
      role: 'ACCOUNTADMIN',
      host: '127.0.0.1',
      port,
      protocol: 'http',
      connectionsFile,
    });
    expect(String(credentials['password']).length).toBeGreaterThanOrEqual(20);
    for (const file of ['connections.toml', 'credentials.json', 'server.json', 'server.log'])
      expect(statSync(join(data, file)).mode & 0o077).toBe(0);
    const connection = await connect();
    expect(await connection.value('select current_role()')).toBe('ACCOUNTADMIN');
    await connection.close();
    expect(readFileSync(join(data, 'server.log'), 'utf8')).not.toContain(String(credentials['password']));
  });

  it('takes the password from LOCAL_SNOWFLAKE_PASSWORD', async () => {
    process.env['LOCAL_SNOWFLAKE_PASSWORD'] = 'chosen "password" \\ ü';
    try {
      await json('start');
    } finally {
      delete process.env['LOCAL_SNOWFLAKE_PASSWORD'];
    }
    expect(await json('credentials')).toMatchObject({ password: 'chosen "password" \\ ü' });
    const connection = await connect();
    expect(await connection.value('select 1')).toBe(1);
    await connection.close();
  });

  it('keeps objects, data, password and port over a stop and over a kill', async () => {
    const first = await json('start');
    const before = await json('credentials');
    const connection = await connect();
    for (const statement of ['create warehouse w', 'create database keep', 'create table keep.public.t as select 42 as n'])
      await connection.run(statement);
    await connection.close();
    await run('stop');
    const second = await json('start');
    expect(second.port).toBe(first.port);
    process.kill(second.pid, 'SIGKILL');
    await gone(second.pid);
    const crashed = await run('status');
    expect(crashed).toMatchObject({ code: 3 });
    expect(crashed.out).toContain('ended without stopping it');
    const third = await json('start');
    expect(third).toMatchObject({ state: 'started', port: first.port });
    expect(await json('credentials')).toEqual(before);
    const after = await connect();
    expect(await after.value('select n from keep.public.t')).toBe(42);
    await after.close();
  });

  it('refuses a port in use, but moves off a remembered one', async () => {
    const { port } = await json('start');
    await run('stop');
    const squatter = await listen(port);
    try {
      const refused = await run('start', '--port', String(port));
      expect(refused).toMatchObject({ code: 4, out: '' });
      expect(refused.err).toContain(`Port ${String(port)} is in use by another program. Choose another with --port`);
      const moved = await json('start');
      expect(moved.state).toBe('started');
      expect(moved.port).not.toBe(port);
    } finally {
      squatter.close();
    }
  });

  it('refuses a folder on which another server works', async () => {
    await json('start');
    // As if the record had got lost: the lock still tells.
    rmSync(join(data, 'server.json'));
    const refused = await run('start');
    expect(refused).toMatchObject({ code: 5, out: '' });
    expect(refused.err).toMatch(/is in use by process \d+\. Stop that process, or choose another folder with --data\./u);
    process.kill(Number(/process (\d+)/u.exec(refused.err)?.[1]), 'SIGTERM');
  });

  it('leaves folders of others alone', async () => {
    mkdirSync(data);
    writeFileSync(join(data, 'thesis.txt'), 'years of work');
    expect(await run('start')).toMatchObject({
      code: 6,
      err: expect.stringContaining('was not made by local-snowflake') as string,
    });
    expect(await run('reset', '--yes')).toMatchObject({ code: 6 });
    expect(readFileSync(join(data, 'thesis.txt'), 'utf8')).toBe('years of work');
    writeFileSync(join(folder, 'file'), '');
    expect(await run('start', '--data', join(folder, 'file'))).toMatchObject({
      code: 6,
      err: expect.stringContaining('cannot be used') as string,
    });
  });

  it('resets only when told twice', async () => {
    const { pid } = await json('start');
    expect(await run('reset')).toMatchObject({ code: 2, err: expect.stringContaining('Say so with --yes') as string });
    expect(await json('status')).toMatchObject({ state: 'running' });
    expect(await run('reset', '--yes')).toMatchObject({ code: 0 });
    await gone(pid);
    expect(statSync(data, { throwIfNoEntry: false })).toBeUndefined();
    expect(await run('credentials')).toMatchObject({
      code: 3,
      err: expect.stringContaining('There is no local Snowflake') as string,
    });
  });

  it('shows the statements that were served, without secrets, and the outbox', async () => {
    await json('start');
    const connection = await connect();
    await connection.run("create user somebody password = 'very secret'");
    await connection.run('select * from nowhere.public.t').catch(() => undefined);
    const history = await json<{ text: string; state: string; user: string; errorCode: string | null }[]>('history');
    expect(history.at(-1)).toMatchObject({
      text: 'select * from nowhere.public.t',
      state: 'FAILED_WITH_ERROR',
      user: 'LOCAL_ADMIN',
      errorCode: '002003',
    });
    expect(JSON.stringify(history)).not.toContain('very secret');
    expect(await json<unknown[]>('history', '--limit', '1')).toHaveLength(1);
    expect((await run('history')).out).toContain('select * from nowhere.public.t');
    expect(await json('outbox')).toEqual([]);
    await connection.close();
  });

  it('asks for the token where the commands ask', async () => {
    const { origin } = await json('start');
    for (const path of ['status', 'history', 'outbox']) {
      expect((await http('GET', `${origin}/admin/v1/${path}`)).status).toBe(403);
      expect((await http('GET', `${origin}/admin/v1/${path}`, { authorization: 'Bearer guess' })).status).toBe(403);
    }
    expect((await http('POST', `${origin}/admin/v1/stop`)).status).toBe(403);
    expect(await json('status')).toMatchObject({ state: 'running' });
  });

  it('runs in memory beside one with a folder', async () => {
    const kept = await json('start');
    const memory = await json('start', '--memory');
    expect(memory.port).not.toBe(kept.port);
    expect((await run('stop', '--memory')).code).toBe(0);
    expect(await json('status')).toMatchObject({ state: 'running' });
  });

  it.each([
    [['start', '--port', '70000'], 'whole number'],
    [['start', '--port', 'x'], 'whole number'],
    [['start', '--data', 'x', '--memory'], 'cannot be used with'],
    [['nonsense'], 'unknown command'],
    [['history', '--limit', '0'], 'whole number'],
  ])('%j is refused', async ([command = '', ...more], message) => {
    expect(await run(command, ...more)).toMatchObject({ code: 2, err: expect.stringContaining(message) as string });
  });
});

function listen(port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      resolve(server);
    });
  });
}

async function gone(pid: number): Promise<void> {
  for (;;) {
    try {
      process.kill(pid, 0);
      if (readFileSync(`/proc/${String(pid)}/stat`, 'utf8').includes(') Z ')) return;
    } catch {
      return;
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
}
