// @ts-check
import { existsSync, realpathSync } from 'node:fs';

import { cacheEntry, inputHash, pointLink } from './cache-entry.mjs';
import { inCache } from './paths.mjs';
import { installLocked } from './python-environment.mjs';

const lockFile = 'tests/clients/snowflake-cli.lock';
const link = inCache('snowflake-cli');
const entry = () => cacheEntry('python', 'snowflake-cli', inputHash({ files: [lockFile], texts: [inCache('python')] }));

/** The Snowflake CLI, as `.cache/snowflake-cli/bin/snow`: its packages contradict the payloads'. @type {import('./step.mjs').Step} */
export const snowflakeCli = {
  title: 'Snowflake CLI',
  isDone: () => entry().exists() && existsSync(link) && realpathSync(link) === entry().path,
  work: async (say) => {
    if (!entry().exists()) await entry().make((folder) => installLocked(folder, [lockFile], say), { inPlace: true });
    pointLink(link, entry().path);
  },
};
