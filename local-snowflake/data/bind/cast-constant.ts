import type { SnowflakeType } from '../../sql/types.ts';
import { datetimeFault, readMoment } from '../native/datetime-functions.ts';
import { numericLiteral } from '../types/numeric-rules.ts';
import { sessionFormat } from '../types/session-formats.ts';
import type { Bound } from './bound.ts';
import type { CastFacts, CastMode } from './cast.ts';
import { literalBound } from './literal-bound.ts';

/** Casts of constant strings, done at once: `'2024-01-01'::DATE` is a literal like any other. */
export function foldedCast(value: Bound, target: SnowflakeType, mode: CastMode, facts: CastFacts): Bound | undefined {
  const text = value.constant?.cell;
  if (typeof text !== 'string') return undefined;
  if (value.type.kind === 'NUMBER' && target.kind === 'NUMBER') return number(text, target);
  if (value.type.kind === 'NUMBER' && target.kind === 'FLOAT') return literalBound(target, text);
  if (value.type.kind !== 'VARCHAR') return undefined;
  if (target.kind === 'DATE') return datetime(text, target, sessionFormat(facts, 'DATE_INPUT_FORMAT'), 'date', mode);
  if (target.kind === 'TIMESTAMP_NTZ')
    return datetime(text, target, sessionFormat(facts, 'TIMESTAMP_INPUT_FORMAT'), 'timestamp', mode);
  if (target.kind === 'NUMBER' && /^\s*[+-]?\d+(?:\.\d*)?\s*$/u.test(text)) return number(text.trim(), target);
  return undefined;
}

function datetime(text: string, target: SnowflakeType, format: string, what: string, mode: CastMode): Bound | undefined {
  const found = readMoment(text, format, what);
  if (found === undefined) {
    if (mode === 'try') return undefined;
    throw datetimeFault(text, format, what);
  }
  if (target.kind === 'DATE') {
    const seconds = found.micros / 1_000_000n - (found.micros % 1_000_000n < 0n ? 1n : 0n);
    const days = seconds / 86_400n - (seconds % 86_400n < 0n ? 1n : 0n);
    return literalBound(target, String(days));
  }
  // One decimal number: half a second before the epoch is -0.5, not -1 and 0.5.
  const size = found.micros < 0n ? -found.micros : found.micros;
  const sign = found.micros < 0n ? '-' : '';
  return literalBound(target, `${sign}${String(size / 1_000_000n)}.${String(size % 1_000_000n).padStart(6, '0')}000`);
}

/** Rounds half away from zero, as Snowflake does; leaves it to DuckDB when digits would be lost on the left. */
function number(text: string, target: Extract<SnowflakeType, { kind: 'NUMBER' }>): Bound | undefined {
  const negative = text.startsWith('-');
  const literal = numericLiteral(text.replace(/^[+-]/u, ''));
  const [whole = '0', fraction = ''] = literal.text.split('.');
  const kept = fraction.slice(0, target.scale).padEnd(target.scale, '0');
  let digits = BigInt(whole + kept);
  if ((fraction.charAt(target.scale) || '0') >= '5') digits += 1n;
  const padded = String(digits).padStart(target.scale + 1, '0');
  if (padded.length > Math.max(target.precision, target.scale + 1)) return undefined;
  const sign = negative && digits !== 0n ? '-' : '';
  const split = padded.length - target.scale;
  return literalBound(target, `${sign}${padded.slice(0, split)}${target.scale > 0 ? `.${padded.slice(split)}` : ''}`);
}
