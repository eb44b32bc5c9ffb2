import { SnowflakeError } from '../errors/snowflake-error.ts';
import type { PointInTime } from '../objects/point-in-time.ts';
import type { Account } from './account.ts';

/** When a point in the past was; that of a statement is its end. Epoch milliseconds. @throws SnowflakeError `statementNotFound` */
export function timeOfPoint(point: PointInTime, { queries }: Account): number {
  if (point.kind === 'time') return point.at;
  const ended = queries.get(point.id)?.endedAt;
  if (ended === undefined) throw SnowflakeError.of('statementNotFound', { queryId: point.id });
  return ended;
}
