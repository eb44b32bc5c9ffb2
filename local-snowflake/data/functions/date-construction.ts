import { type SnowflakeType, types } from '../../sql/types.ts';
import { type Bound, bound } from '../bind/bound.ts';
import type { CallSite } from './call-site.ts';
import { type FunctionDefinition, scalar, special, takes } from './function-definition.ts';

function timestampFromParts(type: SnowflakeType): (call: CallSite) => Bound {
  return (call) => {
    if (call.args.length === 2) {
      const date = call.cast(call.arg(0), types.date).sql;
      const time = call.cast(call.arg(1), types.time()).sql;
      return call.cast(
        bound(
          types.timestampNtz(),
          `(${date} + ${time})`,
          call.args.some((arg) => arg.nullable),
        ),
        type,
      );
    }
    if (call.args.length < 6 || call.args.length > 8) throw call.countError('6');
    const part = (index: number): string => `CAST(${call.cast(call.arg(index), types.number(38, 0)).sql} AS BIGINT)`;
    const nanos = call.args.length > 6 ? ` + to_microseconds(${part(6)} // 1000)` : '';
    const date = `sf.date_parts(${part(0)}, ${part(1)}, ${part(2)})`;
    const local_ = bound(
      types.timestampNtz(),
      `(${date} + to_hours(${part(3)}) + to_minutes(${part(4)}) + to_microseconds(${part(5)} * 1000000)${nanos})`,
      call.args.some((arg) => arg.nullable),
    );
    if (call.args.length === 8) {
      const zone = call.cast(call.arg(7), types.varchar());
      return bound(type, `sf.zoned_tz(${local_.sql}, ${zone.sql})`, local_.nullable || zone.nullable);
    }
    return call.cast(local_, type);
  };
}

/** Dates, times and timestamps from their parts. https://docs.snowflake.com/en/sql-reference/functions-date-time */
export const dateConstructionFunctions: readonly FunctionDefinition[] = [
  scalar(
    'DATE_FROM_PARTS DATEFROMPARTS',
    'date_from_parts',
    takes('integer integer integer', types.date, ([y = '', m = '', d = '']) => `sf.date_parts(${y}, ${m}, ${d})`),
  ),
  scalar(
    'TIME_FROM_PARTS TIMEFROMPARTS',
    'time_from_parts',
    takes(
      'integer integer integer integer?',
      types.time(),
      ([h = '', m = '', s = '', n = '0']) =>
        `CAST(TIMESTAMP '1970-01-01' + to_hours(${h}) + to_minutes(${m}) + to_microseconds(${s} * 1000000 + ${n} // 1000) AS TIME)`,
    ),
  ),
  special(
    'TIMESTAMP_FROM_PARTS TIMESTAMPFROMPARTS TIMESTAMP_NTZ_FROM_PARTS TIMESTAMPNTZFROMPARTS',
    'timestamp_from_parts',
    'scalar',
    timestampFromParts(types.timestampNtz()),
  ),
  special(
    'TIMESTAMP_LTZ_FROM_PARTS TIMESTAMPLTZFROMPARTS',
    'timestamp_from_parts',
    'scalar',
    timestampFromParts(types.timestampLtz()),
  ),
  special(
    'TIMESTAMP_TZ_FROM_PARTS TIMESTAMPTZFROMPARTS',
    'timestamp_from_parts',
    'scalar',
    timestampFromParts(types.timestampTz()),
  ),
];
