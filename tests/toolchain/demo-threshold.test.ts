import { execFile } from 'node:child_process';

import { expect, test } from 'vitest';

// `make demo THRESHOLD=…` passes it on; it is refused before anything is set up or started.
test.each(['1.5', '-1', 'high', '0.5; true'])('THRESHOLD=%s is refused, with what is allowed', async (threshold) => {
  const [code, said] = await new Promise<readonly [unknown, string]>((resolve) => {
    execFile(process.execPath, ['toolchain/demo.mjs', `--threshold=${threshold}`], (error, _, stderr) => {
      resolve([error?.code ?? 0, stderr]);
    });
  });
  expect([code, said]).toEqual([1, `THRESHOLD must be a number from 0 to 1, not "${threshold}".\n`]);
});
