import type { CatalogObject } from '../../catalog/catalog-object.ts';
import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { displayIdentifier, displayName, parseName } from '../../sql/identifier.ts';
import { column, type Row } from '../../sql/result-set.ts';
import type { TableFunctionDefinition } from '../extensions.ts';
import type { ObjectScope } from '../object-scope.ts';
import { TableArguments } from '../table-arguments.ts';
import { taskDdl } from '../task/task-ddl.ts';
import { graphOf } from '../task/task-graph.ts';
import type { TaskIndex } from '../task/task-index.ts';
import { isRoot, taskProperties } from '../task/task-properties.ts';
import { taskGraphDdl } from './task-graph-ddl.ts';
import { taskGraphKindName, taskGraphProperties } from './task-graph-properties.ts';

/** What a COMMIT would change. https://docs.snowflake.com/en/sql-reference/functions/task_graph_changes */
export function taskGraphChanges(tasks: TaskIndex): TableFunctionDefinition {
  return {
    name: 'TASK_GRAPH_CHANGES',
    page: 'functions/task_graph_changes',
    columns: ['ENTITY_TYPE', 'ENTITY_NAME', 'BEFORE', 'AFTER'].map((name) => column(name)),
    rows: (args, scope) => {
      const name = new TableArguments('TASK_GRAPH_CHANGES', args, ['TASK_GRAPH_NAME']).text('TASK_GRAPH_NAME');
      if (name === undefined) throw SnowflakeError.of('missingProperty', { property: 'TASK_GRAPH_NAME' });
      return changesOf(scope.find(taskGraphKindName, parseName(name)), tasks, scope);
    },
  };
}

function changesOf(graph: CatalogObject, tasks: TaskIndex, scope: ObjectScope): Row[] {
  const { committed } = taskGraphProperties(graph);
  if (committed === null) {
    throw SnowflakeError.of('taskGraphUncommitted', { graph: displayName(scope.catalog.pathOf(graph)) });
  }
  const name = displayIdentifier(graph.name);
  const before = taskGraphDdl(committed.graph, scope, name);
  const after = taskGraphDdl(graph, scope, name);
  const was = new Map(committed.tasks.map((task) => [task.id, task]));
  const is = new Map(liveMembers(graph, tasks).map((task) => [task.id, task]));
  return [
    ...(before === after ? [] : [['TASK_GRAPH', graph.name, before, after]]),
    ...[...new Set([...was.keys(), ...is.keys()])].flatMap((id) => taskChange(was.get(id), is.get(id), scope)),
  ];
}

/** The tasks that the graph has by now, also when it could not be committed so. */
function liveMembers(graph: CatalogObject, tasks: TaskIndex): CatalogObject[] {
  const { root, finalizer } = taskGraphProperties(graph);
  const schema = tasks.of(graph.parent);
  const names = new Set([...(root === null ? [] : graphOf(schema, root)), ...(finalizer === null ? [] : [finalizer])]);
  return [...names].flatMap((name) => schema.object(name) ?? []);
}

/** Tasks that the roles may not see are left out. */
function taskChange(before: CatalogObject | undefined, after: CatalogObject | undefined, scope: ObjectScope): Row[] {
  const either = after ?? before;
  const live = either === undefined ? undefined : scope.catalog.byId(either.id);
  if (either === undefined || live === undefined) return [];
  if (!['MONITOR', 'OPERATE'].some((privilege) => scope.authorizer.holds(scope.roles, live, privilege))) return [];
  const name = displayIdentifier(either.name);
  const resumes =
    before !== undefined && after !== undefined && !isRoot(after) && taskProperties(before).state !== taskProperties(after).state;
  const text = (task: CatalogObject): string => {
    const ddl = taskDdl(task, scope, name);
    if (!resumes) return ddl;
    // Whether a task takes part is committed too, and CREATE TASK does not say it.
    return `${ddl}\nalter task ${name} ${taskProperties(task).state === 'started' ? 'resume' : 'suspend'};`;
  };
  const was = before === undefined ? null : text(before);
  const is = after === undefined ? null : text(after);
  return was === is ? [] : [['TASK', either.name, was, is]];
}
