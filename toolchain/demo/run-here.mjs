// @ts-check
import { spawn } from 'node:child_process';
import { once } from 'node:events';

import { root } from '../setup/paths.mjs';
import { SetupError } from '../setup/setup-error.mjs';

/**
 * Runs a command of the project in this terminal; fails unless it ends with 0 or with one of the codes that are an answer.
 * @param {string} command @param {readonly string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, answers?: readonly number[] }} [options]
 * @returns {Promise<number>}
 */
export async function runHere(command, args, { env = {}, answers = [] } = {}) {
  const child = spawn(command, args, { cwd: root, env: { ...process.env, ...env }, stdio: ['ignore', 'inherit', 'inherit'] });
  const [code, signal] = /** @type {[number | null, NodeJS.Signals | null]} */ (await once(child, 'close'));
  if (code === 0 || (code !== null && answers.includes(code))) return code;
  throw new SetupError(`"${[command.split('/').at(-1), ...args].join(' ')}" ended with ${signal ?? `code ${code}`}.`);
}
