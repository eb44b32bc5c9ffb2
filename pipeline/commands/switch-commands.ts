import { exitCode, type ExitCode } from '../exit-code.ts';
import { PipelineFailure } from '../failure.ts';
import { qualifiedTask, type GraphTask, type TaskGraph } from '../graph/task-graph.ts';
import { readGraph } from '../snowflake/read-graph.ts';
import { displayTaskName, sqlTaskName, stringLiteral } from '../snowflake/task-name.ts';
import { sameTarget, withGraph, type CommonOptions, type GraphSession } from './graph-session.ts';

export interface SwitchOptions extends CommonOptions {
  /** Bare names; none means the whole graph. */
  readonly tasks: readonly string[];
}

export interface ResumeOptions extends SwitchOptions {
  /** All but the root: for a graph that is only run by hand. */
  readonly children?: boolean | undefined;
}

const rootOf = (graph: TaskGraph): GraphTask => {
  const root = graph.tasks.find((task) => task.role === 'root');
  if (root === undefined) throw new Error('A graph has a root.');
  return root;
};

const alter = async ({ client, graph }: GraphSession, task: string, action: 'SUSPEND' | 'RESUME'): Promise<void> => {
  // https://docs.snowflake.com/en/sql-reference/sql/alter-task
  await client.query(`ALTER TASK ${sqlTaskName(qualifiedTask(graph, task))} ${action}`);
};

/**
 * Switches tasks below the root. Snowflake changes a graph only while its root is suspended, so a root that is started
 * is suspended meanwhile and resumed afterwards, also when something in between is refused.
 */
const switchTasks = async (session: GraphSession, tasks: readonly GraphTask[], action: 'SUSPEND' | 'RESUME'): Promise<void> => {
  const root = rootOf(session.graph);
  const live = !root.suspended && tasks.some((task) => task !== root);
  if (live) await alter(session, root.name, 'SUSPEND');
  try {
    for (const task of tasks) if (task !== root) await alter(session, task.name, action);
  } finally {
    if (live && !(tasks.includes(root) && action === 'SUSPEND')) await alter(session, root.name, 'RESUME');
  }
  if (tasks.includes(root) && !live) await alter(session, root.name, action);
};

const membersNamed = (graph: TaskGraph, names: readonly string[]): readonly GraphTask[] =>
  names.map((given) => {
    const task = graph.tasks.find(({ name }) => name === given) ?? graph.tasks.find(({ name }) => name === given.toUpperCase());
    if (task !== undefined) return task;
    throw new PipelineFailure(`The graph has no task ${given}.`, {
      wayOut: `It has ${graph.tasks.map(({ name }) => name).join(', ')}.`,
    });
  });

const report = async (session: GraphSession): Promise<void> => {
  const { client, output, graph } = session;
  const now = await readGraph(client, graph.root);
  if (output.json) {
    output.print(
      JSON.stringify({
        event: 'tasks',
        graph: displayTaskName(graph.root),
        tasks: now.tasks.map(({ name, role, suspended }) => ({ task: name, role, suspended })),
      }),
    );
    return;
  }
  const suspended = now.tasks.filter((task) => task.suspended);
  const started = now.tasks.length - suspended.length;
  output.print(
    `${displayTaskName(graph.root)}: ${started} of ${now.tasks.length} tasks started${suspended.length === 0 ? '.' : `; suspended: ${suspended.map((task) => task.name).join(', ')}.`}`,
  );
};

/** Suspends the root, so that no run starts any more; or the named tasks, so that runs leave them out. A run under way goes on. */
export const suspendCommand = (options: SwitchOptions): Promise<ExitCode> =>
  withGraph(options, async (session) => {
    const { graph } = session;
    const tasks = options.tasks.length === 0 ? [rootOf(graph)] : membersNamed(graph, options.tasks);
    await switchTasks(session, tasks, 'SUSPEND');
    await report(session);
    return exitCode.succeeded;
  });

const resumeAll = async (session: GraphSession): Promise<void> => {
  const { client, graph } = session;
  const finalizer = graph.tasks.find((task) => task.role === 'finalizer');
  if (finalizer?.suspended) await switchTasks(session, [finalizer], 'RESUME');
  // https://docs.snowflake.com/en/sql-reference/functions/system_task_dependents_enable
  await client.query(`SELECT SYSTEM$TASK_DEPENDENTS_ENABLE(${stringLiteral(sqlTaskName(graph.root))})`);
};

/** Resumes the whole graph; or its tasks without the root; or the named tasks. */
export const resumeCommand = (options: ResumeOptions): Promise<ExitCode> =>
  withGraph(options, async (session) => {
    const { graph, output, target } = session;
    if (options.tasks.length > 0) await switchTasks(session, membersNamed(graph, options.tasks), 'RESUME');
    else if (options.children)
      await switchTasks(
        session,
        graph.tasks.filter((task) => task.role !== 'root' && task.suspended),
        'RESUME',
      );
    else await resumeAll(session);
    await report(session);
    if (options.children && rootOf(graph).suspended)
      output.remark(`The root stays suspended: no schedule starts it. Run it by hand: pipeline run${sameTarget(target)}.`);
    return exitCode.succeeded;
  });
