import { type DuckDBConnection, DuckDBScalarFunction, type DuckDBType, type DuckDBValue } from '@duckdb/node-api';
import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { encodeError } from '../duckdb/raised.ts';

/**
 * A scalar function for DuckDB written in TypeScript. DuckDB hands it a chunk of up to 2048 rows at a time, at about a
 * third of a microsecond a row; a NULL argument makes the row's result NULL without a call.
 */
export interface NativeFunction {
  readonly name: string;
  readonly parameters: readonly DuckDBType[];
  readonly returns: DuckDBType;
  /** NULLs are handed in as well. */
  readonly nullArguments?: true;
  readonly volatile?: true;
  call(...args: DuckDBValue[]): DuckDBValue;
}

export function registerNativeFunction(connection: DuckDBConnection, fn: NativeFunction): void {
  connection.registerScalarFunction(
    DuckDBScalarFunction.create({
      name: fn.name,
      returnType: fn.returns,
      parameterTypes: fn.parameters,
      volatile: fn.volatile === true,
      specialHandling: fn.nullArguments === true,
      mainFunction: (info, input, output) => {
        const columns = fn.parameters.map((_, index) => input.getColumnVector(index));
        try {
          for (let row = 0; row < input.rowCount; row += 1) {
            const args = columns.map((column) => column.getItem(row));
            output.setItem(row, fn.nullArguments !== true && args.includes(null) ? null : fn.call(...args));
          }
          output.flush();
        } catch (error) {
          info.setError(error instanceof SnowflakeError ? encodeError(error) : `native function ${fn.name}: ${String(error)}`);
        }
      },
    }),
  );
}
