import { SnowflakeError } from '../../errors/snowflake-error.ts';
import type { Argument } from '../syntax/tree.ts';
import { bindExpression } from './bind-expression.ts';
import type { Bound } from './bound.ts';
import type { ExpressionContext } from './expression-context.ts';

/** An argument of a table function, by its name or its position from 0. */
export function argument(args: readonly Argument[], name: string, position: number, context: ExpressionContext): Bound | undefined {
  const found = args.find((item) => item.name === name) ?? (args[position]?.name === undefined ? args[position] : undefined);
  if (found === undefined) return undefined;
  if (found.value.kind === 'star') throw SnowflakeError.of('unsupported', { feature: '* as an argument of a table function' });
  return bindExpression(found.value, context);
}
