import { containsUnknown, type PropertyValue } from './property-values.ts';
import type { CheckFailure, Properties, ResourceKind } from './resource-kind.ts';

export interface CheckedInputs {
  readonly inputs: Properties;
  readonly failures: readonly CheckFailure[];
}

/** Checks each known input, fills in defaults, names what is not an input. Unknown values pass: they are checked when known. */
export function checkInputs(kind: ResourceKind, given: Properties): CheckedInputs {
  const failures: CheckFailure[] = [];
  const inputs: Record<string, PropertyValue> = {};
  for (const [property, rule] of Object.entries(kind.inputs)) {
    const value = given[property];
    if (containsUnknown(value)) {
      inputs[property] = value as PropertyValue;
      continue;
    }
    const parsed = rule.accepts.safeParse(value ?? undefined);
    if (parsed.success) {
      if (parsed.data !== undefined) inputs[property] = parsed.data as PropertyValue;
    } else {
      for (const issue of parsed.error.issues) {
        failures.push({ property: [property, ...issue.path].join('.'), reason: reasonOf(issue.message, value) });
      }
    }
  }
  for (const property of Object.keys(given)) {
    if (kind.inputs[property] === undefined && !property.startsWith('__')) {
      const known = Object.keys(kind.inputs).join(', ');
      failures.push({ property, reason: `is not a property of ${kind.type}; it has ${known}` });
    }
  }
  if (failures.length === 0 && kind.checkTogether !== undefined && !containsUnknown(inputs)) {
    failures.push(...kind.checkTogether(inputs));
  }
  return { inputs, failures };
}

function reasonOf(message: string, value: PropertyValue | undefined): string {
  if (value === undefined || value === null) return 'is required';
  return message;
}
