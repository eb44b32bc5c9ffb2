import type { StatementDefinition } from '../extensions.ts';
import type { Listing } from '../kind.ts';
import { column } from '../../sql/result-set.ts';
import { types } from '../../sql/types.ts';
import { taskColumns } from '../task/task-columns.ts';
import { taskKindName } from '../task/task-properties.ts';
import { namesGraph } from './names-graph.ts';
import type { TaskGraphIndex } from './task-graph-index.ts';
import { taskGraphKindName, taskGraphProperties } from './task-graph-properties.ts';

/** Columns of SHOW TASKS, of tasks as they were committed: the page names none. */
function committedColumns(graphs: TaskGraphIndex): ReturnType<typeof taskColumns> {
  return taskColumns({
    finalizerOf: (task) => {
      const holder = graphs.holding(task.id);
      const committed = holder === undefined ? null : taskGraphProperties(holder).committed;
      return committed?.tasks[0]?.id === task.id ? (committed.finalizer ?? undefined) : undefined;
    },
    committedOn: (task) => graphs.committedOn(task.id),
  });
}

/** SHOW COMMITTED TASKS. https://docs.snowflake.com/en/sql-reference/sql/show-committed-tasks */
export function committedTasks(graphs: TaskGraphIndex): Listing {
  return {
    page: 'show-committed-tasks',
    lists: () => true,
    without: [],
    show: committedColumns(graphs),
    objects: () => [...graphs.all()].flatMap((graph) => taskGraphProperties(graph).committed?.tasks ?? []),
    showIn: (stream, scope) => {
      if (!stream.is('GRAPH') || !namesGraph(stream, 1)) return undefined;
      stream.expect('GRAPH');
      const graph = scope.find(taskGraphKindName, stream.name());
      return (task) => graphs.holding(task.id)?.id === graph.id;
    },
  };
}

/** DESCRIBE COMMITTED TASK. https://docs.snowflake.com/en/sql-reference/sql/desc-committed-task */
export function describeCommittedTask(graphs: TaskGraphIndex): StatementDefinition[] {
  const columns = committedColumns(graphs);
  return ['DESCRIBE COMMITTED TASK', 'DESC COMMITTED TASK'].map((words) => ({
    words,
    page: 'desc-committed-task',
    run: async (stream, scope) => {
      const name = stream.name();
      stream.expectEnd();
      const task = graphs.committedTask(scope.find(taskKindName, name).id);
      return {
        columns: columns.map((each) => column(each.name, each.type ?? types.varchar())),
        rows: task === undefined ? [] : [await Promise.all(columns.map(async (each) => each.value(task, scope)))],
      };
    },
  }));
}
