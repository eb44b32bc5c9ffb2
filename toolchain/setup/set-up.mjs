// @ts-check
import { bundles } from './bundles.mjs';
import { nodePackages } from './node-packages.mjs';
import { checkPrerequisites } from './prerequisites.mjs';
import { pulumiEngine } from './pulumi-engine.mjs';
import { payloadsPackage, pythonEnvironment } from './python-environment.mjs';
import { withSetupLock } from './setup-lock.mjs';
import { snowflakePlugin } from './snowflake-plugin.mjs';
import { takeStep } from './step.mjs';

/** @typedef {import('./step.mjs').Step} Step */

/** Steps that build upon one another, in order. @typedef {readonly Step[]} Chain */

/** What the Pulumi command needs. @type {readonly Chain[]} */
export const pulumiChains = [[nodePackages, pulumiEngine, snowflakePlugin]];

/** What the project needs to run: the long ones wait for a processor or for a download, so they go side by side. @type {readonly Chain[]} */
export const allChains = [
  [nodePackages, pulumiEngine, snowflakePlugin, bundles],
  [pythonEnvironment, payloadsPackage],
];

/** Brings about what these chains stand for; with nothing to do it takes milliseconds. @param {readonly Chain[]} chains @param {{ quiet?: boolean }} [options] quiet: not a word about what is done already */
export async function setUp(chains, { quiet = false } = {}) {
  const isOpen = (/** @type {Step} */ step) => !step.isDone();
  if (quiet && !chains.flat().some(isOpen)) return;
  await withSetupLock(async () => {
    await checkPrerequisites(chains.flat().filter(isOpen));
    const results = await Promise.allSettled(
      chains.map(async (chain) => {
        for (const step of chain) await takeStep(step, { quiet });
      }),
    );
    for (const result of results) if (result.status === 'rejected') throw result.reason;
  });
}
