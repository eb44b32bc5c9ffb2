import { SnowflakeError } from '../../errors/snowflake-error.ts';

/** JSON that keeps numbers as they were written: a JavaScript number would lose digits. */
export type JsonValue = string | boolean | null | JsonNumber | readonly JsonValue[] | JsonObject;
/** Keys in Snowflake's order: by their code points. */
export type JsonObject = ReadonlyMap<string, JsonValue>;

export class JsonNumber {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  get isInteger(): boolean {
    return /^-?\d+$/u.test(this.text);
  }
}

export function isJsonArray(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}

export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return value instanceof Map;
}

const escapes: Readonly<Record<string, string>> = {
  '"': '"',
  "'": "'",
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};
const space = /[ \t\n\r]*/uy;
const numberForm = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/uy;
// oxlint-disable-next-line no-control-regex -- JSON strings must not hold control characters
const plainCharacters = { '"': /[^"\\\u0000-\u001f]*/uy, "'": /[^'\\\u0000-\u001f]*/uy } as const;
const literal = /true|false|null|undefined|NaN/iuy;
const bareKey = /[A-Za-z_][A-Za-z0-9_$]*/uy;

/**
 * Reads JSON text, and what Snowflake takes beyond it: keys without quotes, text in single quotes, missing elements, trailing commas.
 * Of equal keys the last counts, unless `strict`. @throws SnowflakeError `jsonParse`
 * https://docs.snowflake.com/en/sql-reference/functions/parse_json
 */
export function parseJson(text: string, strict = false): JsonValue {
  const reader = new JsonReader(text, strict);
  const value = reader.value();
  reader.end();
  return value;
}

/** Documents one after the other, with the line each begins on. */
export function* parseJsonDocuments(text: string): Generator<{ readonly line: number; readonly value: JsonValue }> {
  const reader = new JsonReader(text);
  let line = 1;
  let counted = 0;
  for (let start = reader.next(); start < text.length; start = reader.next()) {
    for (let index = text.indexOf('\n', counted); index >= 0 && index < start; index = text.indexOf('\n', index + 1)) line += 1;
    counted = start;
    yield { line, value: reader.value() };
  }
}

class JsonReader {
  readonly #text: string;
  readonly #strict: boolean;
  #position = 0;

  constructor(text: string, strict = false) {
    this.#text = text;
    this.#strict = strict;
  }

