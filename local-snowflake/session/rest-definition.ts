import { TokenStream } from '../sql/token-stream.ts';

/** The query of a view or dynamic table, from its CREATE statement; all of the text when it is none. */
export function restDefinition(statement: string): string {
  const stream = new TokenStream(statement);
  if (!stream.is('CREATE')) return statement;
  while (!stream.atEnd) {
    if (stream.isSymbol('(')) stream.parenthesised();
    else if (stream.accept('AS')) return stream.restText();
    else stream.next();
  }
  return statement;
}
