import type { CatalogObject } from '../catalog/catalog-object.ts';
import { SnowflakeError } from '../errors/snowflake-error.ts';
import type { TableFunctionDefinition } from '../objects/extensions.ts';
import type { ObjectScope } from '../objects/object-scope.ts';
import { currentName, predecessorsJson } from '../objects/task/task-columns.ts';
import { graphOf } from '../objects/task/task-graph.ts';
import type { TaskIndex } from '../objects/task/task-index.ts';
import { taskKindName, taskProperties } from '../objects/task/task-properties.ts';
import { parseName } from '../sql/identifier.ts';
import { cell, column, type Row } from '../sql/result-set.ts';
import { types } from '../sql/types.ts';
import { TableArguments } from '../objects/table-arguments.ts';

/** TASK_DEPENDENTS. https://docs.snowflake.com/en/sql-reference/functions/task_dependents */
export function taskDependentsTable(index: TaskIndex): TableFunctionDefinition {
  const texts = [
    'NAME',
    'DATABASE_NAME',
    'SCHEMA_NAME',
    'OWNER',
    'COMMENT',
    'WAREHOUSE',
    'SCHEDULE',
    'PREDECESSORS',
    'STATE',
    'DEFINITION',
    'CONDITION',
  ];
  return {
    name: 'TASK_DEPENDENTS',
    page: 'functions/task_dependents',
    columns: [column('CREATED_ON', types.timestampLtz(3)), ...texts.map((name) => column(name))],
    rows: (args, scope) => {
      const given = new TableArguments('TASK_DEPENDENTS', args, ['TASK_NAME', 'RECURSIVE']);
      const task = named(given.text('TASK_NAME') ?? '', scope);
      const tasks = index.of(task.parent);
      const finalizer = tasks.finalizerOf(task.name);
      const names = given.boolean('RECURSIVE', true)
        ? graphOf(tasks, task.name)
        : [task.name, ...tasks.childrenOf(task.name), ...(finalizer === undefined ? [] : [finalizer])];
      return names
        .flatMap((name) => tasks.object(name) ?? [])
        .filter((each) => ['MONITOR', 'OPERATE'].some((privilege) => scope.authorizer.holds(scope.roles, each, privilege)))
        .map((each) => cells(each, scope));
    },
  };
}

/** @throws SnowflakeError `taskNameArgument` */
function named(name: string, scope: ObjectScope): CatalogObject {
  let found: CatalogObject | undefined;
  try {
    found = scope.tryFind(taskKindName, parseName(name));
  } catch (error) {
    if (!(error instanceof SnowflakeError) || error.symbol !== 'invalidIdentifier') throw error;
  }
  if (found === undefined) throw SnowflakeError.of('taskNameArgument', { name });
  return found;
}

function cells(task: CatalogObject, scope: ObjectScope): Row {
  const [database, schema] = scope.catalog.pathOf(task);
  const { warehouse, schedule, state, definition, condition } = taskProperties(task);
  return [
    cell.timestamp(task.createdOn),
    task.name,
    cell.text(database),
    cell.text(schema),
    scope.nameOf(task.owner),
    task.comment,
    currentName(warehouse, scope),
    schedule,
    predecessorsJson(task, scope),
    state,
    definition,
    condition,
  ];
}
