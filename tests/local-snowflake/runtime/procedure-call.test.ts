import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SnowflakeError } from '../../../local-snowflake/errors/snowflake-error.ts';
import { type ProcedureCall, type ProcedureValue, callProcedure } from '../../../local-snowflake/runtime/procedure-call.ts';
import type { PythonCode } from '../../../local-snowflake/runtime/python-code.ts';
import type { WorkerHost } from '../../../local-snowflake/runtime/worker-host.ts';
import { types } from '../../../local-snowflake/sql/types.ts';
import { StubAccount } from './support/stub-account.ts';
import { testHost } from './support/test-host.ts';
import { isAlive } from './support/is-alive.ts';

let host: WorkerHost;
let account: StubAccount;

beforeAll(async () => {
  host = testHost();
  account = await StubAccount.start();
});

afterAll(async () => {
  await host.close();
  await account.close();
});

function call(source: string, rest: Partial<ProcedureCall> = {}, code: Partial<PythonCode> = {}): Promise<ProcedureValue> {
  return callProcedure(host, {
    code: { name: 'DB.S.P', handler: 'main', source, imports: [], packages: ['snowflake-snowpark-python'], ...code },
    arguments: [],
    returns: types.varchar(),
    login: account.login,
    timezone: 'America/Los_Angeles',
    ...rest,
  });
}

async function failure(result: Promise<unknown>): Promise<SnowflakeError> {
  const error: unknown = await result.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(SnowflakeError);
  return error as SnowflakeError;
}

