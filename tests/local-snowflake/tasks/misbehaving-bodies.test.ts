import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { SdkRow } from '../../support/sdk-connection.ts';
import { isAlive } from '../runtime/support/is-alive.ts';
import { TaskServer } from './task-server.ts';

// Python that hangs, floods, forks or vanishes ends its task as failed and says why, leaves no process, and nobody else notices.
// https://docs.snowflake.com/en/sql-reference/functions/task_history (ERROR_MESSAGE), sql/create-task (USER_TASK_TIMEOUT_MS)

let tasks: TaskServer;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'misbehaving-'));
  tasks = await TaskServer.start();
  await tasks.run('create warehouse wh', 'create database test_db', 'create schema test_db.s');
});

// The server goes on: the next task in Python does its work.
afterEach(async () => {
  await define('after', 'return "well"');
  await tasks.execute('after');
  expect((await tasks.historyOf('after'))['STATE']).toBe('SUCCEEDED');
});

afterAll(async () => {
  await tasks.close();
  rmSync(folder, { recursive: true });
});

/** A task whose body is a Python procedure; `path(name)` is a file that the test reads. */
async function define(name: string, code: string): Promise<void> {
  const lines = code.split('\n').map((line) => `    ${line}`);
  await tasks.run(
    `create or replace procedure ${name}_body() returns varchar language python runtime_version = '3.11'
       packages = ('snowflake-snowpark-python') handler = 'run' as $$
import os, signal, sys, time
def path(name):
    return os.path.join('${folder}', name)
def note(name):
    with open(path(name) + '.part', 'w') as file:
        file.write(str(os.getpid()))
    os.rename(path(name) + '.part', path(name))
def run(session):
${lines.join('\n')}
$$`,
    `create or replace task ${name} warehouse = wh as call ${name}_body()`,
  );
}

async function failureOf(name: string): Promise<SdkRow> {
  await tasks.execute(name);
  const run = await tasks.historyOf(name);
  expect(run['STATE']).toBe('FAILED');
  return run;
}

/** Process ids that the code has noted. */
async function noted(...names: readonly string[]): Promise<number[]> {
  for (const name of names) await expect.poll(() => existsSync(join(folder, name)), { timeout: 60_000 }).toBe(true);
  return names.map((name) => Number(readFileSync(join(folder, name), 'utf8')));
}

async function gone(pids: readonly number[]): Promise<void> {
  await expect.poll(() => pids.filter(isAlive), { timeout: 60_000 }).toEqual([]);
}

it('a worker that hangs is ended when its time is over, whatever signals it ignores', { timeout: 180_000 }, async () => {
  await define(
    'hangs',
    'for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):\n    signal.signal(number, signal.SIG_IGN)\nnote("hangs")\nwhile True: pass',
  );
  await tasks.run('alter task hangs set user_task_timeout_ms = 60000', 'execute task hangs');
  await tasks.clock.advanceBy(1000);
  const pids = await noted('hangs');
  await tasks.clock.advanceBy(60_000);
  await tasks.settle();
  const run = await tasks.historyOf('hangs');
  expect([run['STATE'], run['ERROR_CODE'], run['ERROR_MESSAGE']]).toEqual([
    'FAILED',
    630,
    expect.stringContaining('Statement reached its statement or warehouse timeout of 60 second(s)'),
  ]);
  await gone(pids);
});

it('what floods its output is not held up by it, and its last words are kept', { timeout: 180_000 }, async () => {
  await define(
    'floods',
    'for stream in (sys.stdout, sys.stderr):\n    for _ in range(100):\n        stream.write("x" * 1_048_575 + "\\n")\nprint("the last words", file=sys.stderr)\nos._exit(7)',
  );
  const message = String((await failureOf('floods'))['ERROR_MESSAGE']);
  expect(message).toContain('exit code 7');
  expect(message.length).toBeLessThan(10_000);
  expect(message).toContain('the last words');
});

it('what only prints too much succeeds: output is no result', { timeout: 180_000 }, async () => {
  await define('prints', 'for _ in range(100):\n    print("x" * 1_048_575)\nreturn "done"');
  await tasks.execute('prints');
  expect((await tasks.historyOf('prints'))['STATE']).toBe('SUCCEEDED');
});

it('what it has forked goes with it, also what ran away from it', { timeout: 180_000 }, async () => {
  await define(
    'forks',
    `for index in range(20):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            note(f"child{index}")
            time.sleep(100_000)
        os._exit(0)
while any(not os.path.exists(path(f"child{index}")) for index in range(20)):
    time.sleep(0.01)
raise RuntimeError("forked enough")`,
  );
  const run = await failureOf('forks');
  expect(run['ERROR_MESSAGE']).toContain('RuntimeError: forked enough');
  await gone(await noted(...Array.from({ length: 20 }, (_, index) => `child${String(index)}`)));
});

it('what forks and goes, leaving its copy behind, has given no answer', { timeout: 180_000 }, async () => {
  await define('leaves', 'if os.fork():\n    time.sleep(0.1)\n    os._exit(3)\nnote("copy")\nreturn "from the copy"');
  expect((await failureOf('leaves'))['ERROR_MESSAGE']).toContain('exit code 3');
});

it('what forks without end is ended with all its generations', { timeout: 180_000 }, async () => {
  await define(
    'flees',
    // Each generation is another process, gone before a list of processes can be worked through.
    'note("parent")\nif os.fork() == 0:\n    os.setsid()\n    while os.fork() == 0: note("latest")\n    os._exit(0)\nwhile not os.path.exists(path("latest")): time.sleep(0.01)\nos._exit(5)',
  );
  expect((await failureOf('flees'))['ERROR_MESSAGE']).toContain('exit code 5');
  // The last generation ends when the supervisor has ended; then no other one writes its number.
  await expect.poll(async () => (await noted('latest')).filter(isAlive).length, { timeout: 60_000 }).toBe(0);
});
