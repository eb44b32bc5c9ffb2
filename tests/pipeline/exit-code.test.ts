import { expect, it } from 'vitest';
import { exitCode, exitCodeOfRun } from '../../pipeline/exit-code.ts';

// Scripts of others rely on these numbers.
it('keeps its exit codes', () => {
  expect(exitCode).toEqual({
    succeeded: 0,
    failed: 1,
    unusable: 2,
    cancelled: 3,
    skipped: 4,
    unhealthy: 5,
    defect: 70,
    interrupted: 130,
  });
  expect(['SUCCEEDED', 'FAILED', 'CANCELLED', 'SKIPPED'].map((state) => exitCodeOfRun(state as 'FAILED'))).toEqual([0, 1, 3, 4]);
});
