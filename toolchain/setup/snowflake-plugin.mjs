// @ts-check
import { existsSync, realpathSync } from 'node:fs';
import { join } from 'node:path';

import { cacheEntry, inputHash, pointLink } from './cache-entry.mjs';
import { buildGoProgram, goRecipe } from './go-program.mjs';
import { inCache, pulumiHome } from './paths.mjs';
import { isOwnEngine, pulumiCommand } from './pulumi-engine.mjs';
import { tryCommand } from './run-command.mjs';
import { snowflakeProviderVersion } from './versions.mjs';

const plugin = 'pulumi-resource-snowflake';

const program = {
  module: 'toolchain/provider-snowflake',
  package: '.',
  name: plugin,
  variables: { 'main.version': snowflakeProviderVersion },
};

const built = () =>
  cacheEntry(
    'toolchain',
    'provider-snowflake',
    inputHash({ files: ['main.go', 'go.mod', 'go.sum'].map((file) => `${program.module}/${file}`), texts: [goRecipe(program)] }),
  );

/** Where the engine looks for it. */
const installed = join(pulumiHome, 'plugins', `resource-snowflake-v${snowflakeProviderVersion}`, plugin);

/** The plugin behind the npm package @pulumi/snowflake. @type {import('./step.mjs').Step} */
export const snowflakePlugin = {
  title: `Snowflake provider plugin ${snowflakeProviderVersion}`,
  isDone: () => {
    if (!existsSync(installed)) return false;
    const target = realpathSync(installed);
    return target === join(built().path, plugin) || !target.startsWith(inCache());
  },
  work: async (say) => {
    if (!isOwnEngine() && (await download(say))) return;
    if (!built().exists()) await built().make((folder) => buildGoProgram(program, folder, say));
    pointLink(installed, join(built().path, plugin));
  },
};

/** Where Pulumi's releases can be reached, the engine gets the plugin itself. @param {(progress: string) => void} say */
async function download(say) {
  say('downloading');
  const { code } = await tryCommand(pulumiCommand, ['plugin', 'install', 'resource', 'snowflake', snowflakeProviderVersion], {
    env: { PULUMI_HOME: pulumiHome, PULUMI_SKIP_UPDATE_CHECK: 'true' },
  });
  return code === 0;
}
