import { SnowflakeError } from '../../errors/snowflake-error.ts';
import type { Identifier, Position } from './tree.ts';

/**
 * Reading the parser library's tree. It is Rust's, serialised: enums are `{Tag: payload}` or a bare `"Tag"`, an absent
 * option is an undefined field. Its published TypeScript types do not match what it returns, so every shape is checked here.
 */
export type Raw = unknown;

export function field(node: Raw, name: string): Raw {
  if (typeof node !== 'object' || node === null) return undefined;
  return (node as Record<string, unknown>)[name] ?? undefined;
}

export function list(node: Raw): readonly Raw[] {
  return Array.isArray(node) ? node : [];
}

export function text(node: Raw): string {
  if (typeof node === 'string') return node;
  throw unsupported(node);
}

/** Tag and payload of an enum value; undefined for an absent option. */
export function variant(node: Raw): readonly [tag: string, payload: Raw] {
  if (typeof node === 'string') return [node, undefined];
  if (typeof node === 'object' && node !== null && !Array.isArray(node)) {
    const [tag] = Object.keys(node);
    if (tag !== undefined) return [tag, field(node, tag)];
  }
  throw unsupported(node);
}

export function optional<T>(node: Raw, convert: (present: Raw) => T): T | undefined {
  return node === undefined ? undefined : convert(node);
}

/** Fields that hold something else than nothing are refused by name. */
export function refuse(node: Raw, ...names: readonly string[]): void {
  for (const name of names) {
    const value = field(node, name);
    const empty = value === undefined || value === false || (Array.isArray(value) && value.length === 0);
    if (!empty) throw SnowflakeError.of('unsupported', { feature: name.replaceAll('_', ' ').toUpperCase() });
  }
}

export function unsupported(node: Raw): SnowflakeError {
  const tag =
    typeof node === 'string' ? node : typeof node === 'object' && node !== null ? (Object.keys(node)[0] ?? 'syntax') : 'syntax';
  // CamelCase of the library → words: `MatchRecognize` → `MATCH RECOGNIZE`.
  return SnowflakeError.of('unsupported', {
    feature: tag
      .replace(/([a-z])([A-Z])/gu, '$1 $2')
      .replaceAll('_', ' ')
      .toUpperCase(),
  });
}

export function positionOf(node: Raw): Position | undefined {
  const start = field(field(node, 'span'), 'start');
  const line = field(start, 'line');
  const column = field(start, 'column');
  return typeof line === 'number' && typeof column === 'number' && line > 0 ? { line, column } : undefined;
}

export function identifier(node: Raw): Identifier {
  const value = text(field(node, 'value'));
  const quoted = field(node, 'quote_style') !== undefined;
  const at = positionOf(node);
  return { name: quoted ? value.replaceAll('""', '"') : value.toUpperCase(), quoted, ...(at === undefined ? {} : { at }) };
}

export function quoteStyle(node: Raw): string | undefined {
  const style = field(node, 'quote_style');
  return typeof style === 'string' ? style : undefined;
}
