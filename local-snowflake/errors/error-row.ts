/** One situation: Snowflake's code, SQLSTATE and wording. */
export interface ErrorRow<A> {
  /** Snowflake's numeric error code, zero-padded to six digits as it travels on the wire. */
  readonly code: string;
  /** SQLSTATE, five characters. */
  readonly sqlState: string;
  /** Builds the wording a user reads. Must never be handed a secret. */
  readonly message: (args: A) => string;
}

export function row<A>(code: string, sqlState: string, message: (args: A) => string): ErrorRow<A> {
  return { code, sqlState, message };
}

export const compilation = (text: string): string => `SQL compilation error:\n${text}`;
