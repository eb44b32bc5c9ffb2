import type { CatalogObject } from '../../catalog/catalog-object.ts';
import { displayIdentifier, quoteIdentifier } from '../../sql/identifier.ts';
import { quoteString } from '../../sql/literal.ts';
import { renderType } from '../../sql/types.ts';
import { isTable, type RoutineReturns, routineOf } from '../routine.ts';
import { commentClause } from './clauses.ts';

/** CREATE PROCEDURE and CREATE FUNCTION, with the defaults of what was left out. */
export function routineDdl(object: CatalogObject, name: string): string {
  const routine = routineOf(object);
  const kind = object.kind as 'FUNCTION' | 'PROCEDURE';
  const parameters = routine.parameters.map(
    (each) =>
      `${quoteIdentifier(each.name)} ${renderType(each.type)}${each.defaultText === undefined ? '' : ` DEFAULT ${each.defaultText}`}`,
  );
  const texts = (items: readonly string[]): string => `(${items.map(quoteString).join(',')})`;
  const modifiers = [routine.secure ? 'SECURE ' : '', object.session === undefined ? '' : 'TEMPORARY '].join('');
  const lines = [
    `CREATE OR REPLACE ${modifiers}${kind} ${name}(${parameters.join(', ')})`,
    `RETURNS ${returnsOf(routine.returns)}`,
    `LANGUAGE ${routine.language}`,
    ...(routine.nullHandling === 'CALLED ON NULL INPUT' ? [] : ['STRICT']),
    ...(kind === 'FUNCTION' && routine.volatility === 'IMMUTABLE' ? ['IMMUTABLE'] : []),
    ...(routine.runtimeVersion === null ? [] : [`RUNTIME_VERSION = ${quoteString(routine.runtimeVersion)}`]),
    ...(routine.packages.length === 0 ? [] : [`PACKAGES = ${texts(routine.packages)}`]),
    ...(routine.imports.length === 0 ? [] : [`IMPORTS = ${texts(routine.imports)}`]),
    ...(routine.handler === null ? [] : [`HANDLER = ${quoteString(routine.handler)}`]),
    ...(object.comment === '' ? [] : [commentClause(object.comment).trimStart()]),
    ...(kind === 'PROCEDURE' ? [`EXECUTE AS ${routine.executeAs}`] : []),
    ...(routine.body === null ? [] : [`AS ${quoteString(routine.body)}`]),
  ];
  return `${lines.join('\n')};`;
}

function returnsOf(returns: RoutineReturns): string {
  if (!isTable(returns)) return renderType(returns);
  return `TABLE (${returns.table.map((each) => `${displayIdentifier(each.name)} ${renderType(each.type)}`).join(', ')})`;
}
