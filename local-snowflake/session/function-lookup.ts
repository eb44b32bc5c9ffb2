import type { CatalogObject } from '../catalog/catalog-object.ts';
import type { StatementPorts, UserFunction } from '../data/ports.ts';
import { SnowflakeError } from '../errors/snowflake-error.ts';
import { type Routine, type RoutineParameter, routineOf } from '../objects/routine.ts';
import type { ObjectName } from '../sql/identifier.ts';
import { displayName } from '../sql/identifier.ts';
import { modelCallOf } from '../sql/model-call.ts';
import type { SnowflakeType } from '../sql/types.ts';
import { resolveModelMethod } from './model-methods.ts';
import { resolveServiceMethod } from './service-methods.ts';
import type { StatementScope } from './statement-scope.ts';

/** How well an argument of one type fits a parameter of another; undefined when Snowflake would not cast it. */
function castCost(from: SnowflakeType, to: SnowflakeType): number | undefined {
  if (from.kind === to.kind) return 0;
  const ranks: Partial<Record<SnowflakeType['kind'], readonly SnowflakeType['kind'][]>> = {
    NUMBER: ['FLOAT', 'VARIANT', 'VARCHAR'],
    FLOAT: ['NUMBER', 'VARIANT', 'VARCHAR'],
    VARCHAR: ['VARIANT', 'NUMBER', 'FLOAT', 'BOOLEAN', 'DATE', 'TIMESTAMP_NTZ', 'TIMESTAMP_LTZ', 'TIMESTAMP_TZ', 'TIME'],
    BOOLEAN: ['VARCHAR', 'VARIANT', 'NUMBER'],
    DATE: ['TIMESTAMP_NTZ', 'TIMESTAMP_LTZ', 'TIMESTAMP_TZ', 'VARCHAR', 'VARIANT'],
    TIMESTAMP_NTZ: ['TIMESTAMP_LTZ', 'TIMESTAMP_TZ', 'VARCHAR', 'VARIANT', 'DATE'],
    TIMESTAMP_LTZ: ['TIMESTAMP_TZ', 'TIMESTAMP_NTZ', 'VARCHAR', 'VARIANT'],
    TIMESTAMP_TZ: ['TIMESTAMP_LTZ', 'TIMESTAMP_NTZ', 'VARCHAR', 'VARIANT'],
    VARIANT: ['OBJECT', 'ARRAY', 'VARCHAR', 'NUMBER', 'FLOAT', 'BOOLEAN', 'DATE', 'TIMESTAMP_NTZ', 'TIMESTAMP_LTZ', 'TIMESTAMP_TZ'],
    OBJECT: ['VARIANT'],
    ARRAY: ['VARIANT'],
  };
  const index = ranks[from.kind]?.indexOf(to.kind) ?? -1;
  return index < 0 ? undefined : index + 1;
}

function overloadCost(parameters: readonly RoutineParameter[], args: readonly SnowflakeType[]): number | undefined {
  const required = parameters.filter((each) => each.defaultText === undefined).length;
  if (args.length < required || args.length > parameters.length) return undefined;
  let total = 0;
  for (const [index, arg] of args.entries()) {
    const parameter = parameters[index];
    const cost = parameter === undefined ? undefined : castCost(arg, parameter.type);
    if (cost === undefined) return undefined;
    total += cost;
  }
  return total;
}

/** All routines of a name, those of the session's temporary ones first. */
function overloads(kind: 'FUNCTION' | 'PROCEDURE', name: ObjectName, scope: StatementScope): CatalogObject[] {
  let path: ObjectName;
  try {
    path = scope.qualify('schema', name);
    const parent = scope.containerOf(path);
    return scope.catalog
      .childrenOf(parent?.id ?? '')
      .filter((object) => object.kind === kind && object.name === path.at(-1) && scope.visible(object))
      .filter((object) => object.session === undefined || object.session === scope.sessionId);
  } catch (error) {
    // An unqualified name may be a built-in function that is looked up without any current schema.
    if (error instanceof SnowflakeError && name.length === 1) return [];
    throw error;
  }
}

/**
 * The overload that fits the arguments best.
 * @throws SnowflakeError `invalidArgumentTypes` when the name is known and no overload fits
 */
export function resolveRoutine(
  kind: 'FUNCTION' | 'PROCEDURE',
  name: ObjectName,
  args: readonly SnowflakeType[],
  scope: StatementScope,
): CatalogObject | undefined {
  const candidates = overloads(kind, name, scope);
  const fitting = candidates
    .map((object) => ({ object, cost: overloadCost(routineOf(object).parameters, args) }))
    .filter((each): each is { object: CatalogObject; cost: number } => each.cost !== undefined)
    .sort((a, b) => a.cost - b.cost);
  const best = fitting[0]?.object;
  if (best !== undefined) {
    scope.authorizer.require(scope.roles, best, 'USAGE');
    return best;
  }
  if (candidates.length === 0) return undefined;
  throw SnowflakeError.of('invalidArgumentTypes', { name: displayName(name), types: args.map((each) => each.kind).join(', ') });
}

/** A user-defined function as the data plane calls it. */
export function resolveFunction(
  name: ObjectName,
  args: readonly SnowflakeType[],
  scope: StatementScope,
  nestedPorts: (owner: CatalogObject | undefined, schema: CatalogObject | undefined) => StatementPorts,
): UserFunction | undefined {
  const modelCall = modelCallOf(name);
  if (modelCall !== undefined) return resolveServiceMethod(modelCall, args, scope) ?? resolveModelMethod(modelCall, args, scope);
  const object = resolveRoutine('FUNCTION', name, args, scope);
  if (object === undefined) return undefined;
  const routine: Routine = routineOf(object);
  const facts = {
    name: scope.catalog.pathOf(object),
    parameters: routine.parameters,
    nullHandling: routine.nullHandling === 'CALLED ON NULL INPUT' ? 'CALLED' : 'STRICT',
    volatility: routine.volatility,
    returns: routine.returns,
  } as const;
  if (routine.language === 'PYTHON')
    return { ...facts, language: 'PYTHON', id: object.id, ...(routine.aggregate === true ? { aggregate: true } : {}) };
  const owner = object.owner === null ? undefined : scope.catalog.byId(object.owner);
  const schema = object.parent === null ? undefined : scope.catalog.byId(object.parent);
  return { ...facts, language: 'SQL', body: routine.body ?? '', ports: nestedPorts(owner, schema) };
}
