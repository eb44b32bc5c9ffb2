import { z } from 'zod';

/**
 * A name as Snowflake stores it when it is written without quotes. Compute pools and integrations have no other, and one
 * spelling in the program, in SHOW and in the state keeps comparisons trivial.
 * https://docs.snowflake.com/en/sql-reference/identifiers-syntax
 */
export const objectName = z
  .string()
  .regex(/^[A-Z_][A-Z0-9_$]{0,254}$/u, 'must be an upper-case name of letters, digits, _ and $, for example DEMO_POOL');

/** `DB.SCHEMA.NAME`, each part as `objectName`. */
export const qualifiedName = z
  .string()
  .regex(
    /^[A-Z_][A-Z0-9_$]*\.[A-Z_][A-Z0-9_$]*\.[A-Z_][A-Z0-9_$]*$/u,
    'must be a name with database and schema, for example SNOWBANK.PIPELINE.JOB_STAGE',
  );

/** The parts of a `qualifiedName`. */
export function splitQualifiedName(name: string): { database: string; schema: string; name: string } {
  const [database = '', schema = '', last = ''] = name.split('.');
  return { database, schema, name: last };
}
