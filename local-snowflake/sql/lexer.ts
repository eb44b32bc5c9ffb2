import { SnowflakeError } from '../errors/snowflake-error.ts';
import { unescapeString } from './literal.ts';

export type TokenKind =
  /** Unquoted identifier or keyword; `text` as written. */
  | 'word'
  /** Double-quoted identifier; `value` without quotes. */
  | 'quoted'
  /** String in single quotes or `$$`; `value` unescaped. */
  | 'string'
  | 'number'
  /** `?`, `:1` or `:name` */
  | 'bind'
  /** `$name` or `$1` */
  | 'variable'
  /** `@stage/path`, `@~`, `@%table`, or an unquoted `snow://…`; as written. */
  | 'location'
  | 'symbol'
  | 'end';

export interface Token {
  readonly kind: TokenKind;
  /** As written in the statement. */
  readonly text: string;
  /** Strings and quoted identifiers: the value they stand for. Words: upper-cased. Else as `text`. */
  readonly value: string;
  /** Offset of the first character in the statement text. */
  readonly start: number;
  /** Offset behind the last character. */
  readonly end: number;
}

// Sticky patterns, tried in order at each position. Comments: `--`, `//` and `/* */`.
const blank = /(?:\s+|--[^\n]*|\/\/[^\n]*|\/\*[\s\S]*?\*\/)+/uy;
const patterns: readonly (readonly [TokenKind, RegExp])[] = [
  ['string', /\$\$[\s\S]*?\$\$/uy],
  ['string', /'(?:[^'\\]|\\[\s\S]|'')*'/uy],
  ['quoted', /"(?:[^"]|"")+"/uy],
  ['location', /snow:\/\/(?:"(?:[^"]|"")*"|[^\s()',;"])+/iuy],
  // Unquoted local paths of PUT and GET; their slashes begin no comment.
  ['location', /file:\/\/[^\s;]*/iuy],
  ['location', /@(?:"(?:[^"]|"")*"|[^\s()',;"])*/uy],
  ['variable', /\$(?:[A-Za-z_][A-Za-z0-9_$]*|[0-9]+)/uy],
  ['number', /(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?/uy],
  ['word', /[A-Za-z_\u0080-\uFFFF][A-Za-z0-9_$\u0080-\uFFFF]*/uy],
  ['symbol', /::|:=|=>|->>|->|<>|!=|<=|>=|\|\||\*\*|[-+*/%=<>(),.;:?[\]{}!&|^~#\\$]/uy],
];

function tokenAt(text: string, position: number): Token {
  for (const [kind, pattern] of patterns) {
    pattern.lastIndex = position;
    const match = pattern.exec(text);
    if (match === null) continue;
    const written = match[0];
    return { kind, text: written, value: valueOf(kind, written), start: position, end: position + written.length };
  }
  throw syntaxErrorAt(text, position, text.charAt(position));
}

function valueOf(kind: TokenKind, written: string): string {
  if (kind === 'word') return written.toUpperCase();
  if (kind === 'quoted') return written.slice(1, -1).replaceAll('""', '"');
  if (kind !== 'string') return written;
  return written.startsWith('$$') ? written.slice(2, -2) : unescapeString(written.slice(1, -1));
}

/** Snowflake's syntax error for an offset: lines from 1, positions from 0. */
export function syntaxErrorAt(text: string, offset: number, near: string): SnowflakeError {
  const before = text.slice(0, offset);
  const line = before.split('\n').length;
  const position = offset - (before.lastIndexOf('\n') + 1);
  return SnowflakeError.of('syntaxError', { line, position, near: near === '' ? '<EOF>' : near });
}

/**
 * Splits SQL text into tokens; the last one is of kind `end`. Comments and white space are dropped (offsets keep
 * them reachable). `:name` is one `bind` token only where a value can stand, so that `col:path` stays apart.
 * @throws SnowflakeError `syntaxError` on an unterminated string or an unknown character.
 */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let position = 0;
  for (;;) {
    blank.lastIndex = position;
    const skipped = blank.exec(text);
    if (skipped !== null) position += skipped[0].length;
    if (position >= text.length) break;
    const token = tokenAt(text, position);
    if (token.kind === 'symbol' && token.text === '?') {
      tokens.push({ ...token, kind: 'bind' });
    } else if (token.kind === 'symbol' && token.text === ':' && !endsValue(tokens.at(-1), position)) {
      const name = /[A-Za-z0-9_$]+/uy;
      name.lastIndex = token.end;
      const match = name.exec(text);
      if (match === null) tokens.push(token);
      else {
        const written = `:${match[0]}`;
        tokens.push({ kind: 'bind', text: written, value: written.toUpperCase(), start: position, end: position + written.length });
      }
    } else {
      tokens.push(token);
    }
    position = tokens.at(-1)?.end ?? position;
  }
  tokens.push({ kind: 'end', text: '', value: '', start: text.length, end: text.length });
  return tokens;
}

/** Whether a `:` right behind this token is a path into it (`src:name`) rather than a bind variable. */
function endsValue(previous: Token | undefined, position: number): boolean {
  if (previous === undefined || previous.end !== position) return false;
  if (previous.kind === 'word' || previous.kind === 'quoted' || previous.kind === 'variable') return true;
  return previous.kind === 'symbol' && (previous.text === ')' || previous.text === ']');
}
