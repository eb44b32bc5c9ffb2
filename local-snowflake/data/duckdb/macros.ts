import type { DuckDBConnection } from '@duckdb/node-api';
import { anyTag, variantTags } from '../types/variant-tags.ts';
import { raise, spliced } from './raised.ts';

/**
 * Conversions that are too long to repeat in every statement, as DuckDB macros. They live in an attached database in
 * memory, so that the account's file holds data alone and an old file never holds old macros.
 */
const macros: readonly (readonly [signature: string, body: string])[] = [
  // Text of numbers and truth values
  [
    'float_text(x)',
    `CASE WHEN x = trunc(x) AND abs(x) < 1e16 THEN CAST(CAST(x AS BIGINT) AS VARCHAR) WHEN isnan(x) THEN 'NaN' ELSE CAST(x AS VARCHAR) END`,
  ],
  [
    'text_boolean(x)',
    `CASE WHEN lower(trim(x)) IN ('true','t','yes','y','on','1') THEN true WHEN lower(trim(x)) IN ('false','f','no','n','off','0') THEN false
      WHEN x IS NULL THEN NULL ELSE ${raise('booleanNotRecognized', { value: spliced }, 'x')} END`,
  ],
  [
    'try_text_boolean(x)',
    `CASE WHEN lower(trim(x)) IN ('true','t','yes','y','on','1') THEN true WHEN lower(trim(x)) IN ('false','f','no','n','off','0') THEN false ELSE NULL END`,
  ],
  ['fit_text(x, n)', `CASE WHEN length(x) > n THEN ${raise('stringTooLong', { value: spliced }, 'x')} ELSE x END`],
  // SUBSTR: 0 is 1, negative counts from the end. https://docs.snowflake.com/en/sql-reference/functions/substr
  ['text_start(x, s)', `CASE WHEN s = 0 THEN 1 WHEN s > 0 THEN s ELSE length(x) + s + 1 END`],
  [
    'text_part(x, s, n)',
    `CASE WHEN s IS NULL OR n IS NULL THEN NULL WHEN n <= 0 OR sf.text_start(x, s) < 1 THEN '' ELSE substr(x, sf.text_start(x, s), n) END`,
  ],
  // The same of BINARY values, by their hexadecimal digits
  ['bytes_start(x, s)', `CASE WHEN s = 0 THEN 1 WHEN s > 0 THEN s ELSE octet_length(x) + s + 1 END`],
  [
    'bytes_part(x, s, n)',
    `CASE WHEN s IS NULL OR n IS NULL THEN NULL WHEN n <= 0 OR sf.bytes_start(x, s) < 1 THEN ''::BLOB ELSE unhex(substr(hex(x), 2 * sf.bytes_start(x, s) - 1, 2 * n)) END`,
  ],
  ['text_rest(x, s)', `CASE WHEN s IS NULL THEN NULL WHEN sf.text_start(x, s) < 1 THEN '' ELSE substr(x, sf.text_start(x, s)) END`],
  [
    'position_from(p, x, s)',
    `CASE WHEN strpos(substr(x, s), p) = 0 THEN 0 ELSE strpos(substr(x, s), p) + s - 1 END::DECIMAL(18,0)`,
  ],
  ['first_byte(x)', `CASE WHEN x = '' THEN 0 ELSE CAST('0x' || left(hex(left(x, 1)), 2) AS INTEGER) END`],
  ['is_hex(x)', `length(x) % 2 = 0 AND regexp_full_match(x, '[0-9A-Fa-f]*')`],
  [
    'hex_bytes(x)',
    `CASE WHEN sf.is_hex(x) THEN from_hex(x) WHEN x IS NULL THEN NULL ELSE ${raise('binaryNotRecognized', { value: spliced }, 'x')} END`,
  ],
  ['try_hex_bytes(x)', `CASE WHEN sf.is_hex(x) THEN from_hex(x) END`],
  // Dates and times: the plain ISO form by DuckDB itself, everything else in TypeScript
  ['iso_date(x)', String.raw`regexp_full_match(x, '\d{4}-\d{2}-\d{2}')`],
  ['iso_moment(x)', String.raw`regexp_full_match(x, '\d{4}-\d{2}-\d{2}([ T]\d{2}:\d{2}(:\d{2}(\.\d{0,9})?)?)?')`],
  [
    'text_date(x, f)',
    `CASE WHEN f = 'AUTO' AND sf.iso_date(x) THEN CAST(x AS DATE) ELSE CAST(sf_moment(x, f, 'date').t AS DATE) END`,
  ],
  [
    'try_text_date(x, f)',
    `CASE WHEN f = 'AUTO' AND sf.iso_date(x) THEN TRY_CAST(x AS DATE) ELSE CAST(sf_try_moment(x, f, 'date').t AS DATE) END`,
  ],
  ['text_ntz(x, f)', `CASE WHEN f = 'AUTO' AND sf.iso_moment(x) THEN CAST(x AS TIMESTAMP) ELSE sf_moment(x, f, 'timestamp').t END`],
  [
    'try_text_ntz(x, f)',
    `CASE WHEN f = 'AUTO' AND sf.iso_moment(x) THEN TRY_CAST(x AS TIMESTAMP) ELSE sf_try_moment(x, f, 'timestamp').t END`,
  ],
  [
    'moment_ltz(p)',
    `CASE WHEN p.o IS NULL THEN CAST(p.t AS TIMESTAMPTZ) ELSE timezone('UTC', p.t - to_minutes(CAST(p.o AS BIGINT))) END`,
  ],
  [
    'moment_tz(p)',
    `CASE WHEN p.o IS NULL THEN sf.ntz_tz(p.t) ELSE struct_pack(i := p.t - to_minutes(CAST(p.o AS BIGINT)), o := CAST(p.o AS SMALLINT)) END`,
  ],
  ['ltz_offset(x)', `CAST((epoch_us(CAST(x AS TIMESTAMP)) - epoch_us(x)) // 60000000 AS SMALLINT)`],
  ['ltz_tz(x)', `CASE WHEN x IS NULL THEN NULL ELSE struct_pack(i := timezone('UTC', x), o := sf.ltz_offset(x)) END`],
  ['ntz_tz(x)', `sf.ltz_tz(CAST(x AS TIMESTAMPTZ))`],
  ['tz_local(x)', `(x.i + to_minutes(CAST(x.o AS BIGINT)))`],
  ['tz_ltz(x)', `timezone('UTC', x.i)`],
  ['seconds_ntz(x)', `make_timestamp(CAST(round(x * 1000000) AS BIGINT))`],
  // Semi-structured values
  ['number_variant(x)', String.raw`CAST(regexp_replace(CAST(x AS VARCHAR), '\.?0+$', '') AS JSON)`],
  // With an exponent, which tells them from fixed-point numbers; fifteen decimals, or what it takes.
  [
    'float_variant(x)',
    `CASE WHEN NOT isfinite(x) THEN to_json(sf.float_text(x))
      ELSE CAST(CASE WHEN CAST(printf('%.15e', x) AS DOUBLE) = x THEN printf('%.15e', x) ELSE printf('%.16e', x) END AS JSON) END`,
  ],
  ['untagged(x)', `regexp_replace(x, '${anyTag}', '', 'g')`],
  [
    'variant_text(x)',
    `CASE WHEN left(CAST(x AS VARCHAR), 1) = '"' THEN sf.untagged(x ->> '$') WHEN json_type(x) = 'DOUBLE' AND contains(x, 'e') THEN sf.float_text(CAST(CAST(x AS VARCHAR) AS DOUBLE)) ELSE sf.json_text(nullif(CAST(x AS VARCHAR), 'null')) END`,
  ],
  // By the session's format, unless the value is a date or time already.
  ['variant_format(x, f)', `CASE WHEN regexp_matches(x ->> '$', '^${anyTag}') THEN 'AUTO' ELSE f END`],
  // Scalars are shown as they are; only containers are indented.
  [
    'pretty_json(x)',
    `CASE WHEN left(CAST(x AS VARCHAR), 5) = '{"$":' THEN sf_element_text(x, true) WHEN left(CAST(x AS VARCHAR), 1) IN ('{', '[') THEN sf_pretty_json(x) ELSE sf.untagged(CAST(x AS VARCHAR)) END`,
  ],
  // Floating-point numbers, which have an exponent, become as fixed-point ones of their value are written.
  [
    'equal_json(x)',
    `CASE WHEN contains(CAST(x AS VARCHAR), 'e+') OR contains(CAST(x AS VARCHAR), 'e-') THEN CAST(sf_plain_json(CAST(x AS VARCHAR)) AS JSON) ELSE x END`,
  ],
  // An element of XML, or JSON, on one line.
  [
    'json_text(x)',
    `CASE WHEN left(CAST(x AS VARCHAR), 5) = '{"$":' THEN sf_element_text(x, false) ELSE sf.untagged(CAST(x AS VARCHAR)) END`,
  ],
  ['variant_digits(x)', `CASE x WHEN 'true' THEN '1' WHEN 'false' THEN '0' ELSE x ->> '$' END`],
  ['variant_array(x)', `CASE json_type(x) WHEN 'ARRAY' THEN x WHEN 'NULL' THEN NULL ELSE CAST('[' || x || ']' AS JSON) END`],
  [
    'variant_object(x)',
    `CASE json_type(x) WHEN 'OBJECT' THEN x WHEN 'NULL' THEN NULL ELSE CASE WHEN json_type(CAST(sf_try_json(CASE WHEN json_type(x) = 'VARCHAR' THEN x ->> '$' END, true) AS JSON)) = 'OBJECT' THEN CAST(sf_json(x ->> '$') AS JSON) WHEN x IS NULL THEN NULL ELSE ${raise('variantCast', { value: spliced, type: 'OBJECT' }, 'x')} END END`,
  ],
  // Elements of an ARRAY; a VARIANT that holds nothing has none, and any other value is none.
  [
    'json_items(x)',
    `CASE WHEN json_type(x) = 'ARRAY' THEN CAST(json_extract(x, '$[*]') AS JSON[]) WHEN x IS NULL OR json_type(x) = 'NULL' THEN NULL ELSE ${raise('variantCast', { value: spliced, type: 'ARRAY' }, 'CAST(x AS VARCHAR)')} END`,
  ],
  ['key_path(k)', String.raw`'$."' || replace(replace(k, '\', '\\'), '"', '\"') || '"'`],
  ['is_number(x)', `json_type(x) IN ('UBIGINT', 'BIGINT', 'DOUBLE', 'HUGEINT', 'UHUGEINT')`],
  // https://docs.snowflake.com/en/sql-reference/functions/typeof
  [
    'type_of(x)',
    `CASE json_type(x) WHEN 'NULL' THEN 'NULL_VALUE' WHEN 'UBIGINT' THEN 'INTEGER' WHEN 'BIGINT' THEN 'INTEGER' WHEN 'HUGEINT' THEN 'INTEGER' WHEN 'UHUGEINT' THEN 'INTEGER'
      WHEN 'DOUBLE' THEN CASE WHEN contains(x, 'e') THEN 'DOUBLE' WHEN contains(x, '.') THEN 'DECIMAL' ELSE 'INTEGER' END
      WHEN 'VARCHAR' THEN CASE left(x ->> '$', 1) ${Object.entries(variantTags)
        .map(([kind, tag]) => `WHEN '${tag}' THEN '${kind}'`)
        .join(' ')} ELSE 'VARCHAR' END
      ELSE json_type(x) END`,
  ],
  // Months and days outside their ranges carry over. https://docs.snowflake.com/en/sql-reference/functions/date_from_parts
  [
    'date_parts(y, m, d)',
    `CAST(make_date(CAST(y AS INTEGER), 1, 1) + to_months(CAST(m - 1 AS INTEGER)) + to_days(CAST(d - 1 AS INTEGER)) AS DATE)`,
  ],
  // A wall-clock time in a named zone.
  [
    'zoned_tz(t, z)',
    `CASE WHEN t IS NULL THEN NULL ELSE struct_pack(i := timezone('UTC', timezone(z, t)), o := CAST((epoch_us(t) - epoch_us(timezone('UTC', timezone(z, t)))) // 60000000 AS SMALLINT)) END`,
  ],
  // https://docs.snowflake.com/en/sql-reference/functions/kurtosis, of n values with the sums a … d of their first four powers
  [
    'kurtosis(s)',
    `CASE WHEN s.n > 3 THEN (s.n - 1) / ((s.n - 2) * (s.n - 3)) * ((s.n + 1)
      * (s.n ** 3 * s.d - 4 * s.n ** 2 * s.c * s.a + 6 * s.n * s.b * s.a ** 2 - 3 * s.a ** 4) / nullif((s.n * s.b - s.a ** 2) ** 2, 0) - 3 * (s.n - 1)) END`,
  ],
  // Arithmetic
  ['divisor(x)', `CASE WHEN x = 0 THEN ${raise('divisionByZero', {})} ELSE x END`],
  // FLATTEN: one entry for each element; https://docs.snowflake.com/en/sql-reference/functions/flatten
  [
    'flatten_array(x, p)',
    `list_transform(CASE WHEN json_type(x) = 'ARRAY' THEN json_extract(x, '$[*]') ELSE [] END,
      lambda v, n: struct_pack(k := CAST(NULL AS VARCHAR), p := p || '[' || CAST(n - 1 AS VARCHAR) || ']', n := CAST(n - 1 AS DECIMAL(38,0)), v := v))`,
  ],
  [
    'flatten_object(x, p)',
    `list_transform(CASE WHEN json_type(x) = 'OBJECT' THEN json_keys(x) ELSE [] END,
      lambda k: struct_pack(k := k, p := sf.child_path(p, k), n := CAST(NULL AS DECIMAL(38,0)), v := json_extract(x, '$."' || replace(k, '"', '\\"') || '"')))`,
  ],
  [
    'flatten_recursive(x, p, m)',
    `CAST(sf_flatten_recursive(CAST(x AS VARCHAR), p, m) AS STRUCT(k VARCHAR, p VARCHAR, n DECIMAL(38,0), v JSON)[])`,
  ],
  [
    'child_path(p, k)',
    String.raw`CASE WHEN regexp_full_match(k, '[A-Za-z_][A-Za-z0-9_$]*') THEN p || CASE WHEN p = '' THEN '' ELSE '.' END || k ELSE p || '[''' || k || ''']' END`,
  ],
];

/** Defines the macros; `ATTACH` is for the whole instance, so once is enough. */
export async function defineMacros(connection: DuckDBConnection): Promise<void> {
  await connection.run(`ATTACH ':memory:' AS sf`);
  // A macro may name another one, which must be there first.
  let waiting = macros;
  while (waiting.length > 0) {
    const names = new Set(waiting.map(([signature]) => signature.slice(0, signature.indexOf('('))));
    const ready = waiting.filter(([, body]) => ![...body.matchAll(/\bsf\.(\w+)\(/gu)].some((match) => names.has(match[1] ?? '')));
    await connection.run(ready.map(([signature, body]) => `CREATE MACRO sf.${signature} AS ${body};`).join('\n'));
    if (ready.length === 0) throw new Error('macros that need one another');
    waiting = waiting.filter((macro) => !ready.includes(macro));
  }
}
