import type { DuckDBConnection } from '@duckdb/node-api';
import { arrayCombinations } from './array-combinations.ts';
import { arrayNatives } from './array-functions.ts';
import { datetimeFunctions } from './datetime-functions.ts';
import { jsonFunctions } from './json-functions.ts';
import { registerNativeFunction } from './native-function.ts';
import { numberNatives } from './number-functions.ts';
import { percentileStateNatives } from './percentile-state.ts';
import { regexNatives } from './regex-functions.ts';
import { textNatives } from './text-functions.ts';

/** Registers every native function; they belong to the instance, so one connection is enough. */
export function registerNativeFunctions(connection: DuckDBConnection): void {
  for (const fn of [
    ...datetimeFunctions,
    ...jsonFunctions,
    ...textNatives,
    ...regexNatives,
    ...numberNatives,
    ...arrayNatives,
    ...arrayCombinations,
    ...percentileStateNatives,
  ])
    registerNativeFunction(connection, fn);
}
