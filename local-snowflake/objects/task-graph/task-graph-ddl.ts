import type { CatalogObject } from '../../catalog/catalog-object.ts';
import { displayIdentifier, displayName } from '../../sql/identifier.ts';
import { quoteString } from '../../sql/literal.ts';
import { parameterClauses } from '../ddl/clauses.ts';
import type { ObjectScope } from '../object-scope.ts';
import { currentName } from '../task/task-columns.ts';
import { taskGraphProperties } from './task-graph-properties.ts';

/** CREATE TASK GRAPH with what is set, printed as GET_DDL prints tasks. */
export function taskGraphDdl(object: CatalogObject, scope: ObjectScope, name: string): string {
  const graph = taskGraphProperties(object);
  const schema = scope.catalog.pathOf(object).slice(0, -1);
  const sibling = (each: string): string => displayName([...schema, each]);
  const set = (property: string, value: string | null): string[] => (value === null ? [] : [`${property}=${quoteString(value)}`]);
  const defaults = defaultClauses(object, scope);
  const lines = [
    ...set('schedule', graph.schedule),
    ...(graph.root === null ? [] : [`roots=(${sibling(graph.root)})`]),
    ...(graph.finalizer === null ? [] : [`finalizer=${sibling(graph.finalizer)}`]),
    ...(graph.overlapPolicy === 'NO_OVERLAP' ? [] : [`overlap_policy=${graph.overlapPolicy}`]),
    ...(graph.errorIntegration === null ? [] : [`error_integration=${displayIdentifier(graph.errorIntegration)}`]),
    ...(graph.successIntegration === null ? [] : [`success_integration=${displayIdentifier(graph.successIntegration)}`]),
    ...set('config', graph.config),
    ...parameterClauses(object),
    ...(object.comment === '' ? [] : set('comment', object.comment)),
    ...(defaults.length === 0 ? [] : [`task_defaults (${defaults.join(', ')})`]),
    ...(graph.condition === null ? [] : [`when ${graph.condition}`]),
  ];
  return `create or replace task graph ${name}${lines.map((line) => `\n\t${line}`).join('')};`;
}

/** `name=value` of each default. */
export function defaultClauses(object: CatalogObject, scope: ObjectScope): string[] {
  const { warehouse, targetCompletionInterval, parameters } = taskGraphProperties(object).defaults;
  const name = currentName(warehouse, scope);
  return [
    ...(name === null ? [] : [`warehouse=${displayIdentifier(name)}`]),
    ...(targetCompletionInterval === null ? [] : [`target_completion_interval=${quoteString(targetCompletionInterval)}`]),
    ...parameterClauses({ ...object, parameters }),
  ];
}
