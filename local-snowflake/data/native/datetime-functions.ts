import {
  type DuckDBValue,
  DuckDBStructValue,
  DuckDBTimestampValue,
  INTEGER,
  SMALLINT,
  STRUCT,
  TIMESTAMP,
  VARCHAR,
} from '@duckdb/node-api';
import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { formatMoment } from '../types/format-datetime.ts';
import { parseAuto, parseAutoTime, parseByFormat, type WrittenMoment } from '../types/parse-datetime.ts';
import type { NativeFunction } from './native-function.ts';

const moment = STRUCT({ t: TIMESTAMP, o: SMALLINT });

/** How a text that is no date, time or timestamp is refused. */
export function datetimeFault(text: string, format: string, what: string): SnowflakeError {
  if (format !== 'AUTO') return SnowflakeError.of('datetimeFormat', { value: text, what, format });
  if (what === 'date') return SnowflakeError.of('dateNotRecognized', { value: text });
  return SnowflakeError.of(what === 'time' ? 'timeNotRecognized' : 'timestampNotRecognized', { value: text });
}

export function readMoment(text: string, format: string, what: string): WrittenMoment | undefined {
  if (format !== 'AUTO') return parseByFormat(text, format);
  if (what !== 'time') return parseAuto(text);
  const micros = parseAutoTime(text);
  return micros === undefined ? undefined : { micros, offset: undefined };
}

function asStruct(found: WrittenMoment): DuckDBStructValue {
  return new DuckDBStructValue({ t: new DuckDBTimestampValue(found.micros), o: found.offset ?? null });
}

export const datetimeFunctions: readonly NativeFunction[] = [
  {
    // sf_moment(text, format, 'date' | 'time' | 'timestamp')
    name: 'sf_moment',
    parameters: [VARCHAR, VARCHAR, VARCHAR],
    returns: moment,
    call: (text: DuckDBValue, format: DuckDBValue, what: DuckDBValue) => {
      const found = readMoment(String(text), String(format), String(what));
      if (found === undefined) throw datetimeFault(String(text), String(format), String(what));
      return asStruct(found);
    },
  },
  {
    name: 'sf_try_moment',
    parameters: [VARCHAR, VARCHAR, VARCHAR],
    returns: moment,
    call: (text: DuckDBValue, format: DuckDBValue, what: DuckDBValue) => {
      const found = readMoment(String(text), String(format), String(what));
      return found === undefined ? null : asStruct(found);
    },
  },
  {
    // sf_format_moment(local timestamp, minutes east of UTC, format)
    name: 'sf_format_moment',
    parameters: [TIMESTAMP, INTEGER, VARCHAR],
    returns: VARCHAR,
    call: (local: DuckDBValue, offset: DuckDBValue, format: DuckDBValue) =>
      local instanceof DuckDBTimestampValue ? formatMoment(local.micros, String(format), Number(offset)) : null,
  },
];
