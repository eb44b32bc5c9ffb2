/** Share of matching characters, and how many of them are out of order, in 0 … 1. */
function jaro(a: readonly string[], b: readonly string[]): number {
  const reach = Math.max(0, Math.floor(Math.max(a.length, b.length) / 2) - 1);
  const taken = new Set<number>();
  const fromA: string[] = [];
  a.forEach((character, index) => {
    for (let other = Math.max(0, index - reach); other <= Math.min(b.length - 1, index + reach); other += 1) {
      if (taken.has(other) || b[other] !== character) continue;
      taken.add(other);
      fromA.push(character);
      return;
    }
  });
  const matches = fromA.length;
  if (matches === 0) return 0;
  const fromB = b.filter((_, index) => taken.has(index));
  const moved = Math.floor(fromA.filter((character, index) => character !== fromB[index]).length / 2);
  return (matches / a.length + matches / b.length + (matches - moved) / matches) / 3;
}

/**
 * Jaro-Winkler similarity in whole per cent, without regard to case.
 * https://docs.snowflake.com/en/sql-reference/functions/jarowinkler_similarity
 */
export function jaroWinkler(first: string, second: string): number {
  const [a, b] = [Array.from(first.toLowerCase()), Array.from(second.toLowerCase())];
  const similarity = jaro(a, b);
  let prefix = 0;
  while (prefix < 4 && a[prefix] !== undefined && a[prefix] === b[prefix]) prefix += 1;
  return Math.floor(100 * (similarity + prefix * 0.1 * (1 - similarity)));
}
