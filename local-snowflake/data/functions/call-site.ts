import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { renderType, type SnowflakeType } from '../../sql/types.ts';
import { type Bound, bound } from '../bind/bound.ts';
import { type CastMode, castTo } from '../bind/cast.ts';
import type { ExpressionContext } from '../bind/expression-context.ts';
import type { StatementFacts } from '../ports.ts';
import type { Call } from '../syntax/tree.ts';

/** A built-in function's call, arguments bound: what a function's definition sees. */
export class CallSite {
  readonly name: string;
  readonly args: readonly Bound[];
  readonly call: Call;
  readonly context: ExpressionContext;
  /** DuckDB SQL of the OVER clause with its default frame; undefined without a window. */
  readonly over: string | undefined;
  /** DuckDB ORDER BY list of WITHIN GROUP, or ''. */
  readonly order: string;

  constructor(
    name: string,
    args: readonly Bound[],
    call: Call,
    context: ExpressionContext,
    over: string | undefined,
    order: string,
  ) {
    this.name = name;
    this.args = args;
    this.call = call;
    this.context = context;
    this.over = over;
    this.order = order;
  }

  get facts(): StatementFacts {
    return this.context.bind.ports.facts;
  }

  arg(index: number): Bound {
    const arg = this.args[index];
    if (arg === undefined) throw this.countError(`at least ${String(index + 1)}`);
    return arg;
  }

  cast(value: Bound, type: SnowflakeType, mode: CastMode = 'implicit'): Bound {
    return castTo(value, type, mode, this.facts);
  }

  /** Text of an argument that must be constant. */
  constant(index: number): string {
    const value = this.arg(index).constant?.cell;
    if (typeof value === 'string') return value;
    throw SnowflakeError.of('notConstant', { name: this.name, argument: String(index + 1) });
  }

  /** A result that is NULL only when an argument is. */
  result(type: SnowflakeType, sql: string): Bound {
    return bound(
      type,
      sql,
      this.args.some((arg) => arg.nullable),
    );
  }

  /** A DuckDB aggregate or window function's call with this call's DISTINCT, order and window. */
  aggregate(fn: string, args: readonly string[], order: string = this.order): string {
    const distinct = this.call.distinct ? 'DISTINCT ' : '';
    const nulls = this.call.nulls === 'IGNORE' ? ' IGNORE NULLS' : '';
    const ordered = order === '' ? '' : ` ORDER BY ${order}`;
    const over = this.over === undefined ? '' : ` OVER (${this.over})`;
    return `${fn}(${distinct}${args.join(', ')}${ordered}${nulls})${over}`;
  }

  typesError(): SnowflakeError {
    return SnowflakeError.of('invalidArgumentTypes', {
      name: this.name,
      types: this.args.map((arg) => renderType(arg.type)).join(', '),
    });
  }

  countError(expected: string): SnowflakeError {
    const got = this.args.length;
    return SnowflakeError.of(got > Number(expected) ? 'tooManyArguments' : 'argumentCount', { name: this.name, expected, got });
  }
}
