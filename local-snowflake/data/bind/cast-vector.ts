import type { SnowflakeType } from '../../sql/types.ts';
import { types } from '../../sql/types.ts';
import { physicalType } from '../duckdb/physical-type.ts';
import { raise } from '../duckdb/raised.ts';
import { type Bound, bound } from './bound.ts';
import { type CastFacts, type CastMode, tryCastTo } from './cast.ts';
import { each, letIn } from './structured-sql.ts';

/**
 * Arrays become vectors by explicit casts alone, when they have as many elements.
 * https://docs.snowflake.com/en/sql-reference/data-types-vector#vector-conversion
 */
export function toVector(value: Bound, target: SnowflakeType, mode: CastMode, facts: CastFacts): string | undefined {
  if (target.kind !== 'VECTOR' || mode !== 'explicit') return undefined;
  const own = target.element === 'INT' ? types.number() : types.float;
  const items = elementsOf(value, own, facts);
  if (items === undefined) return undefined;
  const fault = raise('vectorSize', { type: physicalName(target) });
  return letIn(items, (list) => {
    const wrong = `len(${list}) <> ${String(target.dimension)} OR len(list_filter(${list}, lambda sf_n: sf_n IS NULL)) > 0`;
    return `CASE WHEN ${list} IS NULL THEN NULL WHEN ${wrong} THEN ${fault} ELSE CAST(${list} AS ${physicalType(target)}) END`;
  });
}

function physicalName(target: Extract<SnowflakeType, { kind: 'VECTOR' }>): string {
  return `VECTOR(${target.element}, ${String(target.dimension)})`;
}

/** SQL of the list of the value's elements in the vector's own type. */
function elementsOf({ type, sql }: Bound, own: SnowflakeType, facts: CastFacts): string | undefined {
  if (type.kind === 'STRUCTURED_ARRAY') return type.element.type.kind === own.kind ? sql : undefined;
  if (type.kind !== 'ARRAY' && type.kind !== 'VARIANT') return undefined;
  return each(`sf.json_items(${sql})`, (item) => tryCastTo(bound(types.variant, item), own, 'explicit', facts)?.sql ?? 'NULL');
}
