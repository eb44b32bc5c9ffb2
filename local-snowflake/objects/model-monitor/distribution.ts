/** How often each value, or each range of values, occurs. */
export type Distribution = ReadonlyMap<string, number>;

// Where a value occurs on one side only, the index would be infinite: such shares count as one in ten thousand.
const leastShare = 0.0001;

/** Pairs of shares of the same values; undefined when one of the distributions is empty. */
function shares(current: Distribution, baseline: Distribution): (readonly [number, number])[] | undefined {
  const total = (counts: Distribution): number => [...counts.values()].reduce((sum, count) => sum + count, 0);
  const [all, base] = [total(current), total(baseline)];
  if (all === 0 || base === 0) return undefined;
  return [...new Set([...current.keys(), ...baseline.keys()])].map((key) => [
    (current.get(key) ?? 0) / all,
    (baseline.get(key) ?? 0) / base,
  ]);
}

/** Σ (p − q) · ln(p / q): 0 for equal distributions, without an upper limit; above 0.2 is commonly called a shift. */
export function populationStabilityIndex(current: Distribution, baseline: Distribution): number | undefined {
  return shares(current, baseline)?.reduce((sum, [share, base]) => {
    const [p, q] = [Math.max(share, leastShare), Math.max(base, leastShare)];
    return sum + (p - q) * Math.log(p / q);
  }, 0);
}

/** Jensen-Shannon distance, to base 2: 0 for equal distributions, 1 for such that have no value in common. */
export function jensenShannonDistance(current: Distribution, baseline: Distribution): number | undefined {
  const pairs = shares(current, baseline);
  if (pairs === undefined) return undefined;
  const term = (p: number, middle: number): number => (p === 0 ? 0 : p * Math.log2(p / middle));
  const divergence = pairs.reduce((sum, [p, q]) => sum + term(p, (p + q) / 2) + term(q, (p + q) / 2), 0) / 2;
  // Rounding may leave a hair below nothing.
  return Math.sqrt(Math.max(0, divergence));
}
