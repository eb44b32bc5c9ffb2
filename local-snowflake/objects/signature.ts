import type { TokenStream } from '../sql/token-stream.ts';
import { renderType, type SnowflakeType, typeOf } from '../sql/types.ts';

/** Reads a type as written: `NUMBER(10, 2)`, `DOUBLE PRECISION`, `TIMESTAMP WITH TIME ZONE`. @throws SnowflakeError `unsupported` */
export function readType(stream: TokenStream): SnowflakeType {
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

/** `(VARCHAR, NUMBER)` as the text that tells overloads apart: types without their sizes. */
export function readSignature(stream: TokenStream): string {
  const kinds: string[] = [];
  stream.expectSymbol('(');
  while (!stream.acceptSymbol(')')) {
    kinds.push(readType(stream).kind);
    if (!stream.isSymbol(')')) stream.expectSymbol(',');
  }
  return kinds.join(', ');
}

export function signatureOf(types: readonly SnowflakeType[]): string {
  return types.map((type) => type.kind).join(', ');
}

/** A type as SHOW PROCEDURES and DESCRIBE FUNCTION print it: without size unless it was written. */
export function shortType(type: SnowflakeType): string {
  const rendered = renderType(type);
  if (type.kind === 'NUMBER' && type.precision === 38 && type.scale === 0) return 'NUMBER';
  return type.kind === 'VARCHAR' || type.kind === 'BINARY' ? type.kind : rendered.replace(/\(9\)$/u, '');
}
