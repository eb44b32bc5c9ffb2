import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { renderType, types } from '../../sql/types.ts';
import { type Bound, bound } from '../bind/bound.ts';
import { variantOf } from '../bind/cast-semi-structured.ts';
import { duckString } from '../duckdb/text.ts';
import { isStructured } from '../types/structured-rules.ts';

/** `[a, b]`, ARRAY_CONSTRUCT. SQL NULLs stand as JSON nulls, which Snowflake shows as `undefined`. */
export function arrayConstruct(items: readonly Bound[]): Bound {
  refuseStructured('ARRAY_CONSTRUCT', items);
  if (items.length === 0) return bound(types.array, `CAST('[]' AS JSON)`, false);
  return bound(types.array, `CAST('[' || ${items.map(jsonText).join(` || ',' || `)} || ']' AS JSON)`, false);
}

/** https://docs.snowflake.com/en/sql-reference/data-types-structured#using-structured-types-in-semi-structured-types */
export function refuseStructured(name: string, values: readonly Bound[]): void {
  if (!values.some(({ type }) => isStructured(type) || type.kind === 'VECTOR')) return;
  throw SnowflakeError.of('invalidArgumentTypes', { name, types: values.map(({ type }) => renderType(type)).join(', ') });
}

function jsonText(item: Bound): string {
  if (item.untyped === true) return `'null'`;
  return item.nullable ? `coalesce(CAST(${variantOf(item)} AS VARCHAR), 'null')` : `CAST(${variantOf(item)} AS VARCHAR)`;
}

/**
 * `{'a': 1}`, OBJECT_CONSTRUCT: pairs whose key or value is NULL are left out, unless `keepNulls`.
 * https://docs.snowflake.com/en/sql-reference/functions/object_construct
 */
export function objectConstruct(entries: readonly (readonly [Bound, Bound])[], keepNulls: boolean): Bound {
  refuseStructured(
    'OBJECT_CONSTRUCT',
    entries.map(([, value]) => value),
  );
  const constant = entries.every(([key]) => typeof key.constant?.cell === 'string');
  const ordered = constant ? sortedByKey(entries) : entries;
  const parts = ordered.map(([key, value]) => {
    const name =
      typeof key.constant?.cell === 'string'
        ? duckString(`${JSON.stringify(key.constant.cell)}:`)
        : `CAST(to_json(${key.sql}) AS VARCHAR) || ':'`;
    if (keepNulls) return `${name} || ${jsonText(value)}`;
    return value.untyped === true ? 'NULL' : `${name} || CAST(${variantOf(value)} AS VARCHAR)`;
  });
  if (parts.length === 0) return bound(types.object, `CAST('{}' AS JSON)`, false);
  // concat_ws passes over NULLs, and so over the pairs that are left out.
  const text = `'{' || concat_ws(',', ${parts.join(', ')}) || '}'`;
  return bound(types.object, constant ? `CAST(${text} AS JSON)` : `CAST(sf_json(${text}) AS JSON)`, false);
}

function sortedByKey(entries: readonly (readonly [Bound, Bound])[]): (readonly [Bound, Bound])[] {
  const byKey = new Map(entries.map((entry) => [entry[0].constant?.cell ?? '', entry] as const));
  return [...byKey].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry);
}
