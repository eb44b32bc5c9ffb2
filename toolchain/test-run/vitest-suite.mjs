// @ts-check
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';

import { inCache, inRoot } from '../setup/paths.mjs';
import { tryCommand } from '../setup/run-command.mjs';
import { suiteOutcome } from './outcome.mjs';

/**
 * The part of vitest's JSON report that counts.
 * @typedef {object} Report
 * @property {number} numPassedTests
 * @property {number} numFailedTests
 * @property {number} numPendingTests
 * @property {number} numTodoTests
 * @property {readonly { status: string, assertionResults: readonly { status: string }[] }[]} testResults one for each file
 */

/** The tests in TypeScript. @param {(progress: string) => void} say */
export async function vitestSuite(say) {
  const file = inCache('test', 'vitest.json');
  mkdirSync(inCache('test'), { recursive: true });
  rmSync(file, { force: true });
  let finished = 0;
  const result = await tryCommand(
    inRoot('node_modules', '.bin', 'vitest'),
    ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${file}`],
    {
      env: { NO_COLOR: '1' },
      onLine: (line) => {
        if (/^ *[✓❯×] .*\.test\.ts/u.test(line)) say(`${++finished} files`);
      },
    },
  );
  return suiteOutcome(existsSync(file) ? counts(JSON.parse(readFileSync(file, 'utf8'))) : undefined, result);
}

/** @param {Report} report */
function counts(report) {
  // A file that cannot be loaded has no tests to fail.
  const broken = report.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  ).length;
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + broken,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}
