import { type SnowflakeType, types } from '../../sql/types.ts';
import { type Bound, bound } from '../bind/bound.ts';
import { type CastMode, requireText } from '../bind/cast.ts';
import { dateOfText, fromUtc, timeOfText, timestampKind, timestampOfText } from '../bind/cast-datetime.ts';
import { formattedSql, localMoment } from '../bind/cast-text.ts';
import { duckString } from '../duckdb/text.ts';
import { isSemiStructured, isTimestamp } from '../types/common-type.ts';
import { decimalOfText } from '../duckdb/decimal-text.ts';
import type { CallSite } from './call-site.ts';
import { type FunctionDefinition, special } from './function-definition.ts';

const text = types.varchar();

/** A conversion of one argument; TRY_ takes text alone. */
function converts(name: string, page: string, type: SnowflakeType): FunctionDefinition[] {
  const plain = special(name, page, 'scalar', (call) => single(call, type, 'explicit'));
  const attempt = special(`TRY_${name}`, `try_${page}`, 'scalar', (call) => single(call, type, 'try'));
  return [plain, attempt];
}

function single(call: CallSite, type: SnowflakeType, mode: CastMode): Bound {
  if (call.args.length !== 1) throw call.countError('1');
  if (mode === 'try') requireText(call.arg(0), type);
  return call.cast(call.arg(0), type, mode);
}

/** https://docs.snowflake.com/en/sql-reference/functions/to_char */
function toChar(call: CallSite): Bound {
  const value = call.arg(0);
  if (call.args.length === 1) return call.cast(value, text, 'explicit');
  if (call.args.length !== 2) throw call.countError('1');
  const format = call.cast(call.arg(1), text);
  const { kind } = value.type;
  const nullable = value.nullable || format.nullable;
  if (kind === 'NUMBER' || kind === 'FLOAT') return bound(text, `sf_format_number(${numberText(value)}, ${format.sql})`, nullable);
  if (kind === 'BINARY') {
    const encoding = call.constant(1).toUpperCase();
    const sql =
      encoding === 'BASE64'
        ? `to_base64(${value.sql})`
        : encoding === 'UTF-8' || encoding === 'UTF8'
          ? `decode(${value.sql})`
          : `hex(${value.sql})`;
    return bound(text, sql, nullable);
  }
  const moment = kind === 'DATE' || kind === 'TIME' || isTimestamp(value.type) ? value : call.cast(value, types.timestampNtz());
  const constant = format.constant?.cell;
  if (typeof constant === 'string') return bound(text, formattedSql(moment, constant), nullable);
  const { local, offset } = localMoment(moment);
  return bound(text, `sf_format_moment(${local}, CAST(${offset} AS INTEGER), ${format.sql})`, nullable);
}

function numberText(value: Bound): string {
  return value.type.kind === 'FLOAT' ? `CAST(CAST(${value.sql} AS DECIMAL(38,12)) AS VARCHAR)` : `CAST(${value.sql} AS VARCHAR)`;
}

/** `TO_NUMBER(x [, format] [, precision [, scale]])`. https://docs.snowflake.com/en/sql-reference/functions/to_decimal */
function toNumber(call: CallSite, mode: CastMode): Bound {
  const [value, ...rest] = call.args;
  if (value === undefined || rest.length > 3) throw call.countError('1');
  const format = rest[0]?.type.kind === 'VARCHAR' ? rest.shift() : undefined;
  const [precision, scale] = rest.map((arg) => Number(arg.constant?.cell));
  const type = types.number(precision ?? 38, scale ?? 0);
  if (mode === 'try') requireText(value, type);
  if (format === undefined) return call.cast(value, type, mode);
  const source = call.cast(value, text);
  const parsed = `sf_${mode === 'try' ? 'try_' : ''}parse_number(${source.sql}, ${call.cast(format, text).sql})`;
  return bound(
    type,
    decimalOfText(parsed, { kind: 'NUMBER', precision: precision ?? 38, scale: scale ?? 0 }, mode === 'try'),
    source.nullable || mode === 'try',
  );
}

