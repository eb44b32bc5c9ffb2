import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { shapedGraph, type ShapedTask, shapes } from './graph-shapes.ts';
import { type MeasuredServer, withServer } from './local-server.ts';
import type { Figure } from './main.ts';
import { median, runCommand } from './run-command.ts';

/** An environment of its own, with its versions pinned by this line. */
const environment = '.cache/python/bench-dagster';
const python = join(environment, 'bin', 'python');
const requirement = 'dagster==1.13.11';

const sizes = [10, 100, 1000] as const;
const rounds = 3;

type Medians = Readonly<Record<string, number>>;
type Graphs = Readonly<Record<string, readonly ShapedTask[]>>;

/** What the engine adds to each task of a graph that does nothing, beside Dagster, both writing down what they do. */
export async function overheadBench(report: (figure: Figure) => void): Promise<void> {
  await ensureDagster();
  for (const size of sizes) {
    const graphs: Graphs = Object.fromEntries(shapes.map((shape) => [shape, shapedGraph(shape, size)]));
    const ours = await withServer((server) => ownMedians(server, graphs));
    const peer = await dagsterMedians(graphs);
    for (const shape of shapes) {
      const [mine, dagster] = [(ours[shape] ?? Number.NaN) / size, (peer[shape] ?? Number.NaN) / size];
      const name = `${shape} of ${String(size)}`;
      report({ bench: 'graph', name: `${name}: a task, local Snowflake`, value: mine, unit: 'ms' });
      report({ bench: 'graph', name: `${name}: a task, Dagster`, value: dagster, unit: 'ms' });
      report({ bench: 'graph', name: `${name}: local Snowflake to Dagster`, value: mine / dagster, unit: 'ratio', aim: 1 / 3 });
    }
  }
}

/** Medians of whole runs, from the start of the root to the end of the graph, in milliseconds. */
async function ownMedians(server: MeasuredServer, graphs: Graphs): Promise<Medians> {
  await server.run('CREATE DATABASE BENCH');
  await server.run('CREATE WAREHOUSE BENCH_WH');
  const medians: Record<string, number> = {};
  for (const [name, tasks] of Object.entries(graphs)) {
    const schema = name.toUpperCase();
    await server.run(`CREATE SCHEMA BENCH.${schema}`);
    const root = `BENCH.${schema}.${tasks[0]?.name ?? ''}`;
    for (const task of tasks) {
      const after = task.after.length === 0 ? '' : ` AFTER ${task.after.map((each) => `BENCH.${schema}.${each}`).join(', ')}`;
      await server.run(`CREATE TASK BENCH.${schema}.${task.name} WAREHOUSE = BENCH_WH${after} AS SELECT 1`);
    }
    await server.run(`SELECT SYSTEM$TASK_DEPENDENTS_ENABLE('${root}')`);
    const times: number[] = [];
    for (let round = 1; round <= rounds; round += 1) times.push(await oneRun(server, schema, root, round));
    medians[name] = median(times);
  }
  return medians;
}

async function oneRun(server: MeasuredServer, schema: string, root: string, round: number): Promise<number> {
  await server.run(`EXECUTE TASK ${root}`);
  for (;;) {
    const rows = await server.run(
      `SELECT STATE, TIMEDIFF(millisecond, QUERY_START_TIME, COMPLETED_TIME) AS TOOK
       FROM TABLE(BENCH.INFORMATION_SCHEMA.COMPLETE_TASK_GRAPHS()) WHERE SCHEMA_NAME = '${schema}'`,
    );
    if (rows.length >= round) {
      const [row] = rows;
      if (row?.['STATE'] !== 'SUCCEEDED') throw new Error(`${root} ended as ${String(row?.['STATE'])}`);
      return Number(row['TOOK']);
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

async function dagsterMedians(graphs: Graphs): Promise<Medians> {
  const home = await mkdtemp(join(tmpdir(), 'bench-dagster-'));
  try {
    await writeFile(join(home, 'dagster.yaml'), 'telemetry:\n  enabled: false\n');
    const file = join(home, 'graphs.json');
    await writeFile(file, JSON.stringify(graphs));
    const { stdout } = await runCommand(python, ['bench/graph-dagster.py', file, String(rounds)], { DAGSTER_HOME: home });
    return JSON.parse(stdout) as Medians;
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

async function ensureDagster(): Promise<void> {
  if (existsSync(python)) return;
  await runCommand('python3', ['-m', 'venv', environment]);
  await runCommand(python, ['-m', 'pip', 'install', '--quiet', requirement]);
}
