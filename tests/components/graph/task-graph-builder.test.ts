import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { TaskGraphBuilder } from '../../../components/graph/task-graph-builder.ts';
import { TaskGraphError } from '../../../components/graph/task-graph-error.ts';
import { parseCondition } from '../../../local-snowflake/objects/task/condition.ts';

describe('TaskGraphBuilder', () => {
  it('plans tasks behind their predecessors, with the finalizer last', () => {
    const graph = new TaskGraphBuilder({ schedule: '12h', config: { threshold: 0.7 }, autoRetries: 1 });
    const prepare = graph.task('PREPARE', { body: 'CALL PREPARE()' });
    const check = graph.task('CHECK', { body: 'CALL CHECK()', after: [prepare], comment: 'code 1' });
    graph.task('PROMOTE', { body: 'CALL PROMOTE()', after: [check], when: check.returned("it's good") });
    graph.finalizer('CLEANUP', { body: 'CALL CLEANUP()', timeoutMinutes: 5 });

    expect(graph.plan()).toEqual({
      root: 'PREPARE',
      schedule: { kind: 'interval', minutes: 720 },
      scheduleClause: '720 MINUTE',
      config: '{"threshold":0.7}',
      autoRetries: 1,
      tasks: [
        { name: 'PREPARE', role: 'root', after: [], body: 'CALL PREPARE()' },
        { name: 'CHECK', role: 'child', after: ['PREPARE'], body: 'CALL CHECK()', comment: 'code 1' },
        {
          name: 'PROMOTE',
          role: 'child',
          after: ['CHECK'],
          body: 'CALL PROMOTE()',
          when: "SYSTEM$GET_PREDECESSOR_RETURN_VALUE('CHECK') = 'it''s good'",
        },
        { name: 'CLEANUP', role: 'finalizer', after: [], body: 'CALL CLEANUP()', timeoutMinutes: 5 },
      ],
    });
  });

  it('knows what a task may return: the compiler and the plan refuse branches on anything else', () => {
    const graph = new TaskGraphBuilder();
    const check = graph.task('CHECK', { body: 'CALL CHECK()', returns: ['promote', 'alert'] });
    graph.task('PROMOTE', { body: 'SELECT 1', after: [check], when: check.returned('promote') });
    expect(graph.plan().tasks).toHaveLength(2);
    // @ts-expect-error: CHECK returns no such thing.
    graph.task('ALERT', { body: 'SELECT 1', after: [check], when: check.returned('allert') });
    expect(problemsOf(() => graph.plan())).toEqual([
      'ALERT runs when CHECK returns "allert", but CHECK returns "promote" or "alert"',
    ]);
  });

  // https://docs.snowflake.com/en/sql-reference/data-types-text#string-constants
  it('writes conditions whose literal is the value, whatever it holds', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => {
        const graph = new TaskGraphBuilder();
        const check = graph.task('CHECK', { body: 'CALL CHECK()' });
        graph.task('NEXT', { body: 'SELECT 1', after: [check], when: check.returned(value) });
        expect(parseCondition(graph.plan().tasks[1]?.when ?? '')).toEqual({
          kind: 'compare',
          operator: '=',
          left: { kind: 'call', name: 'SYSTEM$GET_PREDECESSOR_RETURN_VALUE', argument: 'CHECK' },
          right: { kind: 'literal', value },
        });
      }),
    );
  });

  it('says everything that is wrong at once', () => {
    const graph = new TaskGraphBuilder({ schedule: 'daily', config: { note: '$$' }, autoRetries: 31, suspendAfterFailures: -1 });
    graph.task('A', { body: ' ' });
    graph.task('B', { body: 'SELECT 1', timeoutMinutes: 0 });
    graph.finalizer('F', { body: 'SELECT 1' });
    graph.finalizer('G', { body: 'SELECT 1' });

    const problems = problemsOf(() => graph.plan());
    expect(problems).toEqual([
      expect.stringContaining('A and B have no predecessor'),
      'F and G are both finalizers; a graph has one',
      'A has nothing to execute',
      expect.stringContaining('B has a timeout of 0 minutes'),
      expect.stringContaining('contains $$'),
      'autoRetries is 31; allowed is a whole number from 0 to 30',
      'suspendAfterFailures is -1; allowed is a whole number from 0',
      expect.stringContaining('schedule "daily"'),
    ]);
  });
});

function problemsOf(work: () => unknown): readonly string[] {
  try {
    work();
  } catch (error) {
    if (error instanceof TaskGraphError) return error.problems;
    throw error;
  }
  return [];
}
