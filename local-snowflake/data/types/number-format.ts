import { SnowflakeError } from '../../errors/snowflake-error.ts';

/**
 * Numbers by SQL format models: fixed positions (`9`, `0`, `.`, `,`, `$`, `S`, `MI`, `X`, `EE`) and text-minimal ones.
 * https://docs.snowflake.com/en/sql-reference/sql-format-models#numeric-format-models
 */
interface Model {
  /** Elements before and after the decimal point, in order. */
  readonly whole: readonly Element[];
  readonly fraction: readonly Element[];
  readonly point: boolean;
  readonly sign: 'none' | 'S' | 'S-trailing' | 'MI' | 'MI-trailing';
  readonly dollar: boolean;
  readonly percent: boolean;
  readonly compact: boolean;
  readonly blankZero: boolean;
  readonly exponent: string | undefined;
  readonly hexadecimal: 'X' | 'x' | undefined;
}

type Element =
  | { readonly kind: 'digit'; readonly zero: boolean }
  | { readonly kind: 'group' }
  | { readonly kind: 'text'; readonly text: string };

export function formatNumber(number: string, format: string): string {
  // Literals around the number; the sign stands inside them.
  const [, before = '', core = '', after = ''] = /^((?:"[^"]*")*)([\s\S]*?)((?:"[^"]*")*)$/u.exec(format) ?? [];
  return `${before.replaceAll('"', '')}${formatCore(number, core)}${after.replaceAll('"', '')}`;
}

function formatCore(number: string, format: string): string {
  const minimal = /^(?:TM9|TM)(%?)$/iu.exec(format);
  if (minimal !== null) return minimal[1] === '%' ? `${shiftPoint(number, 2)}%` : number;
  if (/^TME$/iu.test(format)) return Number(number).toExponential().toUpperCase().replace('+', '');
  const model = readModel(format);
  const negative = number.startsWith('-');
  const magnitude = negative ? number.slice(1) : number;
  const scaled = model.percent ? shiftPoint(magnitude, 2) : magnitude;
  if (model.hexadecimal !== undefined) return hexadecimal(scaled, negative, model);
  return withSign(decimalText(scaled, model), negative && /[1-9]/u.test(magnitude), model);
}

function readModel(format: string): Model {
  const whole: Element[] = [];
  const fraction: Element[] = [];
  const model: { -readonly [K in keyof Model]: Model[K] } = {
    whole,
    fraction,
    point: false,
    sign: 'none',
    dollar: false,
    percent: false,
    compact: false,
    blankZero: false,
    exponent: undefined,
    hexadecimal: undefined,
  };
  let digits = false;
  const add = (element: Element): void => {
    (model.point ? fraction : whole).push(element);
    if (element.kind === 'digit') digits = true;
  };
  let position = 0;
  const take = (length: number): void => {
    position += length;
  };
  while (position < format.length) {
    const rest = format.slice(position);
    const upper = rest.toUpperCase();
    const exponent = /^E{2,7}/iu.exec(rest)?.[0];
    const quoted = /^"([^"]*)"/u.exec(rest);
    if (upper.startsWith('FM')) {
      model.compact = !model.compact;
      take(2);
    } else if (upper.startsWith('FX') || upper.startsWith('_')) {
      take(upper.startsWith('_') ? 1 : 2);
    } else if (upper.startsWith('MI')) {
      model.sign = digits ? 'MI-trailing' : 'MI';
      take(2);
    } else if (exponent !== undefined) {
      model.exponent = exponent;
      take(exponent.length);
    } else if (quoted !== null) {
      add({ kind: 'text', text: quoted[1] ?? '' });
      take(quoted[0].length);
    } else {
      const character = rest.charAt(0);
      switch (character.toUpperCase()) {
        case 'S':
          model.sign = digits ? 'S-trailing' : 'S';
          break;
        case '$':
          model.dollar = true;
          break;
        case '%':
          model.percent = true;
          add({ kind: 'text', text: '%' });
          break;
        case 'B':
          model.blankZero = true;
          break;
        case '.':
        case 'D':
          model.point = true;
          break;
        case ',':
        case 'G':
          add({ kind: 'group' });
          break;
        case '0':
        case '9':
          add({ kind: 'digit', zero: character === '0' });
          break;
        case 'X':
          model.hexadecimal = character as 'X' | 'x';
          add({ kind: 'digit', zero: false });
          break;
        case ' ':
        case ';':
        case ':':
        case '-':
        case '=':
        case '/':
        case '(':
        case ')':
          add({ kind: 'text', text: character });
          break;
        default:
          throw SnowflakeError.of('invalidArgument', { name: 'TO_CHAR', value: format, reason: 'invalid numeric format' });
      }
      take(1);
    }
  }
  return model;
}

