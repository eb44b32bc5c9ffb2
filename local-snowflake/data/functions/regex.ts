import { types } from '../../sql/types.ts';
import { type FunctionDefinition, scalar, takes } from './function-definition.ts';

const text = types.varchar();
const count = types.number(18, 0);

/**
 * Regular expressions run in TypeScript, whose syntax is as close to Snowflake's (POSIX ERE with Perl's classes) as RE2's
 * and which has the parameters c, i, m, s, e. https://docs.snowflake.com/en/sql-reference/functions-regexp
 */
export const regexFunctions: readonly FunctionDefinition[] = [
  scalar(
    'REGEXP_LIKE RLIKE REGEXP',
    'regexp_like',
    takes('text text text?', types.boolean, ([x = '', p = '', flags = "'c'"]) => `sf_regexp_like(${x}, ${p}, ${flags})`),
  ),
  scalar(
    'REGEXP_COUNT',
    'regexp_count',
    takes(
      'text text integer? text?',
      count,
      ([x = '', p = '', from = '1', flags = "'c'"]) => `CAST(sf_regexp_count(${x}, ${p}, ${from}, ${flags}) AS DECIMAL(18,0))`,
    ),
  ),
  scalar(
    'REGEXP_REPLACE',
    'regexp_replace',
    takes(
      'text text text? integer? integer? text?',
      text,
      ([x = '', p = '', by = "''", from = '1', nth = '0', flags = "'c'"]) =>
        `sf_regexp_replace(${x}, ${p}, ${by}, ${from}, ${nth}, ${flags})`,
    ),
  ),
  scalar(
    'REGEXP_SUBSTR',
    'regexp_substr',
    takes(
      'text text integer? integer? text? integer?',
      text,
      ([x = '', p = '', from = '1', nth = '1', flags = "'c'", group]) =>
        `sf_regexp_substr(${x}, ${p}, ${from}, ${nth}, ${flags}, ${group ?? `CASE WHEN contains(${flags}, 'e') THEN 1 ELSE 0 END`})`,
      'always',
    ),
  ),
  scalar(
    'REGEXP_SUBSTR_ALL REGEXP_EXTRACT_ALL',
    'regexp_substr_all',
    takes(
      'text text integer? integer? text? integer?',
      types.array,
      ([x = '', p = '', from = '1', nth = '1', flags = "'c'", group]) =>
        `CAST(sf_regexp_substr_all(${x}, ${p}, ${from}, ${nth}, ${flags}, ${group ?? `CASE WHEN contains(${flags}, 'e') THEN 1 ELSE 0 END`}) AS JSON)`,
    ),
  ),
  scalar(
    'REGEXP_INSTR',
    'regexp_instr',
    takes(
      'text text integer? integer? integer? text? integer?',
      count,
      ([x = '', p = '', from = '1', nth = '1', option = '0', flags = "'c'", group = '0']) =>
        `CAST(sf_regexp_instr(${x}, ${p}, ${from}, ${nth}, ${option}, ${flags}, ${group}) AS DECIMAL(18,0))`,
    ),
  ),
];
