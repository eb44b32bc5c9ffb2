import { get } from 'node:http';
import type { Clock } from '../../platform/clock.ts';

const interval = 250;
const patience = 5000;

/**
 * Resolves when the path answers 200, at once when there is none to ask; never when the signal is aborted before.
 * https://docs.snowflake.com/en/developer-guide/snowpark-container-services/specification-reference#containers-readinessprobe-field
 */
export async function untilReady(
  probe: { readonly port: number; readonly path: string } | null,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  if (probe === null) return;
  while (!signal.aborted && !(await answers(probe.port, probe.path))) {
    await new Promise<void>((resolve) => {
      clock.at(clock.now() + interval, resolve);
    });
  }
}

function answers(port: number, path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get({ host: '127.0.0.1', port, path, timeout: patience, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.once('timeout', () => request.destroy());
    request.once('error', () => {
      resolve(false);
    });
  });
}
