import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

test('docs/compatibility.md is what the definitions say', async () => {
  const { stderr } = await promisify(execFile)('node_modules/.bin/tsx', ['docs/generate.ts', '--check']);
  expect(stderr).toBe('');
});
