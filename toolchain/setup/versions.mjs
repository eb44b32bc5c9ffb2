// @ts-check
import { readFileSync } from 'node:fs';

import { inRoot } from './paths.mjs';

/** @type {{ dependencies: Record<string, string> }} */
const { dependencies } = JSON.parse(readFileSync(inRoot('package.json'), 'utf8'));

/** @param {string} name */
function pinned(name) {
  const version = dependencies[name];
  if (!version || !/^\d+\.\d+\.\d+$/u.test(version)) throw new Error(`package.json: dependencies.${name} must be an exact version`);
  return version;
}

/** The engine's version is the SDK's: they are released together. */
export const pulumiVersion = pinned('@pulumi/pulumi');

/** The provider plugin's version is the version of the npm package that was generated from it. */
export const snowflakeProviderVersion = pinned('@pulumi/snowflake');

/** Whether a version can stand in for another: the same major version, and not older. @param {string} version @param {string} wanted */
export function isCompatible(version, wanted) {
  const [major = 0, minor = 0, patch = 0] = numbers(version);
  const [wantedMajor = 0, wantedMinor = 0, wantedPatch = 0] = numbers(wanted);
  return major === wantedMajor && (minor > wantedMinor || (minor === wantedMinor && patch >= wantedPatch));
}

/** @param {string} version */
function numbers(version) {
  return (/\d+(\.\d+)*/u.exec(version)?.[0] ?? '').split('.').map(Number);
}
