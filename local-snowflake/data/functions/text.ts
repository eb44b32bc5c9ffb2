import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { types, type SnowflakeType } from '../../sql/types.ts';
import { typedNull } from '../bind/bind-expression.ts';
import { type Bound, bound } from '../bind/bound.ts';
import { textOf } from '../bind/cast-text.ts';
import { duckString } from '../duckdb/text.ts';
import { type FunctionDefinition, type Overload, scalar, special, takes } from './function-definition.ts';

const text = types.varchar();
const position = types.number(18, 0);
const binary = types.binary();

/** The first argument's own length: the result is never longer. */
function sameLength([first]: readonly Bound[]): SnowflakeType {
  return first?.type.kind === 'VARCHAR' ? first.type : text;
}

function sameBinary([first]: readonly Bound[]): SnowflakeType {
  return first?.type ?? binary;
}

/** So many bytes, counted in hexadecimal digits. */
function hexDigits(count: string): string {
  return `CAST(2 * greatest(${count}, 0) AS INTEGER)`;
}

/** Text, or BINARY values by their digits: from either end these fall together. */
function startOrEnd(fn: string): Overload[] {
  return [
    takes('text text', types.boolean, native(fn)),
    takes('binary binary', types.boolean, ([x = '', what = '']) => `${fn}(hex(${x}), hex(${what}))`),
  ];
}

/** Blanks, and what INITCAP's page lists. */
const wordEnds = duckString(' \t\n\r\f\v\u00a0\u2003!?@"^#$&~_,.:;+-*%/|\\[](){}<>');

/** A native function over the converted arguments. */
function native(name: string): (args: readonly string[]) => string {
  return (args) => `${name}(${args.join(', ')})`;
}

