import { sameValue } from './property-values.ts';
import type { Properties, ResourceKind } from './resource-kind.ts';

export interface PropertyChange {
  readonly property: string;
  readonly kind: 'add' | 'update' | 'delete';
  readonly replaces: boolean;
}

/** Which inputs differ from the state, and which of those Snowflake cannot change in place. */
export function diffInputs(kind: ResourceKind, state: Properties, inputs: Properties): readonly PropertyChange[] {
  const changes: PropertyChange[] = [];
  for (const [property, rule] of Object.entries(kind.inputs)) {
    if (rule.ignored === true) continue;
    const [old, wanted] = [state[property], inputs[property]];
    if (sameValue(old, wanted)) continue;
    changes.push({
      property,
      kind: isAbsent(old) ? 'add' : isAbsent(wanted) ? 'delete' : 'update',
      replaces: rule.replaces === true,
    });
  }
  return changes;
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null;
}