/** `TO_DOUBLE(x [, format])`. https://docs.snowflake.com/en/sql-reference/functions/to_double */
function toDouble(call: CallSite, mode: CastMode): Bound {
  if (call.args.length !== 2) return single(call, types.float, mode);
  if (mode === 'try') requireText(call.arg(0), types.float);
  const [source, format] = [call.cast(call.arg(0), text), call.cast(call.arg(1), text)];
  const parsed = `sf_${mode === 'try' ? 'try_' : ''}parse_number(${source.sql}, ${format.sql})`;
  return bound(types.float, `CAST(${parsed} AS DOUBLE)`, source.nullable || format.nullable || mode === 'try');
}

/** TO_DATE, TO_TIME, TO_TIMESTAMP…: text by a format, numbers by their scale. */
function toMoment(call: CallSite, type: SnowflakeType, mode: CastMode): Bound {
  const value = call.arg(0);
  if (call.args.length > 2) throw call.countError('1');
  if (mode === 'try') requireText(value, type);
  if (call.args.length === 1) return call.cast(value, type, mode);
  const option = call.arg(1);
  if (value.type.kind === 'NUMBER' || value.type.kind === 'FLOAT') return scaledNumber(call, value, Number(call.constant(1)), type);
  const source = call.cast(value, text);
  const constant = option.constant?.cell;
  const format = typeof constant === 'string' ? constant : undefined;
  const nullable = source.nullable || option.nullable || mode === 'try';
  if (format === undefined) {
    const moment = `sf_${mode === 'try' ? 'try_' : ''}moment(${source.sql}, ${call.cast(option, text).sql}, ${duckString(type.kind === 'DATE' ? 'date' : type.kind === 'TIME' ? 'time' : 'timestamp')})`;
    return momentOf(moment, type, nullable);
  }
  const auto = format.toUpperCase() === 'AUTO' ? 'AUTO' : format;
  if (type.kind === 'DATE') return bound(type, dateOfText(source.sql, auto, mode), nullable);
  if (type.kind === 'TIME') return bound(type, timeOfText(source.sql, auto, mode), nullable);
  return bound(type, timestampOfText(source.sql, type.kind, auto, mode), nullable);
}

function momentOf(moment: string, type: SnowflakeType, nullable: boolean): Bound {
  switch (type.kind) {
    case 'DATE':
      return bound(type, `CAST(${moment}.t AS DATE)`, nullable);
    case 'TIME':
      return bound(type, `CAST(${moment}.t AS TIME)`, nullable);
    case 'TIMESTAMP_LTZ':
      return bound(type, `sf.moment_ltz(${moment})`, nullable);
    case 'TIMESTAMP_TZ':
      return bound(type, `sf.moment_tz(${moment})`, nullable);
    default:
      return bound(type, `${moment}.t`, nullable);
  }
}

/** Fractions of a second since the epoch: scale 3 is milliseconds. */
function scaledNumber(call: CallSite, value: Bound, scale: number, type: SnowflakeType): Bound {
  const seconds = `make_timestamp(CAST(floor(CAST(${value.sql} AS DOUBLE) / 1e${String(scale)} * 1000000 + 0.5) AS BIGINT))`;
  const exact = value.type.kind === 'NUMBER' && value.type.scale === 0 ? integerMicros(value.sql, scale) : seconds;
  // The epoch is an instant: what it is called in the session's zone comes from the kind, not from the cast.
  if (type.kind === 'TIMESTAMP_LTZ' || type.kind === 'TIMESTAMP_TZ') return bound(type, fromUtc(exact, type.kind), value.nullable);
  return call.cast(bound(types.timestampNtz(), exact, value.nullable), type);
}

