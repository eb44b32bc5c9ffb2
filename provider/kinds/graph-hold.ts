import { z } from 'zod';

import { taskFingerprint } from '../../components/graph/task-fingerprint.ts';
import type { Properties, Report, ResourceKind } from '../resource-kind.ts';
import { objectName } from '../snowflake/names.ts';
import type { Session } from '../snowflake/session.ts';
import { detachTask, type LiveTask, showTasks, suspendTask } from '../snowflake/tasks.ts';

interface Hold {
  readonly database: string;
  readonly schema: string;
  readonly root: string;
  readonly finalizer?: string;
  /** Fingerprint of each task by name. */
  readonly definitions: Readonly<Record<string, string>>;
  /** Each task's parameters (time limit, retries), which SHOW TASKS does not tell. */
  readonly settings: Readonly<Record<string, string>>;
  /** How often the graph was held. */
  readonly generation: number;
  /** Whether the root is to be taken for resumed while the graph changes. */
  readonly rootStarted: boolean;
  /** Root and finalizer were read from the account since they were last changed. */
  readonly refreshed?: boolean;
}

/**
 * Holds a live task graph while it changes. It comes before the tasks: when a definition differs from the last one, it
 * suspends the root, which Snowflake demands before any task of the graph may be altered, and keeps a scheduled run from
 * starting on a half-changed graph. `GraphActivation` lets the graph run again.
 *
 * `rootStarted` goes into the root's own `started`, so that root and state agree before and after a refresh, and so that a
 * changed root is not resumed before its children have changed too.
 * https://docs.snowflake.com/en/user-guide/tasks-graphs
 */
export const graphHold: ResourceKind = {
  type: 'snowflakeml:index:GraphHold',
  inputs: {
    database: { accepts: objectName, replaces: true },
    schema: { accepts: objectName, replaces: true },
    root: { accepts: objectName },
    // Part of the definitions already.
    finalizer: { accepts: objectName.optional(), ignored: true },
    definitions: { accepts: z.record(z.string(), z.string()) },
    settings: { accepts: z.record(z.string(), z.string()).default({}) },
  },
  computed: ['generation', 'rootStarted'],
  id: (inputs) => `${hold(inputs).database}.${hold(inputs).schema}.${hold(inputs).root}`,
  createStatements: () => [],
  updateStatements: async (state, inputs, session) => {
    const live = await showTasks(session, hold(inputs));
    return [
      ...startedRoots(live, state, inputs).map((name) => suspendTask(hold(inputs), name)),
      ...formerFinalizers(live, state, inputs).flatMap((task) => detachTask(hold(inputs), task)),
    ];
  },
  planUpdate: (state, inputs) => {
    requireRefresh(hold(state), hold(inputs));
    return heldState(hold(state), inputs);
  },
  create: async (session, inputs, report) => {
    await suspendRoots(session, await showTasks(session, hold(inputs)), inputs, inputs, report);
    return heldState(undefined, inputs);
  },
  update: async (session, state, inputs, report) => {
    requireRefresh(hold(state), hold(inputs));
    const live = await showTasks(session, hold(inputs));
    await suspendRoots(session, live, state, inputs, report);
    for (const task of formerFinalizers(live, state, inputs)) {
      for (const statement of detachTask(hold(inputs), task)) await session.execute(statement);
    }
    return heldState(hold(state), inputs);
  },
  read: async (session, id, state) => {
    const place = Object.keys(state).length === 0 ? placeOf(id) : hold(state);
    const live = await showTasks(session, place);
    if (!live.has(place.root)) return undefined;
    const tasks = [...live.values()].filter((task) => place.definitions[task.name] !== undefined);
    return {
      database: place.database,
      schema: place.schema,
      root: place.root,
      definitions: Object.fromEntries(tasks.map((task) => [task.name, fingerprintOf(task)])),
      settings: place.settings,
      generation: place.generation,
      rootStarted: live.get(place.root)?.started === true,
      refreshed: true,
    };
  },
  // The activation goes first and leaves the root suspended.
  delete: () => Promise.resolve(),
};

