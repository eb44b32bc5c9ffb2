import { SnowflakeError } from '../errors/snowflake-error.ts';
import type { TypedValue } from '../objects/extensions.ts';
import { types } from '../sql/types.ts';
import type { Binding } from './service.ts';

/** Types by the names that drivers give them. */
const bindTypes: Readonly<Record<string, TypedValue['type']>> = {
  TEXT: types.varchar(),
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

/** One set of values for a statement, or several for a batch (an array behind each `?`). */
export function bindingSets(bindings: Readonly<Record<string, Binding>>): ReadonlyMap<string, TypedValue>[] {
  const entries = Object.entries(bindings);
  const lengths = entries.flatMap(([, binding]) => (Array.isArray(binding.value) ? [binding.value.length] : []));
  const count = lengths.length === 0 ? 1 : Math.max(...lengths);
  return Array.from({ length: count }, (_, index) => new Map(entries.map(([key, binding]) => [key, valueAt(binding, index)])));
}

function valueAt(binding: Binding, index: number): TypedValue {
  const raw = Array.isArray(binding.value) ? ((binding.value as readonly (string | null)[])[index] ?? null) : (binding.value as string | null);
  const type = bindTypes[binding.type.toUpperCase()];
  if (type === undefined) throw SnowflakeError.of('unsupported', { feature: `bind type ${binding.type}` });
  if (raw === null) return { type, cell: null };
  return binding.type.toUpperCase() === 'FIXED' ? numberOf(raw) : { type, cell: wireText(type.kind, raw) };
}

/** A number's type has just the scale that its text shows. */
function numberOf(raw: string): TypedValue {
  const scale = /\.([0-9]+)$/u.exec(raw)?.[1]?.length ?? 0;
  return /[eE]/u.test(raw) ? { type: types.float, cell: raw } : { type: types.number(38, scale), cell: raw };
}

/** Drivers send dates in milliseconds and times in nanoseconds; results carry days and seconds. */
function wireText(kind: TypedValue['type']['kind'], raw: string): string {
  switch (kind) {
    case 'BOOLEAN':
      return ['true', '1', 'TRUE'].includes(raw) ? '1' : '0';
    case 'DATE':
      return /^-?[0-9]+$/u.test(raw) ? String(Math.floor(Number(raw) / 86_400_000)) : String(Math.floor(Date.parse(`${raw}T00:00:00Z`) / 86_400_000));
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

function nanosecondsText(raw: string): string {
  if (!/^-?[0-9]+$/u.test(raw)) return raw;
  const nanoseconds = BigInt(raw);
  const billion = 1_000_000_000n;
  let seconds = nanoseconds / billion;
  let rest = nanoseconds % billion;
  if (rest < 0n) {
    rest += billion;
    seconds -= 1n;
  }
  return `${seconds.toString()}.${rest.toString().padStart(9, '0')}`;
}
