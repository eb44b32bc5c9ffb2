import type { ObjectScope } from '../object-scope.ts';

const letters = 'abcdefghijklmnopqrstuvwxyz';

/**
 * A name for a public endpoint that no other has, of the form that Snowflake gives them and its clients look for.
 * https://docs.snowflake.com/en/sql-reference/sql/show-endpoints
 */
export function endpointHost(scope: ObjectScope): string {
  const id = [...scope.ids.bytes(8)].map((byte) => letters[byte % letters.length]).join('');
  return `${id}-localorg-local.snowflakecomputing.app`;
}
