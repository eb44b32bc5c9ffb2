import type { CatalogObject } from '../../catalog/catalog-object.ts';
import { quoteString } from '../../sql/literal.ts';
import { commentClause } from './clauses.ts';

/** The options that the format was given, its type first. */
export function fileFormatDdl(object: CatalogObject, name: string): string {
  const { TYPE: type, ...options } = object.properties;
  const lines = [`TYPE = ${String(type)}`, ...Object.entries(options).map(([option, value]) => `${option} = ${rendered(value)}`)];
  return `create or replace file format ${name}\n${lines.map((line) => `\t${line}`).join('\n')}${commentClause(object.comment)};`;
}

function rendered(value: unknown): string {
  if (Array.isArray(value)) return `(${value.map((each) => quoteString(String(each))).join(', ')})`;
  return typeof value === 'string' ? quoteString(value) : String(value).toUpperCase();
}
