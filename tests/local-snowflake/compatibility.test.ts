import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { test } from 'vitest';

test('docs/compatibility.md is what the definitions say', async () => {
  await promisify(execFile)('node_modules/.bin/tsx', ['docs/generate.ts', '--check']);
});
