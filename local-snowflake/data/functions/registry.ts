import { aggregateFunctions } from './aggregate.ts';
import { contextFunctions } from './context.ts';
import type { FunctionDefinition } from './function-definition.ts';

const families: readonly (readonly FunctionDefinition[])[] = [aggregateFunctions, contextFunctions];

const byName = new Map<string, FunctionDefinition>(
  families.flatMap((family) => family.flatMap((definition) => definition.names.map((name) => [name, definition] as const))),
);

/** A built-in function by its upper-case name. */
export function builtIn(name: string): FunctionDefinition | undefined {
  return byName.get(name);
}

/** Every built-in function, for the compatibility table. */
export function builtInFunctions(): readonly FunctionDefinition[] {
  return families.flat();
}
