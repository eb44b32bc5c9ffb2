// @ts-check
import { existsSync } from 'node:fs';

import { actionlintCommand } from '../setup/actionlint.mjs';
import { inRoot } from '../setup/paths.mjs';
import { pythonCommand } from '../setup/python-environment.mjs';
import { tryCommand } from '../setup/run-command.mjs';

/** @typedef {import('./outcome.mjs').Outcome} Outcome */
/** @typedef {import('../setup/run-command.mjs').CommandResult} CommandResult */
/** @typedef {{ name: string, run: (say: (progress: string) => void) => Promise<Outcome> }} Check */

/** @param {string} name of a script in package.json */
const npmScript = (name) => tryCommand('npm', ['run', '--silent', name]);

/** @param {readonly string[]} args @param {string} [folder] */
const python = (args, folder = 'payloads') => tryCommand(pythonCommand, ['-m', ...args], { cwd: inRoot(folder) });

/**
 * A command whose exit code is the outcome of one check.
 * @param {string} name @param {() => Promise<CommandResult>} command
 * @param {(output: string) => string | undefined} [complaint] what is wrong although the command ended well
 * @returns {Check}
 */
function check(name, command, complaint = () => undefined) {
  return {
    name,
    run: async () => {
      const { code, output } = await command();
      const wrong = code === 0 ? complaint(output) : `ended with code ${code}`;
      return wrong === undefined ? { passed: 1, failed: 0 } : { passed: 0, failed: 1, log: `${output}\n${name}: ${wrong}` };
    },
  };
}

/** A dependency check that looks at nothing finds nothing. @param {string} output */
const cruisedNothing = (output) => (Number(/(\d+) modules/u.exec(output)?.[1] ?? 0) > 100 ? undefined : 'it looked at no modules');

const workflows = check('GitHub workflows', () => tryCommand(actionlintCommand, ['-no-color']));

/** Everything that is checked without running the project. @type {readonly Check[]} */
export const checks = [
  check('formatting', () => npmScript('format:check')),
  check('lint', () => npmScript('lint')),
  check('types', () => npmScript('typecheck')),
  check('import directions', () => npmScript('imports'), cruisedNothing),
  check('unused code and dependencies', () => npmScript('unused')),
  check('lock file', () => tryCommand('node', ['toolchain/complete-lock.mjs', '--check'])),
  ...['payloads', 'local-snowflake/runtime/python'].flatMap((folder) => [
    check(`Python formatting of ${folder}`, () => python(['ruff', 'format', '--check', '.'], folder)),
    check(`Python lint of ${folder}`, () => python(['ruff', 'check', '.'], folder)),
    check(`Python types of ${folder}`, () => python(['basedpyright'], folder)),
  ]),
  // The orchestrators' packages are not in the environment of the checks, so there are no types to check.
  check('Python formatting of examples', () => python(['ruff', 'format', '--check', '.'], 'examples')),
  check('Python lint of examples', () => python(['ruff', 'check', '.'], 'examples')),
  {
    name: 'GitHub workflows',
    // Its linter is a Go program, and not every machine that has the Pulumi CLI has Go.
    run: async (say) => (existsSync(actionlintCommand) ? workflows.run(say) : { passed: 0, failed: 0, skipped: 1 }),
  },
];
