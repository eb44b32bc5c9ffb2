import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bundle } from '../../local-snowflake/build.mjs';
import { RawClient } from '../support/http-client.ts';

// SIGKILL of the server at random moments while task graphs run: after each start every run reaches one end, nothing that had
// succeeded runs again, nothing that a client was told of is lost.
// https://docs.snowflake.com/en/sql-reference/functions/task_history (states), sql/execute-task, user-guide/tasks-graphs
// KILLS=300 KILL_SEED=7 npx vitest run tests/clients/killed-server.test.ts

const bin = fileURLToPath(new URL('../../local-snowflake/bin/local-snowflake.mjs', import.meta.url));
const kills = Number(process.env['KILLS'] ?? 8);
const seed = Number(process.env['KILL_SEED'] ?? Math.floor(Math.random() * 2 ** 31));

let folder: string;
let pid: number;
let client: RawClient;

beforeAll(async () => {
  await bundle();
  folder = mkdtempSync(join(tmpdir(), 'killed-server-'));
  await start();
});

afterAll(async () => {
  await command('stop');
  rmSync(folder, { recursive: true, force: true });
});

async function command(name: string): Promise<Record<string, unknown>> {
  const { stdout } = await promisify(execFile)(process.execPath, [bin, name, '--data', folder, '--json']);
  return JSON.parse(stdout) as Record<string, unknown>;
}

async function start(): Promise<void> {
  const started = await command('start');
  const { user, password } = await command('credentials');
  pid = Number(started['pid']);
  client = new RawClient(String(started['origin']));
  await client.login(String(user), String(password));
}

async function query(sql: string): Promise<(string | null)[][]> {
  const answer = await client.query(sql);
  if (!answer.success) throw new Error(`${sql}: ${String(answer.message)}`);
  return answer.data['rowset'] as (string | null)[][];
}

/** Numbers from 0 to 1, the same for the same seed. */
function random(from: number): () => number {
  let state = from;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A body that says that it ran, and in which run. */
function body(task: string): string {
  return `insert into test_db.s.done select '${task}', system$task_runtime_info('CURRENT_TASK_GRAPH_RUN_GROUP_ID')`;
}

const history = 'snowflake.account_usage.task_history';

it(`survives ${String(kills)} kills (KILL_SEED=${String(seed)})`, { timeout: 60_000 + kills * 15_000 }, async () => {
  for (const sql of [
    'create warehouse wh',
    'create database test_db',
    'create schema test_db.s',
    'create table done (task varchar, run_group varchar)',
    `create task root warehouse = wh overlap_policy = 'ALLOW_ALL_OVERLAP' task_auto_retry_attempts = 1 as ${body('ROOT')}`,
    `create task a warehouse = wh after root as ${body('A')}`,
    `create task b warehouse = wh after root as ${body('B')}`,
    `create task both warehouse = wh after a, b as ${body('BOTH')}`,
    `create task fin warehouse = wh finalize = root as ${body('FIN')}`,
    `create task tick warehouse = wh schedule = '10 SECONDS' as ${body('TICK')}`,
    "select system$task_dependents_enable('root')",
    'alter task tick resume',
  ])
    await query(sql);

  const next = random(seed);
  let acknowledged = 0;
  let asked = 0;
  for (let kill = 0; kill < kills; kill += 1) {
    const dead = new AbortController();
    const killed = sleep(Math.floor(next() * 1200)).then(() => {
      dead.abort();
      process.kill(pid, 'SIGKILL');
    });
    const runs = 1 + Math.floor(next() * 4);
    for (let run = 0; run < runs && !dead.signal.aborted; run += 1) {
      asked += 1;
      // The answer may be lost with the server.
      await client.query('execute task test_db.s.root').then(
        ({ success }) => {
          if (success) acknowledged += 1;
        },
        () => undefined,
      );
      await sleep(Math.floor(next() * 200));
    }
    await killed;
    await start();
  }

  await query('alter task test_db.s.tick suspend');
  while (
    (await query("select 1 from table(test_db.information_schema.current_task_graphs()) where state = 'EXECUTING'")).length > 0
  )
    await sleep(50);

  // Each run that was asked for is there, and has ended.
  const [[groups, roots] = []] = await query(
    "select count(distinct graph_run_group_id), count(*) from snowflake.account_usage.complete_task_graphs where root_task_name = 'ROOT'",
  );
  expect(Number(groups)).toBeGreaterThanOrEqual(acknowledged);
  expect(Number(groups)).toBeLessThanOrEqual(asked);
  expect(Number(roots)).toBeLessThanOrEqual(2 * Number(groups));
  expect(acknowledged).toBeGreaterThan(0);
  expect(await query(`select name, state from ${history} where state not in ('SUCCEEDED', 'FAILED')`)).toEqual([]);

  // A task succeeds at most once in a group of attempts; only the finalizer ends each attempt.
  expect(
    await query(
      `select graph_run_group_id, name from ${history} where state = 'SUCCEEDED' and name <> 'FIN' group by graph_run_group_id, name having count(*) > 1`,
    ),
  ).toEqual([]);
  // Nothing runs twice in one attempt, and no schedule fires twice.
  expect(
    await query(
      `select graph_run_group_id, name from ${history} group by graph_run_group_id, attempt_number, name having count(*) > 1`,
    ),
  ).toEqual([]);
  expect(
    await query(`select scheduled_time from ${history} where name = 'TICK' group by scheduled_time having count(*) > 1`),
  ).toEqual([]);

  // What has succeeded has done its work, and nothing has worked that the history does not know.
  const worked = 'select run_group, task, count(*) as times from test_db.s.done group by run_group, task';
  expect(
    await query(
      `select h.name, h.graph_run_group_id from ${history} h left join (${worked}) w on w.run_group = h.graph_run_group_id and w.task = h.name
         where h.state = 'SUCCEEDED' and w.times is null`,
    ),
  ).toEqual([]);
  const known = `select graph_run_group_id as run_group, name as task, count(*) as runs from ${history} group by graph_run_group_id, name`;
  expect(
    await query(
      `select w.task, w.run_group, w.times, k.runs from (${worked}) w left join (${known}) k on k.run_group = w.run_group and k.task = w.task
         where k.runs is null or w.times > k.runs`,
    ),
  ).toEqual([]);

  // A join never ran before both of its predecessors had succeeded.
  expect(
    await query(
      `select j.graph_run_group_id from ${history} j where j.name = 'BOTH' and
         (select count(distinct p.name) from ${history} p where p.graph_run_group_id = j.graph_run_group_id and p.state = 'SUCCEEDED' and p.name in ('A', 'B')) < 2`,
    ),
  ).toEqual([]);
});
