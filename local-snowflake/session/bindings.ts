import { SnowflakeError } from '../errors/snowflake-error.ts';
import type { TypedValue } from '../objects/extensions.ts';
import { type SnowflakeType, types } from '../sql/types.ts';
import type { Binding } from './service.ts';

/** Types by the names that drivers give them. */
const bindTypes: Readonly<Record<string, SnowflakeType>> = {
  TEXT: types.varchar(),
  // What the Python connector calls None.
  ANY: types.varchar(),
  FIXED: types.number(38, 0),
  REAL: types.float,
  BOOLEAN: types.boolean,
  DATE: types.date,
  TIME: types.time(),
  TIMESTAMP_NTZ: types.timestampNtz(),
  TIMESTAMP_LTZ: types.timestampLtz(),
  TIMESTAMP_TZ: types.timestampTz(),
  BINARY: types.binary(),
  VARIANT: types.variant,
  OBJECT: types.object,
  ARRAY: types.array,
};

/** One row of values for a statement, or several for a batch (an array behind each `?`); a key has one type in all rows. */
export function bindingRows(bindings: Readonly<Record<string, Binding>>): ReadonlyMap<string, TypedValue>[] {
  const columns = Object.entries(bindings).map(([key, binding]) => ({
    key,
    values: valuesOf(binding),
    type: typeOfBinding(binding),
  }));
  const count = Math.max(1, ...columns.map(({ values }) => values.length));
  return Array.from(
    { length: count },
    (_, index) => new Map(columns.map(({ key, values, type }) => [key, { type, cell: cellOf(type, values[index] ?? null) }])),
  );
}

function valuesOf({ value }: Binding): readonly (string | null)[] {
  return value === null || typeof value === 'string' ? [value] : value;
}

function typeOfBinding(binding: Binding): SnowflakeType {
  const type = bindTypes[binding.type.toUpperCase()];
  if (type === undefined) throw SnowflakeError.of('unsupported', { feature: `bind type ${binding.type}` });
  return binding.type.toUpperCase() === 'FIXED' ? numberType(valuesOf(binding)) : type;
}

/** A number's type has just the scale that its texts show. */
function numberType(texts: readonly (string | null)[]): SnowflakeType {
  if (texts.some((text) => text !== null && /[eE]/u.test(text))) return types.float;
  return types.number(38, Math.max(0, ...texts.map((text) => /\.([0-9]+)$/u.exec(text ?? '')?.[1]?.length ?? 0)));
}

function cellOf(type: SnowflakeType, raw: string | null): string | null {
  return raw === null ? null : wireText(type.kind, raw);
}

/** Drivers send dates in milliseconds and times in nanoseconds; results carry days and seconds. */
function wireText(kind: SnowflakeType['kind'], raw: string): string {
  switch (kind) {
    case 'BOOLEAN':
      return ['true', '1', 'TRUE'].includes(raw) ? '1' : '0';
    case 'DATE':
      return /^-?[0-9]+$/u.test(raw)
        ? String(Math.floor(Number(raw) / 86_400_000))
        : String(Math.floor(Date.parse(`${raw}T00:00:00Z`) / 86_400_000));
    case 'TIME':
    case 'TIMESTAMP_NTZ':
    case 'TIMESTAMP_LTZ':
      return nanosecondsText(raw);
    case 'TIMESTAMP_TZ': {
      const [instant, offset] = raw.split(' ');
      return `${nanosecondsText(instant ?? raw)} ${offset ?? '1440'}`;
    }
    default:
      return raw;
  }
}

/** Whole nanoseconds as decimal seconds: -1500000000 is `-1.500000000`. */
function nanosecondsText(raw: string): string {
  const digits = /^(-?)([0-9]+)$/u.exec(raw);
  if (digits === null) return raw;
  const [, sign = '', nanoseconds = ''] = digits;
  const padded = nanoseconds.padStart(10, '0');
  return `${sign}${padded.slice(0, -9)}.${padded.slice(-9)}`;
}
