import { existsSync, mkdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { cacheEntry, inputHash, pointLink } from '../../toolchain/setup/cache-entry.mjs';
import { inCache } from '../../toolchain/setup/paths.mjs';

const kind = `test-${process.pid}`;
const removeAll = (): void => rmSync(inCache(kind), { recursive: true, force: true });
beforeEach(removeAll);
afterEach(removeAll);

const [hash, otherHash] = ['0123456789abcdef', 'fedcba9876543210'];
const fill = async (folder: string): Promise<void> => writeFileSync(join(folder, 'made'), folder);

describe('an entry of the cache', () => {
  test('is there after it was made, under its name and hash', async () => {
    const entry = cacheEntry(kind, 'tool', hash);
    expect(entry.exists()).toBe(false);
    await entry.make(fill);
    expect(entry.exists()).toBe(true);
    expect(entry.path).toBe(inCache(kind, `tool-${hash}`));
    expect(existsSync(join(entry.path, 'made'))).toBe(true);
  });

  test.each([{ inPlace: false }, { inPlace: true }])(
    'is not there when making it failed ($inPlace), and can be made again',
    async (options) => {
      const entry = cacheEntry(kind, 'tool', hash);
      const fail = async (folder: string): Promise<void> => {
        await fill(folder);
        throw new Error('no space left');
      };
      await expect(entry.make(fail, options)).rejects.toThrow('no space left');
      expect(entry.exists()).toBe(false);
      await entry.make(fill, options);
      expect(entry.exists()).toBe(true);
    },
  );

  test('is made where it stays when it holds absolute paths, else beside it', async () => {
    const entry = cacheEntry(kind, 'tool', hash);
    await entry.make(fill, { inPlace: true });
    expect(readFileSync(join(entry.path, 'made'), 'utf8')).toBe(entry.path);
    await entry.make(fill);
    expect(readFileSync(join(entry.path, 'made'), 'utf8')).not.toBe(entry.path);
  });

  test('replaces those of its name with another hash, finished or not, and nothing else', async () => {
    const [outdated, other] = [cacheEntry(kind, 'tool', otherHash), cacheEntry(kind, 'tool-box', otherHash)];
    await outdated.make(fill);
    await other.make(fill);
    mkdirSync(`${outdated.path}.partial`);
    await cacheEntry(kind, 'tool', hash).make(fill);
    expect(outdated.exists()).toBe(false);
    expect(existsSync(`${outdated.path}.partial`)).toBe(false);
    expect(other.exists()).toBe(true);
  });
});

describe('the hash of inputs', () => {
  const file = join('.cache', kind, 'input');
  const write = (text: string): void => {
    mkdirSync(inCache(kind), { recursive: true });
    writeFileSync(inCache(kind, 'input'), text);
  };

  test('changes with a file, with a text, and with where one ends and the next begins', () => {
    write('a');
    const before = inputHash({ files: [file], texts: ['x', 'yz'] });
    expect(inputHash({ files: [file], texts: ['x', 'yz'] })).toBe(before);
    expect(inputHash({ files: [file], texts: ['xy', 'z'] })).not.toBe(before);
    write('b');
    expect(inputHash({ files: [file], texts: ['x', 'yz'] })).not.toBe(before);
  });
});

describe('a link', () => {
  const link = inCache(kind, 'link');

  test('is made, and then points elsewhere', () => {
    pointLink(link, inCache(kind, 'one'));
    expect(join(dirname(link), readlinkSync(link))).toBe(inCache(kind, 'one'));
    pointLink(link, inCache(kind, 'two'));
    expect(join(dirname(link), readlinkSync(link))).toBe(inCache(kind, 'two'));
  });

  test('takes the place of a folder', () => {
    mkdirSync(join(link, 'inside'), { recursive: true });
    pointLink(link, inCache(kind, 'one'));
    expect(join(dirname(link), readlinkSync(link))).toBe(inCache(kind, 'one'));
  });
});
