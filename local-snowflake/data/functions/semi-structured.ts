import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { type SnowflakeType, types } from '../../sql/types.ts';
import { element } from '../bind/bind-path.ts';
import { type Bound, bound } from '../bind/bound.ts';
import { stringBound } from '../bind/literal-bound.ts';
import { variantOf } from '../bind/cast-semi-structured.ts';
import { duckString } from '../duckdb/text.ts';
import type { CallSite } from './call-site.ts';
import { arrayConstruct, objectConstruct } from './construct.ts';
import { type FunctionDefinition, scalar, special, takes } from './function-definition.ts';
import { lambdaFunctions } from './lambdas.ts';
import { overStructuredArrays } from './structured-array.ts';
import { overStructuredObjects } from './structured-object.ts';
import { intoStructured } from './structured-path.ts';

const { variant, array, object, boolean } = types;
const count = types.number(9, 0);

/** A native function over JSON text; `json` results are JSON text again. */
function json(name: string): (args: readonly string[]) => string {
  return (args) => `CAST(${name}(${args.map((arg) => `CAST(${arg} AS VARCHAR)`).join(', ')}) AS JSON)`;
}

function pairs(call: CallSite): (readonly [Bound, Bound])[] {
  if (call.args.length % 2 !== 0) throw call.countError('an even number');
  return Array.from({ length: call.args.length / 2 }, (_, index) => [call.arg(2 * index), call.arg(2 * index + 1)] as const);
}

/** IS_… of a VARIANT, by the JSON types that DuckDB knows. */
function kindTest(name: string, kinds: readonly string[]): FunctionDefinition {
  return scalar(
    name,
    name.toLowerCase(),
    takes('json', boolean, ([x = '']) => `(json_type(${x}) IN (${kinds.map(duckString).join(', ')}))`),
  );
}

/** AS_…: the value when it is of the type, else NULL. */
function strictCast(names: string, type: SnowflakeType, kinds: readonly string[]): FunctionDefinition {
  return special(names, 'as_array', 'scalar', (call) => {
    const value = call.cast(call.arg(0), variant);
    const converted = call.cast(value, type, 'explicit');
    return bound(
      converted.type,
      `CASE WHEN json_type(${value.sql}) IN (${kinds.map(duckString).join(', ')}) THEN ${converted.sql} END`,
    );
  });
}

/** `AS_NUMBER(variant [, precision [, scale]])`: fixed-point values, rounded to the scale. https://docs.snowflake.com/en/sql-reference/functions/as_decimal-number */
function fixedPoint(call: CallSite, most: number): Bound {
  if (call.args.length > most) throw call.countError(String(most));
  const value = call.cast(call.arg(0), variant);
  const [precision = '38', scale = '0'] = call.args.slice(1).map((_, index) => call.constant(index + 1));
  const number = call.cast(value, types.number(Number(precision), Number(scale)), 'explicit');
  return bound(number.type, `CASE WHEN sf.type_of(${value.sql}) IN ('INTEGER', 'DECIMAL') THEN ${number.sql} END`);
}

/** PARSE_JSON's second argument: `d` allows equal keys. https://docs.snowflake.com/en/sql-reference/functions/parse_json */
function strictKeys(call: CallSite): string {
  const mode = call.args.length > 1 ? call.constant(1).toLowerCase() : 's';
  if (mode !== 'd' && mode !== 's') throw SnowflakeError.of('invalidArgument', { name: call.name, value: mode, reason: 'd or s' });
  return String(mode === 's');
}

const numberKinds = ['UBIGINT', 'BIGINT', 'DOUBLE', 'HUGEINT', 'UHUGEINT'];
const integerKinds = ['UBIGINT', 'BIGINT', 'HUGEINT', 'UHUGEINT'];

