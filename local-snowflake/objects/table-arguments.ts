import { DateTime } from 'luxon';
import { SnowflakeError } from '../errors/snowflake-error.ts';
import type { TypedValue } from './extensions.ts';

/** Arguments of an information schema table function, by name or by position. */
export class TableArguments {
  readonly #function: string;
  readonly #args: ReadonlyMap<string, TypedValue>;
  readonly #names: readonly string[];

  /** `names`: the parameters, upper case, in the order of the function's page. */
  constructor(name: string, args: ReadonlyMap<string, TypedValue>, names: readonly string[]) {
    this.#function = name;
    this.#args = args;
    this.#names = names;
    for (const [key, value] of args) {
      const known = /^\d+$/u.test(key) ? Number(key) <= names.length : names.includes(key);
      if (!known) throw this.#invalid(key, value.cell);
    }
  }

  text(name: string): string | undefined {
    return this.#find(name)?.cell ?? undefined;
  }

  boolean(name: string, otherwise: boolean): boolean {
    const cell = this.#find(name)?.cell;
    return cell === undefined || cell === null ? otherwise : cell === '1' || cell.toLowerCase() === 'true';
  }

  /** RESULT_LIMIT. @throws SnowflakeError `resultLimit` above 10,000 */
  limit(otherwise: number): number {
    const value = this.#find('RESULT_LIMIT');
    if (value === undefined || value.cell === null) return otherwise;
    const limit = Number(value.cell);
    if (!Number.isInteger(limit) || limit < 0) throw this.#invalid('RESULT_LIMIT', value.cell);
    if (limit > 10_000) throw SnowflakeError.of('resultLimit', {});
    return limit;
  }

  /** An instant, epoch milliseconds; timestamps without a zone are the session's. @throws SnowflakeError for what is none */
  instant(name: string, timezone: string): number | undefined {
    const value = this.#find(name);
    if (value === undefined || value.cell === null) return undefined;
    const instant = instantOf(value, timezone);
    if (Number.isNaN(instant)) throw this.#invalid(name, value.cell);
    return instant;
  }

  #find(name: string): TypedValue | undefined {
    return this.#args.get(name) ?? this.#args.get(String(this.#names.indexOf(name) + 1));
  }

  #invalid(argument: string, value: string | null): SnowflakeError {
    return SnowflakeError.of('tableFunctionArgument', { function: this.#function, argument, value: value ?? 'NULL' });
  }
}

function instantOf({ type, cell }: TypedValue, timezone: string): number {
  const text = cell ?? '';
  switch (type.kind) {
    case 'TIMESTAMP_LTZ':
    case 'TIMESTAMP_TZ':
      return Number.parseFloat(text) * 1000;
    case 'TIMESTAMP_NTZ':
      return asLocal(Number.parseFloat(text) * 1000, timezone);
    case 'DATE':
      return asLocal(Number(text) * 86_400_000, timezone);
    default:
      return textInstant(text, timezone);
  }
}

/** The instant at which clocks in the zone show what UTC clocks show at `milliseconds`. */
function asLocal(milliseconds: number, timezone: string): number {
  return DateTime.fromMillis(milliseconds, { zone: 'utc' }).setZone(timezone, { keepLocalTime: true }).toMillis();
}

function textInstant(text: string, timezone: string): number {
  const spelled = text.trim().replace(/ ([+-]\d{2}):?(\d{2})$/u, '$1:$2');
  const parsed = [DateTime.fromSQL(spelled, { zone: timezone }), DateTime.fromISO(spelled, { zone: timezone })].find(
    (each) => each.isValid,
  );
  return parsed?.toMillis() ?? Number.NaN;
}
