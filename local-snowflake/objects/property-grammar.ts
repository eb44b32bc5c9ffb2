import { SnowflakeError } from '../errors/snowflake-error.ts';
import type { TokenStream } from '../sql/token-stream.ts';
import type { Property, PropertyTable } from './property.ts';

/** What the value of a property may need from outside: references are looked up, secrets enciphered. */
export interface PropertyPorts {
  /** Id of the object of that name. @throws SnowflakeError when it does not exist or may not be used */
  reference(kind: string, stream: TokenStream, privilege: string | undefined): string;
  /** Id of the table, view or dynamic table of that name. @throws SnowflakeError when it does not exist or may not be used */
  relation(stream: TokenStream, privilege: string): string;
  encipher(secret: string): string;
}

export type PropertyValues = Record<string, unknown>;

function find(table: PropertyTable, written: string): readonly [string, Property] | undefined {
  const direct = table[written];
  if (direct !== undefined) return [written, direct];
  return Object.entries(table).find(([, property]) => property.alias === written);
}

/**
 * Reads `NAME = value` pairs, parted by blanks, commas or newlines, as long as they come.
 * @throws SnowflakeError `duplicateProperty`, `invalidProperty`, `invalidPropertyValue`
 */
export function readProperties(stream: TokenStream, table: PropertyTable, kind: string, ports: PropertyPorts): PropertyValues {
  const values: PropertyValues = {};
  for (;;) {
    stream.acceptSymbol(',');
    const token = stream.peek();
    if (token.kind !== 'word' || stream.peek(1).text !== '=') {
      // `ENCRYPTION (…)` and the like are not written by anybody; a word without `=` belongs to the caller.
      if (token.kind === 'word' && find(table, token.value) !== undefined && stream.peek(1).text === '(') {
        // fall through: group without `=`
      } else return values;
    }
    const found = find(table, token.value);
    if (found === undefined) throw SnowflakeError.of('invalidProperty', { property: token.text, kind });
    const [name, property] = found;
    if (Object.hasOwn(values, name)) throw SnowflakeError.of('duplicateProperty', { property: name });
    stream.next();
    stream.acceptSymbol('=');
    values[name] = readValue(stream, name, property, ports);
  }
}

function readValue(stream: TokenStream, name: string, property: Property, ports: PropertyPorts): unknown {
  const token = stream.peek();
  switch (property.type) {
    case 'text':
      return textWithin(token.kind === 'word' ? stream.next().text : stream.string(), name, property.maxLength);
    case 'secret':
      return ports.encipher(stream.string());
    case 'integer':
      return readInteger(stream, name, property.min, property.max);
    case 'boolean':
      return readBoolean(stream, name);
    case 'choice':
      return readChoice(stream, name, property.values, property.aliases);
    case 'reference':
      return ports.reference(property.kind, stream, property.privilege);
    case 'relation':
      return ports.relation(stream, property.privilege);
    case 'name':
      return token.kind === 'string' ? stream.string() : stream.name().join('.');
    case 'texts':
      return readTexts(stream, name, property.max);
    case 'pairs':
      return readPairs(stream);
    case 'group':
      return readGroup(stream);
  }
}

function textWithin(text: string, name: string, maxLength: number | undefined): string {
  if (maxLength !== undefined && text.length > maxLength) {
    throw SnowflakeError.of('invalidPropertyValue', { property: name, value: text });
  }
  return text;
}

function readInteger(
  stream: TokenStream,
  name: string,
  min = Number.MIN_SAFE_INTEGER,
  max = Number.MAX_SAFE_INTEGER,
): number | null {
  if (stream.accept('NULL')) return null;
  const token = stream.peek();
  const value = token.kind === 'string' ? Number(stream.string()) : stream.integer();
  if (!Number.isInteger(value) || value < min || value > max) {
    throw SnowflakeError.of('invalidPropertyValue', { property: name, value: token.value });
  }
  return value;
}

function readBoolean(stream: TokenStream, name: string): boolean {
  const token = stream.next();
  if (token.value.toUpperCase() === 'TRUE') return true;
  if (token.value.toUpperCase() === 'FALSE') return false;
  throw SnowflakeError.of('invalidPropertyValue', { property: name, value: token.text });
}

function readChoice(
  stream: TokenStream,
  name: string,
  values: readonly string[],
  aliases: Readonly<Record<string, string>> = {},
): string {
  const token = stream.next();
  // Sizes such as 2X-LARGE reach us as several tokens unless they are quoted.
  const written = token.value.toUpperCase();
  const value = aliases[written] ?? written;
  if (values.includes(value)) return value;
  throw SnowflakeError.of('invalidPropertyValue', { property: name, value: token.kind === 'string' ? token.value : token.text });
}

function readTexts(stream: TokenStream, name: string, max: number | undefined): string[] {
  const texts: string[] = [];
  stream.expectSymbol('(');
  while (!stream.acceptSymbol(')')) {
    texts.push(stream.peek().kind === 'word' ? stream.next().text : stream.string());
    if (!stream.isSymbol(')')) stream.expectSymbol(',');
  }
  if (max !== undefined && texts.length > max) {
    throw SnowflakeError.of('invalidPropertyValue', { property: name, value: `${String(texts.length)} values` });
  }
  return texts;
}

function readPairs(stream: TokenStream): Record<string, string> {
  const pairs: Record<string, string> = {};
  stream.expectSymbol('(');
  while (!stream.acceptSymbol(')')) {
    const key = stream.string();
    stream.expectSymbol('=');
    pairs[key] = stream.string();
    if (!stream.isSymbol(')')) stream.expectSymbol(',');
  }
  return pairs;
}

/** `( NAME = value … )` with values of any kind: texts, numbers, booleans, bare words, lists, nested groups. */
export function readGroup(stream: TokenStream): Record<string, unknown> {
  const group: Record<string, unknown> = {};
  stream.expectSymbol('(');
  while (!stream.acceptSymbol(')')) {
    const name = stream.identifier();
    stream.expectSymbol('=');
    group[name.toUpperCase()] = readAny(stream);
    stream.acceptSymbol(',');
  }
  return group;
}

function readAny(stream: TokenStream): unknown {
  const token = stream.peek();
  if (token.kind === 'symbol' && token.text === '(') {
    const second = stream.peek(2);
    return second.text === '=' ? readGroup(stream) : readTexts(stream, 'list', undefined);
  }
  if (token.kind === 'string' || token.kind === 'bind') return stream.string();
  if (token.kind === 'number' || token.text === '-' || token.text === '+') return stream.integer();
  const name = stream.name().join('.');
  if (name === 'TRUE') return true;
  if (name === 'FALSE') return false;
  return name;
}

/** Fills in defaults; `keepOthers` lets values pass that are not in the table. @throws SnowflakeError `missingProperty` */
export function withDefaults(values: PropertyValues, table: PropertyTable, keepOthers = false): PropertyValues {
  const complete: PropertyValues = keepOthers ? { ...values } : {};
  for (const [name, property] of Object.entries(table)) {
    if (Object.hasOwn(values, name)) complete[name] = values[name];
    else if (property.required === true) throw SnowflakeError.of('missingProperty', { property: name });
    else if (property.default !== undefined) complete[name] = property.default;
  }
  return complete;
}
