import type { DuckDBConnection } from '@duckdb/node-api';
import { addressNatives } from './address-functions.ts';
import { arrayCombinations } from './array-combinations.ts';
import { arrayNatives } from './array-functions.ts';
import { datetimeFunctions } from './datetime-functions.ts';
import { binaryBitNatives } from './binary-bits.ts';
import { bitmapNatives } from './bitmap.ts';
import { cardinalityNatives } from './cardinality-state.ts';
import { encodingNatives } from './encoding-functions.ts';
import { encryptionNatives } from './encryption.ts';
import { frequencyNatives } from './frequency-state.ts';
import { jsonFunctions } from './json-functions.ts';
import { matchNatives } from './match-functions.ts';
import { registerNativeFunction } from './native-function.ts';
import { numberNatives } from './number-functions.ts';
import { percentileStateNatives } from './percentile-state.ts';
import { regexNatives } from './regex-functions.ts';
import { similarityNatives } from './similarity-state.ts';
import { textNatives } from './text-functions.ts';
import { xmlNatives } from './xml-functions.ts';

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
    ...encodingNatives,
    ...encryptionNatives,
    ...addressNatives,
    ...binaryBitNatives,
    ...bitmapNatives,
    ...cardinalityNatives,
    ...frequencyNatives,
    ...similarityNatives,
    ...xmlNatives,
    ...matchNatives,
  ])
    registerNativeFunction(connection, fn);
}
