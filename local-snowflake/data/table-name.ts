import { quoteIdentifier } from '../sql/identifier.ts';

/** What a physical table is called in DuckDB. */
export function tableName(physicalName: string): string {
  return `main.${quoteIdentifier(physicalName)}`;
}
