// A program with one task graph and nothing else, which tests describe in graph.json.
import { readFileSync } from 'node:fs';

import { findConnection } from '../../../components/connection.ts';
import { TaskGraphBuilder, type TaskHandle, type TaskOptions } from '../../../components/graph/task-graph-builder.ts';
import { connectProviders } from '../../../components/providers.ts';
import { holdTaskGraph, TaskGraph } from '../../../components/task-graph.ts';

interface DescribedTask extends Omit<TaskOptions, 'after' | 'when'> {
  readonly name: string;
  readonly after?: readonly string[];
}

export interface DescribedGraph {
  readonly schedule: string;
  readonly config?: Record<string, string>;
  /** Predecessors first. */
  readonly tasks: readonly DescribedTask[];
  readonly finalizer?: DescribedTask;
}

const { schedule, config, tasks, finalizer } = JSON.parse(readFileSync('graph.json', 'utf8')) as DescribedGraph;
const builder = new TaskGraphBuilder({ schedule, ...(config === undefined ? {} : { config }) });
const handles = new Map<string, TaskHandle>();
for (const { name, after = [], ...options } of tasks) {
  handles.set(name, builder.task(name, { ...options, after: after.flatMap((each) => handles.get(each) ?? []) }));
}
if (finalizer !== undefined) builder.finalizer(finalizer.name, finalizer);

const connection = findConnection('local');
const providers = connectProviders('administrator', { connection, showStatements: true });
const place = { database: 'LAB', schema: 'GRAPHS', warehouse: 'LAB_WH', plan: builder.plan() };
const hold = holdTaskGraph('lab', place, { provider: providers.snowflakeml });
new TaskGraph('lab', { ...place, hold }, { providers });
