import type { TokenStream } from '../sql/token-stream.ts';

/** Option names → values as written, of one `NAME = value …` list outside parentheses. */
export function readFormatOptions(stream: TokenStream): Record<string, unknown> {
  const options: Record<string, unknown> = {};
  while (stream.peek().kind === 'word') {
    const name = stream.identifier();
    stream.expectSymbol('=');
    options[name] = readOption(stream);
    stream.acceptSymbol(',');
  }
  return options;
}

function readOption(stream: TokenStream): unknown {
  const token = stream.peek();
  if (stream.acceptSymbol('(')) {
    const items: string[] = [];
    while (!stream.acceptSymbol(')')) {
      items.push(stream.string());
      if (!stream.isSymbol(')')) stream.expectSymbol(',');
    }
    return items;
  }
  if (token.kind === 'string' || token.kind === 'bind') return stream.string();
  if (token.kind === 'number') return stream.integer();
  const word = stream.identifier();
  return word === 'TRUE' ? true : word === 'FALSE' ? false : word;
}
