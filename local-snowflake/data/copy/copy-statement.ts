import { SnowflakeError } from '../../errors/snowflake-error.ts';
import type { ObjectName } from '../../sql/identifier.ts';
import type { Token } from '../../sql/lexer.ts';
import { TokenStream } from '../../sql/token-stream.ts';
import type { FileFormatOptions } from '../ports.ts';

type OptionValue = FileFormatOptions[string];

interface CopyOptions {
  /** Name of a named file format, if one was given. */
  readonly formatName: string | undefined;
  readonly format: FileFormatOptions;
  readonly options: ReadonlyMap<string, OptionValue>;
}

/** `COPY INTO table …` or `COPY INTO @location …`, as written. */
export type CopyStatement =
  | ({
      readonly kind: 'load';
      readonly table: ObjectName;
      readonly columns: readonly string[];
      readonly location: string;
      /** Text of the transforming SELECT, when there is one. */
      readonly query: string | undefined;
    } & CopyOptions)
  | ({
      readonly kind: 'unload';
      readonly location: string;
      /** A query's text; a table is `SELECT * FROM table`. */
      readonly query: string;
      readonly partitionBy: string | undefined;
    } & CopyOptions);

const loadOptions = new Set([
  'PATTERN',
  'FILES',
  'ON_ERROR',
  'SIZE_LIMIT',
  'PURGE',
  'RETURN_FAILED_ONLY',
  'MATCH_BY_COLUMN_NAME',
  'ENFORCE_LENGTH',
  'TRUNCATECOLUMNS',
  'FORCE',
  'LOAD_UNCERTAIN_FILES',
  'VALIDATION_MODE',
  'CLUSTER_AT_INGEST_TIME',
]);
const unloadOptions = new Set([
  'OVERWRITE',
  'SINGLE',
  'MAX_FILE_SIZE',
  'INCLUDE_QUERY_ID',
  'DETAILED_OUTPUT',
  'HEADER',
  'VALIDATION_MODE',
]);

export function isCopy(text: string): boolean {
  return /^\s*(?:(?:--[^\n]*\n|\/\*[\s\S]*?\*\/)\s*)*COPY\b/iu.test(text);
}

/**
 * Reads COPY INTO. `bind` gives the values of `?` and `:n`.
 * https://docs.snowflake.com/en/sql-reference/sql/copy-into-table, …/copy-into-location
 */
export function parseCopy(text: string, bind: (key: string) => string): CopyStatement {
  let ordinal = 0;
  const stream = new TokenStream(text, (token) => {
    ordinal += 1;
    return bind(token.text === '?' ? String(ordinal) : token.text.slice(1).toUpperCase());
  });
  stream.expect('COPY INTO');
  const next = stream.peek();
  if (next.kind === 'location' || next.kind === 'string') return parseUnload(stream);
  const table = stream.name();
  const columns = stream.isSymbol('(') ? stream.identifiers() : [];
  // Without FROM, what is on the table's own stage.
  const source = stream.accept('FROM') ? loadSource(stream) : { location: tableStage(table), query: undefined };
  return { kind: 'load', table, columns, ...source, ...readOptions(stream, loadOptions) };
}

function tableStage(table: ObjectName): string {
  return `@${[...table.slice(0, -1).map(quoted), `%${quoted(table.at(-1) ?? '')}`].join('.')}`;
}

function location(stream: TokenStream): string {
  const token = stream.next();
  if (token.kind === 'location') return token.text;
  if (token.kind === 'string') return token.value;
  throw stream.unexpected(token);
}

function loadSource(stream: TokenStream): { location: string; query: string | undefined } {
  if (!stream.isSymbol('(')) return { location: location(stream), query: undefined };
  const query = stream.parenthesised();
  const inner = new TokenStream(query);
  while (!inner.atEnd) {
    const token = inner.next();
    if (token.kind === 'location' || (token.kind === 'string' && /^(?:@|snow:\/\/)/iu.test(token.value))) {
      return { location: token.kind === 'string' ? token.value : token.text, query };
    }
  }
  throw SnowflakeError.of('unsupported', { feature: 'COPY from a query without a stage' });
}

function parseUnload(stream: TokenStream): CopyStatement {
  const target = location(stream);
  stream.expect('FROM');
  let query: string;
  if (stream.isSymbol('(')) query = stream.parenthesised();
  else {
    const from = stream.position;
    stream.name();
    query = `SELECT * FROM ${stream.textSince(from)}`;
  }
  let partitionBy: string | undefined;
  if (stream.accept('PARTITION BY')) partitionBy = partitionExpression(stream);
  return { kind: 'unload', location: target, query, partitionBy, ...readOptions(stream, unloadOptions) };
}

