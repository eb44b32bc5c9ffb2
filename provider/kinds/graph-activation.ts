import { z } from 'zod';

import type { Properties, Report, ResourceKind } from '../resource-kind.ts';
import { objectName } from '../snowflake/names.ts';
import type { Session } from '../snowflake/session.ts';
import { detachTask, type LiveTask, resumeTask, showTasks, suspendTask } from '../snowflake/tasks.ts';

interface Activation {
  readonly database: string;
  readonly schema: string;
  readonly root: string;
  /** Whether the root runs on its schedule. A graph without one is run by EXECUTE TASK, with its root suspended. */
  readonly runRoot: boolean;
  /** The other tasks of the graph, all of which are to take part in its runs. */
  readonly tasks: readonly string[];
  /** How often the graph was held; once more means that it has to be let run again. */
  readonly generation: number;
  /** `tasks` as it was last asked for; after a refresh `tasks` has only those that are resumed. */
  readonly members: readonly string[];
}

/**
 * Lets a task graph run. It comes after the tasks: it takes tasks that left the program out of the graph, resumes every
 * task that takes part, and the root last, which fixes the version that the next runs execute.
 * https://docs.snowflake.com/en/sql-reference/sql/alter-task
 */
export const graphActivation: ResourceKind = {
  type: 'snowflakeml:index:GraphActivation',
  inputs: {
    database: { accepts: objectName, replaces: true },
    schema: { accepts: objectName, replaces: true },
    root: { accepts: objectName },
    runRoot: { accepts: z.boolean() },
    tasks: { accepts: z.array(objectName) },
    generation: { accepts: z.int().min(0) },
  },
  computed: ['members'],
  planUpdate: (_state, inputs) => activeState(inputs),
  id: (inputs) => `${activation(inputs).database}.${activation(inputs).schema}.${activation(inputs).root}`,
  // The tasks below the root are created resumed.
  createStatements: (inputs) => (activation(inputs).runRoot ? [resumeTask(activation(inputs), activation(inputs).root)] : []),
  updateStatements: async (state, inputs, session) => {
    const live = await showTasks(session, activation(inputs));
    const held = activation(state).generation !== activation(inputs).generation;
    const stepped = steps(activation(inputs), live, leavers(state, inputs), held);
    return stepped.map(({ statement }) => statement);
  },
  liveDrift: async (session, inputs) => {
    const wanted = activation(inputs);
    const live = await showTasks(session, wanted);
    const differing = wanted.tasks.filter((name) => live.get(name)?.started === false);
    const root = live.get(wanted.root);
    if (root !== undefined && root.started !== wanted.runRoot) differing.push(wanted.root);
    return differing.map((name) => `task ${name} is ${live.get(name)?.started === true ? 'resumed' : 'suspended'}`);
  },
  create: (session, inputs, report) => activate(session, [], inputs, report),
  update: (session, state, inputs, report) => activate(session, leavers(state, inputs), inputs, report),
  read: async (session, id, state) => {
    const [database = '', schema = '', root = ''] = id.split('.');
    const imported = Object.keys(state).length === 0;
    const live = await showTasks(session, { database, schema });
    const rootTask = live.get(imported ? root : activation(state).root);
    if (rootTask === undefined) return undefined;
    const members = imported ? descendantsOf(live, root) : activation(state).members;
    return {
      database,
      schema,
      root: rootTask.name,
      runRoot: rootTask.started,
      tasks: members.filter((name) => live.get(name)?.started === true),
      generation: imported ? 0 : activation(state).generation,
      members,
    };
  },
  delete: async (session, _id, state) => {
    const { root } = activation(state);
    const live = await showTasks(session, activation(state));
    if (live.get(root)?.started === true) await session.execute(suspendTask(activation(state), root));
  },
};

function activation(properties: Properties): Activation {
  return properties as unknown as Activation;
}

function activeState(inputs: Properties): Properties {
  return { ...inputs, members: activation(inputs).tasks };
}

/** The tasks below the root and its finalizer, sorted. */
function descendantsOf(live: ReadonlyMap<string, LiveTask>, root: string): readonly string[] {
  const found = new Set([root]);
  for (let size = 0; size < found.size;) {
    size = found.size;
    for (const { name, predecessors, finalizes } of live.values()) {
      if (finalizes === root || predecessors.some((predecessor) => found.has(predecessor))) found.add(name);
    }
  }
  found.delete(root);
  return [...found].toSorted();
}

/** Tasks that the last update put into the graph and that are no part of it any more. */
function leavers(state: Properties, inputs: Properties): readonly string[] {
  const kept = new Set([activation(inputs).root, ...activation(inputs).tasks]);
  return [...new Set([activation(state).root, ...activation(state).members])].filter((name) => !kept.has(name));
}

interface Step {
  readonly statement: string;
  readonly does: string;
}

/** What takes the tasks from `live` to `wanted`. `held`: the graph's hold will have suspended the root by then. */
function steps(
  wanted: Activation,
  live: ReadonlyMap<string, LiveTask>,
  removed: readonly string[],
  held: boolean,
): readonly Step[] {
  const rootStarted = !held && live.get(wanted.root)?.started === true;
  const inside: Step[] = [
    ...removed.flatMap((name) => {
      const task = live.get(name);
      const statements = task === undefined ? [] : detachTask(wanted, task);
      return statements.map((statement) => ({ statement, does: `take ${name} out of the graph` }));
    }),
    ...wanted.tasks
      .filter((name) => live.get(name)?.started === false)
      .map((name) => ({ statement: resumeTask(wanted, name), does: `resume ${name}` })),
  ];
  // Children can only be resumed, and tasks detached, under a suspended root.
  const suspends = rootStarted && (inside.length > 0 || !wanted.runRoot);
  const resumes = wanted.runRoot && (suspends || !rootStarted);
  return [
    ...(suspends ? [{ statement: suspendTask(wanted, wanted.root), does: `suspend the root ${wanted.root}` }] : []),
    ...inside,
    ...(resumes ? [{ statement: resumeTask(wanted, wanted.root), does: `resume the root ${wanted.root}` }] : []),
  ];
}

async function activate(session: Session, removed: readonly string[], inputs: Properties, report: Report): Promise<Properties> {
  const wanted = activation(inputs);
  const todo = steps(wanted, await showTasks(session, wanted), removed, false);
  for (const [index, step] of todo.entries()) {
    try {
      await session.execute(step.statement);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const left = todo.slice(index).map(({ does }) => does);
      throw new Error(
        `The graph of ${wanted.root} has its new definitions but does not run yet. Still to do: ${left.join(', ')}. ` +
          `The first of these was refused: ${reason} Run the update again when the cause is gone.`,
        { cause: error },
      );
    }
  }
  if (wanted.runRoot && todo.length > 0) report(`The graph of ${wanted.root} runs on its schedule again.`);
  return activeState(inputs);
}
