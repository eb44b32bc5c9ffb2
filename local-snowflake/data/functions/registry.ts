import { aggregateFunctions } from './aggregate.ts';
import { bitmapFunctions } from './bitmaps.ts';
import { bitwiseFunctions } from './bitwise.ts';
import { conditionalFunctions } from './conditional.ts';
import { contextFunctions } from './context.ts';
import { conversionFunctions } from './conversion.ts';
import { dateConstructionFunctions } from './date-construction.ts';
import { dateTimeFunctions } from './date-time.ts';
import { encodingFunctions } from './encoding.ts';
import { encryptionFunctions } from './encryption.ts';
import type { FunctionDefinition } from './function-definition.ts';
import { generationFunctions } from './generation.ts';
import { mapFunctions } from './map.ts';
import { matchRows, matchRowsName } from './match-rows.ts';
import { numericFunctions } from './numeric.ts';
import { percentileStateFunctions } from './percentile-state.ts';
import { regexFunctions } from './regex.ts';
import { semiStructuredFunctions } from './semi-structured.ts';
import { otherFunctions } from './other.ts';
import { sketchFunctions } from './sketches.ts';
import { statisticFunctions } from './statistics.ts';
import { structuredArrayFunctions } from './structured-array.ts';
import { structuredObjectFunctions } from './structured-object.ts';
import { textFunctions } from './text.ts';
import { variantMomentFunctions } from './variant-moments.ts';
import { vectorFunctions } from './vector.ts';
import { windowFunctions } from './window.ts';
import { xmlFunctions } from './xml.ts';

const families: readonly (readonly FunctionDefinition[])[] = [
  aggregateFunctions,
  windowFunctions,
  xmlFunctions,
  bitmapFunctions,
  bitwiseFunctions,
  conditionalFunctions,
  contextFunctions,
  conversionFunctions,
  dateConstructionFunctions,
  dateTimeFunctions,
  encodingFunctions,
  encryptionFunctions,
  generationFunctions,
  mapFunctions,
  numericFunctions,
  otherFunctions,
  percentileStateFunctions,
  regexFunctions,
  semiStructuredFunctions,
  sketchFunctions,
  statisticFunctions,
  structuredArrayFunctions,
  structuredObjectFunctions,
  textFunctions,
  variantMomentFunctions,
  vectorFunctions,
];

const byName = new Map<string, FunctionDefinition>(
  families.flatMap((family) => family.flatMap((definition) => definition.names.map((name) => [name, definition] as const))),
);

// Not for users: what MATCH_RECOGNIZE becomes calls it.
byName.set(matchRowsName, matchRows);

/** A built-in function by its upper-case name. */
export function builtIn(name: string): FunctionDefinition | undefined {
  return byName.get(name);
}

/** Every built-in function, for the compatibility table. */
export function builtInFunctions(): readonly FunctionDefinition[] {
  return families.flat();
}
