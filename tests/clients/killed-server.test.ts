import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it, onTestFailed } from 'vitest';
import { bundle } from '../../local-snowflake/build.mjs';
import { isAlive } from '../local-snowflake/runtime/support/is-alive.ts';
import { descendantsOf } from '../support/process-tree.ts';
import { SeededRandom } from '../support/seeded-random.ts';
import { ServedAccount } from '../support/served-account.ts';
import { StagedGraph } from '../support/staged-graph.ts';

// SIGKILL at random moments, of the server while it runs graphs or starts, of Python workers, of clients: every run reaches one end,
// nothing that had succeeded runs again, nothing that a client was told of is lost, no process is left behind.
// https://docs.snowflake.com/en/sql-reference/functions/task_history (states), sql/execute-task, user-guide/tasks-graphs
// KILLS=300 KILL_SEED=7 npx vitest run tests/clients/killed-server.test.ts

const kills = Number(process.env['KILLS'] ?? 10);
const seed = Number(process.env['KILL_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const random = new SeededRandom(seed);
const server = new ServedAccount();
const staged = new StagedGraph(server);
/** Runs of each graph that were asked for, and those of them that the server said it had taken. */
const asked = { ROOT: 0, SCORED: 0, STAGED: 0 };
const acknowledged = { ROOT: 0, SCORED: 0, STAGED: 0 };
const written: number[] = [];
const clientNumbers = 1_000_000;

beforeAll(async () => {
  await bundle();
  await server.start();
});

afterAll(() => server.remove());

/** A body that says that it ran, and in which run. */
function body(task: string): string {
  return `insert into test_db.s.done select '${task}', system$task_runtime_info('CURRENT_TASK_GRAPH_RUN_GROUP_ID'), 0`;
}

const definitions = [
  'create warehouse wh',
  'create database test_db',
  'create schema test_db.s',
  'create table done (task varchar, run_group varchar, version int)',
  'create table pairs (number number, side varchar)',
  `create task root warehouse = wh overlap_policy = 'ALLOW_ALL_OVERLAP' task_auto_retry_attempts = 1 as ${body('ROOT')}`,
  `create task a warehouse = wh after root as ${body('A')}`,
  `create task b warehouse = wh after root as ${body('B')}`,
  `create task both warehouse = wh after a, b as ${body('BOTH')}`,
  `create task fin warehouse = wh finalize = root as ${body('FIN')}`,
  `create procedure score() returns varchar language python runtime_version = '3.11' packages = ('snowflake-snowpark-python') handler = 'run' as $$
import time
def run(session):
    time.sleep(0.3)
    session.sql("${body('SCORE')}").collect()
$$`,
  `create task scored warehouse = wh overlap_policy = 'ALLOW_ALL_OVERLAP' task_auto_retry_attempts = 1 as ${body('SCORED')}`,
  'create task score warehouse = wh after scored as call test_db.s.score()',
  `create task report warehouse = wh after score as ${body('REPORT')}`,
  `create task tick warehouse = wh schedule = '10 SECONDS' as ${body('TICK')}`,
  "select system$task_dependents_enable('root')",
  "select system$task_dependents_enable('scored')",
  'alter task tick resume',
  ...staged.definitions,
  'create table was as select 1 as n union all select 2',
  'create table dropped as select 3 as n',
  'drop table dropped',
];

/** The answer may be lost with the server. */
async function execute(root: keyof typeof asked): Promise<void> {
  asked[root] += 1;
  const what = root === 'STAGED' ? 'task graph' : 'task';
  const { success } = await server.client.query(`execute ${what} test_db.s.${root}`).catch(() => ({ success: false }));
  if (success) acknowledged[root] += 1;
}

async function write(number: number): Promise<void> {
  const statement = `insert into test_db.s.pairs values (${String(number)}, 'left'), (${String(number)}, 'right')`;
  const { success } = await server.client.query(statement).catch(() => ({ success: false }));
  if (success) written.push(number);
}

/** The server, while graphs run and a client writes. */
async function killServer(round: number): Promise<boolean> {
  const dead = new AbortController();
  const killed = sleep(random.below(1200)).then(async () => {
    const started = await descendantsOf(server.pid);
    dead.abort();
    process.kill(server.pid, 'SIGKILL');
    return started;
  });
  if (random.next() < 0.25) await execute('SCORED');
  const runs = 1 + random.below(4);
  for (let run = 0; run < runs && !dead.signal.aborted; run += 1) {
    await execute('ROOT');
    if (random.next() < 0.5) await staged.change();
    if (random.next() < 0.5) await execute('STAGED');
    await write(round * 10 + run);
    await sleep(random.below(200));
  }
  const started = await killed;
  await gone([server.pid]);
  if (random.next() < 0.2) await killStart();
  await server.start();
  // Nothing that the dead server had started is left.
  await gone(started);
  return true;
}

async function gone(pids: readonly number[]): Promise<void> {
  while (pids.some(isAlive)) await sleep(10);
}

/** The server before it is ready. */
async function killStart(): Promise<void> {
  const command = server.starting();
  const ended = once(command, 'exit');
  const moment = sleep(random.below(700));
  let found: number | undefined;
  while (found === undefined && command.exitCode === null) [found] = await descendantsOf(command.pid ?? 0);
  await moment;
  if (found !== undefined && isAlive(found)) process.kill(found, 'SIGKILL');
  await ended;
  if (found !== undefined) await gone([found]);
}

/** A process that runs Python, or one of those that look after it. */
async function killWorker(): Promise<boolean> {
  await execute('SCORED');
  const running = async (): Promise<boolean> =>
    (await server.query("select 1 from table(test_db.information_schema.current_task_graphs(root_task_name => 'SCORED'))")).length >
    0;
  // The fork server alone is no worker.
  while ((await descendantsOf(server.pid)).length < 2) if (!(await running())) return false;
  await sleep(random.below(700));
  const [forkServer, ...workers] = await descendantsOf(server.pid);
  const victim = random.next() < 0.2 ? forkServer : random.pick(workers);
  if (victim === undefined) return false;
  try {
    process.kill(victim, 'SIGKILL');
  } catch {
    return false;
  }
  return true;
}

/** A client that is writing. */
async function killClient(round: number): Promise<boolean> {
  const client = spawn(process.execPath, [fileURLToPath(new URL('writing-client.mjs', import.meta.url))], {
    env: { ...process.env, CONNECTION: JSON.stringify({ ...server.credentials, first: clientNumbers + round * 10_000 }) },
  });
  let complaint = '';
  client.stderr.on('data', (data: Buffer) => (complaint += data.toString()));
  const lines = createInterface(client.stdout);
  const ended = new Promise<void>((resolve) => lines.once('close', () => resolve()));
  const first = new Promise<void>((resolve) => lines.once('line', () => resolve()));
  lines.on('line', (line) => written.push(Number(line)));
  const wrote = await Promise.race([first.then(() => true), ended.then(() => false)]);
  if (!wrote) throw new Error(`The client ended before it had written: ${complaint}`);
  await sleep(random.below(400));
  const killed = client.kill('SIGKILL');
  await ended;
  return killed;
}

const history = 'snowflake.account_usage.task_history';
const graphs = 'snowflake.account_usage.complete_task_graphs';

it(`survives ${String(kills)} kills (KILL_SEED=${String(seed)})`, { timeout: 60_000 + kills * 30_000 }, async () => {
  onTestFailed(() => {
    console.error(server.log());
  });
  for (const sql of definitions) await server.query(sql);
  await server.query('delete from test_db.s.was where n = 1');
  const [[removal] = []] = await server.query('select last_query_id()');
  const tally = { server: 0, worker: 0, client: 0 };
  for (let round = 1; tally.server + tally.worker + tally.client < kills; round += 1) {
    const kind = random.next();
    if (kind < 0.6) tally.server += Number(await killServer(round));
    else if (kind < 0.85) tally.worker += Number(await killWorker());
    else tally.client += Number(await killClient(round));
  }
  if (process.env['KILLS'] !== undefined)
    console.info(JSON.stringify({ seed, ...tally, asked, acknowledged, written: written.length }));

  await server.query('alter task test_db.s.tick suspend');
  const executing = "select 1 from table(test_db.information_schema.current_task_graphs()) where state = 'EXECUTING'";
  while ((await server.query(executing)).length > 0) await sleep(50);

  // What tables were, and what was dropped, is there.
  expect(await server.query(`select count(*) from test_db.s.was before(statement => '${removal ?? ''}')`)).toEqual([['2']]);
  await server.query('undrop table test_db.s.dropped');
  expect(await server.query('select n from test_db.s.dropped')).toEqual([['3']]);

  // Each run that was asked for is there, and has ended; one that failed was tried again as its graph says.
  for (const root of ['ROOT', 'SCORED', 'STAGED'] as const) {
    // Runs of a TASK GRAPH have no root task's name.
    const named = root === 'STAGED' ? 'is null' : `= '${root}'`;
    const [[groups, runs] = []] = await server.query(
      `select count(distinct graph_run_group_id), count(*) from ${graphs} where root_task_name ${named}`,
    );
    expect(Number(groups)).toBeGreaterThanOrEqual(acknowledged[root]);
    expect(Number(groups)).toBeLessThanOrEqual(asked[root]);
    expect(Number(runs)).toBeLessThanOrEqual(2 * Number(groups));
  }
  expect(acknowledged.ROOT + acknowledged.SCORED).toBeGreaterThan(0);
  await staged.verify();
  expect(await server.query(`select name, state from ${history} where state not in ('SUCCEEDED', 'FAILED')`)).toEqual([]);
  expect(
    await server.query(
      `select graph_run_group_id from ${graphs} where root_task_name is distinct from 'TICK' group by graph_run_group_id
         having max(attempt_number) = 1 and min(state) = 'FAILED'`,
    ),
  ).toEqual([]);

  // A task succeeds at most once in a group of attempts; only the finalizer ends each attempt.
  expect(
    await server.query(
      `select graph_run_group_id, name from ${history} where state = 'SUCCEEDED' and name <> 'FIN' group by graph_run_group_id, name having count(*) > 1`,
    ),
  ).toEqual([]);
  // Nothing runs twice in one attempt, and no schedule fires twice.
  expect(
    await server.query(
      `select graph_run_group_id, name from ${history} group by graph_run_group_id, attempt_number, name having count(*) > 1`,
    ),
  ).toEqual([]);
  expect(
    await server.query(`select scheduled_time from ${history} where name = 'TICK' group by scheduled_time having count(*) > 1`),
  ).toEqual([]);

  // What has succeeded has done its work, and nothing has worked that the history does not know.
  const worked = 'select run_group, task, count(*) as times from test_db.s.done group by run_group, task';
  expect(
    await server.query(
      `select h.name, h.graph_run_group_id from ${history} h left join (${worked}) w on w.run_group = h.graph_run_group_id and w.task = h.name
         where h.state = 'SUCCEEDED' and w.times is null`,
    ),
  ).toEqual([]);
  const known = `select graph_run_group_id as run_group, name as task, count(*) as runs from ${history} group by graph_run_group_id, name`;
  expect(
    await server.query(
      `select w.task, w.run_group, w.times, k.runs from (${worked}) w left join (${known}) k on k.run_group = w.run_group and k.task = w.task
         where k.runs is null or w.times > k.runs`,
    ),
  ).toEqual([]);

  // Python did its part.
  if (acknowledged.SCORED > 10)
    expect(await server.query(`select 1 from ${history} where name = 'REPORT' and state = 'SUCCEEDED' limit 1`)).toEqual([['1']]);

  // A join never ran before both of its predecessors had succeeded.
  expect(
    await server.query(
      `select j.graph_run_group_id from ${history} j where j.name = 'BOTH' and
         (select count(distinct p.name) from ${history} p where p.graph_run_group_id = j.graph_run_group_id and p.state = 'SUCCEEDED' and p.name in ('A', 'B')) < 2`,
    ),
  ).toEqual([]);

  // A transaction is there as a whole or not at all, and once when its client was told.
  const pairs = await server.query(
    'select number, count(*), count(distinct side) from test_db.s.pairs group by number order by number',
  );
  expect(pairs.filter(([, rows, sides]) => rows !== '2' || sides !== '2')).toEqual([]);
  const there = new Set(pairs.map(([number]) => Number(number)));
  expect(written.filter((number) => !there.has(number))).toEqual([]);
});
