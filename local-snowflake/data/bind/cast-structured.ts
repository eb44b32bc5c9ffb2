import { type FieldType, type InnerType, renderType, type SnowflakeType, types } from '../../sql/types.ts';
import { raise, spliced } from '../duckdb/raised.ts';
import { duckString } from '../duckdb/text.ts';
import type { FieldChange } from '../syntax/tree.ts';
import { coerces } from '../types/structured-rules.ts';
import { jsonPathKey } from './bind-path.ts';
import { type Bound, bound } from './bound.ts';
import { type CastFacts, type CastMode, tryCastTo } from './cast.ts';
import { literalBound, stringBound } from './literal-bound.ts';
import { each, fieldAt, inOrder, letIn, packed, those } from './structured-sql.ts';

type ObjectType = Extract<SnowflakeType, { kind: 'STRUCTURED_OBJECT' }>;
type MapType = Extract<SnowflakeType, { kind: 'MAP' }>;

/**
 * SQL of a value as a structured type; undefined where there is no such conversion.
 * https://docs.snowflake.com/en/sql-reference/data-types-structured#converting-structured-and-semi-structured-types
 */
export function toStructured(value: Bound, target: SnowflakeType, mode: CastMode, facts: CastFacts): string | undefined {
  // Only structured values become others of their kind by themselves.
  if (mode === 'try' || (mode !== 'explicit' && !coerces(value.type, target))) return undefined;
  switch (target.kind) {
    case 'STRUCTURED_ARRAY':
      return toArray(value, target.element, facts);
    case 'STRUCTURED_OBJECT':
      return toObject(value, target, facts);
    case 'MAP':
      return toMap(value, target, facts);
    default:
      return undefined;
  }
}

/** An element, a field or a value in the type that it has inside the target. */
function inside(value: Bound, target: InnerType, facts: CastFacts): string | undefined {
  const converted = tryCastTo(value, target.type, 'explicit', facts);
  if (converted === undefined || target.nullable || !converted.nullable) return converted?.sql;
  return `CASE WHEN ${converted.sql} IS NULL THEN ${raise('nullInNonNullable', {})} ELSE ${converted.sql} END`;
}

/** SQL built of conversions; undefined when one of them is. */
function built(build: (sql: (converted: string | undefined) => string) => string): string | undefined {
  let possible = true;
  const text = build((converted) => {
    possible &&= converted !== undefined;
    return converted ?? 'NULL';
  });
  return possible ? text : undefined;
}

function toArray(value: Bound, element: InnerType, facts: CastFacts): string | undefined {
  const { type, sql } = value;
  const converted = (list: string, from: InnerType): string | undefined =>
    built((known) => each(list, (item) => known(inside(bound(from.type, item, from.nullable), element, facts))));
  switch (type.kind) {
    case 'STRUCTURED_ARRAY':
      return converted(sql, type.element);
    case 'VECTOR': {
      // Elements must be of the vector's own type. https://docs.snowflake.com/en/sql-reference/data-types-vector
      const [own, list] = type.element === 'INT' ? [types.number(), 'DECIMAL(38,0)[]'] : [types.float, 'DOUBLE[]'];
      return element.type.kind === own.kind ? converted(`CAST(${sql} AS ${list})`, { type: own, nullable: false }) : undefined;
    }
    case 'ARRAY':
    case 'VARIANT':
      return converted(`sf.json_items(${sql})`, { type: types.variant, nullable: true });
    default:
      return undefined;
  }
}

function toObject(value: Bound, target: ObjectType, facts: CastFacts): string | undefined {
  const { type, sql } = value;
  switch (type.kind) {
    case 'STRUCTURED_OBJECT':
      return type.fields.length === target.fields.length
        ? ofFields(sql, type, target, facts, ({ name }) => type.fields.findIndex((field) => field.name === name))
        : undefined;
    case 'MAP':
      return ofKeys(sql, target, facts, {
        keys: (map) => each(map, (entry) => keyText(type, `(${entry}).k`, facts)),
        at: (map, key) => {
          const found = those(map, (entry) => `${keyText(type, `(${entry}).k`, facts)} = ${duckString(key)}`);
          return bound(type.value.type, `((${found})[1]).v`);
        },
      });
    case 'OBJECT':
    case 'VARIANT':
      return ofKeys(`sf.variant_object(${sql})`, target, facts, {
        keys: (object) => `json_keys(${object})`,
        at: (object, key) => bound(types.variant, `json_extract(${object}, ${duckString(`$.${jsonPathKey(key)}`)})`),
      });
    default:
      return undefined;
  }
}

