import type { SnowflakeType } from '../../sql/types.ts';
import { types } from '../../sql/types.ts';
import { type Bound, bound } from '../bind/bound.ts';
import { commonType } from '../types/common-type.ts';
import type { CallSite } from './call-site.ts';
import { type ParameterKind, type Parameter, parameters, suits, supply } from './parameter.ts';

/** `scalar` functions work row by row; the others over groups or windows. */
export type FunctionKind = 'scalar' | 'aggregate' | 'window';

export interface FunctionDefinition {
  readonly names: readonly string[];
  readonly kind: FunctionKind;
  /** Page under https://docs.snowflake.com/en/sql-reference/functions/ */
  readonly page: string;
  /** Positions (from 0) of arguments where a bare word is a date part: `DATEADD(day, …)`. */
  readonly parts?: readonly number[];
  /** Names under which arguments may be given, in the order of their positions: `STR => …`. */
  readonly argumentNames?: readonly string[];
  bind(call: CallSite): Bound;
}

export interface Overload {
  readonly parameters: readonly Parameter[];
  readonly returns: SnowflakeType | ((args: readonly Bound[], call: CallSite) => SnowflakeType);
  /** `args` are DuckDB SQL of the arguments, converted to the parameters' types. */
  readonly sql: (args: readonly string[], call: CallSite, bounds: readonly Bound[]) => string;
  /** `always`: may be NULL without a NULL argument. Default: only then. */
  readonly nullable?: 'always' | 'never';
}

/** An overload: `takes('text integer?', types.varchar(), ([x, n]) => …)`. */
export function takes(
  signature: string,
  returns: Overload['returns'],
  sql: Overload['sql'],
  nullable?: Overload['nullable'],
): Overload {
  return { parameters: parameters(signature), returns, sql, ...(nullable === undefined ? {} : { nullable }) };
}

/** A row-by-row function from its overloads, tried in order: first those that fit as they are, then with implicit casts. */
export function scalar(names: string, page: string, ...overloads: readonly Overload[]): FunctionDefinition {
  return { names: names.split(' '), kind: 'scalar', page, bind: (call) => chooseOverload(call, overloads) };
}

export function aggregate(names: string, page: string, ...overloads: readonly Overload[]): FunctionDefinition {
  return { names: names.split(' '), kind: 'aggregate', page, bind: (call) => chooseOverload(call, overloads) };
}

/** The same function, with date parts at `positions`. */
export function withParts(definition: FunctionDefinition, ...positions: readonly number[]): FunctionDefinition {
  return { ...definition, parts: positions };
}

/** A function whose binding is code of its own. */
export function special(names: string, page: string, kind: FunctionKind, bind: (call: CallSite) => Bound): FunctionDefinition {
  return { names: names.split(' '), kind, page, bind };
}

export function chooseOverload(call: CallSite, overloads: readonly Overload[]): Bound {
  const counted = overloads.filter((overload) => countFits(overload.parameters, call.args.length));
  if (counted.length === 0) throw call.countError(countText(overloads, call.args.length));
  const chosen =
    counted.find((overload) => fits(overload, call, 'exact')) ?? counted.find((overload) => fits(overload, call, 'implicit'));
  if (chosen === undefined) throw call.typesError();
  const bounds = supplyAll(chosen, call);
  const type = typeof chosen.returns === 'function' ? chosen.returns(bounds, call) : chosen.returns;
  const sql = chosen.sql(
    bounds.map((item) => item.sql),
    call,
    bounds,
  );
  const nullable = chosen.nullable === 'always' || (chosen.nullable !== 'never' && bounds.some((item) => item.nullable));
  return bound(type, sql, nullable);
}

function parameterAt(list: readonly Parameter[], index: number): Parameter | undefined {
  const last = list.at(-1);
  return list[index] ?? (last?.variadic === true ? last : undefined);
}

function countFits(list: readonly Parameter[], count: number): boolean {
  const required = list.filter((parameter) => !parameter.optional).length;
  return count >= required && (list.at(-1)?.variadic === true || count <= list.length);
}

/** What the call would have needed at least, or at most. */
function countText(overloads: readonly Overload[], got: number): string {
  const least = Math.min(...overloads.map((overload) => overload.parameters.filter((parameter) => !parameter.optional).length));
  return String(got < least ? least : Math.max(...overloads.map((overload) => overload.parameters.length)));
}

function fits(overload: Overload, call: CallSite, how: 'exact' | 'implicit'): boolean {
  return call.args.every((arg, index) => {
    const parameter = parameterAt(overload.parameters, index);
    return parameter !== undefined && suits(arg, parameter.kind, how);
  });
}

function supplyAll(overload: Overload, call: CallSite): Bound[] {
  const kinds = call.args.map((_, index): ParameterKind => parameterAt(overload.parameters, index)?.kind ?? 'any');
  const shared = sharedType(call, kinds);
  return call.args.map((arg, index) => {
    const kind = kinds[index] ?? 'any';
    return kind === 'same' ? call.cast(arg, shared) : supply(arg, kind, call);
  });
}

/** The common type of all arguments for parameters of kind `same`. */
function sharedType(call: CallSite, kinds: readonly ParameterKind[]): SnowflakeType {
  const same = call.args.filter((arg, index) => kinds[index] === 'same' && arg.untyped !== true);
  const [first, ...rest] = same;
  if (first === undefined) return types.varchar();
  return rest.reduce((common, arg) => {
    const next = commonType(common, arg.type);
    if (next === undefined) throw call.typesError();
    return next;
  }, first.type);
}
