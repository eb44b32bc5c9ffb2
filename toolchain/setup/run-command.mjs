// @ts-check
import { spawn } from 'node:child_process';

import { root } from './paths.mjs';
import { SetupError } from './setup-error.mjs';

/**
 * @typedef {object} CommandOptions
 * @property {string} [cwd]
 * @property {NodeJS.ProcessEnv} [env] added to this process's environment
 * @property {(line: string) => void} [onLine] called for each line the command prints
 */

/** How a command ended. @typedef {{ code: number, stdout: string, output: string }} CommandResult `output` has stderr too */

/** What a failing build says last is what matters. */
const keptOutput = 64 * 1024;

/** The commands that run now, so that they end with this process. @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set();

/** @param {NodeJS.Signals} signal */
function endAll(signal) {
  for (const child of running) child.kill('SIGTERM');
  process.exit(signal === 'SIGINT' ? 130 : 143);
}

/** @param {import('node:child_process').ChildProcess} child */
function track(child) {
  if (running.size === 0) process.on('SIGINT', endAll).on('SIGTERM', endAll);
  running.add(child);
}

/** @param {import('node:child_process').ChildProcess} child */
function untrack(child) {
  running.delete(child);
  if (running.size === 0) process.off('SIGINT', endAll).off('SIGTERM', endAll);
}

/**
 * Runs a command without standard input and collects what it prints. A command that is not there ends with code 127.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {CommandOptions} [options]
 * @returns {Promise<CommandResult>}
 */
export function tryCommand(command, args, { cwd = root, env = {}, onLine } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    track(child);
    let stdout = '';
    let output = '';
    let partLine = '';
    /** @param {string} text */
    const collect = (text) => {
      output = (output + text).slice(-keptOutput);
      if (!onLine) return;
      const lines = (partLine + text).split('\n');
      partLine = lines.pop() ?? '';
      for (const line of lines) onLine(line);
    };
    child.stdout.setEncoding('utf8').on('data', (/** @type {string} */ text) => {
      stdout += text;
      collect(text);
    });
    child.stderr.setEncoding('utf8').on('data', collect);
    child.once('error', (error) => {
      untrack(child);
      resolve({ code: 127, stdout, output: `${command}: ${error.message}` });
    });
    child.once('close', (code, signal) => {
      untrack(child);
      resolve({ code: code ?? 1, stdout, output: signal ? `${output}\n${command} was ended by ${signal}` : output });
    });
  });
}

/**
 * Like tryCommand, and fails with what the command printed when it does not end with 0.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {CommandOptions} [options]
 * @returns {Promise<CommandResult>}
 */
export async function runCommand(command, args, options) {
  const result = await tryCommand(command, args, options);
  if (result.code === 0) return result;
  throw new SetupError(`"${[command, ...args].join(' ')}" ended with code ${result.code}.`, result.output);
}
