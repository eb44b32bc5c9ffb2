import { BOOLEAN, type DuckDBValue, DuckDBListValue, LIST, VARCHAR } from '@duckdb/node-api';
import { SnowflakeError } from '../../errors/snowflake-error.ts';
import type { NativeFunction } from './native-function.ts';
import { RowMatcher, type RowMatch } from './row-matcher.ts';
import { parseRowPattern } from './row-pattern.ts';

/**
 * What a row is to MATCH_RECOGNIZE, as JSON: its place in the partition from 1, the number of the match, the row's place in it,
 * its symbol, whether it is excluded, whether it is the match's last, and `M`, `E` (the row of an empty match) or `U` (of none).
 */
type MatchedRow = readonly [
  place: number,
  match: number | null,
  sequence: number | null,
  symbol: string | null,
  excluded: 0 | 1,
  last: 0 | 1,
  what: 'M' | 'E' | 'U',
];

interface Skip {
  readonly to: string;
  readonly symbol?: string;
}

const matchers = new Map<string, RowMatcher>();

/** Patterns are few and rows are many. */
function matcherOf(pattern: string): RowMatcher {
  const known = matchers.get(pattern) ?? new RowMatcher(parseRowPattern(pattern));
  matchers.set(pattern, known);
  const [oldest] = matchers.keys();
  if (matchers.size > 100 && oldest !== undefined) matchers.delete(oldest);
  return known;
}

/**
 * All matches in a partition. `masks` has a text for each row, with a 1 for each of the defined symbols that it may be mapped to;
 * symbols without a definition fit every row.
 */
export function matchedRows(
  pattern: string,
  symbols: readonly string[],
  skip: Skip,
  unmatched: boolean,
  masks: readonly string[],
): MatchedRow[] {
  const matcher = matcherOf(pattern);
  const places = new Map(symbols.map((symbol, index) => [symbol, index]));
  const fits = (symbol: string, row: number): boolean => {
    const place = places.get(symbol);
    return place === undefined || masks[row]?.charAt(place) === '1';
  };
  const found: MatchedRow[] = [];
  let number = 0;
  /** Rows before it belong to a match, or are written as unmatched. */
  let covered = 0;
  const miss = (to: number): void => {
    for (; covered < to; covered += 1) if (unmatched) found.push([covered + 1, null, null, null, 0, 0, 'U']);
  };
  for (let row = 0; row < masks.length;) {
    const match = matcher.match(row, masks.length, fits);
    if (match === undefined) {
      row += 1;
      continue;
    }
    number += 1;
    miss(row);
    found.push(...rowsOf(match, number));
    covered = Math.max(covered, row + Math.max(1, match.symbols.length));
    row = next(match, skip);
  }
  miss(masks.length);
  return found;
}

function rowsOf({ start, symbols, excluded }: RowMatch, number: number): MatchedRow[] {
  if (symbols.length === 0) return [[start + 1, number, 1, null, 0, 1, 'E']];
  return symbols.map((symbol, index): MatchedRow => {
    const last = index === symbols.length - 1 ? 1 : 0;
    return [start + index + 1, number, index + 1, symbol, excluded[index] === true ? 1 : 0, last, 'M'];
  });
}

/** The row at which matching goes on. */
function next({ start, symbols }: RowMatch, skip: Skip): number {
  if (symbols.length === 0 || skip.to === 'NEXT') return start + 1;
  if (skip.to === 'PAST') return start + symbols.length;
  const symbol = skip.symbol ?? '';
  const place = skip.to === 'FIRST' ? symbols.indexOf(symbol) : symbols.lastIndexOf(symbol);
  if (place > 0) return start + place;
  const reason = place < 0 ? `no row is mapped to ${symbol}` : 'it does not skip past the first row of the match';
  throw SnowflakeError.of('invalidArgument', { name: 'AFTER MATCH SKIP', value: `TO ${skip.to} ${symbol}`, reason });
}

function listOf(value: DuckDBValue | undefined): string[] {
  return value instanceof DuckDBListValue ? value.items.map(String) : [];
}

export const matchNatives: readonly NativeFunction[] = [
  {
    name: 'sf_match_rows',
    parameters: [VARCHAR, LIST(VARCHAR), VARCHAR, BOOLEAN, LIST(VARCHAR)],
    returns: VARCHAR,
    call: (pattern, symbols, skip, unmatched, masks) =>
      JSON.stringify(
        matchedRows(String(pattern), listOf(symbols), JSON.parse(String(skip)) as Skip, unmatched === true, listOf(masks)),
      ),
  },
];
