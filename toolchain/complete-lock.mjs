// @ts-check
// `npm run lock`: completes package-lock.json with packages for other platforms that the registry at hand does not have. Tools with
// native parts name one optional package for each platform; npm leaves out of the lock file what it cannot look up, and `npm ci`
// then refuses the lock file everywhere. Run it after `npm install`; `make test` says when it is needed (--check).
import { readFileSync, writeFileSync } from 'node:fs';

import { inRoot } from './setup/paths.mjs';
import { runMain, SetupError } from './setup/setup-error.mjs';

/**
 * @typedef {object} Package an entry of package-lock.json
 * @property {string} [version]
 * @property {readonly string[]} [cpu]
 * @property {readonly string[]} [os]
 * @property {readonly string[]} [libc]
 * @property {boolean} [dev]
 * @property {boolean} [optional]
 * @property {Record<string, string>} [engines]
 * @property {Record<string, string>} [optionalDependencies]
 */

const lockFile = inRoot('package-lock.json');

await runMain(async () => {
  /** @type {{ packages: Record<string, Package> }} */
  const lock = JSON.parse(readFileSync(lockFile, 'utf8'));
  const missing = Object.entries(lock.packages).flatMap(([path, owner]) => missingPlatforms(lock.packages, path, owner));
  if (process.argv.includes('--check')) {
    if (missing.length === 0) return;
    throw new SetupError(
      `package-lock.json lacks ${missing.length} packages for other platforms, so npm ci would refuse it: run "npm run lock".`,
    );
  }
  const packages = { ...lock.packages, ...Object.fromEntries(missing) };
  const sorted = Object.fromEntries(Object.entries(packages).toSorted(([a], [b]) => a.localeCompare(b, 'en')));
  writeFileSync(lockFile, `${JSON.stringify({ ...lock, packages: sorted }, null, 2)}\n`);
  process.stdout.write(`${missing.length} packages for other platforms added to package-lock.json\n`);
});

/** @param {Record<string, Package>} packages @param {string} path @param {Package} owner @returns {[path: string, entry: Package][]} */
function missingPlatforms(packages, path, owner) {
  return Object.entries(owner.optionalDependencies ?? {}).flatMap(([name, version]) => {
    const platform = platformOf(name);
    if (!platform || !/^\d+\.\d+\.\d+/u.test(version)) return [];
    const places = [`${path}/node_modules/${name}`, `node_modules/${name}`];
    if (places.some((place) => packages[place])) return [];
    const { dev, engines } = owner;
    const { cpu, libc, os } = platform;
    /** @type {Package} the keys in npm's own order */
    const entry = { version, cpu, ...(dev && { dev }), ...(libc && { libc }), optional: true, os, ...(engines && { engines }) };
    return [[`node_modules/${name}`, entry]];
  });
}

/** What the name of a package says about its platform. @param {string} name */
function platformOf(name) {
  const [, os, cpu, abi] =
    /(?:^|[-/])(android|darwin|freebsd|linux|openharmony|win32)-(arm64|arm|ia32|ppc64|riscv64|s390x|x64)(?:-(\w+))?$/u.exec(name) ??
    [];
  if (!os || !cpu) return undefined;
  /** @type {string | undefined} */
  const libc = { gnu: 'glibc', gnueabihf: 'glibc', musl: 'musl', musleabihf: 'musl' }[abi ?? ''];
  return { cpu: [cpu], os: [os], libc: libc === undefined ? undefined : [libc] };
}
