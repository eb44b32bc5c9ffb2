import { z } from 'zod';

import { taskFingerprint } from '../../components/graph/task-fingerprint.ts';
import type { Properties, Report, ResourceKind } from '../resource-kind.ts';
import { objectName } from '../snowflake/names.ts';
import type { Session } from '../snowflake/session.ts';
import { type LiveTask, showTasks, suspendTask } from '../snowflake/tasks.ts';

interface Hold {
  readonly database: string;
  readonly schema: string;
  readonly root: string;
  /** Fingerprint of each task by name. */
  readonly definitions: Readonly<Record<string, string>>;
  /** Each task's parameters (time limit, retries), which SHOW TASKS does not tell. */
  readonly settings: Readonly<Record<string, string>>;
  /** How often the graph was held. */
  readonly generation: number;
  /** Whether each task is to be taken for resumed while the graph changes. */
  readonly started: Readonly<Record<string, boolean>>;
}

/**
 * Holds a live task graph while it changes. It comes before the tasks: when a definition differs from the last one, it
 * suspends the root, which Snowflake demands before any task of the graph may be altered, and keeps a scheduled run from
 * starting on a half-changed graph. `GraphActivation` lets the graph run again.
 *
 * `started` goes into the tasks' own `started`, so that tasks and state agree before and after a refresh, and so that a
 * changed root is not resumed before its children have changed too.
 * https://docs.snowflake.com/en/user-guide/tasks-graphs
 */
export const graphHold: ResourceKind = {
  type: 'snowflakeml:index:GraphHold',
  inputs: {
    database: { accepts: objectName, replaces: true },
    schema: { accepts: objectName, replaces: true },
    root: { accepts: objectName },
    definitions: { accepts: z.record(z.string(), z.string()) },
    settings: { accepts: z.record(z.string(), z.string()).default({}) },
  },
  computed: ['generation', 'started'],
  id: (inputs) => `${hold(inputs).database}.${hold(inputs).schema}.${hold(inputs).root}`,
  createStatements: () => [],
  updateStatements: (state, inputs) => [...rootsOf(state, inputs)].map((name) => suspendTask(hold(inputs), name)),
  planUpdate: (state, inputs) => heldState(hold(state), inputs),
  create: async (session, inputs, report) => {
    await suspendRoots(session, inputs, new Set([hold(inputs).root]), report);
    return heldState(undefined, inputs);
  },
  update: async (session, state, inputs, report) => {
    await suspendRoots(session, inputs, rootsOf(state, inputs), report);
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
      started: Object.fromEntries(tasks.map((task) => [task.name, task.started])),
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
  return { database, schema, root, definitions: {}, settings: {}, generation: 1, started: {} };
}

function rootsOf(state: Properties, inputs: Properties): ReadonlySet<string> {
  return new Set([hold(state).root, hold(inputs).root]);
}

function heldState(state: Hold | undefined, inputs: Properties): Properties {
  return { ...inputs, generation: (state?.generation ?? 0) + 1, started: startedAfter(state, hold(inputs)) };
}

function startedAfter(state: Hold | undefined, inputs: Hold): Record<string, boolean> {
  return Object.fromEntries(
    Object.entries(inputs.definitions).map(([name, definition]) => {
      const unchanged = state?.definitions[name] === definition && state.settings[name] === inputs.settings[name];
      // The provider of tasks resumes what is started as soon as it has changed it: too early for a root.
      const started = (name !== inputs.root || unchanged) && state?.started[name] === true;
      return [name, started];
    }),
  );
}

async function suspendRoots(session: Session, inputs: Properties, roots: ReadonlySet<string>, report: Report) {
  const live = await showTasks(session, hold(inputs));
  for (const name of roots) {
    if (live.get(name)?.started !== true) continue;
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
