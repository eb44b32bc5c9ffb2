#!/usr/bin/env node
import { existsSync } from 'node:fs';

const bundle = new URL('../dist/cli.mjs', import.meta.url);
if (existsSync(bundle)) {
  await import(bundle.href);
} else {
  process.stderr.write('local-snowflake is not built yet. Build it with: npm run build -w local-snowflake\n');
  process.exitCode = 1;
}
