// @ts-check
import { join } from 'node:path';

import { inRoot } from './paths.mjs';
import { runCommand, tryCommand } from './run-command.mjs';
import { SetupError } from './setup-error.mjs';

/** What every build gets, whatever the machine's own Go settings are. Without cgo no C compiler is needed. */
const goEnvironment = { CGO_ENABLED: '0', GOFLAGS: '-mod=readonly -trimpath -buildvcs=false', GOWORK: 'off' };

/**
 * @typedef {object} GoProgram
 * @property {string} module folder below the root with go.mod and a complete go.sum
 * @property {string} package what to build
 * @property {string} name of the executable
 * @property {Readonly<Record<string, string>>} variables linker variables: import path and name → value
 */

/** What a build depends on besides the module's files. @param {GoProgram} program */
export function goRecipe({ package: path, name, variables }) {
  return JSON.stringify([path, name, variables, goEnvironment, process.platform, process.arch]);
}

/** Whether this machine has Go. */
export async function hasGo() {
  return (await tryCommand('go', ['version'])).code === 0;
}

/** Builds a Go program into a folder. @param {GoProgram} program @param {string} folder @param {(progress: string) => void} say */
export async function buildGoProgram({ module, package: path, name, variables }, folder, say) {
  const options = { cwd: inRoot(module), env: goEnvironment };
  if (!(await hasGo())) throw new SetupError(`Go is needed to build ${name}: install Go 1.25 or newer (https://go.dev/dl/).`);
  say('downloading modules');
  const packages = (await runCommand('go', ['list', '-deps', path], options)).stdout.split('\n').length;
  let compiled = 0;
  const linkerFlags = ['-s', '-w', ...Object.entries(variables).flatMap(([variable, value]) => ['-X', `${variable}=${value}`])];
  await runCommand('go', ['build', '-v', '-ldflags', linkerFlags.join(' '), '-o', join(folder, name), path], {
    ...options,
    // With -v the build names each package it compiles; packages in Go's own cache are not named.
    onLine: () => say(`${++compiled} of at most ${packages} Go packages compiled`),
  });
}