// https://docs.snowflake.com/en/sql-reference/functions-semistructured
const definitions: readonly FunctionDefinition[] = [
  scalar(
    'PARSE_JSON',
    'parse_json',
    takes('text text?', variant, ([x = ''], call) => `CAST(sf_parse_json(${x}, ${strictKeys(call)}) AS JSON)`, 'always'),
  ),
  scalar(
    'TRY_PARSE_JSON',
    'try_parse_json',
    takes('text text?', variant, ([x = ''], call) => `CAST(sf_try_json(${x}, ${strictKeys(call)}) AS JSON)`, 'always'),
  ),
  scalar(
    'CHECK_JSON',
    'check_json',
    takes('text', types.varchar(), ([x = '']) => `sf_check_json(${x})`, 'always'),
  ),
  special('ARRAY_CONSTRUCT', 'array_construct', 'scalar', (call) => arrayConstruct(call.args)),
  special('ARRAY_CONSTRUCT_COMPACT', 'array_construct_compact', 'scalar', (call) =>
    bound(array, json('sf_array_compact')([arrayConstruct(call.args).sql]), false),
  ),
  special('OBJECT_CONSTRUCT', 'object_construct', 'scalar', (call) => objectConstruct(pairs(call), false)),
  special('OBJECT_CONSTRUCT_KEEP_NULL', 'object_construct_keep_null', 'scalar', (call) => objectConstruct(pairs(call), true)),
  special('ARRAY_REPEAT', 'array_repeat', 'scalar', (call) => {
    if (call.args.length !== 2) throw call.countError('2');
    const [element, times] = [call.arg(0), call.cast(call.arg(1), types.number(38, 0))];
    const one = `json_extract(${arrayConstruct([element]).sql}, '$[0]')`;
    return bound(
      array,
      `CASE WHEN ${times.sql} IS NOT NULL THEN to_json(list_transform(range(greatest(CAST(${times.sql} AS BIGINT), 0)), lambda sf_n: ${one})) END`,
      times.nullable,
    );
  }),
  special('PROMPT', 'prompt', 'scalar', (call) => {
    const [template, ...values] = call.args;
    if (template === undefined || values.length === 0) throw call.countError('2');
    const missing = [...call.constant(0).matchAll(/\{(\d+)\}/gu)].find(([, index]) => Number(index) >= values.length);
    if (missing !== undefined)
      throw SnowflakeError.of('invalidArgument', {
        name: 'PROMPT',
        value: missing[0],
        reason: 'no expression for this placeholder',
      });
    return objectConstruct(
      [
        [stringBound('template'), template],
        [stringBound('args'), arrayConstruct(values)],
      ],
      false,
    );
  }),
  scalar(
    'OBJECT_KEYS',
    'object_keys',
    takes('json', array, ([x = '']) => `to_json(json_keys(${x}))`),
  ),
  special('OBJECT_INSERT', 'object_insert', 'scalar', (call) => {
    const update = call.args.length > 3 ? call.arg(3).sql : 'false';
    const value = call.arg(2);
    const shown = value.untyped === true ? 'CAST(NULL AS VARCHAR)' : `CAST(${variantOf(value)} AS VARCHAR)`;
    const key = call.cast(call.arg(1), types.varchar()).sql;
    return bound(
      object,
      `CAST(sf_object_insert(CAST(${call.cast(call.arg(0), object).sql} AS VARCHAR), ${key}, ${shown}, ${update}) AS JSON)`,
    );
  }),
  scalar(
    'OBJECT_DELETE',
    'object_delete',
    takes(
      'object text text...',
      object,
      ([x = '', ...keys]) => `CAST(sf_object_delete(CAST(${x} AS VARCHAR), [${keys.join(', ')}]) AS JSON)`,
    ),
  ),
  scalar(
    'OBJECT_PICK',
    'object_pick',
    takes(
      'object text text...',
      object,
      ([x = '', ...keys]) => `CAST(sf_object_pick(CAST(${x} AS VARCHAR), [${keys.join(', ')}]) AS JSON)`,
    ),
  ),
  special('GET', 'get', 'scalar', (call) => {
    const value = call.arg(0);
    return element(value.type.kind === 'VARCHAR' ? call.cast(value, variant) : value, call.arg(1), call.context);
  }),
  scalar('GET_IGNORE_CASE', 'get_ignore_case', takes('json text', variant, json('sf_get_ignore_case'), 'always')),
  scalar(
    'GET_PATH',
    'get_path',
    takes('json text', variant, ([x = '', path = '']) => `CAST(sf_get_path(CAST(${x} AS VARCHAR), ${path}) AS JSON)`, 'always'),
  ),
  scalar(
    'JSON_EXTRACT_PATH_TEXT',
    'json_extract_path_text',
    takes(
      'text text',
      types.varchar(),
      ([x = '', path = '']) => `sf.variant_text(CAST(sf_get_path(${x}, ${path}) AS JSON))`,
      'always',
    ),
  ),
  scalar(
    'STRIP_NULL_VALUE',
    'strip_null_value',
    takes('json', variant, ([x = '']) => `CASE WHEN json_type(${x}) = 'NULL' THEN NULL ELSE ${x} END`, 'always'),
  ),
  scalar(
    'TYPEOF',
    'typeof',
    takes('json', types.varchar(), ([x = '']) => `sf.type_of(${x})`),
  ),
  scalar(
    'ARRAY_SIZE',
    'array_size',
    takes(
      'json',
      count,
      ([x = '']) => `CASE WHEN json_type(${x}) = 'ARRAY' THEN CAST(json_array_length(${x}) AS DECIMAL(9,0)) END`,
      'always',
    ),
  ),
  scalar(
    'ARRAY_CONTAINS',
    'array_contains',
    takes(
      'variant array',
      boolean,
      ([x = '', list = '']) =>
        `list_contains(CAST(json_extract(sf.equal_json(${list}), '$[*]') AS VARCHAR[]), CAST(sf.equal_json(${x}) AS VARCHAR))`,
    ),
  ),
  scalar(
    'ARRAY_POSITION',
    'array_position',
    takes(
      'variant array',
      count,
      ([x = '', list = '']) =>
        `CAST(nullif(list_position(CAST(json_extract(sf.equal_json(${list}), '$[*]') AS VARCHAR[]), CAST(sf.equal_json(${x}) AS VARCHAR)), 0) - 1 AS DECIMAL(9,0))`,
      'always',
    ),
  ),
  scalar(
    'ARRAYS_ZIP',
    'arrays_zip',
    takes('array array...', array, (arrays) => {
      const missing = arrays.map((each) => `${each} IS NULL`).join(' OR ');
      return `CASE WHEN ${missing} THEN NULL ELSE CAST(sf_arrays_zip([${arrays.map((each) => `CAST(${each} AS VARCHAR)`).join(', ')}]) AS JSON) END`;
    }),
  ),
  scalar('ARRAYS_TO_OBJECT', 'arrays_to_object', takes('array array', object, json('sf_arrays_to_object'))),
  scalar('ARRAY_APPEND', 'array_append', takes('array variant', array, json('sf_array_append'))),
  scalar('ARRAY_PREPEND', 'array_prepend', takes('array variant', array, json('sf_array_prepend'))),
  scalar('ARRAY_CAT', 'array_cat', takes('array array', array, json('sf_array_cat'))),
  scalar('ARRAY_COMPACT', 'array_compact', takes('array', array, json('sf_array_compact'))),
  scalar('ARRAY_DISTINCT', 'array_distinct', takes('array', array, json('sf_array_distinct'))),
  scalar('ARRAY_EXCEPT', 'array_except', takes('array array', array, json('sf_array_except'))),
  scalar('ARRAY_INTERSECTION', 'array_intersection', takes('array array', array, json('sf_array_intersection'))),
  scalar(
    'ARRAYS_OVERLAP',
    'arrays_overlap',
    takes(
      'array array',
      boolean,
      ([a = '', b = '']) =>
        `list_has_any(CAST(json_extract(sf.equal_json(${a}), '$[*]') AS VARCHAR[]), CAST(json_extract(sf.equal_json(${b}), '$[*]') AS VARCHAR[]))`,
    ),
  ),
  scalar('ARRAY_INSERT', 'array_insert', takes('array integer variant', array, json('sf_array_insert'))),
  scalar('ARRAY_REMOVE', 'array_remove', takes('array variant', array, json('sf_array_remove'))),
  scalar('ARRAY_REMOVE_AT', 'array_remove_at', takes('array integer', array, json('sf_array_remove_at'))),
  scalar('ARRAY_REVERSE', 'array_reverse', takes('array', array, json('sf_array_reverse'))),
  scalar('ARRAY_SLICE', 'array_slice', takes('array integer integer', array, json('sf_array_slice'))),
  scalar(
    'ARRAY_SORT',
    'array_sort',
    takes('array boolean? boolean?', array, ([x = '', ascending = 'true', nullsFirst]) =>
      json('sf_array_sort')([x, ascending, nullsFirst ?? `NOT ${ascending}`]),
    ),
  ),
  scalar('ARRAY_MAX', 'array_max', takes('array', variant, json('sf_array_max'), 'always')),
  scalar('ARRAY_MIN', 'array_min', takes('array', variant, json('sf_array_min'), 'always')),
  scalar('ARRAY_FLATTEN', 'array_flatten', takes('array', array, json('sf_array_flatten'))),
  scalar(
    'ARRAY_TO_STRING',
    'array_to_string',
    takes('array text', types.varchar(), ([x = '', by = '']) => `sf_array_to_string(CAST(${x} AS VARCHAR), ${by})`),
  ),
  scalar(
    'ARRAY_GENERATE_RANGE',
    'array_generate_range',
    takes('integer integer integer?', array, ([from = '', to = '', step = '1']) => `to_json(range(${from}, ${to}, ${step}))`),
  ),
  ...lambdaFunctions,
  kindTest('IS_ARRAY', ['ARRAY']),
  kindTest('IS_OBJECT', ['OBJECT']),
  kindTest('IS_BOOLEAN', ['BOOLEAN']),
  scalar(
    'IS_CHAR IS_VARCHAR',
    'is_char-varchar',
    takes('json', boolean, ([x = '']) => `(sf.type_of(${x}) = 'VARCHAR')`),
  ),
  scalar(
    'IS_DECIMAL',
    'is_decimal',
    takes('json', boolean, ([x = '']) => `(sf.type_of(${x}) IN ('INTEGER', 'DECIMAL'))`),
  ),
  kindTest('IS_DOUBLE', numberKinds),
  kindTest('IS_REAL', numberKinds),
  kindTest('IS_INTEGER', integerKinds),
  strictCast('AS_ARRAY', array, ['ARRAY']),
  strictCast('AS_OBJECT', object, ['OBJECT']),
  strictCast('AS_BOOLEAN', boolean, ['BOOLEAN']),
  special('AS_CHAR AS_VARCHAR', 'as_char-varchar', 'scalar', (call) => {
    const value = call.cast(call.arg(0), variant);
    return bound(types.varchar(), `CASE WHEN sf.type_of(${value.sql}) = 'VARCHAR' THEN sf.variant_text(${value.sql}) END`);
  }),
  special('AS_INTEGER', 'as_integer', 'scalar', (call) => fixedPoint(call, 1)),
  special('AS_DECIMAL AS_NUMBER', 'as_decimal-number', 'scalar', (call) => fixedPoint(call, 3)),
  strictCast('AS_DOUBLE AS_REAL', types.float, numberKinds),
];

export const semiStructuredFunctions: readonly FunctionDefinition[] = definitions
  .map(overStructuredArrays)
  .map(overStructuredObjects)
  .map(intoStructured);
