import type { ResultOutcome } from '../session/service.ts';

const statisticOf: Readonly<Record<string, string>> = {
  'number of rows inserted': 'numRowsInserted',
  'number of rows updated': 'numRowsUpdated',
  'number of rows deleted': 'numRowsDeleted',
};

/**
 * `stats` of an INSERT, UPDATE, DELETE or MERGE, read off the counts in its result; nothing for other statements.
 * Drivers show it as the cursor's statistics.
 */
export function dmlStatistics({ statementTypeId, result }: ResultOutcome): { stats?: Record<string, number> } {
  const row = result.rows[0];
  if (statementTypeId < 0x3000 || statementTypeId > 0x3500 || row === undefined) return {};
  const stats: Record<string, number> = {};
  for (const [index, column] of result.columns.entries()) {
    const statistic = statisticOf[column.name];
    if (statistic !== undefined) stats[statistic] = Number(row[index]);
  }
  return Object.keys(stats).length === 0 ? {} : { stats };
}
