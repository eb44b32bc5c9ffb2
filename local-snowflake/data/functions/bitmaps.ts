import { types } from '../../sql/types.ts';
import type { CallSite } from './call-site.ts';
import { aggregate, type FunctionDefinition, scalar, takes } from './function-definition.ts';

const binary = types.binary();
const integer = types.number(38, 0);

/** Where a number's bit is. https://docs.snowflake.com/en/sql-reference/functions/bitmap_bucket_number */
function bitmapPlace(name: string, sql: (n: string) => string): FunctionDefinition {
  return scalar(
    name,
    name.toLowerCase(),
    takes('integer', integer, ([n = '']) => `CAST(${sql(n)} AS DECIMAL(38,0))`),
  );
}

/** The bitmaps of a group, by a native function over all of them. */
function together(name: string, native: string): FunctionDefinition {
  const sql = ([bitmap = '']: readonly string[], call: CallSite): string => `${native}(${call.aggregate('list', [bitmap])})`;
  return aggregate(name, name.toLowerCase(), takes('binary', binary, sql, 'always'));
}

/** Of two bitmaps what the native function makes of a list of them. */
function ofTwo(name: string, native: string): FunctionDefinition {
  return scalar(
    name,
    name.toLowerCase(),
    takes(
      'binary binary',
      binary,
      ([a = '', b = '']) => `CASE WHEN ${a} IS NOT NULL AND ${b} IS NOT NULL THEN ${native}([${a}, ${b}]) END`,
    ),
  );
}

/** The value that BITMAP_BUCKET_NUMBER and BITMAP_BIT_POSITION come from. */
function absolute(bucket: string, place: string): string {
  return `CASE WHEN ${bucket} > 0 THEN (${bucket} - 1) * 32768 + ${place} + 1 ELSE ${bucket} * 32768 - ${place} END`;
}

/** https://docs.snowflake.com/en/user-guide/querying-bitmaps-for-distinct-counts */
export const bitmapFunctions: readonly FunctionDefinition[] = [
  bitmapPlace('BITMAP_BUCKET_NUMBER', (n) => `CASE WHEN ${n} > 0 THEN (${n} - 1) // 32768 + 1 ELSE -(-(${n}) // 32768) END`),
  bitmapPlace('BITMAP_BIT_POSITION', (n) => `CASE WHEN ${n} > 0 THEN (${n} - 1) % 32768 ELSE (-(${n})) % 32768 END`),
  aggregate(
    'BITMAP_CONSTRUCT_AGG',
    'bitmap_construct_agg',
    takes(
      'integer',
      binary,
      ([position = ''], call) => `sf_bitmap_construct(${call.aggregate('list', [`DISTINCT CAST(${position} AS INTEGER)`])})`,
      'always',
    ),
  ),
  together('BITMAP_OR_AGG', 'sf_bitmap_or'),
  together('BITMAP_AND_AGG', 'sf_bitmap_and'),
  ofTwo('BITMAP_OR', 'sf_bitmap_or'),
  ofTwo('BITMAP_AND', 'sf_bitmap_and'),
  scalar(
    'BITMAP_COUNT',
    'bitmap_count',
    takes('binary', integer, ([bitmap = '']) => `CAST(sf_bitmap_count(${bitmap}) AS DECIMAL(38,0))`),
  ),
  scalar(
    'BITMAP_TO_ARRAY',
    'bitmap_to_array',
    takes(
      'binary integer?',
      types.array,
      ([bitmap = '', bucket = '1']) =>
        `to_json(list_transform(sf_bitmap_positions(${bitmap}), lambda sf_x: ${absolute(bucket, 'sf_x')}))`,
    ),
  ),
  scalar(
    'BITMAP_ABSOLUTE_POSITION',
    'bitmap_absolute_position',
    takes('integer integer', integer, ([bucket = '', place = '']) => `CAST(${absolute(bucket, place)} AS DECIMAL(38,0))`),
  ),
];
