import type { DuckDBConnection } from '@duckdb/node-api';
import { datetimeFunctions } from './datetime-functions.ts';
import { jsonFunctions } from './json-functions.ts';
import { registerNativeFunction } from './native-function.ts';

/** Registers every native function; they belong to the instance, so one connection is enough. */
export function registerNativeFunctions(connection: DuckDBConnection): void {
  for (const fn of [...datetimeFunctions, ...jsonFunctions]) registerNativeFunction(connection, fn);
}
