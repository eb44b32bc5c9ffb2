// @ts-check
import { SetupError } from '../setup/setup-error.mjs';

/** How often a suite that takes long says that it is alive, in milliseconds. */
const heartbeatMs = 30_000;

/** Runs a check with a line at its start and one at its end; what it printed is shown when it failed. @param {import('./checks.mjs').Check} check @returns {Promise<import('./outcome.mjs').Outcome>} */
export async function runCheck({ name, run }) {
  const start = performance.now();
  const seconds = () => `${((performance.now() - start) / 1000).toFixed(1)} s`;
  let progress = '';
  const heartbeat = setInterval(() => print(`… ${name}: ${progress}${progress && ', '}${seconds()}`), heartbeatMs);
  try {
    const outcome = await run((text) => {
      progress = text;
    });
    const { passed, failed } = outcome;
    const counts = passed + failed > 1 ? `: ${passed} passed, ${failed} failed` : '';
    if (failed > 0 && outcome.log) print(outcome.log.trimEnd());
    print(`${failed === 0 ? '✓' : '✗'} ${name}${counts} (${seconds()})`);
    return outcome;
  } catch (error) {
    const known = error instanceof SetupError;
    if (known && error.log) print(error.log.trimEnd());
    const cause = error instanceof Error ? (known ? error.message : error.stack) : String(error);
    print(`✗ ${name}: ${cause} (${seconds()})`);
    return { passed: 0, failed: 1 };
  } finally {
    clearInterval(heartbeat);
  }
}

/** @param {string} line */
function print(line) {
  process.stdout.write(`${line}\n`);
}
