import { SnowflakeError } from '../../errors/snowflake-error.ts';
import {
  isJsonArray,
  isJsonObject,
  JsonNumber,
  jsonObject,
  type JsonObject,
  type JsonValue,
  parseJson,
  writeJson,
} from './json-value.ts';
import { withoutTags } from '../types/variant-tags.ts';

const name = /[A-Za-z_:\u0080-\uffff][\w:.\-\u0080-\uffff]*/uy;
const blanks = /\s*/uy;
const text = /[^<]+/uy;
const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/**
 * An element as Snowflake keeps it: an OBJECT with its name at `@`, its attributes at `@name`, its content at `$`, and where the elements
 * of each name stand in it. @throws SnowflakeError `xmlParse`
 * https://docs.snowflake.com/en/sql-reference/functions/parse_xml
 */
export function parseXml(source: string, convert: boolean): JsonObject {
  const reader = new XmlReader(source, convert);
  const element = reader.document();
  reader.end();
  return element;
}

/** Documents one after the other, with the line each begins on. */
export function* parseXmlDocuments(
  source: string,
  convert: boolean,
): Generator<{ readonly line: number; readonly value: JsonObject }> {
  const reader = new XmlReader(source, convert);
  for (let start = reader.next(); start < source.length; start = reader.next()) {
    const line = source.slice(0, start).split('\n').length;
    yield { line, value: reader.document() };
  }
}

class XmlReader {
  readonly #text: string;
  readonly #convert: boolean;
  #position = 0;

  constructor(source: string, convert: boolean) {
    this.#text = source;
    this.#convert = convert;
  }

  /** Steps over what stands between documents; returns where the next one begins. */
  next(): number {
    this.#prolog();
    return this.#position;
  }

