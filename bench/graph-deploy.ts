import { type EngineAnswer, StackProject } from '../tests/stack/support/stack-project.ts';
import { shapedGraph } from './graph-shapes.ts';
import { withServer } from './local-server.ts';
import type { Figure } from './main.ts';
import { ProcessTree } from './process-tree.ts';

const sizes = [10, 100, 1000] as const;

/** The engine saves all of its state before and after each resource; with this, once at the end. */
const savedOnce = { PULUMI_SKIP_CHECKPOINTS: 'true' };

/** What is measured at each size, in this order. */
const steps = {
  'preview from nothing': ['preview'],
  'up from nothing': ['up', '--yes', '--skip-preview'],
  'preview with nothing to do': ['preview', '--expect-no-changes'],
  'up with nothing to do': ['up', '--yes', '--skip-preview', '--expect-no-changes'],
  refresh: ['refresh', '--yes', '--skip-preview'],
  'up of one changed task': ['up', '--yes', '--skip-preview'],
  destroy: ['destroy', '--yes', '--skip-preview'],
  'up from nothing, state saved once': ['up', '--yes', '--skip-preview'],
  'destroy, state saved once': ['destroy', '--yes', '--skip-preview'],
} as const;

type Step = keyof typeof steps;

interface Measured {
  readonly seconds: number;
  readonly megabytes: number;
}

/** The engine on a stack with one task graph of 10, 100 and 1,000 tasks: how long, with how much memory, and how both grow. */
export async function deployBench(report: (figure: Figure) => void): Promise<void> {
  const bySize = new Map<number, Readonly<Record<Step, Measured>>>();
  for (const size of sizes) {
    const measured = await deployed(size, (step, { seconds, megabytes }) => {
      const name = `${step}, ${String(size)} tasks`;
      report({ bench: 'graph', name, value: seconds, unit: 's' });
      report({ bench: 'graph', name: `${name}: memory of the engine and its plugins`, value: megabytes, unit: 'MB' });
    });
    bySize.set(size, measured);
  }
  const [small, middle, large] = sizes.map((size) => bySize.get(size));
  if (small === undefined || middle === undefined || large === undefined) return;
  for (const step of Object.keys(steps) as Step[]) {
    // What starting costs whatever the size cancels out: time that 900 more tasks take, beside ten times that of 90 more.
    const linear = 10 * (middle[step].seconds - small[step].seconds);
    const growth = (large[step].seconds - middle[step].seconds) / linear;
    report({ bench: 'graph', name: `${step}: growth beside a linear one`, value: growth, unit: 'ratio', aim: 1.5 });
  }
}

/** Calls `report` at the end of each step: those of a large graph take minutes. */
async function deployed(size: number, report: (step: Step, measured: Measured) => void): Promise<Readonly<Record<Step, Measured>>> {
  return withServer(async (local) => {
    for (const statement of ['CREATE DATABASE LAB', 'CREATE SCHEMA LAB.GRAPHS', 'CREATE WAREHOUSE LAB_WH'])
      await local.run(statement);
    const { accountName, user, password, port } = local.credentials;
    const server = { account: String(accountName), user: String(user), password: String(password), port: Number(port) };
    const project = new StackProject({ server, program: 'graph-program.ts' });
    try {
      await project.create();
      const tasks = shapedGraph('fan', size).map((task) => ({ ...task, body: 'SELECT 1' }));
      const describe = (described: typeof tasks): void =>
        project.write('graph.json', JSON.stringify({ schedule: '1d', tasks: described }));
      describe(tasks);
      const figures = {} as Record<Step, Measured>;
      for (const [step, [command, ...args]] of Object.entries(steps) as [Step, readonly [string, ...string[]]][]) {
        if (step === 'up of one changed task') {
          describe(tasks.map((task, position) => (position === size - 1 ? { ...task, body: 'SELECT 2' } : task)));
        }
        if (step.endsWith('state saved once')) Object.assign(project.environment, savedOnce);
        figures[step] = await measuredRun(project, command, args);
        report(step, figures[step]);
      }
      return figures;
    } finally {
      project.remove();
    }
  });
}

async function measuredRun(project: StackProject, command: string, args: readonly string[]): Promise<Measured> {
  const begin = performance.now();
  const { pid, finished } = project.start(command, ...args);
  const memory = new ProcessTree(pid);
  const answer: EngineAnswer = await finished;
  const seconds = (performance.now() - begin) / 1000;
  const megabytes = memory.stop();
  if (answer.code !== 0) throw new Error(`pulumi ${command} ended with ${String(answer.code)}:\n${answer.output.slice(-4000)}`);
  return { seconds, megabytes };
}
