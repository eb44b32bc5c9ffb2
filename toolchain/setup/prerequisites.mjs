// @ts-check
import { hasGo } from './go-program.mjs';
import { findPython, pythonEnvironment } from './python-environment.mjs';
import { findPulumi, pulumiEngine } from './pulumi-engine.mjs';
import { SetupError } from './setup-error.mjs';
import { snowflakePlugin } from './snowflake-plugin.mjs';
import { pulumiVersion } from './versions.mjs';

/** Names everything that the machine lacks for these steps, with the way to get it, before anything is begun. @param {readonly import('./step.mjs').Step[]} steps that are still to be done */
export async function checkPrerequisites(steps) {
  const missing = [...(await missingPython(steps)), ...(await missingBuilders(steps))];
  if (missing.length > 0) throw new SetupError(['Set-up cannot go on:', ...missing.map((line) => `  - ${line}`)].join('\n'));
}

/** @param {readonly import('./step.mjs').Step[]} steps @returns {Promise<string[]>} */
async function missingPython(steps) {
  if (!steps.includes(pythonEnvironment)) return [];
  try {
    await findPython();
    return [];
  } catch (error) {
    if (error instanceof SetupError) return [error.message];
    throw error;
  }
}

/** @param {readonly import('./step.mjs').Step[]} steps @returns {Promise<string[]>} */
async function missingBuilders(steps) {
  if (!steps.includes(pulumiEngine) && !steps.includes(snowflakePlugin)) return [];
  if ((await findPulumi()) || (await hasGo())) return [];
  return [
    `The Pulumi CLI, ${pulumiVersion} or newer, was not found on PATH, and neither was Go to build it with. Install one of them: ` +
      'Pulumi (https://www.pulumi.com/docs/install/) or Go 1.25 or newer (https://go.dev/dl/).',
  ];
}
