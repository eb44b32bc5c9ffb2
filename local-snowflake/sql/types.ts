import { SnowflakeError } from '../errors/snowflake-error.ts';

/** Snowflake's data types. https://docs.snowflake.com/en/sql-reference/intro-summary-data-types */
export type SnowflakeType =
  | { readonly kind: 'NUMBER'; readonly precision: number; readonly scale: number }
  | { readonly kind: 'FLOAT' | 'BOOLEAN' | 'DATE' | 'VARIANT' | 'OBJECT' | 'ARRAY' }
  | { readonly kind: 'VARCHAR' | 'BINARY'; readonly length: number }
  | { readonly kind: 'TIME' | TimestampKind; readonly precision: number }
  // https://docs.snowflake.com/en/sql-reference/data-types-structured
  | { readonly kind: 'STRUCTURED_ARRAY'; readonly element: InnerType }
  | { readonly kind: 'STRUCTURED_OBJECT'; readonly fields: readonly FieldType[] }
  | { readonly kind: 'MAP'; readonly key: SnowflakeType; readonly value: InnerType }
  // https://docs.snowflake.com/en/sql-reference/data-types-vector
  | { readonly kind: 'VECTOR'; readonly element: 'FLOAT' | 'INT'; readonly dimension: number };

/** A type inside another: of elements, of a map's values. */
export interface InnerType {
  readonly type: SnowflakeType;
  readonly nullable: boolean;
}

/** A key of a structured OBJECT; its case counts. */
export interface FieldType extends InnerType {
  readonly name: string;
}

export type TimestampKind = 'TIMESTAMP_NTZ' | 'TIMESTAMP_LTZ' | 'TIMESTAMP_TZ';
export type TypeKind = SnowflakeType['kind'];

/** Characters; the default length of VARCHAR since the 2025_03 bundle is 16 MiB for columns declared without one. */
export const maxVarcharLength = 16_777_216;
export const maxBinaryLength = 8_388_608;

export const types = {
  number: (precision = 38, scale = 0): SnowflakeType => ({ kind: 'NUMBER', precision, scale }),
  float: { kind: 'FLOAT' } as SnowflakeType,
  varchar: (length = maxVarcharLength): SnowflakeType => ({ kind: 'VARCHAR', length }),
  binary: (length = maxBinaryLength): SnowflakeType => ({ kind: 'BINARY', length }),
  boolean: { kind: 'BOOLEAN' } as SnowflakeType,
  date: { kind: 'DATE' } as SnowflakeType,
  time: (precision = 9): SnowflakeType => ({ kind: 'TIME', precision }),
  timestampNtz: (precision = 9): SnowflakeType => ({ kind: 'TIMESTAMP_NTZ', precision }),
  timestampLtz: (precision = 9): SnowflakeType => ({ kind: 'TIMESTAMP_LTZ', precision }),
  timestampTz: (precision = 9): SnowflakeType => ({ kind: 'TIMESTAMP_TZ', precision }),
  variant: { kind: 'VARIANT' } as SnowflakeType,
  object: { kind: 'OBJECT' } as SnowflakeType,
  array: { kind: 'ARRAY' } as SnowflakeType,
} as const;

/** Spelled as DESCRIBE and SHOW spell it: `NUMBER(38,0)`, `VARCHAR(16777216)`, `TIMESTAMP_NTZ(9)`, `ARRAY(NUMBER(38,0) NOT NULL)`. */
export function renderType(type: SnowflakeType): string {
  switch (type.kind) {
    case 'NUMBER':
      return `NUMBER(${String(type.precision)},${String(type.scale)})`;
    case 'VARCHAR':
    case 'BINARY':
      return `${type.kind}(${String(type.length)})`;
    case 'TIME':
    case 'TIMESTAMP_NTZ':
    case 'TIMESTAMP_LTZ':
    case 'TIMESTAMP_TZ':
      return `${type.kind}(${String(type.precision)})`;
    case 'STRUCTURED_ARRAY':
      return `ARRAY(${renderInner(type.element)})`;
    case 'STRUCTURED_OBJECT':
      return `OBJECT(${type.fields.map((field) => `${fieldName(field.name)} ${renderInner(field)}`).join(', ')})`;
    case 'MAP':
      return `MAP(${renderType(type.key)}, ${renderInner(type.value)})`;
    case 'VECTOR':
      return `VECTOR(${type.element}, ${String(type.dimension)})`;
    default:
      return type.kind;
  }
}

