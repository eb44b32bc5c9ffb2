import { PipelineFailure } from '../failure.ts';
import type { TaskGraph } from '../graph/task-graph.ts';
import { parseTaskName, type TaskName } from '../snowflake/task-name.ts';

const textAt = (config: unknown, key: string): string | undefined => {
  const value: unknown = config !== null && typeof config === 'object' ? (config as Record<string, unknown>)[key] : undefined;
  return typeof value === 'string' && value !== '' ? value : undefined;
};

/**
 * The model that the graph's tasks promote: the one given, else the key `model` of the graph's configuration, in the `database` and
 * `schema` that stand there too, or those of the graph.
 * @throws PipelineFailure when neither says which
 */
export const modelOf = (graph: TaskGraph, given: string | undefined): TaskName => {
  if (given !== undefined) return parseTaskName(given);
  let config: unknown;
  try {
    config = JSON.parse(graph.config ?? 'null');
  } catch {
    config = undefined;
  }
  const name = textAt(config, 'model');
  if (name === undefined) {
    throw new PipelineFailure("The graph's configuration has no key model, so it does not say which model is meant.", {
      wayOut: 'Name it: --model DATABASE.SCHEMA.MODEL.',
    });
  }
  if (name.includes('.')) return parseTaskName(name);
  return {
    database: textAt(config, 'database') ?? graph.root.database,
    schema: textAt(config, 'schema') ?? graph.root.schema,
    name,
  };
};
