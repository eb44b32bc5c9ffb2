import type { LogLine } from './job-effects.ts';

/** What is answered with when it is not said how many lines are wanted. Bytes. */
const answeredBytes = 100 * 1024;

/**
 * Text as SYSTEM$GET_SERVICE_LOGS gives it: the last `lines` lines, or up to 100 KB of the last ones.
 * https://docs.snowflake.com/en/sql-reference/functions/system_get_service_logs
 */
export function logText(log: readonly LogLine[], lines?: number): string {
  const texts = log.map((line) => line.text);
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
