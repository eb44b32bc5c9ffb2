import { SnowflakeError } from '../../errors/snowflake-error.ts';

const units: readonly (readonly [RegExp, number])[] = [
  [/^sec(ond)?s?$/u, 1000],
  [/^min(ute)?s?$/u, 60_000],
  [/^(hour|hr)s?$/u, 3_600_000],
  [/^days?$/u, 86_400_000],
];
const day = 86_400_000;

/** `'1 day'` in milliseconds; undefined for what is no period. */
function periodMilliseconds(text: string): number | undefined {
  const match = /^\s*([0-9]+)\s*([a-z]+)\s*$/iu.exec(text);
  const unit = units.find(([name]) => name.test((match?.[2] ?? '').toLowerCase()))?.[1];
  return unit === undefined ? undefined : Number(match?.[1]) * unit;
}

/** REFRESH_INTERVAL in milliseconds. @throws SnowflakeError `invalidPropertyValue` below 60 seconds */
export function refreshMilliseconds(interval: string): number {
  const milliseconds = periodMilliseconds(interval);
  if (milliseconds === undefined || milliseconds < 60_000) {
    throw SnowflakeError.of('invalidPropertyValue', { property: 'REFRESH_INTERVAL', value: interval });
  }
  return milliseconds;
}

/** AGGREGATION_WINDOW in days. @throws SnowflakeError `invalidPropertyValue` for what is no number of days */
export function windowDays(window: string): number {
  const milliseconds = periodMilliseconds(window);
  if (milliseconds === undefined || milliseconds < day || !/day/iu.test(window)) {
    throw SnowflakeError.of('invalidPropertyValue', { property: 'AGGREGATION_WINDOW', value: window });
  }
  return milliseconds / day;
}
