import { BIGINT, DOUBLE, VARCHAR } from '@duckdb/node-api';
import type { NativeFunction } from './native-function.ts';

type Mode = 'round' | 'half_even' | 'ceil' | 'floor' | 'trunc';

/** Rounds plain decimal text to `places` digits behind the point (before it, when negative). */
export function roundDecimal(text: string, places: number, mode: Mode): string {
  const negative = text.startsWith('-');
  const [whole = '0', fraction = ''] = (negative ? text.slice(1) : text).split('.');
  if (places >= fraction.length) return text;
  const cut = whole.length + places;
  const all = whole + fraction;
  const kept = BigInt(cut <= 0 ? '0' : all.slice(0, cut));
  const rest = cut < 0 ? all.padStart(all.length - cut, '0') : all.slice(cut);
  const digits = kept + (roundsUp(rest, kept, negative, mode) ? 1n : 0n);
  const sign = negative && digits !== 0n ? '-' : '';
  if (places <= 0) return `${sign}${String(digits)}${digits === 0n ? '' : '0'.repeat(-places)}`;
  const padded = String(digits).padStart(places + 1, '0');
  return `${sign}${padded.slice(0, -places)}.${padded.slice(-places)}`;
}

function roundsUp(rest: string, kept: bigint, negative: boolean, mode: Mode): boolean {
  const something = /[1-9]/u.test(rest);
  switch (mode) {
    case 'trunc':
      return false;
    case 'ceil':
      return something && !negative;
    case 'floor':
      return something && negative;
    case 'round':
      return rest.charAt(0) >= '5';
    case 'half_even': {
      const half = rest.startsWith('5') && !/[1-9]/u.test(rest.slice(1));
      return half ? kept % 2n === 1n : rest.charAt(0) >= '5';
    }
  }
}

/** Shares of all that the first 1, 2, … elements have together; those of the last call are kept, as every row asks for the same. */
let shares: { readonly exponent: number; readonly sums: Float64Array } | undefined;
function zipfShares(exponent: number, elements: number): Float64Array {
  if (shares?.exponent !== exponent || shares.sums.length !== elements) {
    const sums = new Float64Array(elements);
    let sum = 0;
    for (let rank = 1; rank <= elements; rank += 1) sums[rank - 1] = sum += rank ** -exponent;
    shares = { exponent, sums };
  }
  return shares.sums;
}

/** The element, from 1, that a share of 0 … 1 falls to. */
function zipf(exponent: number, elements: number, share: number): number {
  const sums = zipfShares(exponent, elements);
  const wanted = share * (sums.at(-1) ?? 0);
  let [low, high] = [0, sums.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sums[middle] ?? 0) > wanted) high = middle;
    else low = middle + 1;
  }
  return low + 1;
}

export const numberNatives: readonly NativeFunction[] = [
  {
    name: 'sf_zipf',
    parameters: [DOUBLE, BIGINT, DOUBLE],
    returns: BIGINT,
    call: (exponent, elements, share) => BigInt(zipf(Number(exponent), Number(elements), Number(share))),
  },
  {
    // sf_round(plain decimal text, places, mode)
    name: 'sf_round',
    parameters: [VARCHAR, BIGINT, VARCHAR],
    returns: VARCHAR,
    call: (text, places, mode) => roundDecimal(String(text), Number(places), String(mode) as Mode),
  },
];
