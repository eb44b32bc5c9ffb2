import { type SnowflakeType, types } from '../../sql/types.ts';
import { bound } from '../bind/bound.ts';
import { duckString } from '../duckdb/text.ts';
import type { CallSite } from './call-site.ts';
import { type FunctionDefinition, special } from './function-definition.ts';

const day = String.raw`\d{4}-\d{2}-\d{2}`;
const clock = String.raw`\d{2}:\d{2}:\d{2}(\.\d+)?`;
const offset = String.raw`( ?[+-]\d{2}:?\d{2}|Z)`;

/** SQL that is true for text in the form that a value of the type has inside a VARIANT; NULL stays NULL. */
function looksLike(call: CallSite, form: string): { readonly value: string; readonly test: string } {
  const value = call.cast(call.arg(0), types.variant).sql;
  return { value, test: `(json_type(${value}) = 'VARCHAR' AND regexp_full_match(${value} ->> '$', ${duckString(form)}))` };
}

/** IS_… and AS_… of a type that JSON does not have: the value is text there, and known by its form. */
function moment(suffix: string, page: string, type: SnowflakeType, form: string, alias = ''): FunctionDefinition[] {
  return [
    special(`IS_${suffix}${alias}`, `is_${page}`, 'scalar', (call) => {
      if (call.args.length !== 1) throw call.countError('1');
      return call.result(types.boolean, looksLike(call, form).test);
    }),
    special(`AS_${suffix}`, `as_${page}`, 'scalar', (call) => {
      if (call.args.length !== 1) throw call.countError('1');
      const { value, test } = looksLike(call, form);
      const converted = call.cast(bound(types.variant, value), type, 'explicit');
      return bound(converted.type, `CASE WHEN ${test} THEN ${converted.sql} END`);
    }),
  ];
}

/** https://docs.snowflake.com/en/sql-reference/functions/is_date-value */
export const variantMomentFunctions: readonly FunctionDefinition[] = [
  ...moment('DATE', 'date-value', types.date, day, ' IS_DATE_VALUE'),
  ...moment('TIME', 'time', types.time(), clock),
  ...moment('TIMESTAMP_NTZ', 'timestamp', types.timestampNtz(), `${day}[ T]${clock}`),
  ...moment('TIMESTAMP_LTZ', 'timestamp', types.timestampLtz(), `${day}[ T]${clock}${offset}`),
  ...moment('TIMESTAMP_TZ', 'timestamp', types.timestampTz(), `${day}[ T]${clock}${offset}`),
];
