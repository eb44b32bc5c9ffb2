import { TokenStream } from '../sql/token-stream.ts';

/** The expressions of `a, f(b, c)`. */
export function restList(text: string): string[] {
  const stream = new TokenStream(text);
  const expressions: string[] = [];
  let from = stream.position;
  while (!stream.atEnd) {
    if (stream.isSymbol('(')) stream.parenthesised();
    else if (stream.isSymbol(',')) {
      expressions.push(stream.textSince(from));
      stream.next();
      from = stream.position;
    } else stream.next();
  }
  return [...expressions, stream.textSince(from)];
}
