import { isJsonArray, isJsonObject, type JsonValue, parseJsonDocuments } from '../native/json-value.ts';
import type { JsonFormat } from './file-format.ts';

export interface JsonRecord {
  readonly line: number;
  readonly value: JsonValue;
}

/** The values of a JSON file: one document after the other, or the elements of one array. */
export function* readJson(text: string, format: JsonFormat): Generator<JsonRecord> {
  const nulls = new Set(format.nullIf);
  for (const { line, value } of parseJsonDocuments(text)) {
    const items = format.stripOuterArray && isJsonArray(value) ? value : [value];
    for (const item of items) yield { line, value: clean(item, format, nulls) };
  }
}

function clean(value: JsonValue, format: JsonFormat, nulls: ReadonlySet<string>): JsonValue {
  if (!format.stripNullValues && nulls.size === 0 && !format.trimSpace) return value;
  if (typeof value === 'string') {
    const shown = format.trimSpace ? value.trim() : value;
    return nulls.has(shown) ? null : shown;
  }
  if (isJsonArray(value)) return value.map((item) => clean(item, format, nulls));
  if (!isJsonObject(value)) return value;
  const entries = [...value].map(([key, item]) => [key, clean(item, format, nulls)] as const);
  return new Map(format.stripNullValues ? entries.filter(([, item]) => item !== null) : entries);
}
