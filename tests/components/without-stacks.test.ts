import { expect, test } from 'vitest';

import { withoutStacks } from '../../components/without-stacks.ts';

const frames = (stack = ''): number => stack.split('\n').filter((line) => line.trim().startsWith('at ')).length;

test('errors made meanwhile have no stack, those after it do', () => {
  expect(frames(withoutStacks(() => new Error('kept by nobody')).stack)).toBe(0);
  expect(frames(new Error('another').stack)).toBeGreaterThan(0);
});

test('what is thrown tells where it came from', () => {
  const make = (): never => {
    throw new Error('missing property');
  };
  try {
    withoutStacks(make);
    expect.unreachable();
  } catch (error) {
    expect((error as Error).stack).toContain('without-stacks.test.ts');
  }
  expect(Error.stackTraceLimit).toBeGreaterThan(0);
});
