import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { type ObjectName, parseName } from '../../sql/identifier.ts';
import type { NameReference } from '../syntax/tree.ts';
import { bindExpression } from './bind-expression.ts';
import { constantText } from './bound.ts';
import type { ExpressionContext } from './expression-context.ts';

/** A name written out, or read from a constant: `IDENTIFIER(?)`, `TABLE($v)`. */
export function resolveName(name: NameReference, context: ExpressionContext): ObjectName {
  if (name.kind === 'name') return name.parts.map((part) => part.name);
  if (name.value.kind === 'column') return name.value.parts.map((part) => part.name);
  const text = constantText(bindExpression(name.value, context));
  if (text === undefined) throw SnowflakeError.of('unsupported', { feature: 'IDENTIFIER of something else than a constant' });
  return parseName(text);
}
