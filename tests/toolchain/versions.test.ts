import { readFileSync } from 'node:fs';

import { expect, test } from 'vitest';

import { inRoot } from '../../toolchain/setup/paths.mjs';
import { isCompatible, pulumiVersion } from '../../toolchain/setup/versions.mjs';

test.each([
  ['v3.245.0', true],
  ['3.245.1', true],
  ['v3.300.0', true],
  ['v3.244.9', false],
  ['v4.0.0', false],
  ['', false],
])('whether Pulumi %j can stand in for 3.245.0: %s', (version, expected) => {
  expect(isCompatible(version, '3.245.0')).toBe(expected);
});

test.each(['toolchain/pulumi-cli/go.mod', '.github/actions/set-up/action.yml', '.azure/set-up.yml'])(
  '%s has the version of @pulumi/pulumi',
  (file) => {
    expect(readFileSync(inRoot(file), 'utf8')).toMatch(new RegExp(`pulumi.*[ v]${pulumiVersion.replaceAll('.', '\\.')}$`, 'mu'));
  },
);
