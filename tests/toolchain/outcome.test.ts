import { describe, expect, test } from 'vitest';

import { suiteOutcome, total } from '../../toolchain/test-run/outcome.mjs';

const ended = (code: number) => ({ code, stdout: '', output: 'what it printed' });

describe('the outcome of a suite', () => {
  test.each([
    { name: 'all passed', counts: { passed: 3, failed: 0, skipped: 0 }, code: 0, passed: 3, failed: 0 },
    { name: 'one failed', counts: { passed: 2, failed: 1, skipped: 0 }, code: 1, passed: 2, failed: 1 },
    { name: 'ended badly although no test failed', counts: { passed: 3, failed: 0, skipped: 0 }, code: 1, passed: 3, failed: 1 },
    { name: 'ran nothing', counts: { passed: 0, failed: 0, skipped: 5 }, code: 0, passed: 0, failed: 1 },
    { name: 'wrote no report', counts: undefined, code: 0, passed: 0, failed: 1 },
  ])('$name', ({ counts, code, passed, failed }) => {
    const outcome = suiteOutcome(counts, ended(code));
    expect(outcome).toMatchObject({ passed, failed });
    expect(outcome.log).toContain('what it printed');
  });
});

test('the total counts every suite', () => {
  const outcomes = [
    { passed: 1, failed: 0 },
    { passed: 10, failed: 2, skipped: 3 },
  ];
  expect(total(outcomes)).toEqual({ passed: 11, failed: 2, skipped: 3 });
});
