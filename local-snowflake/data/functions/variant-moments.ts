import { type SnowflakeType, types } from '../../sql/types.ts';
import { bound } from '../bind/bound.ts';
import { type TaggedKind, variantTags } from '../types/variant-tags.ts';
import type { CallSite } from './call-site.ts';
import { type FunctionDefinition, special } from './function-definition.ts';

/** SQL that is true for a VARIANT that holds a value of the type; NULL stays NULL. */
function holds(call: CallSite, kind: TaggedKind): { readonly value: string; readonly test: string } {
  if (call.args.length !== 1) throw call.countError('1');
  const value = call.cast(call.arg(0), types.variant).sql;
  return { value, test: `starts_with(${value} ->> '$', '${variantTags[kind]}')` };
}

/** IS_… and AS_… of a type that JSON does not have. */
function ofType(kind: TaggedKind, page: string, type: SnowflakeType, alias = ''): FunctionDefinition[] {
  return [
    special(`IS_${kind}${alias}`, `is_${page}`, 'scalar', (call) => call.result(types.boolean, holds(call, kind).test)),
    special(`AS_${kind}`, `as_${page}`, 'scalar', (call) => {
      const { value, test } = holds(call, kind);
      const converted = call.cast(bound(types.variant, value), type, 'explicit');
      return bound(converted.type, `CASE WHEN ${test} THEN ${converted.sql} END`);
    }),
  ];
}

/** https://docs.snowflake.com/en/sql-reference/functions/is_date-value */
export const variantMomentFunctions: readonly FunctionDefinition[] = [
  ...ofType('DATE', 'date-value', types.date, ' IS_DATE_VALUE'),
  ...ofType('TIME', 'time', types.time()),
  ...ofType('TIMESTAMP_NTZ', 'timestamp', types.timestampNtz()),
  ...ofType('TIMESTAMP_LTZ', 'timestamp', types.timestampLtz()),
  ...ofType('TIMESTAMP_TZ', 'timestamp', types.timestampTz()),
  ...ofType('BINARY', 'binary', types.binary()),
];
