// @ts-check

/**
 * What a check or a suite of tests came to.
 * @typedef {object} Outcome
 * @property {number} passed
 * @property {number} failed
 * @property {number} [skipped]
 * @property {string} [log] shown when something failed
 */

/** @param {readonly Outcome[]} outcomes */
export function total(outcomes) {
  return {
    passed: outcomes.reduce((sum, { passed }) => sum + passed, 0),
    failed: outcomes.reduce((sum, { failed }) => sum + failed, 0),
    skipped: outcomes.reduce((sum, { skipped = 0 }) => sum + skipped, 0),
  };
}

/**
 * The outcome of a suite that wrote its counts to a report. A run that ended badly without a failed test, or that ran no test at
 * all, has failed.
 * @param {{ passed: number, failed: number, skipped: number } | undefined} counts undefined when there is no report
 * @param {import('../setup/run-command.mjs').CommandResult} result
 * @returns {Outcome}
 */
export function suiteOutcome(counts, { code, output }) {
  if (counts === undefined) return { passed: 0, failed: 1, log: output };
  const { passed, failed, skipped } = counts;
  const ranNothing = passed + failed === 0;
  return {
    passed,
    skipped,
    failed: failed === 0 && (code !== 0 || ranNothing) ? 1 : failed,
    log: ranNothing ? `${output}\nNo test ran.` : output,
  };
}
