import { isJsonArray, isJsonObject, JsonNumber, type JsonValue } from './json-value.ts';

// Below every character that a key is made of, so that what ends first sorts first.
const end = '\u0001';

/**
 * Text that sorts as Snowflake sorts VARIANT values: by kind first (booleans, numbers, text, objects, arrays, null), then
 * numbers by their value, text by its code points, the rest item by item.
 */
export function variantKey(value: JsonValue): string {
  if (value === null) return 'z';
  if (typeof value === 'boolean') return value ? 'b1' : 'b0';
  if (value instanceof JsonNumber) return `n${numberKey(value.text)}`;
  if (typeof value === 'string') return `s${textKey(value)}`;
  if (isJsonArray(value)) return `w${value.map(variantKey).join('')}${end}`;
  if (isJsonObject(value)) return `t${[...value].map(([key, item]) => `k${textKey(key)}${variantKey(item)}`).join('')}${end}`;
  return 'z';
}

function textKey(text: string): string {
  // oxlint-disable-next-line no-control-regex -- these characters part the keys
  return `${text.replace(/[\u0000-\u0002]/gu, (character) => `\u0002${character}`)}${end}`;
}

/** Sign, exponent and digits; those of negative numbers turned round. */
function numberKey(text: string): string {
  const match = /^(-?)(\d+)(?:\.(\d*))?(?:e([+-]?\d+))?$/iu.exec(text);
  if (match === null) return '9';
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match;
  const all = whole + fraction;
  const digits = all.replace(/^0+/u, '');
  if (digits === '') return '1';
  const power = whole.length - (all.length - digits.length) + Number(exponent) + 50_000;
  const magnitude = `${String(power).padStart(6, '0')}${digits.replace(/0+$/u, '')}`;
  return sign === '' ? `2${magnitude}${end}` : `0${magnitude.replace(/\d/gu, (digit) => String(9 - Number(digit)))}:`;
}
