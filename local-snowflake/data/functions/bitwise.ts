import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { types } from '../../sql/types.ts';
import type { CallSite } from './call-site.ts';
import { type FunctionDefinition, type Overload, scalar, takes } from './function-definition.ts';

const integer = types.number(38, 0);
const binary = types.binary();

/** NUMBERs have at most 38 digits, which 128 bits hold; fractions are rounded away. */
function bits(sql: string): string {
  return `CAST(${sql} AS HUGEINT)`;
}

/** LEFT or RIGHT, or '' without the argument. */
function padside(call: CallSite): string {
  if (call.args.length < 3) return `''`;
  const side = call.constant(2).toUpperCase();
  if (side !== 'LEFT' && side !== 'RIGHT')
    throw SnowflakeError.of('invalidArgument', { name: call.name, value: call.constant(2), reason: 'LEFT or RIGHT' });
  return `'${side}'`;
}

/** BITAND and its like, over NUMBERs or over BINARY values. */
function bitwise(sql: (a: string, b: string) => string, bytes: string): Overload[] {
  return [
    takes('number number', integer, ([a = '', b = '']) => `CAST(${sql(bits(a), bits(b))} AS DECIMAL(38,0))`),
    takes('binary binary text?', binary, ([a = '', b = ''], call) => `${bytes}(${a}, ${b}, ${padside(call)})`),
  ];
}

// https://docs.snowflake.com/en/sql-reference/expressions-byte-bit
export const bitwiseFunctions: readonly FunctionDefinition[] = [
  scalar('BITAND BIT_AND', 'bitand', ...bitwise((a, b) => `(${a} & ${b})`, 'sf_bytes_and')),
  scalar('BITOR BIT_OR', 'bitor', ...bitwise((a, b) => `(${a} | ${b})`, 'sf_bytes_or')),
  scalar('BITXOR BIT_XOR', 'bitxor', ...bitwise((a, b) => `xor(${a}, ${b})`, 'sf_bytes_xor')),
  scalar(
    'BITNOT BIT_NOT',
    'bitnot',
    takes('number', integer, ([a = '']) => `CAST(~${bits(a)} AS DECIMAL(38,0))`),
    takes('binary', binary, ([a = '']) => `sf_bytes_not(${a})`),
  ),
  scalar(
    'BITSHIFTLEFT BIT_SHIFTLEFT',
    'bitshiftleft',
    takes('number integer', integer, ([a = '', n = '']) => `CAST(${bits(a)} * CAST(pow(2, ${n}) AS HUGEINT) AS DECIMAL(38,0))`),
    takes('binary integer', binary, ([a = '', n = '']) => `sf_bytes_shift(${a}, ${n})`),
  ),
  scalar(
    'BITSHIFTRIGHT BIT_SHIFTRIGHT',
    'bitshiftright',
    takes('number integer', integer, ([a = '', n = '']) => `CAST(${bits(a)} >> ${n} AS DECIMAL(38,0))`),
    takes('binary integer', binary, ([a = '', n = '']) => `sf_bytes_shift(${a}, -${n})`),
  ),
  // Bits run up to the 127th of a signed number of 128 bits; NUMBER has no more.
  scalar(
    'GETBIT',
    'getbit',
    takes('number integer', types.number(1, 0), ([a = '', n = '']) => `CAST((${bits(a)} >> ${n}) & 1 AS DECIMAL(1,0))`),
  ),
];
