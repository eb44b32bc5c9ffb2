// @ts-check
import { existsSync, readFileSync } from 'node:fs';

import { inRoot } from './paths.mjs';
import { runCommand } from './run-command.mjs';

/** @typedef {{ packages: Record<string, { version?: string, link?: boolean, optional?: boolean, devOptional?: boolean }> }} Lock */

/** The npm packages that package-lock.json names. @type {import('./step.mjs').Step} */
export const nodePackages = {
  title: 'npm packages',
  isDone: () => {
    // npm writes this file last, so it is not there after an interrupted installation.
    const installedLock = inRoot('node_modules', '.package-lock.json');
    if (!existsSync(installedLock)) return false;
    const wanted = readLock(inRoot('package-lock.json'));
    const installed = readLock(installedLock);
    return Object.entries(wanted).every(
      ([path, { version, link, optional, devOptional }]) =>
        // Workspaces, links to them, and packages for other platforms are not listed as installed.
        !path.includes('node_modules/') || link || optional || devOptional || installed[path]?.version === version,
    );
  },
  work: async () => {
    await runCommand('npm', ['ci', '--loglevel=error']);
  },
};

/** @param {string} file */
function readLock(file) {
  return /** @type {Lock} */ (JSON.parse(readFileSync(file, 'utf8'))).packages;
}
