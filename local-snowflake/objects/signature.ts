import { readType } from '../sql/read-type.ts';
import type { TokenStream } from '../sql/token-stream.ts';
import { renderType, type SnowflakeType } from '../sql/types.ts';

/** `(VARCHAR, NUMBER)` as the text that tells overloads apart: types without their sizes. */
export function readSignature(stream: TokenStream): string {
  const kinds: string[] = [];
  stream.expectSymbol('(');
  while (!stream.acceptSymbol(')')) {
    kinds.push(signatureOf([readType(stream)]));
    if (!stream.isSymbol(')')) stream.expectSymbol(',');
  }
  return kinds.join(', ');
}

const nestedKinds = new Set<SnowflakeType['kind']>(['STRUCTURED_ARRAY', 'STRUCTURED_OBJECT', 'MAP', 'VECTOR']);

export function signatureOf(types: readonly SnowflakeType[]): string {
  return types.map((type) => (nestedKinds.has(type.kind) ? renderType(type) : type.kind)).join(', ');
}

/** A type as SHOW PROCEDURES and DESCRIBE FUNCTION print it: without size unless it was written. */
export function shortType(type: SnowflakeType): string {
  const rendered = renderType(type);
  if (type.kind === 'NUMBER' && type.precision === 38 && type.scale === 0) return 'NUMBER';
  return type.kind === 'VARCHAR' || type.kind === 'BINARY' ? type.kind : rendered.replace(/\(9\)$/u, '');
}