function hold(properties: Properties): Hold {
  return properties as unknown as Hold;
}

function placeOf(id: string): Hold {
  const [database = '', schema = '', root = ''] = id.split('.');
  return { database, schema, root, definitions: {}, settings: {}, generation: 1, rootStarted: false };
}

function rootsOf(state: Properties, inputs: Properties): readonly string[] {
  return [...new Set([hold(state).root, hold(inputs).root])];
}

type LiveTasks = ReadonlyMap<string, LiveTask>;

function startedRoots(live: LiveTasks, state: Properties, inputs: Properties): readonly string[] {
  return rootsOf(state, inputs).filter((name) => live.get(name)?.started === true);
}

/**
 * A root takes only one finalizer, so one that is not it any more has to make way before the new one is created; and a root that has
 * one cannot become another task's child.
 */
function formerFinalizers(live: LiveTasks, state: Properties, inputs: Properties): readonly LiveTask[] {
  const roots = rootsOf(state, inputs);
  const { root, finalizer } = hold(inputs);
  return Object.keys(hold(state).definitions).flatMap((name) => {
    const task = live.get(name);
    const finalizes = task?.finalizes !== undefined && roots.includes(task.finalizes);
    return finalizes && (name !== finalizer || task.finalizes !== root) ? [task] : [];
  });
}

function heldState(state: Hold | undefined, inputs: Properties): Properties {
  return {
    ...inputs,
    generation: (state?.generation ?? 0) + 1,
    rootStarted: rootStartedAfter(state, hold(inputs)),
    ...(state?.refreshed === true && endsStay(state, hold(inputs)) ? { refreshed: true } : {}),
  };
}

/** Neither the root nor the finalizer becomes another, or another one's. */
function endsStay(state: Hold, inputs: Hold): boolean {
  const same = (name: string): boolean =>
    state.definitions[name] === inputs.definitions[name] && state.settings[name] === inputs.settings[name];
  return state.root === inputs.root && same(inputs.root) && (inputs.finalizer === undefined || same(inputs.finalizer));
}

/** The provider of tasks resumes what is started as soon as it has changed it: too early for a root. */
function rootStartedAfter(state: Hold | undefined, { root, definitions, settings }: Hold): boolean {
  if (state?.root !== root || state.definitions[root] !== definitions[root] || state.settings[root] !== settings[root])
    return false;
  return state.rootStarted;
}

/**
 * Snowflake's provider (@pulumi/snowflake 1.3.0) ends with a panic when predecessors are given to a task whose state, as it is after
 * the task's creation, has none at all; after a refresh it has an empty set. That is so for a root and a finalizer.
 * @throws Error that says so, before anything is changed
 */
function requireRefresh(state: Hold, inputs: Hold): void {
  if (state.refreshed === true) return;
  const apart = new Set([inputs.root, inputs.finalizer]);
  const former = [state.root, state.finalizer].find(
    (name) => name !== undefined && inputs.definitions[name] !== undefined && !apart.has(name),
  );
  if (former === undefined) return;
  const role = former === state.root ? 'root' : 'finalizer';
  throw new Error(
    `${former}, which was the ${role} of this graph, is to come after other tasks. Snowflake's provider can do that only to a task ` +
      'that it has looked at again: run "pulumi up --refresh" (or "pulumi refresh" first). Nothing was changed.',
  );
}

async function suspendRoots(session: Session, live: LiveTasks, state: Properties, inputs: Properties, report: Report) {
  for (const name of startedRoots(live, state, inputs)) {
    await session.execute(suspendTask(hold(inputs), name));
    report(
      `Root task ${name} is suspended while its graph changes. Should this update stop half-way it stays so, ` +
        `and the next one completes the change and resumes it.`,
    );
  }
}

function fingerprintOf(task: LiveTask): string {
  return taskFingerprint({
    after: task.predecessors,
    finalizes: task.finalizes,
    warehouse: task.warehouse,
    schedule: task.schedule,
    when: task.condition,
    body: task.definition,
    config: task.config,
    comment: task.comment,
  });
}
