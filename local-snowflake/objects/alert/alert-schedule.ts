import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { parseSchedule, type Schedule } from '../task/schedule.ts';

/**
 * `5 MINUTE`, `5 M`, or `USING CRON …`, as tasks have them; undefined for an interval above 11520 minutes, which is never due.
 * https://docs.snowflake.com/en/sql-reference/sql/create-alert (SCHEDULE)
 * @throws SnowflakeError `invalidPropertyValue`
 */
export function alertSchedule(text: string): Schedule | undefined {
  const minutes = /^\s*(\d+)\s+(?:M|MINUTES?)\s*$/iu.exec(text)?.[1];
  if (minutes !== undefined && Number(minutes) > 11_520) return undefined;
  if (minutes !== undefined && Number(minutes) > 0) return parseSchedule(`${minutes} MINUTE`);
  if (!/^\s*USING\s+CRON\s/iu.test(text)) throw SnowflakeError.of('invalidPropertyValue', { property: 'SCHEDULE', value: text });
  return parseSchedule(text);
}
