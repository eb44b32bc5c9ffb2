import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import { FakeClock } from '../../../local-snowflake/platform/clock.ts';
import { findPython } from '../../../local-snowflake/runtime/python-environment.ts';
import type { WorkerHost } from '../../../local-snowflake/runtime/worker-host.ts';
import type { WorkerTask } from '../../../local-snowflake/runtime/worker-task.ts';
import { makeTaskFolder } from '../../../local-snowflake/runtime/task-folder.ts';
import { testHost } from './support/test-host.ts';
import { isAlive } from './support/is-alive.ts';

let host: WorkerHost;

afterEach(() => host.close());

async function start(source: string, onOutput?: (text: string) => void): Promise<WorkerTask> {
  const folder = await makeTaskFolder(host, []);
  const task = await host.start({ modules: [], output: { limit: 10_000 }, onOutput: (_, data) => onOutput?.(data.toString()) });
  const setting = folder.setting;
  await task.send({
    kind: 'function',
    setting,
    code: source,
    handler: 'f',
    arguments: [],
    returns: { kind: 'VARCHAR' },
    timezone: 'UTC',
  });
  return task;
}

describe('the fork server', () => {
  test('starts with the first task and stops when none has run for a while', async () => {
    const clock = new FakeClock();
    host = testHost({ clock, idleMilliseconds: 60_000 });
    expect(host.forkServerProcessId).toBeUndefined();
    const first = await start('def f(): return "1"');
    const pid = host.forkServerProcessId as number;
    await clock.advanceBy(120_000);
    expect(isAlive(pid)).toBe(true);
    await first.hangUp();
    expect(await first.ended).toEqual({ code: 0, dropped: 0 });
    await clock.advanceBy(59_000);
    expect(isAlive(pid)).toBe(true);
    await clock.advanceBy(1_001);
    expect(host.forkServerProcessId).toBeUndefined();
    await expect.poll(() => isAlive(pid)).toBe(false);
    const next = await start('def f(): return "1"');
    expect(host.forkServerProcessId).not.toBe(pid);
    await next.hangUp();
  });

  test('that is killed leaves running tasks alone; the next task gets a new one', async () => {
    host = testHost();
    const running = await start('def f(): return "still here"');
    process.kill(host.forkServerProcessId as number, 'SIGKILL');
    await expect.poll(() => host.forkServerProcessId).toBeUndefined();
    await running.send({ rows: 1, columns: [] });
    expect((await running.receive())?.payload.toString()).toBe('["still here"]');
    const next = await start('def f(): return "new"');
    await next.send({ rows: 1, columns: [] });
    expect((await next.receive())?.payload.toString()).toBe('["new"]');
  });

  test('that cannot start says why', async () => {
    host = testHost({ python: { executable: '/nonexistent/python' } });
    await expect(start('')).rejects.toThrow(
      'The local Snowflake cannot run Python: Python could not be started: spawn /nonexistent/python ENOENT',
    );
    host = testHost({ python: { executable: '/bin/false' } });
    await expect(start('')).rejects.toThrow("Python's fork server ended (exit code 1)");
  });

  test('can be started ahead of the first task, with what that needs, and stops when none comes', async () => {
    const clock = new FakeClock();
    host = testHost({ clock, idleMilliseconds: 60_000 });
    await host.preload(['colorsys']);
    const pid = host.forkServerProcessId as number;
    const task = await start('import sys\ndef f(): return str("colorsys" in sys.modules)');
    expect(host.forkServerProcessId).toBe(pid);
    await task.send({ rows: 1, columns: [] });
    expect((await task.receive())?.payload.toString()).toBe('["True"]');
    await task.hangUp();
    await task.ended;
    await host.preload(['colorsys']);
    await clock.advanceBy(60_001);
    expect(host.forkServerProcessId).toBeUndefined();
  });

  test('is small: what tasks do not need is not imported', async () => {
    host = testHost();
    await start('def f(): return "1"');
    const status = await readFile(`/proc/${String(host.forkServerProcessId)}/status`, 'utf8');
    expect(Number(/VmRSS:\s+(\d+) kB/u.exec(status)?.[1])).toBeLessThan(40_000);
  });
});

describe('a task', () => {
  test('whose supervisor is lost ends', async () => {
    host = testHost();
    const lines: string[] = [];
    const task = await start('import os, time\nprint(os.getppid(), os.getpid(), flush=True)\ndef f(): time.sleep(1000)', (text) =>
      lines.push(text),
    );
    await task.send({ rows: 1, columns: [] });
    await expect.poll(() => lines.join('')).toMatch(/\d+ \d+\n/u);
    const [supervisor, worker] = lines.join('').trim().split(' ').map(Number) as [number, number];
    process.kill(supervisor, 'SIGKILL');
    expect((await task.ended).lost).toBe('its supervising process was lost');
    await expect.poll(() => isAlive(worker)).toBe(false);
  });

  test('does not outlive a server that is killed, nor does anything it started', async () => {
    host = testHost();
    const script = fileURLToPath(new URL('support/orphan-maker.ts', import.meta.url));
    const server = spawn(process.execPath, ['--import', 'tsx', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = (await once(server.stdout, 'data')) as [Buffer];
    const pids = line.toString().trim().split(' ').map(Number);
    expect(pids).toHaveLength(4);
    expect(pids.map(isAlive)).toEqual([true, true, true, true]);
    server.kill('SIGKILL');
    await expect.poll(() => pids.map(isAlive), { timeout: 5000 }).toEqual([false, false, false, false]);
  });
});

test('a missing Python is named, with the way to get it', () => {
  expect(() => findPython('/nonexistent/python')).toThrow(
    /No Python environment at \/nonexistent\/python.*LOCAL_SNOWFLAKE_PYTHON/u,
  );
});