  document(): JsonObject {
    this.#prolog();
    if (this.#text[this.#position] !== '<') throw this.#fault('document has no element');
    return this.#element();
  }

  end(): void {
    this.#prolog();
    if (this.#position < this.#text.length) throw this.#fault('extra content after the document');
  }

  /** Declarations, comments and blanks around the element. */
  #prolog(): void {
    this.#match(blanks);
    while (this.#skipComment() || this.#skip('<?', '?>') || this.#skip('<!DOCTYPE', '>')) this.#match(blanks);
  }

  #element(): JsonObject {
    this.#position += 1;
    const tag = this.#match(name);
    if (tag === undefined) throw this.#fault('malformed opening tag');
    const attributes = this.#attributes();
    if (this.#take('/>')) return element(tag, attributes, []);
    if (!this.#take('>')) throw this.#fault('malformed opening tag');
    const items: JsonValue[] = [];
    for (;;) {
      const item = this.#item(tag);
      if (item === undefined) return element(tag, attributes, items);
      if (item !== null) items.push(item);
    }
  }

  /** An item of an element's content; null for what counts nothing, undefined at the closing tag. */
  #item(tag: string): JsonValue | undefined {
    if (this.#position >= this.#text.length) throw this.#fault(`missing closing tag for <${tag}>`, 0);
    if (this.#skipComment() || this.#skip('<?', '?>')) return null;
    if (this.#take('<![CDATA[')) return this.#until(']]>');
    if (this.#take('</')) {
      const closing = this.#match(name) ?? '';
      this.#match(blanks);
      if (!this.#take('>')) throw this.#fault('malformed closing tag');
      if (closing !== tag) throw this.#fault(`no opening tag for </${closing}>`, 0);
      return undefined;
    }
    if (this.#text[this.#position] === '<') return this.#element();
    const content = this.#decoded(this.#match(text) ?? '').trim();
    return content === '' ? null : this.#typed(content);
  }

  #attributes(): [string, JsonValue][] {
    const attributes: [string, JsonValue][] = [];
    for (;;) {
      this.#match(blanks);
      const key = this.#match(name);
      if (key === undefined) return attributes;
      this.#match(blanks);
      if (!this.#take('=')) throw this.#fault(`attribute ${key} has no value`);
      this.#match(blanks);
      const quote = this.#text[this.#position];
      if (quote !== '"' && quote !== "'") throw this.#fault(`attribute ${key} has no value`);
      this.#position += 1;
      if (attributes.some(([other]) => other === `@${key}`)) throw this.#fault(`duplicate attribute ${key}`);
      attributes.push([`@${key}`, this.#typed(this.#decoded(this.#until(quote)))]);
    }
  }

  /** Numbers and truth values, where writing them gives the same text again; with an exponent a number is a floating-point one. */
  #typed(content: string): JsonValue {
    if (!this.#convert) return content;
    if (content === 'true' || content === 'false') return content === 'true';
    if (!/^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/u.test(content)) return content;
    const number = parseJson(content);
    return writeJson(number) === content || /[eE]/u.test(content) ? number : content;
  }

  #decoded(content: string): string {
    return content.replace(/&(?:#(\d+)|#x([0-9a-fA-F]+)|(\w+));/gu, (whole, decimal?: string, hex?: string, named?: string) => {
      if (named !== undefined) return entities[named] ?? whole;
      const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
      if (code > 0x10ffff) throw this.#fault(`invalid character reference ${whole}`);
      return String.fromCodePoint(code);
    });
  }

  #skipComment(): boolean {
    return this.#skip('<!--', '-->');
  }

  #skip(start: string, stop: string): boolean {
    if (!this.#take(start)) return false;
    this.#until(stop);
    return true;
  }

  #until(stop: string): string {
    const at = this.#text.indexOf(stop, this.#position);
    if (at < 0) throw this.#fault(`missing ${stop}`);
    const between = this.#text.slice(this.#position, at);
    this.#position = at + stop.length;
    return between;
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#position;
    const match = pattern.exec(this.#text);
    if (match === null) return undefined;
    this.#position += match[0].length;
    return match[0];
  }

  #take(words: string): boolean {
    if (!this.#text.startsWith(words, this.#position)) return false;
    this.#position += words.length;
    return true;
  }

  /** Positions count from 1, and begin at the next character, or `ahead` of it. */
  #fault(what: string, ahead = 1): SnowflakeError {
    return SnowflakeError.of('xmlParse', { reason: `${what}, pos ${String(this.#position + ahead)}` });
  }
}

function element(tag: string, attributes: readonly [string, JsonValue][], items: readonly JsonValue[]): JsonObject {
  const places = new Map<string, JsonValue[]>();
  items.forEach((item, index) => {
    const child = elementName(item);
    if (child !== undefined) places.set(child, [...(places.get(child) ?? []), new JsonNumber(String(index))]);
  });
  const [only = ''] = items;
  const positions = [...places].map(([child, found]): [string, JsonValue] => [
    child,
    found.length === 1 ? (found[0] ?? null) : found,
  ]);
  return jsonObject([...positions, ...attributes, ['@', tag], ['$', items.length > 1 ? items : only]]);
}

/** The tag of an OBJECT that is an element; undefined for other values. */
export function elementName(value: JsonValue | undefined): string | undefined {
  const tag = isJsonObject(value) && value.has('$') ? value.get('@') : undefined;
  return typeof tag === 'string' ? tag : undefined;
}

/** What stands in an element, in order. */
export function contentOf(value: JsonObject): readonly JsonValue[] {
  const content = value.get('$') ?? '';
  if (isJsonArray(content)) return content;
  return content === '' ? [] : [content];
}

/** An element as XML: on one line, or laid out with each item of a content that has elements on a line of its own. */
export function xmlText(value: JsonObject, laidOut: boolean, indent = ''): string {
  const tag = elementName(value) ?? '';
  const attributes = [...value].filter(([key]) => key.length > 1 && key.startsWith('@'));
  const opening = `<${tag}${attributes.map(([key, item]) => ` ${key.slice(1)}="${escaped(scalarText(item)).replaceAll('"', '&quot;')}"`).join('')}>`;
  const items = contentOf(value);
  const nested = items.some((item) => elementName(item) !== undefined);
  const inner = `${indent}  `;
  const shown = items.map((item) => (isJsonObject(item) ? xmlText(item, laidOut, inner) : escaped(scalarText(item))));
  if (!laidOut || !nested) return `${opening}${shown.join('')}</${tag}>`;
  return `${opening}\n${shown.map((line) => `${inner}${line}\n`).join('')}${indent}</${tag}>`;
}

function escaped(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function scalarText(value: JsonValue): string {
  return withoutTags(typeof value === 'string' ? value : writeJson(value));
}

/** Any VARIANT as XML. https://docs.snowflake.com/en/sql-reference/functions/to_xml */
export function toXml(value: JsonValue, typeOf: (scalar: JsonValue) => string, tag = 'SnowflakeData'): string {
  if (isJsonObject(value) && elementName(value) !== undefined) return xmlText(value, false);
  const wrap = (type: string, content: string): string => `<${tag} type="${type}">${content}</${tag}>`;
  if (isJsonArray(value)) return wrap('ARRAY', value.map((item) => toXml(item, typeOf, 'e')).join(''));
  if (isJsonObject(value)) return wrap('OBJECT', [...value].map(([key, item]) => toXml(item, typeOf, key)).join(''));
  return wrap(typeOf(value), value === null ? '' : escaped(scalarText(value)));
}
