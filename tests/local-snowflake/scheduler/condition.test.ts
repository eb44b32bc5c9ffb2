import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCondition } from '../../../local-snowflake/objects/task/condition.ts';
import { type ConditionSource, isMet } from '../../../local-snowflake/scheduler/condition.ts';

// WHEN of https://docs.snowflake.com/en/sql-reference/sql/create-task: evaluated without a warehouse, NULL does not run the task.

const returned: Readonly<Record<string, string | null>> = { TEXT: 'promote_model', NUMBER: '0.750', TRUTH: 'yes', NOTHING: null };

const source: ConditionSource = {
  streamHasData: (stream) => stream === 'FULL',
  predecessorReturnValue: (name) => (name === undefined ? 'only' : (returned[name] ?? null)),
  predecessorsState: (condition) => condition === 'ALL_DONE',
  taskCompletionState: (name) => (name === 'A' ? 'SUCCEEDED' : 'FAILED'),
};

function met(text: string): boolean {
  return isMet(parseCondition(text), source);
}

const of = (name: string): string => `SYSTEM$GET_PREDECESSOR_RETURN_VALUE('${name}')`;

describe('WHEN (create-task)', () => {
  it.each([
    // Examples of the pages of create-task, tasks-graphs and of the functions
    ["SYSTEM$STREAM_HAS_DATA('FULL')", true],
    ["SYSTEM$STREAM_HAS_DATA('EMPTY')", false],
    ["SYSTEM$STREAM_HAS_DATA('EMPTY') OR SYSTEM$STREAM_HAS_DATA('FULL')", true],
    ["not SYSTEM$STREAM_HAS_DATA('FULL')", false],
    ["SYSTEM$GET_PREDECESSOR_RETURN_VALUE() = 'only'", true],
    [`${of('TEXT')} = 'promote_model'`, true],
    [`${of('TEXT')} != 'promote_model'`, false],
    [`${of('NUMBER')}::NUMBER(10, 2) >= 0.75`, true],
    [`CAST(${of('NUMBER')} AS FLOAT) > 0.75`, false],
    [`${of('NUMBER')}::INT = 1`, true],
    [`${of('TRUTH')}::BOOLEAN`, true],
    [`NOT ${of('TRUTH')}::BOOLEAN`, false],
    ["SYSTEM$PREDECESSORS_STATE('ALL_DONE')", true],
    ["SYSTEM$TASK_COMPLETION_STATE('B') IN ('FAILED', 'CANCELLED')", true],
    ["SYSTEM$TASK_COMPLETION_STATE('A') NOT IN ('FAILED', 'CANCELLED')", true],
    // Unknown is not true, and not false either
    [`${of('NOTHING')} = 'x'`, false],
    [`NOT (${of('NOTHING')} = 'x')`, false],
    [`${of('NOTHING')} IS NULL`, true],
    [`${of('TEXT')} IS NOT NULL`, true],
    [`${of('NOTHING')} = 'x' OR TRUE`, true],
    [`${of('NOTHING')} = 'x' AND FALSE`, false],
    [`${of('NOTHING')} = 'x' OR FALSE`, false],
    ["NULL IN ('a')", false],
    ["'b' IN ('a', NULL)", false],
    ["'b' NOT IN ('a', NULL)", false],
    // AND binds closer than OR
    ['TRUE OR TRUE AND FALSE', true],
    ['(TRUE OR TRUE) AND FALSE', false],
    ["'a' < 'b'", true],
    ["'10' > 9", true],
    ["'B' < 'a'", true],
  ] as const)('%s is %s', (text, expected) => {
    expect(met(text)).toBe(expected);
  });

  it.each([
    ["'many' > 9", "Numeric value 'many' is not recognized"],
    ["'perhaps'::BOOLEAN", "Boolean value 'perhaps' is not recognized"],
    ["'perhaps'", "Boolean value 'perhaps' is not recognized"],
  ])('%s fails the run: %s', (text, message) => {
    expect(() => met(text)).toThrow(message);
  });

  it('does not go on once the result is known', () => {
    expect(met("FALSE AND 'perhaps'::BOOLEAN")).toBe(false);
    expect(met("TRUE OR 'perhaps'::BOOLEAN")).toBe(true);
  });

  it('compares numbers exactly, however they are written', () => {
    fc.assert(
      fc.property(
        fc.bigInt(),
        fc.bigInt(),
        fc.integer({ min: 0, max: 20 }),
        fc.integer({ min: 0, max: 20 }),
        (a, b, moreA, moreB) => {
          const text = (value: bigint, zeros: number): string =>
            zeros === 0 ? String(value) : `${String(value)}.${'0'.repeat(zeros)}`;
          const [left, right] = [text(a, moreA), text(b, moreB)];
          expect(met(`'${left}' < ${right}`)).toBe(a < b);
          expect(met(`${left} = ${right}`)).toBe(a === b);
          expect(met(`${left} >= '${right}'`)).toBe(a >= b);
        },
      ),
    );
  });

  it('NUMBER rounds half away from zero (data-types-numeric)', () => {
    for (const [written, expected] of [
      ['2.5', '3'],
      ['-2.5', '-3'],
      ['2.49', '2'],
      ['-0.4', '0'],
    ] as const) {
      expect(met(`'${written}'::NUMBER = ${expected}`)).toBe(true);
    }
    expect(met("'1.005'::NUMBER(10, 2)::VARCHAR = '1.01'")).toBe(true);
  });
});