// https://docs.snowflake.com/en/sql-reference/functions-string
export const textFunctions: readonly FunctionDefinition[] = [
  scalar('UPPER', 'upper', takes('text', sameLength, native('upper'))),
  scalar('LOWER', 'lower', takes('text', sameLength, native('lower'))),
  scalar(
    'INITCAP',
    'initcap',
    takes('text text?', sameLength, ([x = '', by = wordEnds]) => `sf_initcap(${x}, ${by})`),
  ),
  scalar(
    'LENGTH LEN CHAR_LENGTH CHARACTER_LENGTH',
    'length',
    takes('binary', position, ([x = '']) => `CAST(octet_length(${x}) AS DECIMAL(18,0))`),
    takes('text', position, ([x = '']) => `CAST(length(${x}) AS DECIMAL(18,0))`),
  ),
  scalar(
    'OCTET_LENGTH',
    'octet_length',
    takes('binary', position, ([x = '']) => `CAST(octet_length(${x}) AS DECIMAL(18,0))`),
    takes('text', position, ([x = '']) => `CAST(strlen(${x}) AS DECIMAL(18,0))`),
  ),
  scalar(
    'BIT_LENGTH',
    'bit_length',
    takes('binary', position, ([x = '']) => `CAST(8 * octet_length(${x}) AS DECIMAL(18,0))`),
    takes('text', position, ([x = '']) => `CAST(8 * strlen(${x}) AS DECIMAL(18,0))`),
  ),
  scalar(
    'LEFT',
    'left',
    takes('text integer', sameLength, ([x = '', n = '']) => `left(${x}, greatest(${n}, 0))`),
    takes('binary integer', binary, ([x = '', n = '']) => `sf.bytes_part(${x}, 1, ${n})`),
  ),
  scalar(
    'RIGHT',
    'right',
    takes('text integer', sameLength, ([x = '', n = '']) => `right(${x}, greatest(${n}, 0))`),
    takes('binary integer', binary, ([x = '', n = '']) => `unhex(right(hex(${x}), 2 * greatest(${n}, 0)))`),
  ),
  scalar(
    'SUBSTR SUBSTRING',
    'substr',
    takes('text integer integer', sameLength, ([x = '', from = '', n = '']) => `sf.text_part(${x}, ${from}, ${n})`),
    takes('text integer', sameLength, ([x = '', from = '']) => `sf.text_rest(${x}, ${from})`),
    takes(
      'binary integer integer?',
      binary,
      ([x = '', from = '', n = `octet_length(${x})`]) => `sf.bytes_part(${x}, ${from}, ${n})`,
    ),
  ),
  scalar(
    'TRIM',
    'trim',
    takes('text', sameLength, ([x = '']) => `trim(${x})`),
    takes('text text', sameLength, native('trim')),
  ),
  scalar('LTRIM', 'ltrim', takes('text text?', sameLength, native('ltrim'))),
  scalar('RTRIM', 'rtrim', takes('text text?', sameLength, native('rtrim'))),
  scalar(
    'LPAD',
    'lpad',
    takes('text integer text?', text, ([x = '', n = '', by = "' '"]) => `lpad(${x}, CAST(greatest(${n}, 0) AS INTEGER), ${by})`),
    takes('binary integer binary', binary, ([x = '', n = '', by = '']) => `unhex(lpad(hex(${x}), ${hexDigits(n)}, hex(${by})))`),
  ),
  scalar(
    'RPAD',
    'rpad',
    takes('text integer text?', text, ([x = '', n = '', by = "' '"]) => `rpad(${x}, CAST(greatest(${n}, 0) AS INTEGER), ${by})`),
    takes('binary integer binary', binary, ([x = '', n = '', by = '']) => `unhex(rpad(hex(${x}), ${hexDigits(n)}, hex(${by})))`),
  ),
  scalar(
    'REPEAT',
    'repeat',
    takes('text integer', text, ([x = '', n = '']) => `repeat(${x}, greatest(${n}, 0))`),
  ),
  scalar(
    'SPACE',
    'space',
    takes('integer', text, ([n = '']) => `repeat(' ', greatest(${n}, 0))`),
  ),
  scalar(
    'REVERSE',
    'reverse',
    takes('text', sameLength, native('reverse')),
    takes('binary', sameBinary, ([x = '']) => `sf_bytes_reverse(${x})`),
  ),
  scalar(
    'REPLACE',
    'replace',
    takes('text text text?', text, ([x = '', what = '', by = "''"]) => `replace(${x}, ${what}, ${by})`),
  ),
  scalar('TRANSLATE', 'translate', takes('text text text', sameLength, native('translate'))),
  scalar(
    'INSERT',
    'insert',
    takes(
      'text integer integer text',
      text,
      ([x = '', at = '', n = '', by = '']) => `(sf.text_part(${x}, 1, ${at} - 1) || ${by} || sf.text_rest(${x}, ${at} + ${n}))`,
    ),
    takes(
      'binary integer integer binary',
      binary,
      ([x = '', at = '', n = '', by = '']) =>
        `(sf.bytes_part(${x}, 1, ${at} - 1) || ${by} || sf.bytes_part(${x}, ${at} + ${n}, octet_length(${x})))`,
    ),
  ),
  special('CONCAT', 'concat', 'scalar', (call) => {
    if (call.args.length > 0 && call.args.every((arg) => arg.type.kind === 'BINARY'))
      return call.result(binary, `(${call.args.map((arg) => arg.sql).join(' || ')})`);
    return call.result(
      text,
      `(${call.args.map((arg) => (arg.untyped === true ? 'CAST(NULL AS VARCHAR)' : textOf(arg, call.facts))).join(' || ')})`,
    );
  }),
  special('CONCAT_WS', 'concat_ws', 'scalar', (call) => {
    const [separator, ...parts] = call.args.map((arg) =>
      arg.untyped === true ? 'CAST(NULL AS VARCHAR)' : textOf(arg, call.facts),
    );
    if (separator === undefined || parts.length === 0) throw call.countError('2');
    // Unlike DuckDB's, any NULL makes the result NULL.
    return call.result(text, `(${parts.join(` || ${separator} || `)})`);
  }),
  scalar(
    'SPLIT',
    'split',
    takes('text text', types.array, ([x = '', by = '']) => `to_json(sf_split(${x}, ${by}))`),
  ),
  scalar('SPLIT_PART', 'split_part', takes('text text integer', sameLength, native('sf_split_part'))),
  scalar(
    'STRTOK',
    'strtok',
    takes('text text? integer?', sameLength, ([x = '', by = "' '", n = '1']) => `sf_strtok(${x}, ${by}, ${n})`),
  ),
  scalar(
    'STRTOK_TO_ARRAY',
    'strtok_to_array',
    takes('text text?', types.array, ([x = '', by = "' '"]) => `to_json(sf_strtok_array(${x}, ${by}))`),
  ),
  scalar(
    'CONTAINS',
    'contains',
    takes('text text', types.boolean, native('contains')),
    takes('binary binary', types.boolean, ([x = '', what = '']) => `(sf_bytes_position(${what}, ${x}, 1) > 0)`),
  ),
  scalar('STARTSWITH', 'startswith', ...startOrEnd('starts_with')),
  scalar('ENDSWITH', 'endswith', ...startOrEnd('ends_with')),
  scalar(
    'CHARINDEX POSITION',
    'charindex',
    takes('text text integer', position, ([what = '', x = '', from = '']) => `sf.position_from(${what}, ${x}, ${from})`),
    takes('text text', position, ([what = '', x = '']) => `CAST(strpos(${x}, ${what}) AS DECIMAL(18,0))`),
    takes(
      'binary binary integer?',
      position,
      ([what = '', x = '', from = '1']) => `CAST(sf_bytes_position(${what}, ${x}, ${from}) AS DECIMAL(18,0))`,
    ),
  ),
  // The first byte of the text, not its first character.
  scalar(
    'ASCII',
    'ascii',
    takes('text', types.number(3, 0), ([x = '']) => `CAST(sf.first_byte(${x}) AS DECIMAL(3,0))`),
  ),
  scalar(
    'UNICODE',
    'unicode',
    takes('text', types.number(10, 0), ([x = '']) => `CAST(CASE WHEN ${x} = '' THEN 0 ELSE unicode(${x}) END AS DECIMAL(10,0))`),
  ),
  scalar(
    'CHR CHAR',
    'chr',
    takes('integer', types.varchar(1), ([n = '']) => `chr(CAST(${n} AS INTEGER))`),
  ),
  scalar(
    'EDITDISTANCE',
    'editdistance',
    takes('text text integer?', position, ([a = '', b = '', most]) =>
      most === undefined
        ? `CAST(levenshtein(${a}, ${b}) AS DECIMAL(18,0))`
        : `CAST(least(levenshtein(${a}, ${b}), ${most}) AS DECIMAL(18,0))`,
    ),
  ),
  scalar(
    'JAROWINKLER_SIMILARITY',
    'jarowinkler_similarity',
    takes('text text', types.number(3, 0), ([a = '', b = '']) => `CAST(sf_jaro_winkler(${a}, ${b}) AS DECIMAL(3,0))`),
  ),
  scalar(
    'SOUNDEX',
    'soundex',
    takes('text', types.varchar(4), ([x = '']) => `sf_soundex(${x}, true)`),
  ),
  scalar(
    'SOUNDEX_P123',
    'soundex_p123',
    takes('text', types.varchar(4), ([x = '']) => `sf_soundex(${x}, false)`),
  ),
  scalar(
    'RTRIMMED_LENGTH',
    'rtrimmed_length',
    takes('text', position, ([x = '']) => `CAST(length(rtrim(${x}, ' ')) AS DECIMAL(18,0))`),
  ),
  scalar(
    'PARSE_URL',
    'parse_url',
    takes('text integer?', types.object, ([x = '', permissive = '0']) => `CAST(sf_parse_url(${x}, ${permissive}) AS JSON)`),
  ),
  scalar(
    'PARSE_IP',
    'parse_ip',
    takes(
      'text text integer?',
      types.object,
      ([x = '', kind = '', permissive = '0']) => `CAST(sf_parse_ip(${x}, ${kind}, ${permissive}) AS JSON)`,
    ),
  ),
  special('COLLATE', 'collate', 'scalar', (call) => {
    const specification = call.constant(1);
    if (specification !== '' && !/^utf8$/iu.test(specification)) {
      throw SnowflakeError.of('unsupported', { feature: `collation '${specification}'` });
    }
    return call.cast(call.arg(0), text);
  }),
  // Columns have no collations, and of expressions COLLATE takes no other than the usual one.
  special('COLLATION', 'collation', 'scalar', (call) => {
    if (call.args.length !== 1) throw call.countError('1');
    call.cast(call.arg(0), text);
    return typedNull(text);
  }),
  special('UUID_STRING', 'uuid_string', 'scalar', (call) => {
    if (call.args.length === 2) {
      const [space, name] = call.args.map((arg) => call.cast(arg, text).sql);
      return call.result(types.varchar(36), `sf_named_uuid(${space ?? ''}, ${name ?? ''})`);
    }
    if (call.args.length > 0) throw call.countError('2');
    return { ...bound(types.varchar(36), 'CAST(uuid() AS VARCHAR)', false), volatile: true };
  }),
  special('RANDSTR', 'randstr', 'scalar', (call) => {
    const length = call.cast(call.arg(0), types.number());
    const source = call.cast(call.arg(1), types.number());
    return { ...bound(text, `sf_randstr(CAST(${length.sql} AS BIGINT), CAST(${source.sql} AS VARCHAR))`, false), volatile: true };
  }),
  // The function forms of the operators.
  scalar(
    'LIKE',
    'like',
    takes(
      'text text text?',
      types.boolean,
      ([x = '', pattern = '', escape]) => `(${x} LIKE ${pattern}${escape === undefined ? '' : ` ESCAPE ${escape}`})`,
    ),
  ),
  scalar(
    'ILIKE',
    'ilike',
    takes(
      'text text text?',
      types.boolean,
      ([x = '', pattern = '', escape]) => `(${x} ILIKE ${pattern}${escape === undefined ? '' : ` ESCAPE ${escape}`})`,
    ),
  ),
];
