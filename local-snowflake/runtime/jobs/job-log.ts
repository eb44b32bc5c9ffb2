import { readFile } from 'node:fs/promises';
import type { LogLine } from '../../objects/job/job-effects.ts';

/** Kept of an instance's output. Bytes, in two files. */
export const logLimit = 8 * 1024 * 1024;

/** The lines that a supervisor wrote to `path` and, before that, to `path.1`; oldest first. Undefined when there is no log. */
export async function readLog(path: string): Promise<LogLine[] | undefined> {
  const [before, now] = await Promise.all([readIfThere(`${path}.1`), readIfThere(path)]);
  if (now === undefined) return undefined;
  return `${before ?? ''}${now}`
    .split('\n')
    .filter((line) => line !== '')
    .map(parseLine);
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** `2026-01-01T00:00:00.000000Z stdout F text`, the way container run times write their logs. */
function parseLine(line: string): LogLine {
  const [time = '', , , ...rest] = line.split(' ');
  return { time: Date.parse(time), text: rest.join(' ') };
}
