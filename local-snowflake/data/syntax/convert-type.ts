import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { type SnowflakeType, typeOf } from '../../sql/types.ts';
import { type NestedType, nestedTypeOf } from './nested-types.ts';
import { field, list, type Raw, text, variant } from './raw-tree.ts';
import type { FieldChange } from './tree.ts';

const simpleNames: Readonly<Record<string, string>> = {
  Int: 'INT',
  Integer: 'INTEGER',
  BigInt: 'BIGINT',
  SmallInt: 'SMALLINT',
  TinyInt: 'TINYINT',
  Float: 'FLOAT',
  Float4: 'FLOAT4',
  Float8: 'FLOAT8',
  Real: 'REAL',
  Double: 'DOUBLE',
  DoublePrecision: 'DOUBLE PRECISION',
  Boolean: 'BOOLEAN',
  Bool: 'BOOLEAN',
  Date: 'DATE',
  Text: 'TEXT',
  String: 'STRING',
  Datetime: 'DATETIME',
  Array: 'ARRAY',
};

const sizedNames: Readonly<Record<string, string>> = {
  Varchar: 'VARCHAR',
  Nvarchar: 'NVARCHAR',
  CharacterVarying: 'VARCHAR',
  CharVarying: 'VARCHAR',
  Char: 'CHAR',
  Character: 'CHAR',
  Decimal: 'DECIMAL',
  Numeric: 'NUMERIC',
  Dec: 'DEC',
  Binary: 'BINARY',
  Varbinary: 'VARBINARY',
  TimestampNtz: 'TIMESTAMP_NTZ',
};

/** RENAME FIELDS or ADD FIELDS behind a cast's type. */
export function fieldChange(node: Raw): FieldChange | undefined {
  return nestedOf(node)?.change;
}

function nestedOf(node: Raw): NestedType | undefined {
  const [tag, payload] = variant(node);
  if (tag !== 'Custom') return undefined;
  const [first] = list(list(payload)[0]);
  const name = field(field(first, 'Identifier'), 'value');
  return typeof name === 'string' ? nestedTypeOf(name) : undefined;
}

/** A data type of the library's tree as a Snowflake type. */
export function convertType(node: Raw): SnowflakeType {
  const nested = nestedOf(node);
  if (nested !== undefined) return nested.type;
  const [tag, payload] = variant(node);
  if (tag === 'Array' && payload !== undefined && payload !== 'None') {
    throw SnowflakeError.of('unsupported', { feature: 'structured ARRAY type here' });
  }
  const sized = sizedNames[tag];
  if (sized !== undefined) return typeOf(sized, sizes(payload));
  const simple = simpleNames[tag];
  if (simple !== undefined) return typeOf(simple, tag === 'String' || tag === 'Datetime' ? sizes(payload) : []);
  if (tag === 'Time' || tag === 'Timestamp') return zonedType(tag, payload);
  if (tag === 'Custom') {
    const [name, args] = list(payload);
    const parts = list(name);
    const written = text(field(field(parts[0], 'Identifier'), 'value'));
    return typeOf(parts.length === 1 ? written : `${written}.…`, list(args).map(sizeOf));
  }
  return typeOf(tag.replace(/([a-z])([A-Z])/gu, '$1 $2'));
}

function zonedType(tag: string, payload: Raw): SnowflakeType {
  const [precision, zone] = list(payload);
  const args = typeof precision === 'number' ? [precision] : [];
  if (tag === 'Time') return typeOf('TIME', args);
  const suffix =
    zone === 'WithTimeZone' ? ' WITH TIME ZONE' : zone === 'WithoutTimeZone' ? ' WITHOUT TIME ZONE' : zone === 'Tz' ? 'TZ' : '';
  return typeOf(`TIMESTAMP${suffix}`, args);
}

function sizes(payload: Raw): number[] {
  if (typeof payload === 'number') return [payload];
  if (typeof payload !== 'object' || payload === null) return [];
  const [tag, inner] = variant(payload);
  if (tag === 'IntegerLength') return [sizeOf(field(inner, 'length'))];
  if (tag === 'Precision') return [sizeOf(inner)];
  if (tag === 'PrecisionAndScale') return list(inner).map(sizeOf);
  if (tag === 'Max') return [];
  return [];
}

function sizeOf(node: Raw): number {
  const size = Number(typeof node === 'bigint' || typeof node === 'number' || typeof node === 'string' ? node : Number.NaN);
  if (!Number.isInteger(size)) throw SnowflakeError.of('unsupported', { feature: `type argument ${String(node)}` });
  return size;
}
