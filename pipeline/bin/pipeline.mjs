#!/usr/bin/env node
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const bundle = new URL('../dist/main.mjs', import.meta.url);
if (existsSync(fileURLToPath(bundle))) {
  const { main } = await import(bundle.href);
  const code = await main(process.argv.slice(2));
  // What was written to a pipe must arrive before the end; open sockets of the driver must not keep the process alive.
  process.stdout.write('', () => process.stderr.write('', () => process.exit(code)));
} else {
  process.stderr.write('pipeline is not built yet. Build it: npm run build -w pipeline\n');
  process.exitCode = 2;
}