/** A structured OBJECT of another's fields, each from the place that `from` says; -1 for none. */
function ofFields(
  sql: string,
  source: ObjectType,
  target: ObjectType,
  facts: CastFacts,
  from: (field: FieldType, index: number) => number,
): string | undefined {
  return built((known) =>
    letIn(sql, (object) => {
      const fields = target.fields.map((field, index) => {
        const place = from(field, index);
        const old = source.fields[place];
        return known(old === undefined ? undefined : inside(bound(old.type, fieldAt(object, place), old.nullable), field, facts));
      });
      return `CASE WHEN ${object} IS NULL THEN NULL ELSE ${packed(fields)} END`;
    }),
  );
}

/** Values whose keys are known row by row only. */
interface Keyed {
  /** SQL of the list of keys, as text. */
  keys(value: string): string;
  at(value: string, key: string): Bound;
}

/** A structured OBJECT of such a value, which must have the type's keys and no others. */
function ofKeys(sql: string, target: ObjectType, facts: CastFacts, keyed: Keyed): string | undefined {
  const names = target.fields.map((field) => duckString(field.name));
  const wanted = `list_sort(CAST([${names.join(', ')}] AS VARCHAR[]))`;
  return built((known) =>
    letIn(sql, (value) => {
      const fields = target.fields.map((field) => known(inside(keyed.at(value, field.name), field, facts)));
      const fault = raise('structuredCast', { value: spliced, type: renderType(target) }, `CAST(${value} AS VARCHAR)`);
      return `CASE WHEN ${value} IS NULL THEN NULL WHEN list_sort(${keyed.keys(value)}) = ${wanted} THEN ${packed(fields)} ELSE ${fault} END`;
    }),
  );
}

/** A map's key as text, as keys of OBJECTs are. */
export function keyText(type: MapType, sql: string, facts: CastFacts): string {
  return tryCastTo(bound(type.key, sql), types.varchar(), 'explicit', facts)?.sql ?? sql;
}

function toMap(value: Bound, target: MapType, facts: CastFacts): string | undefined {
  const { type, sql } = value;
  const entry = (key: Bound, item: Bound, known: (converted: string | undefined) => string): string => {
    const converted = known(tryCastTo(key, target.key, 'explicit', facts)?.sql);
    return `struct_pack(k := ${converted}, v := ${known(inside(item, target.value, facts))})`;
  };
  switch (type.kind) {
    case 'MAP':
      return built((known) =>
        inOrder(
          each(sql, (item) =>
            entry(bound(type.key, `(${item}).k`, false), bound(type.value.type, `(${item}).v`, type.value.nullable), known),
          ),
        ),
      );
    case 'STRUCTURED_OBJECT':
      return built((known) =>
        letIn(sql, (object) => {
          const entries = type.fields.map((field, index) =>
            entry(stringBound(field.name), bound(field.type, fieldAt(object, index), field.nullable), known),
          );
          return `CASE WHEN ${object} IS NULL THEN NULL ELSE ${inOrder(`[${entries.join(', ')}]`)} END`;
        }),
      );
    case 'OBJECT':
    case 'VARIANT':
      return built((known) =>
        letIn(`sf.variant_object(${sql})`, (object) =>
          inOrder(
            each(`CASE WHEN ${object} IS NULL THEN NULL ELSE json_keys(${object}) END`, (key) =>
              entry(
                bound(types.varchar(), key, false),
                bound(types.variant, `json_extract(${object}, sf.key_path(${key}))`),
                known,
              ),
            ),
          ),
        ),
      );
    default:
      return undefined;
  }
}

/**
 * CAST(… AS OBJECT(…) RENAME FIELDS | ADD FIELDS): the old values under new keys, in their order, or beside new keys.
 * https://docs.snowflake.com/en/sql-reference/data-types-structured#casting-from-one-structured-type-to-another
 */
export function castFields(value: Bound, target: SnowflakeType, change: FieldChange, facts: CastFacts): Bound | undefined {
  const { type } = value;
  if (type.kind !== 'STRUCTURED_OBJECT' || target.kind !== 'STRUCTURED_OBJECT') return undefined;
  if (change === 'RENAME') {
    if (type.fields.length !== target.fields.length) return undefined;
    const renamed = ofFields(value.sql, type, target, facts, (_, index) => index);
    return renamed === undefined ? undefined : bound(target, renamed, value.nullable);
  }
  const kept = type.fields.every((field) => target.fields.some(({ name }) => name === field.name));
  const added = target.fields.filter((field) => !type.fields.some(({ name }) => name === field.name));
  if (!kept || added.some((field) => !field.nullable)) return undefined;
  const sql = built((known) =>
    letIn(value.sql, (object) => {
      const fields = target.fields.map((field) => {
        const place = type.fields.findIndex(({ name }) => name === field.name);
        const old = type.fields[place];
        const from = old === undefined ? literalBound(field.type, null) : bound(old.type, fieldAt(object, place), old.nullable);
        return known(inside(from, field, facts));
      });
      return `CASE WHEN ${object} IS NULL THEN NULL ELSE ${packed(fields)} END`;
    }),
  );
  return sql === undefined ? undefined : bound(target, sql, value.nullable);
}
