// @ts-check
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { delimiter } from 'node:path';

import { inCache, pulumiHome, root } from '../setup/paths.mjs';
import { pulumiCommand } from '../setup/pulumi-engine.mjs';
import { SetupError } from '../setup/setup-error.mjs';
import { pulumiChains, setUp } from '../setup/set-up.mjs';
import { checkStackIsKnown, dropSalt, localStateEnvironment, stackExists, usesLocalState } from './local-state.mjs';

/**
 * Runs the Pulumi engine on this project, with this terminal, after setting up what is missing. Without another backend, stacks
 * live in this working copy, and one that has settings is created when it is first named.
 * @param {readonly string[]} args
 * @param {{ onOutput?: (text: string) => void }} [options] onOutput gets what the engine prints; without it the terminal does
 * @returns {Promise<number>} the engine's exit code
 */
export async function runPulumi(args, { onOutput } = {}) {
  await setUp(pulumiChains, { quiet: true });
  const local = usesLocalState();
  const env = {
    ...process.env,
    PATH: [inCache('bin'), process.env['PATH']].join(delimiter),
    PULUMI_HOME: pulumiHome,
    PULUMI_SKIP_UPDATE_CHECK: 'true',
    ...(local && localStateEnvironment()),
  };
  const stack = stackArgument(args);
  if (!local || stack === undefined) return engine(args, env, { onOutput });

  if (!stackExists(stack)) {
    checkStackIsKnown(stack);
    // What the engine says about it must not stand in the output of the command that was asked for.
    const code = await engine(['stack', 'init', stack, '--no-select', '--non-interactive'], env, { stdio: ['ignore', 2, 2] });
    if (code !== 0) throw new SetupError(`Stack "${stack}" could not be created.`);
  }
  try {
    return await engine(args, env, { onOutput });
  } finally {
    dropSalt(stack);
  }
}

/** The stack that is named on the command line. @param {readonly string[]} args */
export function stackArgument(args) {
  for (const [index, arg] of args.entries()) {
    if (arg === '-s' || arg === '--stack') return args[index + 1];
    const joined = /^(?:--stack=|-s=?)(.+)$/u.exec(arg)?.[1];
    if (joined) return joined;
  }
  return undefined;
}

/**
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @param {{ stdio?: import('node:child_process').StdioOptions, onOutput?: ((text: string) => void) | undefined }} options
 * @returns {Promise<number>}
 */
function engine(args, env, { onOutput, stdio = onOutput ? ['ignore', 'pipe', 'pipe'] : 'inherit' }) {
  return new Promise((resolve, reject) => {
    const child = spawn(pulumiCommand, args, { cwd: root, env, stdio });
    for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (text) => onOutput?.(text));
    // A terminal sends Ctrl-C to the engine as well, and a second one would end it at once instead of in good order.
    const interrupt = () => {
      if (!process.stdin.isTTY) child.kill('SIGINT');
    };
    const terminate = () => child.kill('SIGTERM');
    process.on('SIGINT', interrupt).on('SIGTERM', terminate);
    child.once('error', reject);
    child.once('close', (code, signal) => {
      process.off('SIGINT', interrupt).off('SIGTERM', terminate);
      resolve(signal ? 128 + constants.signals[signal] : (code ?? 1));
    });
  });
}
