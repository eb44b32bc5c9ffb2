import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { type FieldType, type SnowflakeType, types } from '../../sql/types.ts';
import { type Bound, bound } from '../bind/bound.ts';
import { fieldAt, letIn, packed } from '../bind/structured-sql.ts';
import { duckString } from '../duckdb/text.ts';
import type { CallSite } from './call-site.ts';
import { type FunctionDefinition, special } from './function-definition.ts';

type ObjectType = Extract<SnowflakeType, { kind: 'STRUCTURED_OBJECT' }>;

/** Functions of semi-structured OBJECTs, of structured ones. https://docs.snowflake.com/en/sql-reference/data-types-structured */
const bindings: Readonly<Record<string, (call: CallSite, type: ObjectType) => Bound>> = {
  OBJECT_KEYS: objectKeys,
  OBJECT_DELETE: (call, type) => {
    const gone = keysOf(call, type);
    return reshaped(
      call,
      type.fields.map((field, place) => ({ field, place })).filter(({ field }) => !gone.includes(field.name)),
    );
  },
  OBJECT_PICK: (call, type) => {
    const picked = keysOf(call, type).map((key) => type.fields.findIndex((field) => field.name === key));
    return reshaped(
      call,
      picked.flatMap((place) => (type.fields[place] === undefined ? [] : [{ field: type.fields[place], place }])),
    );
  },
  OBJECT_INSERT: objectInsert,
};

/** The same function, of structured OBJECTs as well. */
export function overStructuredObjects(definition: FunctionDefinition): FunctionDefinition {
  const binding = definition.names.map((name) => bindings[name]).find((found) => found !== undefined);
  if (binding === undefined) return definition;
  return {
    ...definition,
    bind: (call) => {
      const type = call.args[0]?.type;
      return type?.kind === 'STRUCTURED_OBJECT' ? binding(call, type) : definition.bind(call);
    },
  };
}

function objectKeys(call: CallSite, type: ObjectType): Bound {
  const keys = type.fields.map((field) => duckString(field.name)).join(', ');
  const element = { type: types.varchar(), nullable: true };
  const { sql, nullable } = call.arg(0);
  return bound(
    { kind: 'STRUCTURED_ARRAY', element },
    `CASE WHEN ${sql} IS NULL THEN NULL ELSE CAST([${keys}] AS VARCHAR[]) END`,
    nullable,
  );
}

/** The constant keys behind the OBJECT, each of which it must have. */
function keysOf(call: CallSite, type: ObjectType): string[] {
  if (call.args.length < 2) throw call.countError('2');
  return call.args.slice(1).map((_, index) => {
    const key = call.constant(index + 1);
    if (!type.fields.some((field) => field.name === key)) throw SnowflakeError.of('fieldMissing', { name: call.name, field: key });
    return key;
  });
}

function reshaped(call: CallSite, kept: readonly { readonly field: FieldType; readonly place: number }[]): Bound {
  const { sql, nullable } = call.arg(0);
  const fields = letIn(sql, (object) => {
    const values = kept.map(({ place }) => fieldAt(object, place));
    return `CASE WHEN ${object} IS NULL THEN NULL ELSE ${packed(values)} END`;
  });
  return bound({ kind: 'STRUCTURED_OBJECT', fields: kept.map(({ field }) => field) }, fields, nullable);
}

/** https://docs.snowflake.com/en/sql-reference/functions/object_insert: a new key, or with TRUE a key that is there. */
function objectInsert(call: CallSite, type: ObjectType): Bound {
  const key = call.constant(1);
  const value = call.arg(2);
  const update = call.args.length > 3 && call.constant(3) === '1';
  const { sql, nullable } = call.arg(0);
  const place = type.fields.findIndex((field) => field.name === key);
  const old = type.fields[place];
  if (!update && old !== undefined) throw SnowflakeError.of('fieldExists', { name: call.name, field: key });
  if (update && old === undefined) throw SnowflakeError.of('fieldMissing', { name: call.name, field: key });
  if (value.untyped === true && old === undefined) throw call.typesError();
  const given = old === undefined ? value : call.cast(value, old.type);
  const fields = old === undefined ? [...type.fields, { name: key, type: value.type, nullable: value.nullable }] : type.fields;
  const made = letIn(sql, (object) => {
    const values = fields.map((field, index) => (field.name === key ? given.sql : fieldAt(object, index)));
    return `CASE WHEN ${object} IS NULL THEN NULL ELSE ${packed(values)} END`;
  });
  return bound({ kind: 'STRUCTURED_OBJECT', fields }, made, nullable);
}

/** Keys in the order that they are shown in, which is that of their names. */
function objectConstructStructured(call: CallSite): Bound {
  if (call.args.length === 0 || call.args.length % 2 !== 0) throw call.countError('an even number');
  const entries = Array.from({ length: call.args.length / 2 }, (_, index) => {
    const key = call.constant(2 * index);
    const value = call.arg(2 * index + 1);
    if (key === '' || call.arg(2 * index).type.kind !== 'VARCHAR' || value.untyped === true) throw call.typesError();
    return { key, value };
  });
  const repeated = entries.find(({ key }, index) => entries.findIndex((other) => other.key === key) !== index);
  if (repeated !== undefined) throw SnowflakeError.of('duplicateKey', { key: repeated.key });
  const ordered = [...entries].sort((a, b) => (a.key < b.key ? -1 : 1));
  const fields = ordered.map(({ key, value }) => ({ name: key, type: value.type, nullable: value.nullable }));
  return bound({ kind: 'STRUCTURED_OBJECT', fields }, packed(ordered.map(({ value }) => value.sql)), false);
}

export const structuredObjectFunctions: readonly FunctionDefinition[] = [
  special('OBJECT_CONSTRUCT_KEEP_NULL_STRUCTURED', 'object_construct_keep_null_structured', 'scalar', objectConstructStructured),
];