function renderInner({ type, nullable }: InnerType): string {
  return `${renderType(type)}${nullable ? '' : ' NOT NULL'}`;
}

function fieldName(name: string): string {
  return /^[A-Za-z_][A-Za-z0-9_$]*$/u.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}

const numberNames = new Set(['NUMBER', 'DECIMAL', 'DEC', 'NUMERIC']);
const integerNames = new Set(['INT', 'INTEGER', 'BIGINT', 'SMALLINT', 'TINYINT', 'BYTEINT']);
const floatNames = new Set(['FLOAT', 'FLOAT4', 'FLOAT8', 'DOUBLE', 'DOUBLE PRECISION', 'REAL']);
const textNames = new Set(['VARCHAR', 'STRING', 'TEXT', 'NVARCHAR', 'NVARCHAR2', 'CHAR VARYING', 'NCHAR VARYING']);
const charNames = new Set(['CHAR', 'CHARACTER', 'NCHAR']);
const timestampNames: Record<string, TimestampKind> = {
  DATETIME: 'TIMESTAMP_NTZ',
  TIMESTAMP: 'TIMESTAMP_NTZ',
  TIMESTAMP_NTZ: 'TIMESTAMP_NTZ',
  TIMESTAMPNTZ: 'TIMESTAMP_NTZ',
  'TIMESTAMP WITHOUT TIME ZONE': 'TIMESTAMP_NTZ',
  TIMESTAMP_LTZ: 'TIMESTAMP_LTZ',
  TIMESTAMPLTZ: 'TIMESTAMP_LTZ',
  'TIMESTAMP WITH LOCAL TIME ZONE': 'TIMESTAMP_LTZ',
  TIMESTAMP_TZ: 'TIMESTAMP_TZ',
  TIMESTAMPTZ: 'TIMESTAMP_TZ',
  'TIMESTAMP WITH TIME ZONE': 'TIMESTAMP_TZ',
};

/**
 * A type from its SQL name and parenthesised numbers, for example `typeOf('NUMBER', [10, 2])`.
 * @throws SnowflakeError `unsupported` for a type name that is not in Snowflake's list.
 */
export function typeOf(name: string, args: readonly number[] = []): SnowflakeType {
  const upper = name.toUpperCase().replace(/\s+/gu, ' ').trim();
  const [first, second] = args;
  if (numberNames.has(upper)) return types.number(first ?? 38, second ?? 0);
  if (integerNames.has(upper)) return types.number(38, 0);
  if (floatNames.has(upper)) return types.float;
  if (textNames.has(upper)) return types.varchar(first);
  if (charNames.has(upper)) return types.varchar(first ?? 1);
  if (upper === 'BINARY' || upper === 'VARBINARY') return types.binary(first);
  if (upper === 'BOOLEAN' || upper === 'BOOL') return types.boolean;
  if (upper === 'DATE') return types.date;
  if (upper === 'TIME') return types.time(first);
  const timestamp = timestampNames[upper];
  if (timestamp !== undefined) return { kind: timestamp, precision: first ?? 9 };
  if (upper === 'VARIANT') return types.variant;
  if (upper === 'OBJECT') return types.object;
  if (upper === 'ARRAY') return types.array;
  throw SnowflakeError.of('unsupported', { feature: `data type ${upper}` });
}

export function sameType(a: SnowflakeType, b: SnowflakeType): boolean {
  return renderType(a) === renderType(b);
}
