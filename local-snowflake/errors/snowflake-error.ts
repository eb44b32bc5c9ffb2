import { type ErrorArgs, type ErrorSymbol, errorTable } from './error-table.ts';

/** An error as Snowflake reports it. Everything a statement can fail with is one of these. */
export class SnowflakeError extends Error {
  override readonly name = 'SnowflakeError';
  /** Six-digit code as text, for example `002003`. */
  readonly code: string;
  readonly sqlState: string;
  readonly symbol: ErrorSymbol | undefined;

  private constructor(symbol: ErrorSymbol | undefined, code: string, sqlState: string, message: string) {
    super(message);
    this.symbol = symbol;
    this.code = code;
    this.sqlState = sqlState;
  }

  /** Raises row `symbol` of the error table. */
  static of<S extends ErrorSymbol>(symbol: S, args: ErrorArgs<S>): SnowflakeError {
    const found = errorTable[symbol] as { code: string; sqlState: string; message: (a: ErrorArgs<S>) => string };
    return new SnowflakeError(symbol, found.code, found.sqlState, found.message(args));
  }

  /** Rebuilds an error that travelled (a worker process, a stored run) with the code and wording it had. */
  static restored(code: string, sqlState: string, message: string): SnowflakeError {
    return new SnowflakeError(undefined, code, sqlState, message);
  }

  /** The code as drivers compare it: `2003` for `002003`. */
  get numericCode(): number {
    return Number.parseInt(this.code, 10);
  }
}

/** Whatever was thrown, as an error that can be answered; unknown faults become Snowflake's internal error. */
export function asSnowflakeError(thrown: unknown): SnowflakeError {
  if (thrown instanceof SnowflakeError) return thrown;
  return SnowflakeError.of('internal', { message: thrown instanceof Error ? thrown.message : String(thrown) });
}