/** Up to the first option; clients leave out the parentheses of the documentation. */
function partitionExpression(stream: TokenStream): string {
  const from = stream.position;
  const ends = (): boolean => stream.atEnd || stream.isSymbol(';') || startsOption(stream.peek());
  do
    if (stream.isSymbol('(')) stream.parenthesised();
    else stream.next();
  while (!ends());
  return stream.textSince(from);
}

function startsOption({ kind, value }: Token): boolean {
  const word = value.toUpperCase();
  return kind === 'word' && (unloadOptions.has(word) || word === 'FILE_FORMAT' || word === 'COPY_OPTIONS');
}

function readOptions(stream: TokenStream, allowed: ReadonlySet<string>): CopyOptions {
  const options = new Map<string, OptionValue>();
  let format: FileFormatOptions = {};
  let formatName: string | undefined;
  while (!stream.atEnd && !stream.isSymbol(';')) {
    if (stream.acceptSymbol(',')) continue;
    const name = stream.next();
    const upper = name.value.toUpperCase();
    if (name.kind !== 'word') throw stream.unexpected(name);
    if (upper === 'COPY_OPTIONS') {
      stream.expectSymbol('=');
      stream.expectSymbol('(');
      continue;
    }
    if (upper !== 'FILE_FORMAT' && !allowed.has(upper))
      throw SnowflakeError.of('invalidProperty', { property: upper, kind: 'COPY' });
    stream.expectSymbol('=');
    if (upper === 'FILE_FORMAT') {
      const read = readFormat(stream);
      format = read.format;
      formatName = read.name;
    } else {
      if (options.has(upper)) throw SnowflakeError.of('copyOptionConflict', { option: upper });
      options.set(upper, checkedOption(upper, readValue(stream)));
    }
    stream.acceptSymbol(')');
  }
  stream.expectEnd();
  if (options.has('ENFORCE_LENGTH') && options.get('ENFORCE_LENGTH') === options.get('TRUNCATECOLUMNS'))
    throw SnowflakeError.of('copyOptionConflict', { option: 'TRUNCATECOLUMNS' });
  return { formatName, format, options };
}

const truths = new Set([
  'PURGE',
  'RETURN_FAILED_ONLY',
  'ENFORCE_LENGTH',
  'TRUNCATECOLUMNS',
  'FORCE',
  'LOAD_UNCERTAIN_FILES',
  'OVERWRITE',
  'SINGLE',
  'INCLUDE_QUERY_ID',
  'DETAILED_OUTPUT',
  'HEADER',
]);

function checkedOption(option: string, value: OptionValue): OptionValue {
  const within = (least: number, most: number): boolean => typeof value === 'number' && value >= least && value <= most;
  const wrong =
    (truths.has(option) && typeof value !== 'boolean') ||
    (option === 'SIZE_LIMIT' && !within(0, Number.MAX_SAFE_INTEGER)) ||
    (option === 'MAX_FILE_SIZE' && !within(1, 5_368_709_120));
  if (wrong) throw SnowflakeError.of('invalidPropertyValue', { property: option, value: String(value) });
  return value;
}

function readFormat(stream: TokenStream): { name: string | undefined; format: FileFormatOptions } {
  if (!stream.acceptSymbol('('))
    return { name: stream.peek().kind === 'string' ? stream.string() : stream.name().map(quoted).join('.'), format: {} };
  const format: Record<string, OptionValue> = {};
  let name: string | undefined;
  while (!stream.acceptSymbol(')')) {
    if (stream.acceptSymbol(',')) continue;
    const option = stream.identifier();
    stream.expectSymbol('=');
    if (option === 'FORMAT_NAME') name = stream.peek().kind === 'string' ? stream.string() : stream.name().map(quoted).join('.');
    else format[option] = readValue(stream);
  }
  return { name, format };
}

function quoted(part: string): string {
  return `"${part.replaceAll('"', '""')}"`;
}

function readValue(stream: TokenStream): OptionValue {
  if (stream.acceptSymbol('(')) {
    const items: string[] = [];
    while (!stream.acceptSymbol(')')) {
      if (stream.acceptSymbol(',')) continue;
      items.push(String(readValue(stream)));
    }
    return items;
  }
  const token = stream.peek();
  if (token.kind === 'string' || token.kind === 'bind') return stream.string();
  if (token.kind === 'number' || stream.isSymbol('-')) return stream.integer();
  stream.next();
  if (token.kind !== 'word') throw stream.unexpected(token);
  return token.value === 'TRUE' ? true : token.value === 'FALSE' ? false : token.value;
}
