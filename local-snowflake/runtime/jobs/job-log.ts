import { readFile, stat } from 'node:fs/promises';

export interface LogLine {
  /** Epoch milliseconds. */
  readonly time: number;
  readonly stream: 'stdout' | 'stderr';
  readonly text: string;
}

/** Kept of an instance's output. Bytes, in two files. */
export const logLimit = 8 * 1024 * 1024;
/** What SYSTEM$GET_SERVICE_LOGS answers with when it is not told how many lines. Bytes. */
const answeredBytes = 100 * 1024;

/** The lines that a supervisor wrote to `path` and, before that, to `path.1`; oldest first. */
export async function readLog(path: string): Promise<LogLine[]> {
  const texts = await Promise.all([readOrEmpty(`${path}.1`), readOrEmpty(path)]);
  return texts
    .flatMap((text) => text.split('\n'))
    .filter((line) => line !== '')
    .map(parseLine);
}

/**
 * Text as SYSTEM$GET_SERVICE_LOGS gives it: the last `lines` lines, or up to 100 KB of the last ones.
 * https://docs.snowflake.com/en/sql-reference/functions/system_get_service_logs
 */
export async function logText(path: string, lines?: number): Promise<string> {
  const all = await readLog(path);
  const texts = all.map((line) => line.text);
  if (lines !== undefined) return texts.slice(Math.max(0, texts.length - lines)).join('\n');
  let size = 0;
  let start = texts.length;
  while (start > 0) {
    size += Buffer.byteLength(texts[start - 1] ?? '') + 1;
    if (size > answeredBytes) break;
    start -= 1;
  }
  return texts.slice(start).join('\n');
}

export async function hasLog(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

async function readOrEmpty(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}

/** `2026-01-01T00:00:00.000000Z stdout F text`, the way container run times write their logs. */
function parseLine(line: string): LogLine {
  const [time = '', stream = '', , ...rest] = line.split(' ');
  return { time: Date.parse(time), stream: stream === 'stderr' ? 'stderr' : 'stdout', text: rest.join(' ') };
}
