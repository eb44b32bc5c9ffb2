import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/**
 * Writes a file so that readers see the old content or the new, never a part; makes its folder. A failed write leaves
 * nothing behind.
 * @param mode permissions of the file, for example 0o600 for secrets
 */
export async function writeFileAtomically(path: string, content: string | Readable, mode = 0o644): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const partial = `${path}.${randomBytes(6).toString('hex')}.partial`;
  try {
    const source = typeof content === 'string' ? Readable.from([content]) : content;
    await pipeline(source, createWriteStream(partial, { mode, flush: true }));
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}
