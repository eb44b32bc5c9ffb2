// @ts-check
import { createHash } from 'node:crypto';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';

import { inCache, inRoot } from './paths.mjs';

/** Written last into an entry: an entry without it was interrupted. */
const complete = '.complete';

/** A short hash of file contents and strings. @param {{ files?: readonly string[], texts?: readonly string[] }} inputs files below the root */
export function inputHash({ files = [], texts = [] }) {
  const hash = createHash('sha256');
  for (const text of texts) hash.update(`text ${text.length}\n${text}`);
  for (const file of files) {
    const content = readFileSync(inRoot(file));
    hash.update(`file ${file} ${content.length}\n`).update(content);
  }
  return hash.digest('hex').slice(0, 16);
}

/** Files below a folder with one of these endings, in a fixed order. @param {string} folder below the root @param {readonly string[]} endings @returns {string[]} */
export function filesBelow(folder, endings) {
  return readdirSync(inRoot(folder), { withFileTypes: true })
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.name === 'node_modules' || entry.name === 'dist') return [];
      if (entry.isDirectory()) return filesBelow(path, endings);
      return endings.some((ending) => entry.name.endsWith(ending)) ? [path] : [];
    });
}

/**
 * A folder in the cache whose name holds the hash of what it is made from.
 * @param {string} kind folder of the cache @param {string} name @param {string} hash
 */
export function cacheEntry(kind, name, hash) {
  const path = inCache(kind, `${name}-${hash}`);
  return {
    path,
    exists: () => existsSync(join(path, complete)),
    /**
     * Makes the entry: in a folder beside it that is renamed at the end, or (what holds absolute paths cannot be renamed) in
     * place. Either way an interrupted build leaves nothing that looks finished. Entries of the same name with another hash go.
     * @param {(folder: string) => Promise<void>} build @param {{ inPlace?: boolean }} [options]
     */
    async make(build, { inPlace = false } = {}) {
      const folder = inPlace ? path : `${path}.partial`;
      rmSync(folder, { recursive: true, force: true });
      rmSync(path, { recursive: true, force: true });
      mkdirSync(folder, { recursive: true });
      await build(folder);
      writeFileSync(join(folder, complete), '');
      if (folder !== path) renameSync(folder, path);
      const outdated = new RegExp(`^${name}-[0-9a-f]{16}(\\.partial)?$`, 'u');
      for (const other of readdirSync(dirname(path))) {
        const otherPath = join(dirname(path), other);
        if (outdated.test(other) && otherPath !== path) rmSync(otherPath, { recursive: true, force: true });
      }
    },
  };
}

/** Makes a symbolic link, or points an existing one elsewhere, in one step. @param {string} link @param {string} target */
export function pointLink(link, target) {
  mkdirSync(dirname(link), { recursive: true });
  if (lstatSync(link, { throwIfNoEntry: false })?.isDirectory()) rmSync(link, { recursive: true });
  const fresh = `${link}.${process.pid}`;
  rmSync(fresh, { force: true });
  symlinkSync(relative(dirname(link), target), fresh);
  renameSync(fresh, link);
}
