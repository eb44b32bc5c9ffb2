import { dataHome, type HomeOptions } from '../data-home.ts';
import { halt } from '../halt.ts';
import { report } from '../report.ts';

export async function stop(options: HomeOptions & { readonly json?: boolean }): Promise<void> {
  const stopped = await halt(dataHome(options));
  report(options.json, { state: 'stopped', wasRunning: stopped }, () => [
    stopped ? 'Local Snowflake is stopped.' : 'Local Snowflake was not running.',
  ]);
}
