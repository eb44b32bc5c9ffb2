/**
 * Snowflake's date and time format elements.
 * https://docs.snowflake.com/en/sql-reference/functions-conversion#label-date-time-format-conversion
 */
export type DatetimeElement =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'field'; readonly field: DatetimeField }
  /** Fraction of a second; undefined digits: as many as there are (9 when formatting). */
  | { readonly kind: 'fraction'; readonly digits: number | undefined };

export type DatetimeField =
  | 'YYYY'
  | 'YY'
  | 'MM'
  | 'MON'
  | 'MMMM'
  | 'DD'
  | 'DY'
  | 'HH24'
  | 'HH12'
  | 'AM'
  | 'MI'
  | 'SS'
  | 'TZH:TZM'
  | 'TZHTZM'
  | 'TZH'
  | 'TZM';

// Longest first. `T` alone between date and time is a literal.
const fields: readonly (readonly [string, DatetimeField])[] = [
  ['TZH:TZM', 'TZH:TZM'],
  ['TZHTZM', 'TZHTZM'],
  ['TZISO', 'TZH:TZM'],
  ['TZH', 'TZH'],
  ['TZM', 'TZM'],
  ['YYYY', 'YYYY'],
  ['MMMM', 'MMMM'],
  ['HH24', 'HH24'],
  ['HH12', 'HH12'],
  ['MON', 'MON'],
  ['YY', 'YY'],
  ['MM', 'MM'],
  ['DD', 'DD'],
  ['DY', 'DY'],
  ['HH', 'HH24'],
  ['AM', 'AM'],
  ['PM', 'AM'],
  ['MI', 'MI'],
  ['SS', 'SS'],
];

const cache = new Map<string, readonly DatetimeElement[]>();

export function datetimeElements(format: string): readonly DatetimeElement[] {
  const known = cache.get(format);
  if (known !== undefined) return known;
  const elements = readElements(format);
  cache.set(format, elements);
  return elements;
}

function readElements(format: string): DatetimeElement[] {
  const elements: DatetimeElement[] = [];
  let position = 0;
  while (position < format.length) {
    const rest = format.slice(position);
    const upper = rest.toUpperCase();
    const quoted = /^"([^"]*)"/u.exec(rest);
    const fraction = /^\.?FF([0-9])?/u.exec(upper);
    const field = fields.find(([written]) => upper.startsWith(written));
    if (quoted !== null) {
      elements.push({ kind: 'text', text: quoted[1] ?? '' });
      position += quoted[0].length;
    } else if (fraction !== null && upper.startsWith('FF')) {
      elements.push({ kind: 'fraction', digits: fraction[1] === undefined ? undefined : Number(fraction[1]) });
      position += fraction[0].length;
    } else if (field !== undefined) {
      elements.push({ kind: 'field', field: field[1] });
      position += field[0].length;
    } else {
      elements.push({ kind: 'text', text: rest.charAt(0) });
      position += 1;
    }
  }
  return elements;
}
