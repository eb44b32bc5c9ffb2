import { types } from '../../sql/types.ts';
import { type FunctionDefinition, scalar, takes } from './function-definition.ts';

const integer = types.number(38, 0);

// https://docs.snowflake.com/en/sql-reference/expressions-byte-bit
export const bitwiseFunctions: readonly FunctionDefinition[] = [
  scalar(
    'BITAND BIT_AND',
    'bitand',
    takes('integer integer', integer, ([a = '', b = '']) => `CAST(${a} & ${b} AS DECIMAL(38,0))`),
  ),
  scalar(
    'BITOR BIT_OR',
    'bitor',
    takes('integer integer', integer, ([a = '', b = '']) => `CAST(${a} | ${b} AS DECIMAL(38,0))`),
  ),
  scalar(
    'BITXOR BIT_XOR',
    'bitxor',
    takes('integer integer', integer, ([a = '', b = '']) => `CAST(xor(${a}, ${b}) AS DECIMAL(38,0))`),
  ),
  scalar(
    'BITNOT BIT_NOT',
    'bitnot',
    takes('integer', integer, ([a = '']) => `CAST(~${a} AS DECIMAL(38,0))`),
  ),
  scalar(
    'BITSHIFTLEFT BIT_SHIFTLEFT',
    'bitshiftleft',
    takes(
      'integer integer',
      integer,
      ([a = '', b = '']) => `CAST(CAST(${a} AS HUGEINT) * CAST(pow(2, ${b}) AS HUGEINT) AS DECIMAL(38,0))`,
    ),
  ),
  scalar(
    'BITSHIFTRIGHT BIT_SHIFTRIGHT',
    'bitshiftright',
    takes('integer integer', integer, ([a = '', b = '']) => `CAST(${a} >> ${b} AS DECIMAL(38,0))`),
  ),
  // Bits run up to the 127th of a signed number of 128 bits; NUMBER has no more.
  scalar(
    'GETBIT',
    'getbit',
    takes(
      'number integer',
      types.number(1, 0),
      ([a = '', b = '']) => `CAST(CAST(CAST(${a} AS HUGEINT) >> ${b} AS HUGEINT) & 1 AS DECIMAL(1,0))`,
    ),
  ),
];
