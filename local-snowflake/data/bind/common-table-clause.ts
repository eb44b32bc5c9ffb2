import { SnowflakeError } from '../../errors/snowflake-error.ts';
import type { BindContext } from './bind-context.ts';

/** The common tables that a block may read, as the WITH of a query for the block's rows alone. */
export function withClause({ commonTables }: BindContext): string {
  if (commonTables.length === 0) return '';
  const definitions = commonTables.map(({ name, definition }) => {
    if (definition === undefined) throw SnowflakeError.of('unsupported', { feature: `Python function in recursive ${name}` });
    return definition;
  });
  return `WITH RECURSIVE ${definitions.join(', ')} `;
}
