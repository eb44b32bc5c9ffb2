import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { type SnowflakeType, type TypeKind, types } from '../../sql/types.ts';
import type { Bound } from '../bind/bound.ts';
import { numberOperand } from '../bind/bind-operator.ts';
import type { CallSite } from './call-site.ts';

/**
 * What a parameter takes. `number` keeps precision and scale; `integer` is DuckDB's BIGINT in the SQL; `datetime` keeps
 * the kind of date or time; `json` is any semi-structured value; `same` is the common type of all `same` arguments.
 */
export type ParameterKind =
  | 'text'
  | 'number'
  | 'integer'
  | 'float'
  | 'boolean'
  | 'date'
  | 'time'
  | 'timestamp'
  | 'datetime'
  | 'binary'
  | 'variant'
  | 'json'
  | 'array'
  | 'object'
  | 'any'
  | 'same';

export interface Parameter {
  readonly kind: ParameterKind;
  readonly optional: boolean;
  readonly variadic: boolean;
}

const scalars: readonly TypeKind[] = [
  'NUMBER',
  'FLOAT',
  'BOOLEAN',
  'DATE',
  'TIME',
  'TIMESTAMP_NTZ',
  'TIMESTAMP_LTZ',
  'TIMESTAMP_TZ',
  'VARIANT',
];
const moments: readonly TypeKind[] = ['DATE', 'TIME', 'TIMESTAMP_NTZ', 'TIMESTAMP_LTZ', 'TIMESTAMP_TZ'];
const everything: readonly TypeKind[] = [...scalars, 'VARCHAR', 'BINARY', 'OBJECT', 'ARRAY'];

/** Structured values and vectors are taken where the type does not matter. */
const anything: readonly TypeKind[] = [...everything, 'STRUCTURED_ARRAY', 'STRUCTURED_OBJECT', 'MAP', 'VECTOR'];

interface Acceptance {
  readonly exact: readonly TypeKind[];
  readonly implicit: readonly TypeKind[];
}

const accepted: Readonly<Record<ParameterKind, Acceptance>> = {
  text: { exact: ['VARCHAR'], implicit: scalars },
  number: { exact: ['NUMBER'], implicit: ['VARCHAR', 'VARIANT', 'FLOAT'] },
  integer: { exact: ['NUMBER'], implicit: ['FLOAT', 'VARCHAR', 'VARIANT'] },
  float: { exact: ['FLOAT'], implicit: ['NUMBER', 'VARCHAR', 'VARIANT', 'BOOLEAN'] },
  boolean: { exact: ['BOOLEAN'], implicit: ['NUMBER', 'FLOAT', 'VARCHAR', 'VARIANT'] },
  date: { exact: ['DATE'], implicit: ['TIMESTAMP_NTZ', 'TIMESTAMP_LTZ', 'TIMESTAMP_TZ', 'VARCHAR', 'VARIANT'] },
  time: { exact: ['TIME'], implicit: ['TIMESTAMP_NTZ', 'TIMESTAMP_LTZ', 'TIMESTAMP_TZ', 'VARCHAR', 'VARIANT'] },
  timestamp: { exact: ['TIMESTAMP_NTZ'], implicit: ['DATE', 'TIMESTAMP_LTZ', 'TIMESTAMP_TZ', 'VARCHAR', 'VARIANT'] },
  datetime: { exact: moments, implicit: ['VARCHAR', 'VARIANT'] },
  binary: { exact: ['BINARY'], implicit: ['VARCHAR'] },
  variant: { exact: ['VARIANT'], implicit: everything },
  json: { exact: ['VARIANT', 'OBJECT', 'ARRAY'], implicit: everything },
  array: { exact: ['ARRAY'], implicit: ['VARIANT'] },
  object: { exact: ['OBJECT'], implicit: ['VARIANT'] },
  any: { exact: anything, implicit: anything },
  same: { exact: anything, implicit: anything },
};

/** Reads `'text integer? any...'`. */
export function parameters(signature: string): Parameter[] {
  return signature
    .split(' ')
    .filter((word) => word !== '')
    .map((word) => {
      const kind = word.replace(/[?.]+$/u, '');
      if (!Object.hasOwn(accepted, kind)) throw new Error(`no parameter kind ${kind}`);
      return { kind: kind as ParameterKind, optional: word.endsWith('?') || word.endsWith('...'), variadic: word.endsWith('...') };
    });
}

export function suits(arg: Bound, kind: ParameterKind, how: 'exact' | 'implicit'): boolean {
  if (arg.untyped === true) return true;
  return accepted[kind].exact.includes(arg.type.kind) || (how === 'implicit' && accepted[kind].implicit.includes(arg.type.kind));
}

const fixedTypes: Readonly<Partial<Record<ParameterKind, SnowflakeType>>> = {
  text: types.varchar(),
  float: types.float,
  boolean: types.boolean,
  date: types.date,
  time: types.time(),
  timestamp: types.timestampNtz(),
  binary: types.binary(),
  variant: types.variant,
  array: types.array,
  object: types.object,
};

/** The argument in the parameter's type. */
export function supply(arg: Bound, kind: ParameterKind, call: CallSite): Bound {
  switch (kind) {
    case 'any':
    case 'same':
      return arg;
    case 'number':
      return arg.type.kind === 'FLOAT' ? call.cast(arg, types.number(38, 12)) : numberOperand(arg, call.name, call.context);
    case 'integer': {
      const cell = arg.constant?.cell;
      if (typeof cell === 'string' && /^-?\d{1,18}$/u.test(cell)) return { ...arg, sql: `CAST(${cell} AS BIGINT)` };
      const number = arg.type.kind === 'NUMBER' ? arg : call.cast(arg, types.number(38, 0));
      return { ...number, sql: `CAST(${number.sql} AS BIGINT)` };
    }
    case 'datetime':
      return accepted.datetime.exact.includes(arg.type.kind) ? arg : call.cast(arg, types.timestampNtz());
    case 'json':
      return accepted.json.exact.includes(arg.type.kind) ? arg : call.cast(arg, types.variant);
    default: {
      const type = fixedTypes[kind];
      if (type === undefined) throw SnowflakeError.of('internal', { message: `no type for parameter kind ${kind}` });
      // Text keeps its length, which functions carry on into their results.
      if (arg.type.kind === type.kind) return arg;
      const converted = call.cast(arg, type);
      return converted.type.kind === 'VARCHAR' ? { ...converted, type: textLength(arg) } : converted;
    }
  }
}

function textLength(arg: Bound): SnowflakeType {
  return arg.type.kind === 'NUMBER' ? types.varchar(arg.type.precision + 2) : types.varchar();
}