describe('a procedure', () => {
  test('gets a Snowpark session that runs statements on the server, and its arguments', async () => {
    const source = `
def main(session, greeting, count):
    row = session.sql("select 42").collect()[0]
    return f"{greeting} {row[0] + count} {session.get_current_database()} {session.get_current_role()}"
`;
    const value = await call(source, {
      arguments: [
        { type: types.varchar(), cell: 'hello' },
        { type: types.number(38, 0), cell: '1' },
      ],
    });
    expect(value).toEqual({ kind: 'cell', cell: 'hello 43 "SNOWBANK" "ENGINEER"' });
  });

  test('is the active session of code that asks for one', async () => {
    const source = `
from snowflake.snowpark.context import get_active_session
def main(session):
    return get_active_session() is session
`;
    expect(await call(source, { returns: types.boolean })).toEqual({ kind: 'cell', cell: '1' });
  });

  test('answers RETURNS TABLE with the query that holds the rows', async () => {
    const value = await call('def main(session):\n    return session.sql("select 7")', { returns: { table: [] } });
    expect(value).toEqual({ kind: 'query', queryId: '01000000-0000-0000-0000-000000000001' });
  });

  test('finds imported modules, zips and data files as Snowflake lays them out', async () => {
    const stage = await mkdtemp(join(tmpdir(), 'stage-'));
    try {
      await writeFile(join(stage, 'data.txt'), 'from the stage');
      const path = join(stage, 'steps.py');
      await writeFile(
        path,
        `
import sys
def main(session):
    return open(sys._xoptions["snowflake_import_directory"] + "data.txt").read()
`,
      );
      const value = await callProcedure(host, {
        code: {
          name: 'DB.S.P',
          handler: 'steps.main',
          imports: [
            { name: 'steps.py', path },
            { name: 'data.txt', path: join(stage, 'data.txt') },
          ],
          packages: [],
        },
        arguments: [],
        returns: types.varchar(),
        login: account.login,
        timezone: 'UTC',
      });
      expect(value).toEqual({ kind: 'cell', cell: 'from the stage' });
    } finally {
      await rm(stage, { recursive: true });
    }
  });

  test('that raises answers with the traceback of its own lines', async () => {
    const error = await failure(
      call('def main(session):\n    x = 1\n    return helper(x)\ndef helper(x):\n    raise ValueError(f"bad {x}")\n'),
    );
    expect(error.code).toBe('100357');
    expect(error.sqlState).toBe('P0000');
    expect(error.message).toBe(
      'Python Interpreter Error:\nTraceback (most recent call last):\n  File "_udf_code.py", line 3, in main\n  File "_udf_code.py", line 5, in helper\nValueError: bad 1\n in function DB.S.P with handler main',
    );
  });

  test('that fails on a statement shows what the server said', async () => {
    const error = await failure(call('def main(session):\n    session.sql("select * from no_such_table").collect()\n'));
    expect(error.message).toContain('File "_udf_code.py", line 2, in main');
    expect(error.message).toContain("Object 'NO_SUCH_TABLE' does not exist or not authorized.");
    expect(error.message).not.toContain(process.cwd());
  });

  test.each([
    ['a missing handler', 'def other(session): pass', "Handler main was not found: 'main' is not defined in the code"],
    ['a syntax error', 'def main(session:\n', 'SyntaxError'],
    ['an exit', 'import sys\ndef main(session):\n    sys.exit(3)\n', 'SystemExit: 3'],
    ['a wrong number of parameters', 'def main(): pass', 'takes 0 positional arguments but 1 was given'],
  ])('with %s says so', async (_, source, expected) => {
    expect((await failure(call(source))).message).toContain(expected);
  });

  test('whose process is killed or leaves without an answer says how it ended', async () => {
    const killed = await failure(call('import os, signal\ndef main(session):\n    os.kill(os.getpid(), signal.SIGKILL)\n'));
    expect(killed.message).toContain('ended before it gave a result (killed by SIGKILL');
    const left = await failure(
      call('import os, sys\ndef main(session):\n    print("last words", file=sys.stderr, flush=True)\n    os._exit(7)\n'),
    );
    expect(left.message).toContain('exit code 7');
    expect(left.message).toContain('last words');
  });

  test('sees nothing of the server’s environment and has a folder of its own, gone afterwards', async () => {
    process.env['SECRET_OF_THE_SERVER'] = 'hush';
    try {
      const source = `
import json, os, tempfile
def main(session):
    with tempfile.NamedTemporaryFile(delete=False) as file:
        file.write(b"x")
    return json.dumps({"secret": os.environ.get("SECRET_OF_THE_SERVER"), "file": file.name, "cwd": os.getcwd(), "home": os.environ["HOME"]})
`;
      const value = await call(source);
      const seen = JSON.parse((value as { cell: string }).cell) as {
        secret: string | null;
        file: string;
        cwd: string;
        home: string;
      };
      expect(seen.secret).toBeNull();
      expect(seen.file.startsWith(seen.cwd)).toBe(true);
      expect(seen.home).toBe(seen.cwd);
      await expect.poll(() => existsSync(seen.cwd)).toBe(false);
    } finally {
      delete process.env['SECRET_OF_THE_SERVER'];
    }
  });

  test('that prints without end is cut off, not the server', async () => {
    let printed = 0;
    const source = `
def main(session):
    line = "x" * 99_999
    for _ in range(1000):
        print(line)
    return "done"
`;
    const value = await call(source, {
      onOutput: (_, data) => {
        printed += data.length;
      },
    });
    expect(value).toEqual({ kind: 'cell', cell: 'done' });
    await expect.poll(() => printed).toBe(1024 * 1024);
  });

  test('that is cancelled ends with everything it started', async () => {
    const controller = new AbortController();
    const lines: string[] = [];
    const source = `
import os, subprocess, time
def main(session):
    group = subprocess.Popen(["sleep", "1000"])
    escaped = subprocess.Popen(["setsid", "sleep", "1000"])
    print(os.getpid(), group.pid, escaped.pid, flush=True)
    time.sleep(1000)
`;
    const running = call(source, {
      signal: controller.signal,
      onOutput: (_, data) => {
        lines.push(data.toString());
        controller.abort();
      },
    });
    const error = await failure(running);
    expect(error.code).toBe('000604');
    const pids = lines.join('').trim().split(' ').map(Number);
    expect(pids).toHaveLength(3);
    for (const pid of pids) await expect.poll(() => isAlive(pid)).toBe(false);
  });

  test('that forks answers once, and its copies are ended', async () => {
    const lines: string[] = [];
    const source = `
import os
def main(session):
    pid = os.fork()
    if pid == 0:
        return "the copy"
    daemon = os.fork()
    if daemon == 0:
        os.setsid()
        import time
        time.sleep(1000)
    os.waitpid(pid, 0)
    print(daemon, flush=True)
    return "the original"
`;
    const value = await call(source, { onOutput: (_, data) => lines.push(data.toString()) });
    expect(value).toEqual({ kind: 'cell', cell: 'the original' });
    await expect.poll(() => lines.join('')).toMatch(/^\d+\n$/u);
    await expect.poll(() => isAlive(Number(lines.join('')))).toBe(false);
  });

  test('refuses an import that is not there', async () => {
    const error = await failure(call('', {}, { imports: [{ name: 'gone.py', path: '/nonexistent/gone.py' }] }));
    expect(error.message).toContain("Remote file 'gone.py' was not found");
  });
});
