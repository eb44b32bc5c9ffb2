import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { renderType, type SnowflakeType, sameType } from '../../sql/types.ts';
import { physicalType } from '../duckdb/physical-type.ts';
import type { StatementFacts } from '../ports.ts';
import type { Bound } from './bound.ts';
import { foldedCast } from './cast-constant.ts';
import { toDate, toTime, toTimestamp } from './cast-datetime.ts';
import { toBinary, toBoolean, toFloat, toNumber } from './cast-scalar.ts';
import { toArray, toObject, toVariant } from './cast-semi-structured.ts';
import { toStructured } from './cast-structured.ts';
import { toVarchar } from './cast-text.ts';
import { toVector } from './cast-vector.ts';

/** `assign`: into a column, where nothing may be cut off. `try`: NULL instead of an error. */
export type CastMode = 'explicit' | 'implicit' | 'try' | 'assign';

/** What a conversion asks of the session: its formats. */
export type CastFacts = Pick<StatementFacts, 'parameter'>;

/** SQL of the converted value, or undefined where there is no such conversion. */
export type Converter = (value: Bound, target: SnowflakeType, mode: CastMode, facts: CastFacts) => string | undefined;

const converters: Readonly<Record<SnowflakeType['kind'], Converter>> = {
  NUMBER: toNumber,
  FLOAT: toFloat,
  BOOLEAN: toBoolean,
  BINARY: toBinary,
  VARCHAR: toVarchar,
  DATE: toDate,
  TIME: toTime,
  TIMESTAMP_NTZ: toTimestamp,
  TIMESTAMP_LTZ: toTimestamp,
  TIMESTAMP_TZ: toTimestamp,
  VARIANT: toVariant,
  OBJECT: toObject,
  ARRAY: toArray,
  STRUCTURED_ARRAY: toStructured,
  STRUCTURED_OBJECT: toStructured,
  MAP: toStructured,
  VECTOR: toVector,
};

/** The value as `target`; undefined where Snowflake has no such conversion. */
export function tryCastTo(value: Bound, target: SnowflakeType, mode: CastMode, facts: CastFacts): Bound | undefined {
  // NULL has a type from its first cast on.
  if (value.untyped === true)
    return { type: target, sql: `CAST(NULL AS ${physicalType(target)})`, nullable: true, constant: { cell: null } };
  if (sameType(value.type, target)) return value;
  if (value.origin !== undefined && target.kind !== 'VARIANT') {
    const direct = tryCastTo(value.origin, target, mode === 'implicit' ? 'explicit' : mode, facts);
    if (direct !== undefined) return direct;
  }
  const folded = foldedCast(value, target, mode, facts);
  if (folded !== undefined) return folded;
  const sql = converters[target.kind](value, target, mode, facts);
  if (sql === undefined) return undefined;
  const nullable = value.nullable || mode === 'try' || value.type.kind === 'VARIANT';
  return { type: target, nullable, sql, ...(value.volatile === true ? { volatile: true as const } : {}) };
}

/** @throws SnowflakeError `invalidCast` */
export function castTo(value: Bound, target: SnowflakeType, mode: CastMode, facts: CastFacts): Bound {
  const result = tryCastTo(value, target, mode, facts);
  if (result !== undefined) return result;
  throw SnowflakeError.of('invalidCast', {
    expression: `CAST(${renderType(value.type)} AS ${renderType(target)})`,
    parameter: conversionName(target),
  });
}

/**
 * TRY_CAST and its like take text alone. https://docs.snowflake.com/en/sql-reference/functions/try_cast
 * @throws SnowflakeError `tryCastTypes`
 */
export function attemptCast(value: Bound, target: SnowflakeType, facts: CastFacts): Bound {
  requireText(value, target);
  return castTo(value, target, 'try', facts);
}

export function requireText(value: Bound, target: SnowflakeType): void {
  if (value.type.kind === 'VARCHAR' || value.untyped === true) return;
  throw SnowflakeError.of('tryCastTypes', { from: renderType(value.type), to: renderType(target) });
}

function conversionName(target: SnowflakeType): string {
  if (target.kind === 'NUMBER') return 'TO_NUMBER';
  if (target.kind === 'FLOAT') return 'TO_DOUBLE';
  return `TO_${/^\w+/u.exec(renderType(target))?.[0] ?? ''}`;
}
