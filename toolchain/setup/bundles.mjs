// @ts-check
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';

import { filesBelow, inputHash } from './cache-entry.mjs';
import { inCache, inRoot } from './paths.mjs';
import { runCommand } from './run-command.mjs';

/** The workspaces whose commands are bundled, so that they start in a fraction of a second. */
const workspaces = ['local-snowflake', 'pipeline'];

/** Says what a workspace's bundle was made from. @param {string} workspace */
function stamp(workspace) {
  const files = [...filesBelow(workspace, ['.ts', '.mjs', '.json']), 'package-lock.json'];
  return inCache('bundles', `${workspace}-${inputHash({ files })}`);
}

/** @param {string} workspace */
const isBundled = (workspace) => existsSync(inRoot(workspace, 'dist')) && existsSync(stamp(workspace));

/** The commands `local-snowflake` and `pipeline`. @type {import('./step.mjs').Step} */
export const bundles = {
  title: 'Command bundles',
  isDone: () => workspaces.every(isBundled),
  work: async () => {
    for (const workspace of workspaces.filter((name) => !isBundled(name))) {
      const made = stamp(workspace);
      await runCommand('npm', ['run', '--silent', 'build', '--workspace', workspace]);
      mkdirSync(inCache('bundles'), { recursive: true });
      writeFileSync(made, '');
    }
  },
};
