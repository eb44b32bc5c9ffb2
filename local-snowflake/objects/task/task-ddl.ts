import type { CatalogObject } from '../../catalog/catalog-object.ts';
import { displayIdentifier, displayName } from '../../sql/identifier.ts';
import { quoteString } from '../../sql/literal.ts';
import { parameterClauses } from '../ddl/clauses.ts';
import type { ObjectScope } from '../object-scope.ts';
import { currentName } from './task-columns.ts';
import { taskProperties } from './task-properties.ts';

/** CREATE TASK with what is set; what runs before it is named with its schema. https://docs.snowflake.com/en/sql-reference/functions/get_ddl */
export function taskDdl(object: CatalogObject, scope: ObjectScope, name: string): string {
  const task = taskProperties(object);
  const schema = scope.catalog.pathOf(object).slice(0, -1);
  const sibling = (each: string): string => displayName([...schema, each]);
  const warehouse = currentName(task.warehouse, scope);
  const user = currentName(task.executeAsUser, scope);
  const set = (property: string, value: string | null): string[] => (value === null ? [] : [`${property}=${quoteString(value)}`]);
  const lines = [
    ...(warehouse === null ? [] : [`warehouse=${displayIdentifier(warehouse)}`]),
    ...set('schedule', task.schedule),
    ...set('target_completion_interval', task.targetCompletionInterval),
    ...set('config', task.config),
    ...(task.overlapPolicy === 'NO_OVERLAP' ? [] : [`overlap_policy=${task.overlapPolicy}`]),
    ...(task.errorIntegration === null ? [] : [`error_integration=${displayIdentifier(task.errorIntegration)}`]),
    ...(task.successIntegration === null ? [] : [`success_integration=${displayIdentifier(task.successIntegration)}`]),
    ...parameterClauses(object),
    ...(object.comment === '' ? [] : set('comment', object.comment)),
    ...(task.finalizes === null ? [] : [`finalize=${sibling(task.finalizes)}`]),
    ...(task.predecessors.length === 0 ? [] : [`after ${task.predecessors.map(sibling).join(', ')}`]),
    ...(user === null ? [] : [`execute as user ${displayIdentifier(user)}`]),
    ...(task.condition === null ? [] : [`when ${task.condition}`]),
    `as ${task.definition}`,
  ];
  return `create or replace task ${name}\n${lines.map((line) => `\t${line}`).join('\n')};`;
}
