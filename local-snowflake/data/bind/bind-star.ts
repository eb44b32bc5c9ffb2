import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { likeMatcher } from '../../sql/literal.ts';
import type { Star } from '../syntax/tree.ts';
import { bindExpression } from './bind-expression.ts';
import type { Bound } from './bound.ts';
import type { ExpressionContext } from './expression-context.ts';
import { unknownColumn } from './scope.ts';

/** The columns of `*` or `t.*`. https://docs.snowflake.com/en/sql-reference/sql/select#parameters */
export function expandStar(star: Star, context: ExpressionContext): { readonly name: string; readonly bound: Bound }[] {
  const relations = star.relation.length === 0 ? context.scope.relations : [context.scope.relation(star.relation)];
  const all = relations.flatMap((relation) =>
    relation.columns.filter((column) => column.pseudo !== true && (star.relation.length > 0 || column.merged !== true)),
  );
  if (all.length === 0) throw SnowflakeError.of('noColumns', {});
  const like = star.ilike === undefined ? () => true : likeMatcher(star.ilike);
  for (const excluded of star.exclude) {
    if (!all.some((column) => column.name === excluded.name)) throw unknownColumn([excluded]);
  }
  const excluded = new Set(star.exclude.map((item) => item.name));
  return all
    .filter((column) => like(column.name) && !excluded.has(column.name))
    .map((column) => {
      const replaced = star.replace.find((item) => item.name.name === column.name);
      const renamed = star.rename.find((item) => item.from.name === column.name);
      return {
        name: renamed?.to.name ?? column.name,
        bound: replaced === undefined ? column.bound() : bindExpression(replaced.expression, context),
      };
    });
}
