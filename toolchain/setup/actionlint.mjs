// @ts-check
import { join } from 'node:path';

import { cacheEntry, inputHash, pointLink } from './cache-entry.mjs';
import { buildGoProgram, goRecipe } from './go-program.mjs';
import { inCache } from './paths.mjs';

/** The linter of the GitHub workflows. */
export const actionlintCommand = inCache('bin', 'actionlint');

const program = {
  module: 'toolchain/actionlint',
  package: 'github.com/rhysd/actionlint/cmd/actionlint',
  name: 'actionlint',
  variables: {},
};

const built = () =>
  cacheEntry(
    'toolchain',
    'actionlint',
    inputHash({ files: [`${program.module}/go.mod`, `${program.module}/go.sum`], texts: [goRecipe(program)] }),
  );

/** @type {import('./step.mjs').Step} */
export const actionlint = {
  title: 'actionlint',
  isDone: () => built().exists(),
  work: async (say) => {
    await built().make((folder) => buildGoProgram(program, folder, say));
    pointLink(actionlintCommand, join(built().path, 'actionlint'));
  },
};