  /** Steps over blanks and commas between documents; returns where the next one begins. */
  next(): number {
    this.#skip(space);
    while (this.#take(',')) this.#skip(space);
    return this.#position;
  }

  value(): JsonValue {
    this.#skip(space);
    const first = this.#text[this.#position];
    if (first === '{') return this.#object();
    if (first === '[') return this.#array();
    if (first === '"' || first === "'") return this.#string(first);
    const number = this.#match(numberForm);
    if (number !== undefined && number !== '') return new JsonNumber(normalNumber(number));
    switch (this.#match(literal)?.toLowerCase()) {
      case 'true':
        return true;
      case 'false':
        return false;
      case 'null':
      case 'undefined':
        return null;
      case 'nan':
        return 'NaN';
      default:
        throw this.#fault();
    }
  }

  end(): void {
    this.#skip(space);
    if (this.#position < this.#text.length) throw this.#fault('more than one document in the input');
  }

  #object(): JsonObject {
    this.#position += 1;
    const entries: [string, JsonValue][] = [];
    this.#skip(space);
    if (this.#take('}')) return new Map();
    for (;;) {
      this.#skip(space);
      if (this.#take('}')) return jsonObject(entries);
      const quote = this.#text[this.#position];
      const key = quote === '"' || quote === "'" ? this.#string(quote) : this.#match(bareKey);
      if (key === undefined) throw this.#fault();
      if (this.#strict && entries.some(([other]) => other === key)) throw this.#fault(`duplicate object attribute "${key}"`, 0);
      this.#skip(space);
      if (!this.#take(':')) throw this.#fault();
      entries.push([key, this.value()]);
      this.#skip(space);
      if (this.#take(',')) continue;
      if (this.#take('}')) return jsonObject(entries);
      throw this.#fault();
    }
  }

  #array(): JsonValue[] {
    this.#position += 1;
    const items: JsonValue[] = [];
    this.#skip(space);
    if (this.#take(']')) return items;
    for (;;) {
      this.#skip(space);
      // A missing element is undefined in Snowflake; JSON's null comes nearest.
      const missing = this.#text[this.#position] === ',' || this.#text[this.#position] === ']';
      items.push(missing ? null : this.value());
      this.#skip(space);
      if (this.#take(',')) continue;
      if (this.#take(']')) return items;
      throw this.#fault();
    }
  }

  #string(quote: '"' | "'"): string {
    this.#position += 1;
    let result = '';
    for (;;) {
      result += this.#match(plainCharacters[quote]) ?? '';
      const next = this.#text[this.#position];
      if (next === quote) {
        this.#position += 1;
        return result;
      }
      if (next === '\\') {
        const escape = this.#text[this.#position + 1] ?? '';
        if (escape === 'u') {
          const code = this.#text.slice(this.#position + 2, this.#position + 6);
          if (!/^[0-9a-fA-F]{4}$/u.test(code)) throw this.#fault();
          result += String.fromCharCode(Number.parseInt(code, 16));
          this.#position += 6;
          continue;
        }
        const value = escapes[escape];
        if (value === undefined) throw this.#fault();
        result += value;
        this.#position += 2;
        continue;
      }
      if (next === undefined) throw this.#fault('unfinished string');
      // Control characters inside strings are taken as they are.
      result += next;
      this.#position += 1;
    }
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#position;
    const match = pattern.exec(this.#text);
    if (match === null) return undefined;
    this.#position += match[0].length;
    return match[0];
  }

  #skip(pattern: RegExp): void {
    this.#match(pattern);
  }

  #take(character: string): boolean {
    if (this.#text[this.#position] !== character) return false;
    this.#position += 1;
    return true;
  }

  /** Positions count from 1, and begin at the next character, or `ahead` of it. */
  #fault(what?: string, ahead = 1): SnowflakeError {
    const near = this.#text[this.#position];
    const reason =
      what ??
      (near === undefined
        ? 'incomplete JSON'
        : '}],:'.includes(near)
          ? `misplaced ${near}`
          : `unknown keyword "${/^\w+/u.exec(this.#text.slice(this.#position))?.[0] ?? near}"`);
    return SnowflakeError.of('jsonParse', { reason: `${reason}, pos ${String(this.#position + ahead)}` });
  }
}

/** Later keys win; keys come out sorted. */
export function jsonObject(entries: Iterable<readonly [string, JsonValue]>): JsonObject {
  const map = new Map(entries);
  return new Map([...map].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}

/** A fraction without its trailing zeros; with an exponent a number is a floating-point one, and shown as such. */
function normalNumber(text: string): string {
  if (!/[.eE]/u.test(text)) return text === '-0' ? '0' : text;
  if (/[eE]/u.test(text)) return floatText(Number(text));
  const trimmed = text.replace(/\.?0+$/u, '');
  return trimmed === '-0' ? '0' : trimmed;
}

/** As Snowflake shows floating-point numbers inside a VARIANT: fifteen decimals (or what it takes), an exponent of two digits. */
export function floatText(value: number): string {
  const short = value.toExponential(15);
  const [mantissa = '', exponent = ''] = (Number(short) === value ? short : value.toExponential(16)).split('e');
  return `${mantissa}e${exponent.charAt(0)}${exponent.slice(1).padStart(2, '0')}`;
}

/** The value with its floating-point numbers written as fixed-point ones, so that equal numbers have one text. */
export function plainNumbers(value: JsonValue): JsonValue {
  if (value instanceof JsonNumber) return value.text.includes('e') ? new JsonNumber(plainText(Number(value.text))) : value;
  if (isJsonArray(value)) return value.map(plainNumbers);
  if (isJsonObject(value)) return new Map([...value].map(([key, item]) => [key, plainNumbers(item)]));
  return value;
}

/** The shortest digits that make the number, without an exponent. */
function plainText(value: number): string {
  const [mantissa = '', exponent = '0'] = value.toExponential().split('e');
  const [whole = '', fraction = ''] = mantissa.replace('-', '').split('.');
  const digits = whole + fraction;
  const point = 1 + Number(exponent);
  const padded = point <= 0 ? '0'.repeat(1 - point) + digits : digits.padEnd(point, '0');
  const at = Math.max(point, 1);
  const rest = padded.slice(at);
  return `${value < 0 ? '-' : ''}${padded.slice(0, at)}${rest === '' ? '' : `.${rest}`}`;
}

/** The canonical text: no blanks, keys in order. */
export function writeJson(value: JsonValue): string {
  if (value === null) return 'null';
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'boolean') return String(value);
  if (value instanceof JsonNumber) return value.text;
  if (isJsonArray(value)) return `[${value.map(writeJson).join(',')}]`;
  return `{${[...value].map(([key, item]) => `${JSON.stringify(key)}:${writeJson(item)}`).join(',')}}`;
}

/** Indented by two, as VARIANTs, OBJECTs and ARRAYs are shown. */
export function prettyJson(value: JsonValue, indent = ''): string {
  const inner = `${indent}  `;
  if (isJsonArray(value)) {
    return value.length === 0 ? '[]' : `[\n${value.map((item) => inner + prettyJson(item, inner)).join(',\n')}\n${indent}]`;
  }
  if (isJsonObject(value)) {
    if (value.size === 0) return '{}';
    return `{\n${[...value].map(([key, item]) => `${inner}${JSON.stringify(key)}: ${prettyJson(item, inner)}`).join(',\n')}\n${indent}}`;
  }
  return writeJson(value);
}

/** JSON text, which may hold `undefined`, laid out as values are shown; everything stays in its order. */
export function layoutJson(text: string): string {
  let laid = '';
  let indent = '';
  // A string, an empty bracket, a bracket or comma, or the text up to the next one.
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\[\s\S])*"|[[{]\s*[\]}]|[[\]{},:]|[^"[\]{},:\s]+/gu)) {
    if (token === '{' || token === '[') laid += `${token}\n${(indent += '  ')}`;
    else if (token === '}' || token === ']') laid += `\n${(indent = indent.slice(2))}${token}`;
    else if (token === ',') laid += `,\n${indent}`;
    else laid += token === ':' ? ': ' : token;
  }
  return laid;
}
