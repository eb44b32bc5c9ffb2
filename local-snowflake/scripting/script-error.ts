import { SnowflakeError } from '../errors/snowflake-error.ts';
import { placeIn } from './place.ts';
import type { DeclaredException } from './scope.ts';

/** Exceptions that nobody declares. https://docs.snowflake.com/en/developer-guide/snowflake-scripting/exceptions */
export type BuiltInException = 'STATEMENT_ERROR' | 'EXPRESSION_ERROR';

/** An exception on its way to a handler. */
export class ScriptError extends Error {
  override readonly name = 'ScriptError';
  readonly exception: BuiltInException | DeclaredException;
  /** As Snowflake's errors have it: `002003`, `-20002`. */
  readonly code: string;
  readonly sqlState: string;
  /** Offset in the script where it was raised. */
  readonly at: number;

  private constructor(
    exception: BuiltInException | DeclaredException,
    code: string,
    sqlState: string,
    message: string,
    at: number,
  ) {
    super(message);
    this.exception = exception;
    this.code = code;
    this.sqlState = sqlState;
    this.at = at;
  }

  static raised(exception: DeclaredException, at: number): ScriptError {
    return new ScriptError(exception, String(exception.code), 'P0001', exception.message, at);
  }

  static of(kind: BuiltInException, error: SnowflakeError, at: number): ScriptError {
    return new ScriptError(kind, error.code, error.sqlState, error.message, at);
  }

  /** The error that the client gets when no handler took the exception. */
  uncaught(text: string): SnowflakeError {
    const kind = typeof this.exception === 'string' ? this.exception : this.exception.name;
    const { message } = SnowflakeError.of('scripting', { kind, ...placeIn(text, this.at), message: this.message });
    return SnowflakeError.restored(this.code, this.sqlState, message);
  }
}

/**
 * What a failing statement or expression raises. Cancellation, and what the local Snowflake itself lacks, are no exceptions:
 * no handler may take them for a fault of the script.
 */
export function asException(kind: BuiltInException, thrown: unknown, at: number, signal: AbortSignal): unknown {
  if (signal.aborted) return signal.reason;
  if (!(thrown instanceof SnowflakeError) || ['unsupported', 'unsupportedStatement', 'internal'].includes(thrown.symbol ?? ''))
    return thrown;
  return ScriptError.of(kind, thrown, at);
}