function integerMicros(sql: string, scale: number): string {
  const micros =
    scale <= 6 ? `CAST(${sql} AS HUGEINT) * 1${'0'.repeat(6 - scale)}` : `CAST(${sql} AS HUGEINT) // 1${'0'.repeat(scale - 6)}`;
  return `make_timestamp(CAST(${micros} AS BIGINT))`;
}

function moments(names: string, page: string, type: (call: CallSite) => SnowflakeType): FunctionDefinition[] {
  const attempts = names
    .split(' ')
    .filter((name) => name.startsWith('TO_'))
    .map((name) => `TRY_${name}`)
    .join(' ');
  return [
    special(names, page, 'scalar', (call) => toMoment(call, type(call), 'explicit')),
    special(attempts, `try_${page}`, 'scalar', (call) => toMoment(call, type(call), 'try')),
  ];
}

function toBinary(call: CallSite, mode: CastMode): Bound {
  const format =
    call.args.length > 1 ? call.constant(1).toUpperCase() : (call.facts.parameter('BINARY_INPUT_FORMAT') ?? 'HEX').toUpperCase();
  const value = call.arg(0);
  if (mode === 'try') requireText(value, types.binary());
  if (value.type.kind === 'BINARY') return value;
  const source = call.cast(value, text);
  const sql =
    format === 'BASE64'
      ? `from_base64(${source.sql})`
      : format === 'UTF-8' || format === 'UTF8'
        ? `encode(${source.sql})`
        : `sf.${mode === 'try' ? 'try_' : ''}hex_bytes(${source.sql})`;
  return bound(types.binary(), mode === 'try' ? `TRY(${sql})` : sql, source.nullable || mode === 'try');
}

// https://docs.snowflake.com/en/sql-reference/functions-conversion
export const conversionFunctions: readonly FunctionDefinition[] = [
  special('TO_CHAR TO_VARCHAR', 'to_char', 'scalar', toChar),
  special('TO_NUMBER TO_DECIMAL TO_NUMERIC', 'to_decimal', 'scalar', (call) => toNumber(call, 'explicit')),
  special('TRY_TO_NUMBER TRY_TO_DECIMAL TRY_TO_NUMERIC', 'try_to_decimal', 'scalar', (call) => toNumber(call, 'try')),
  special('TO_DOUBLE', 'to_double', 'scalar', (call) => toDouble(call, 'explicit')),
  special('TRY_TO_DOUBLE', 'try_to_double', 'scalar', (call) => toDouble(call, 'try')),
  ...converts('TO_BOOLEAN', 'to_boolean', types.boolean),
  ...moments('TO_DATE DATE', 'to_date', () => types.date),
  ...moments('TO_TIME TIME', 'to_time', () => types.time()),
  ...moments('TO_TIMESTAMP TIMESTAMP', 'to_timestamp', (call) => ({ kind: timestampKind(call.facts), precision: 9 })),
  ...moments('TO_TIMESTAMP_NTZ', 'to_timestamp', () => types.timestampNtz()),
  ...moments('TO_TIMESTAMP_LTZ', 'to_timestamp', () => types.timestampLtz()),
  ...moments('TO_TIMESTAMP_TZ', 'to_timestamp', () => types.timestampTz()),
  special('TO_BINARY', 'to_binary', 'scalar', (call) => toBinary(call, 'explicit')),
  special('TRY_TO_BINARY', 'try_to_binary', 'scalar', (call) => toBinary(call, 'try')),
  special('TO_VARIANT', 'to_variant', 'scalar', (call) => single(call, types.variant, 'explicit')),
  special('TO_ARRAY', 'to_array', 'scalar', (call) => single(call, types.array, 'explicit')),
  special('TO_OBJECT', 'to_object', 'scalar', (call) => single(call, types.object, 'explicit')),
  special('TO_JSON', 'to_json', 'scalar', (call) => {
    const value = call.arg(0);
    const variant = isSemiStructured(value.type) ? value : call.cast(value, types.variant, 'explicit');
    return bound(text, `sf.untagged(CAST(${variant.sql} AS VARCHAR))`, value.nullable);
  }),
];
