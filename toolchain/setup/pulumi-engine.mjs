// @ts-check
import { copyFileSync, existsSync, linkSync, realpathSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';

import { cacheEntry, filesBelow, inputHash, pointLink } from './cache-entry.mjs';
import { buildGoProgram, goRecipe } from './go-program.mjs';
import { inCache, inRoot } from './paths.mjs';
import { runCommand, tryCommand } from './run-command.mjs';
import { isCompatible, pulumiVersion } from './versions.mjs';

/** Where the engine is found once set-up has run: ours, or the one that is installed on this machine. */
export const pulumiCommand = inCache('bin', 'pulumi');

const languageHost = 'pulumi-language-nodejs';

const cliProgram = {
  module: 'toolchain/pulumi-cli',
  package: 'github.com/pulumi/pulumi/pkg/v3/cmd/pulumi',
  name: 'pulumi',
  variables: { 'github.com/pulumi/pulumi/sdk/v3/go/common/version.Version': pulumiVersion },
};

const cli = () =>
  cacheEntry(
    'toolchain',
    'pulumi-cli',
    inputHash({ files: [`${cliProgram.module}/go.mod`, `${cliProgram.module}/go.sum`], texts: [goRecipe(cliProgram)] }),
  );

/** The engine and our language host side by side: that is where the engine looks for it. */
const engine = () =>
  cacheEntry(
    'toolchain',
    'pulumi-engine',
    inputHash({ files: [...filesBelow('toolchain/language-host', ['.ts']), 'package-lock.json'], texts: [cli().path] }),
  );

/** The Pulumi CLI with its Node.js language host. @type {import('./step.mjs').Step} */
export const pulumiEngine = {
  title: `Pulumi CLI ${pulumiVersion}`,
  isDone: () => {
    if (!existsSync(pulumiCommand)) return false;
    return !isOwnEngine() || dirname(realpathSync(pulumiCommand)) === engine().path;
  },
  work: async (say) => {
    const installed = await findPulumi();
    if (installed) {
      pointLink(pulumiCommand, installed);
      return;
    }
    if (!cli().exists()) await cli().make((folder) => buildGoProgram(cliProgram, folder, say));
    if (!engine().exists()) await engine().make(assembleEngine);
    pointLink(pulumiCommand, join(engine().path, 'pulumi'));
  },
};

/** Whether the engine in use was built here. */
export function isOwnEngine() {
  return realpathSync(pulumiCommand).startsWith(inCache('toolchain'));
}

/** A Pulumi CLI on the machine that is new enough and has its own language host. */
export async function findPulumi() {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    const command = join(folder, 'pulumi');
    if (!folder || !existsSync(command) || realpathSync(command).startsWith(inCache())) continue;
    const { code, stdout } = await tryCommand(command, ['version'], { env: { PULUMI_SKIP_UPDATE_CHECK: 'true' } });
    if (
      code === 0 &&
      isCompatible(stdout.trim(), pulumiVersion) &&
      existsSync(join(dirname(realpathSync(command)), languageHost))
    ) {
      return command;
    }
  }
  return undefined;
}

/** @param {string} folder */
async function assembleEngine(folder) {
  const [built, placed] = [join(cli().path, 'pulumi'), join(folder, 'pulumi')];
  try {
    linkSync(built, placed);
  } catch {
    copyFileSync(built, placed);
  }
  await runCommand(inRoot('node_modules', '.bin', 'esbuild'), [
    'toolchain/language-host/main.ts',
    `--outfile=${join(folder, 'language-host.cjs')}`,
    ...['--bundle', '--platform=node', '--target=node20', '--format=cjs', '--log-level=warning'],
  ]);
  writeFileSync(join(folder, languageHost), '#!/bin/sh\nexec node "$(dirname "$0")/language-host.cjs" "$@"\n', { mode: 0o755 });
}
