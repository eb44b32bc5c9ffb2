import { defineConfig } from 'vitest/config';

/** Tests that start servers, engines and Python: one file at a time, and patient with a slow machine. */
const slow = ['tests/clients/**/*.test.ts', 'tests/stack/**/*.test.ts'];

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'fast',
          include: ['tests/**/*.test.ts'],
          exclude: slow,
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'slow',
          include: slow,
          fileParallelism: false,
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
});