function decimalText(magnitude: string, model: Model): string {
  if (model.exponent !== undefined) return exponentText(magnitude, model);
  const places = model.fraction.filter((element) => element.kind === 'digit').length;
  const [wholeDigits = '0', fractionDigits = ''] = roundTo(magnitude, places).split('.');
  const positions = model.whole.filter((element) => element.kind === 'digit').length;
  const significant = wholeDigits.replace(/^0+(?=\d)/u, '');
  const overflow = significant.length > positions && significant !== '0';
  return (
    wholeText(overflow ? '#'.repeat(positions) : significant, positions, model) +
    fractionText(overflow ? '#'.repeat(places) : fractionDigits, places, model)
  );
}

/** Leading zeros become blanks unless a `0` element stands there; group separators go with their digits. */
function wholeText(digits: string, positions: number, model: Model): string {
  const padded = digits.padStart(positions, '0').slice(-positions || undefined);
  const lead = positions - digits.length;
  const zeroFrom = model.whole.filter((element) => element.kind === 'digit').findIndex((element) => element.zero);
  let index = 0;
  let started = false;
  let result = '';
  for (const element of model.whole) {
    if (element.kind === 'text') result += element.text;
    else if (element.kind === 'group') result += started ? ',' : model.compact ? '' : ' ';
    else {
      const shownZero = zeroFrom >= 0 && index >= zeroFrom;
      const lastZero = index === positions - 1 && !model.blankZero && digits === '0';
      const visible = (index >= lead && digits !== '0') || shownZero || lastZero;
      if (visible) started = true;
      result += visible ? padded.charAt(index) : model.compact ? '' : ' ';
      index += 1;
    }
  }
  return result;
}

function fractionText(digits: string, places: number, model: Model): string {
  if (!model.point) return '';
  const zeroTo = model.fraction.filter((element) => element.kind === 'digit').findLastIndex((element) => element.zero);
  const kept = digits.padEnd(places, '0');
  const significant = kept.replace(/0+$/u, '').length;
  let index = 0;
  let result = '.';
  for (const element of model.fraction) {
    if (element.kind === 'text') result += element.text;
    if (element.kind !== 'digit') continue;
    result += index < significant || index <= zeroTo ? kept.charAt(index) : model.compact ? '' : '0';
    index += 1;
  }
  return result === '.' && model.compact ? '.' : result;
}

function exponentText(magnitude: string, model: Model): string {
  const places = model.fraction.filter((element) => element.kind === 'digit').length;
  const [mantissa = '', exponent = '+0'] = Number(magnitude).toExponential(places).split('e');
  const letter = model.exponent?.charAt(0) ?? 'E';
  const width = model.exponent?.length ?? 2;
  const digits = exponent.slice(1);
  const sign = exponent.startsWith('-') ? '-' : width === 2 ? '' : '+';
  return `${mantissa}${letter}${sign}${width === 2 ? digits : digits.padStart(width - 2, '0')}`;
}

