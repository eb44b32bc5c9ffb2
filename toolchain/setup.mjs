// @ts-check
// Brings about everything a fresh machine needs; what is there already is left alone. `make setup`, and the start of every other
// command, runs this. Plain JavaScript without dependencies, because it runs before anything is installed.
import { exit, version, versions } from 'node:process';

const [major = 0, minor = 0] = versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(
    `Node.js 20.19 or newer is needed; this is ${version}. Get it from https://nodejs.org or with a version manager.\n`,
  );
  exit(1);
}

const { allChains, setUp } = await import('./setup/set-up.mjs');
const { runMain } = await import('./setup/setup-error.mjs');
await runMain(() => setUp(allChains));
