import type { Cell } from '../../sql/result-set.ts';
import type { CsvFormat } from './file-format.ts';

/** One record of a CSV file. */
export interface CsvRecord {
  /** Where it begins, from 1. */
  readonly line: number;
  readonly fields: readonly Cell[];
  /** Why it could not be read. */
  readonly fault?: string;
}

/**
 * Reads records as Snowflake does: fields may be enclosed, escapes differ inside and outside of enclosures, and
 * NULL_IF is compared with the text as it stands in the file.
 * https://docs.snowflake.com/en/sql-reference/sql/create-file-format#type-csv
 */
export function* readCsv(text: string, format: CsvFormat): Generator<CsvRecord> {
  const nulls = new Set(format.nullIf);
  const special = [format.enclosedBy, format.escape, format.escapeUnenclosed].filter((mark) => mark !== undefined);
  let position = 0;
  let line = 1;
  let skip = format.skipHeader + (format.parseHeader ? 1 : 0);
  while (position < text.length) {
    const [end, next] = recordEnd(text, position, format);
    const raw = text.slice(position, end);
    const plain = special.every((mark) => !raw.includes(mark));
    const startLine = line;
    let record: CsvRecord;
    if (plain) {
      record = { line: startLine, fields: splitPlain(raw, format).map((field) => finish(field, field, false, format, nulls)) };
      position = next;
      line += 1;
    } else {
      const read = readRecord(text, position, format, nulls);
      record = { line: startLine, fields: read.fields, ...(read.fault === undefined ? {} : { fault: read.fault }) };
      line += countLines(text, position, read.next);
      position = read.next;
    }
    if (skip > 0) {
      skip -= 1;
      continue;
    }
    if (format.skipBlankLines && raw.trim() === '' && plain) continue;
    yield record;
  }
}

/** The column names in a file's first line. */
export function csvHeader(text: string, format: CsvFormat): string[] {
  const [first] = readCsv(text, { ...format, parseHeader: false, skipHeader: 0, emptyFieldAsNull: false, nullIf: [] });
  return (first?.fields ?? []).map((field) => field ?? '');
}

function splitPlain(raw: string, format: CsvFormat): string[] {
  return format.fieldDelimiter === undefined ? [raw] : raw.split(format.fieldDelimiter);
}

/** Offsets of the record's end and of the next record's begin, paying no heed to enclosures. */
function recordEnd(text: string, from: number, format: CsvFormat): readonly [end: number, next: number] {
  if (format.recordDelimiter !== undefined) {
    const found = text.indexOf(format.recordDelimiter, from);
    return found < 0 ? [text.length, text.length] : [found, found + format.recordDelimiter.length];
  }
  const newline = text.indexOf('\n', from);
  const carriage = text.indexOf('\r', from);
  if (carriage >= 0 && (newline < 0 || carriage < newline)) return [carriage, carriage + (text[carriage + 1] === '\n' ? 2 : 1)];
  return newline < 0 ? [text.length, text.length] : [newline, newline + 1];
}

function countLines(text: string, from: number, to: number): number {
  let lines = 0;
  for (let index = text.indexOf('\n', from); index >= 0 && index < to; index = text.indexOf('\n', index + 1)) lines += 1;
  return Math.max(1, lines);
}

interface ReadRecord {
  readonly fields: readonly Cell[];
  readonly next: number;
  readonly fault?: string;
}

function readRecord(text: string, from: number, format: CsvFormat, nulls: ReadonlySet<string>): ReadRecord {
  const fields: Cell[] = [];
  let position = from;
  for (;;) {
    const field = readField(text, position, format, nulls);
    fields.push(field.value);
    if (field.fault !== undefined) {
      const [, next] = recordEnd(text, field.next, format);
      return { fields, next, fault: field.fault };
    }
    position = field.next;
    const delimiter = format.fieldDelimiter;
    if (delimiter !== undefined && text.startsWith(delimiter, position)) {
      position += delimiter.length;
      continue;
    }
    return { fields, next: position + delimiterLength(text, position, format) };
  }
}

/** Length of the record delimiter at a position; 0 when there is none. */
function delimiterLength(text: string, position: number, format: CsvFormat): number {
  if (format.recordDelimiter !== undefined)
    return text.startsWith(format.recordDelimiter, position) ? format.recordDelimiter.length : 0;
  if (text[position] === '\n') return 1;
  return text[position] === '\r' ? (text[position + 1] === '\n' ? 2 : 1) : 0;
}

function endsField(text: string, position: number, format: CsvFormat): boolean {
  if (position >= text.length || delimiterLength(text, position, format) > 0) return true;
  return format.fieldDelimiter !== undefined && text.startsWith(format.fieldDelimiter, position);
}

function readField(
  text: string,
  from: number,
  format: CsvFormat,
  nulls: ReadonlySet<string>,
): { value: Cell; next: number; fault?: string } {
  let start = from;
  if (format.trimSpace) while (text[start] === ' ' || text[start] === '\t') start += 1;
  if (format.enclosedBy !== undefined && text[start] === format.enclosedBy) return readEnclosed(text, start, format, nulls);
  let value = '';
  let position = from;
  while (!endsField(text, position, format)) {
    if (format.escapeUnenclosed !== undefined && text.startsWith(format.escapeUnenclosed, position) && position + 1 < text.length) {
      value += unescape(text.charAt(position + 1));
      position += 2;
    } else {
      value += text.charAt(position);
      position += 1;
    }
  }
  return { value: finish(value, text.slice(from, position), false, format, nulls), next: position };
}

function readEnclosed(
  text: string,
  from: number,
  format: CsvFormat,
  nulls: ReadonlySet<string>,
): { value: Cell; next: number; fault?: string } {
  const quote = format.enclosedBy ?? '"';
  let value = '';
  let position = from + 1;
  for (;;) {
    if (position >= text.length) return { value, next: position, fault: `End of record reached while expected to parse column` };
    if (format.escape !== undefined && text[position] === format.escape && format.escape !== quote) {
      value += unescape(text.charAt(position + 1));
      position += 2;
    } else if (text[position] === quote) {
      if (text[position + 1] !== quote) break;
      value += quote;
      position += 2;
    } else {
      value += text.charAt(position);
      position += 1;
    }
  }
  position += 1;
  const raw = text.slice(from + 1, position - 1);
  if (format.trimSpace) while (text[position] === ' ' || text[position] === '\t') position += 1;
  if (!endsField(text, position, format)) {
    return {
      value,
      next: position,
      fault: `Found character '${text.charAt(position)}' instead of field delimiter '${format.fieldDelimiter ?? ''}'`,
    };
  }
  return { value: finish(value, raw, true, format, nulls), next: position };
}

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f', '0': '\0' };

function unescape(character: string): string {
  return escapes[character] ?? character;
}

function finish(value: string, raw: string, enclosed: boolean, format: CsvFormat, nulls: ReadonlySet<string>): Cell {
  const shown = format.trimSpace && !enclosed ? value.trim() : value;
  if (nulls.has(raw) || nulls.has(shown)) return null;
  return shown === '' && !enclosed && format.emptyFieldAsNull ? null : shown;
}
