// @ts-check
import { existsSync, realpathSync } from 'node:fs';

import { cacheEntry, inputHash, pointLink } from './cache-entry.mjs';
import { inCache } from './paths.mjs';
import { installLocked } from './python-environment.mjs';

/** The orchestrators that examples/ has an example for. Their packages contradict one another's and the payloads'. */
const orchestrators = ['airflow', 'dagster', 'prefect'];

/** An environment for each example, as `.cache/examples/<name>`; one after the other, because they wait for the same disk. @type {readonly import('./step.mjs').Step[]} */
export const exampleEnvironments = orchestrators.map((name) => {
  const lockFile = `examples/${name}/requirements.lock`;
  const link = inCache('examples', name);
  const entry = () => cacheEntry('python', `example-${name}`, inputHash({ files: [lockFile], texts: [inCache('python')] }));
  return {
    title: `Python environment of the ${name} example`,
    isDone: () => entry().exists() && existsSync(link) && realpathSync(link) === entry().path,
    work: async (say) => {
      // Of these large packages an example imports a part: what it uses is compiled when it does.
      const make = (/** @type {string} */ folder) => installLocked(folder, [lockFile], say, ['--no-compile']);
      if (!entry().exists()) await entry().make(make, { inPlace: true });
      pointLink(link, entry().path);
    },
  };
});
