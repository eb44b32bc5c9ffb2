import { quoteIdentifier } from '../../sql/identifier.ts';
import { rowId } from './change-tables.ts';

/**
 * SQL of a relation's rows with ids that are made of what is in them; rows that are equal are numbered. Whoever writes a
 * table anew, as refreshes do, gives rows that stay their ids again.
 * @param keys the columns that count
 */
export function withContentIds(columns: readonly string[], from: string, keys = columns): string {
  const names = columns.map(quoteIdentifier).join(', ');
  // Each value with its length in front: no two rows read alike.
  const parts = keys.map((key) => {
    const text = `CAST(${quoteIdentifier(key)} AS VARCHAR)`;
    return `coalesce(length(${text}) || ':' || ${text}, '-')`;
  });
  const keyed = `SELECT ${names}, md5(concat(${parts.join(', ')})) AS "\u0001content" FROM ${from}`;
  const number = 'row_number() OVER (PARTITION BY "\u0001content")';
  return `SELECT ${names}, CAST(md5("\u0001content" || ':' || ${number}) AS UUID) AS ${rowId} FROM (${keyed})`;
}