/** Without an explicit sign negative numbers show their two's complement. */
function hexadecimal(magnitude: string, negative: boolean, model: Model): string {
  const positions = model.whole.filter((element) => element.kind === 'digit').length;
  const value = BigInt(roundTo(magnitude, 0));
  const unsigned = model.sign === 'none' && negative && value !== 0n ? 16n ** BigInt(positions) - value : value;
  const digits = unsigned.toString(16);
  if (digits.length > positions || unsigned < 0n) return '#'.repeat(positions);
  const zeros = model.whole.some((element) => element.kind === 'digit' && element.zero);
  const padded = digits.padStart(positions, zeros ? '0' : ' ');
  const shown = model.compact ? padded.trimStart() : padded;
  const cased = model.hexadecimal === 'X' ? shown.toUpperCase() : shown;
  return model.sign === 'none' ? cased : withSign(cased, negative && value !== 0n, model);
}

function withSign(body: string, negative: boolean, model: Model): string {
  const blanks = /^ */u.exec(body)?.[0] ?? '';
  const digits = body.slice(blanks.length);
  const dollar = model.dollar ? '$' : '';
  const blank = model.compact ? '' : ' ';
  switch (model.sign) {
    case 'S':
      return `${blanks}${negative ? '-' : '+'}${dollar}${digits}`;
    case 'S-trailing':
      return `${blanks}${dollar}${digits}${negative ? '-' : '+'}`;
    case 'MI':
      return `${negative ? '-' : blank}${blanks}${dollar}${digits}`;
    case 'MI-trailing':
      return `${blanks}${dollar}${digits}${negative ? '-' : blank}`;
    case 'none':
      return `${blanks}${negative ? '-' : blank}${dollar}${digits}`;
  }
}

/** Half away from zero, on plain decimal text without a sign. */
function roundTo(magnitude: string, places: number): string {
  const [whole = '0', fraction = ''] = magnitude.split('.');
  let digits = BigInt((whole === '' ? '0' : whole) + fraction.slice(0, places).padEnd(places, '0'));
  if ((fraction.charAt(places) || '0') >= '5') digits += 1n;
  const text = String(digits).padStart(places + 1, '0');
  return places === 0 ? text : `${text.slice(0, -places)}.${text.slice(-places)}`;
}

function shiftPoint(number: string, places: number): string {
  const [whole = '', fraction = ''] = number.split('.');
  const shifted = `${whole}${fraction.slice(0, places).padEnd(places, '0')}`.replace(/^(-?)0+(?=\d)/u, '$1');
  const rest = fraction.slice(places);
  return rest === '' ? shifted : `${shifted}.${rest}`;
}

/** Plain decimal text of a number written by a format; undefined when it does not fit. */
export function parseNumber(text: string, format: string): string | undefined {
  const compact = text.trim().replace(/^([+-])\s+/u, '$1');
  if (/^TM/iu.test(format)) return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/u.test(compact) ? compact : undefined;
  const model = readModel(format);
  const positions = model.whole.filter((element) => element.kind === 'digit').length;
  if (model.hexadecimal !== undefined) {
    return /^[0-9a-f]+$/iu.test(compact) && compact.length <= positions ? String(BigInt(`0x${compact}`)) : undefined;
  }
  const trailing = model.sign.endsWith('trailing') ? /[+-]$/u.exec(compact)?.[0] : undefined;
  const unsigned = compact.replace(/^[+-]/u, '').replace(/[+-]$/u, '').replace('$', '').replace(/%$/u, '').trim();
  const negative = compact.startsWith('-') || trailing === '-';
  if (!model.whole.some((element) => element.kind === 'group') && unsigned.includes(',')) return undefined;
  const plain = unsigned.replaceAll(',', '');
  const match = /^(\d*)(?:\.(\d*))?$/u.exec(plain);
  if (match === null || plain === '' || plain === '.') return undefined;
  const places = model.fraction.filter((element) => element.kind === 'digit').length;
  if ((match[1] ?? '').length > positions || (match[2] ?? '').length > places) return undefined;
  return `${negative ? '-' : ''}${match[1] === '' ? '0' : (match[1] ?? '0')}${match[2] === undefined || match[2] === '' ? '' : `.${match[2]}`}`;
}
