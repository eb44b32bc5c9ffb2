import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { copyFile, mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { systemIds } from './ids.ts';

/** A file below a folder. `path` is relative, with `/` between its parts. */
export interface FolderFile {
  readonly path: string;
  readonly absolute: string;
  /** Bytes. */
  readonly size: number;
  /** Hexadecimal, lower case. */
  readonly md5: string;
  /** Epoch milliseconds, whole. */
  readonly modified: number;
}

/** Hashes by path, kept while size and time stay the same: listings are frequent, files rarely change. */
const hashes = new Map<string, { readonly key: string; readonly md5: string }>();

/** Files whose relative path begins with `prefix` (no boundary implied), sorted by path. Missing folders are empty. */
export async function listFolder(root: string, prefix: string): Promise<FolderFile[]> {
  const start = prefix.includes('/') ? dirname(prefix.endsWith('/') ? `${prefix}x` : prefix) : '.';
  const entries = await readdir(join(root, start), { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((absolute) => ({ absolute, path: relative(root, absolute).split(sep).join('/') }))
    .filter(({ path }) => path.startsWith(prefix) && !path.split('/').some((part) => part.startsWith(partial)));
  const listed = await Promise.all(files.map(async ({ absolute, path }) => describeFile(absolute, path)));
  return listed.filter((file) => file !== undefined).sort((a, b) => (a.path < b.path ? -1 : 1));
}

const partial = '.partial-';

async function describeFile(absolute: string, path: string): Promise<FolderFile | undefined> {
  const facts = await stat(absolute).catch(() => undefined);
  if (facts === undefined) return undefined;
  const key = `${String(facts.size)}:${String(facts.mtimeMs)}`;
  let known = hashes.get(absolute);
  if (known?.key !== key) {
    known = { key, md5: await md5Of(absolute) };
    hashes.set(absolute, known);
  }
  return { path, absolute, size: facts.size, md5: known.md5, modified: Math.floor(facts.mtimeMs) };
}

async function md5Of(path: string): Promise<string> {
  const hash = createHash('md5');
  for await (const piece of createReadStream(path)) hash.update(piece as Buffer);
  return hash.digest('hex');
}

/** Copies a file to a place below a folder, whole or not at all. */
export async function addToFolder(root: string, path: string, source: string): Promise<void> {
  const target = join(root, path);
  await mkdir(dirname(target), { recursive: true });
  const between = join(dirname(target), `${partial}${systemIds.uuid()}`);
  await copyFile(source, between);
  await rename(between, target);
}

export async function removeFile(absolute: string): Promise<void> {
  hashes.delete(absolute);
  await rm(absolute, { force: true });
}
