import { describe, expect, it } from 'vitest';
import { graphEdges } from '../../pipeline/graph/graph-layout.ts';
import { taskGraphOf } from '../../pipeline/graph/task-graph.ts';
import { parseTaskName } from '../../pipeline/snowflake/task-name.ts';
import { sampleGraph, sampleTasks, shownTask } from './sample-graph.ts';

// Rows as on https://docs.snowflake.com/en/sql-reference/sql/show-tasks
describe('the graph of a root', () => {
  it('takes what can be reached from the root, in the order it runs, the finalizer last', () => {
    const graph = sampleGraph();
    expect(graph.tasks.map((task) => `${task.name} ${task.role}`)).toEqual([
      'LOAD root',
      'TRAIN child',
      'CHECK child',
      'ALERT child',
      'PROMOTE child',
      'CLEANUP finalizer',
    ]);
    expect(graph.rootId).toBe('id of LOAD');
    expect(graph.config).toBe('{"quality": {"threshold": 0.7}}');
  });

  it('lists a task after all its predecessors, also where there are short cuts', () => {
    const graph = taskGraphOf(parseTaskName('DB.S.A'), [
      shownTask('A'),
      shownTask('B', { predecessors: ['DB.S.A', 'DB.S.Z'] }),
      shownTask('Z', { predecessors: ['DB.S.A', 'DB.S.Y'] }),
      shownTask('Y', { predecessors: ['DB.S.A'] }),
    ]);
    expect(graph?.tasks.map((task) => task.name)).toEqual(['A', 'Y', 'Z', 'B']);
  });

  it('reads names that need quotes', () => {
    const graph = taskGraphOf(parseTaskName('DB.S."my root"'), [
      shownTask('my root'),
      shownTask('next.one', { predecessors: ['DB.S."my root"'] }),
      shownTask('last', { finalizedRoot: 'DB.S."my root"' }),
    ]);
    expect(graph?.tasks.map((task) => [task.name, task.predecessors, task.role])).toEqual([
      ['my root', [], 'root'],
      ['next.one', ['my root'], 'child'],
      ['last', [], 'finalizer'],
    ]);
  });

  it('is undefined when the root is not there', () => {
    expect(taskGraphOf(parseTaskName('DB.S.NONE'), sampleTasks)).toBeUndefined();
  });

  it('is drawn with dashed lines from every last task to the finalizer', () => {
    expect(graphEdges(sampleGraph()).filter((edge) => edge.dashed)).toEqual([
      { from: 'ALERT', to: 'CLEANUP', dashed: true },
      { from: 'PROMOTE', to: 'CLEANUP', dashed: true },
    ]);
  });
});
