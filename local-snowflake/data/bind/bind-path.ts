import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { types } from '../../sql/types.ts';
import { duckString } from '../duckdb/text.ts';
import type { Expression } from '../syntax/tree.ts';
import { isSemiStructured } from '../types/common-type.ts';
import { isStructured } from '../types/structured-rules.ts';
import { bindExpression } from './bind-expression.ts';
import { type Bound, bound } from './bound.ts';
import { castTo } from './cast.ts';
import type { ExpressionContext } from './expression-context.ts';
import { stringBound } from './literal-bound.ts';
import { structuredElement } from './structured-element.ts';

type Path = Extract<Expression, { kind: 'path' }>;

/** `src:a.b[0]`, `src['a']`, `src[i]`. https://docs.snowflake.com/en/user-guide/querying-semistructured */
export function bindPath(expression: Path, context: ExpressionContext): Bound {
  const [first] = expression.steps;
  const column = columnOf(expression.of, context);
  if (column?.path !== undefined && first !== undefined && 'key' in first) {
    const direct = column.path(first.key);
    if (direct !== undefined) return steps(direct, expression.steps.slice(1), context);
  }
  const of = column === undefined ? bindExpression(expression.of, context) : column.bound();
  if (!isSemiStructured(of.type) && !isStructured(of.type)) {
    throw SnowflakeError.of('invalidArgumentTypes', { name: 'GET', types: `${of.type.kind}, VARCHAR` });
  }
  if (of.field !== undefined && first !== undefined && 'key' in first)
    return steps(of.field(first.key), expression.steps.slice(1), context);
  return steps(of, expression.steps, context);
}

function columnOf(of: Expression, context: ExpressionContext): ReturnType<ExpressionContext['scope']['find']> {
  if (of.kind === 'column') return context.scope.find(of.parts);
  return of.kind === 'ordinal' ? context.scope.ordinal(of.relation, of.index) : undefined;
}

function steps(of: Bound, path: Path['steps'], context: ExpressionContext): Bound {
  let current = of;
  let fixed = '';
  const flush = (): void => {
    if (fixed !== '') current = bound(types.variant, `json_extract(${current.sql}, ${duckString(`$${fixed}`)})`);
    fixed = '';
  };
  for (const step of path) {
    if (isStructured(current.type)) {
      const index = 'key' in step ? stringBound(step.key) : bindExpression(step.index, context);
      current = structuredElement(current, index, 'GET', context);
      continue;
    }
    if ('key' in step) {
      fixed += `.${jsonPathKey(step.key)}`;
      continue;
    }
    const index = bindExpression(step.index, context);
    const cell = index.constant?.cell;
    if (typeof cell === 'string' && index.type.kind === 'NUMBER' && index.type.scale === 0) {
      fixed += `[${cell}]`;
      continue;
    }
    flush();
    current = element(current, index, context);
  }
  flush();
  return current;
}

/** A key as DuckDB's JSON path wants it. */
export function jsonPathKey(key: string): string {
  return `"${key.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}

/** The element at an index or key that is known only row by row. */
export function element(of: Bound, index: Bound, context: ExpressionContext): Bound {
  if (isStructured(of.type)) return structuredElement(of, index, 'GET', context);
  if (index.type.kind === 'NUMBER') {
    return bound(types.variant, `json_extract(${of.sql}, '$[' || CAST(CAST(${index.sql} AS BIGINT) AS VARCHAR) || ']')`);
  }
  const key = castTo(index, types.varchar(), 'implicit', context.bind.ports.facts);
  const escaped = `replace(replace(${key.sql}, '\\', '\\\\'), '"', '\\"')`;
  return bound(types.variant, `json_extract(${of.sql}, '$."' || ${escaped} || '"')`);
}
