import { displayName, type ObjectName } from '../../sql/identifier.ts';
import type { TokenStream } from '../../sql/token-stream.ts';

/** A property's value as written; tasks weigh which kind of literal it is. */
export type TaskLiteral =
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'boolean'; readonly value: boolean }
  /** Bare or quoted identifier; `text` as written, `name` folded. */
  | { readonly kind: 'name'; readonly text: string; readonly name: ObjectName; readonly quoted: boolean }
  | { readonly kind: 'list' };

export function readTaskLiteral(stream: TokenStream): TaskLiteral {
  const token = stream.peek();
  if (token.kind === 'string' || token.kind === 'bind') return { kind: 'text', value: stream.string() };
  if (token.kind === 'number' || token.text === '-' || token.text === '+') return { kind: 'number', value: stream.integer() };
  if (stream.accept('TRUE')) return { kind: 'boolean', value: true };
  if (stream.accept('FALSE')) return { kind: 'boolean', value: false };
  if (token.text === '(') {
    stream.parenthesised();
    return { kind: 'list' };
  }
  const start = stream.position;
  const name = stream.name();
  return { kind: 'name', text: stream.textSince(start), name, quoted: token.kind === 'quoted' };
}

/** As messages print a value of the wrong kind: strings with their quotes, numbers with thousands parted. */
export function printTaskLiteral(literal: TaskLiteral): string {
  switch (literal.kind) {
    case 'text':
      return `'${literal.value}'`;
    case 'number':
      return printCount(literal.value);
    case 'boolean':
      return literal.value ? 'TRUE' : 'FALSE';
    case 'name':
      return literal.quoted ? displayName(literal.name) : literal.text.toUpperCase();
    case 'list':
      return 'TOK_CONSTANT_LIST';
  }
}

export function printCount(value: number): string {
  return value.toLocaleString('en-US');
}
