import { SnowflakeError } from '../errors/snowflake-error.ts';
import type { TokenStream } from './token-stream.ts';
import { type FieldType, type InnerType, renderType, type SnowflakeType, typeOf } from './types.ts';

/**
 * Reads a type as written: `NUMBER(10, 2)`, `DOUBLE PRECISION`, `TIMESTAMP WITH TIME ZONE`, `ARRAY(NUMBER NOT NULL)`.
 * @throws SnowflakeError `unsupported`, `unsupportedDataType`
 */
export function readType(stream: TokenStream): SnowflakeType {
  const nested = readNested(stream);
  if (nested !== undefined) return nested;
  let name = stream.identifier();
  if (name === 'DOUBLE' && stream.accept('PRECISION')) name = 'DOUBLE PRECISION';
  if (name === 'TIMESTAMP') {
    for (const suffix of ['WITH LOCAL TIME ZONE', 'WITH TIME ZONE', 'WITHOUT TIME ZONE']) {
      if (stream.accept(suffix)) name = `TIMESTAMP ${suffix}`;
    }
  }
  if ((name === 'CHAR' || name === 'NCHAR') && stream.accept('VARYING')) name += ' VARYING';
  const numbers: number[] = [];
  if (stream.isSymbol('(') && stream.peek(1).kind === 'number') {
    stream.expectSymbol('(');
    do numbers.push(stream.integer());
    while (stream.acceptSymbol(','));
    stream.expectSymbol(')');
  }
  return typeOf(name, numbers);
}

/** The words that begin a type with types inside, when a parenthesis follows. */
export const nestedTypeNames: readonly string[] = ['ARRAY', 'OBJECT', 'MAP', 'VECTOR'];

/** https://docs.snowflake.com/en/sql-reference/data-types-structured and data-types-vector */
function readNested(stream: TokenStream): SnowflakeType | undefined {
  const { kind, value } = stream.peek();
  if (kind !== 'word' || !nestedTypeNames.includes(value) || stream.peek(1).text !== '(') return undefined;
  stream.next();
  stream.expectSymbol('(');
  const type = readInside(value, stream);
  stream.expectSymbol(')');
  return type;
}

function readInside(name: string, stream: TokenStream): SnowflakeType {
  if (name === 'ARRAY') return { kind: 'STRUCTURED_ARRAY', element: readInner(stream) };
  if (name === 'OBJECT') return { kind: 'STRUCTURED_OBJECT', fields: readFields(stream) };
  if (name === 'VECTOR') return readVector(stream);
  const key = readType(stream);
  stream.expectSymbol(',');
  const type: SnowflakeType = { kind: 'MAP', key, value: readInner(stream) };
  if (key.kind === 'VARCHAR' || (key.kind === 'NUMBER' && key.scale === 0)) return type;
  throw SnowflakeError.of('unsupportedDataType', { type: renderType(type) });
}

function readInner(stream: TokenStream): InnerType {
  const type = readType(stream);
  return { type, nullable: !stream.accept('NOT NULL') };
}

/** Keys keep their case, and their order. */
function readFields(stream: TokenStream): FieldType[] {
  const fields: FieldType[] = [];
  if (stream.isSymbol(')')) return fields;
  do {
    const token = stream.next();
    if (token.kind !== 'word' && token.kind !== 'quoted') throw stream.unexpected(token);
    const name = token.kind === 'word' ? token.text : token.value;
    if (fields.some((field) => field.name === name)) throw SnowflakeError.of('duplicateKey', { key: name });
    fields.push({ name, ...readInner(stream) });
  } while (stream.acceptSymbol(','));
  return fields;
}

const vectorElements: Readonly<Record<string, 'FLOAT' | 'INT'>> = { FLOAT: 'FLOAT', INT: 'INT', INTEGER: 'INT' };
const mostDimensions = 4096;

function readVector(stream: TokenStream): SnowflakeType {
  const written = stream.identifier();
  stream.expectSymbol(',');
  const dimension = stream.integer();
  const element = vectorElements[written];
  if (element !== undefined && dimension >= 1 && dimension <= mostDimensions) return { kind: 'VECTOR', element, dimension };
  throw SnowflakeError.of('unsupportedDataType', { type: `VECTOR(${written}, ${String(dimension)})` });
}
