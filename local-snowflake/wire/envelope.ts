import type { SnowflakeError } from '../errors/snowflake-error.ts';

/** What every endpoint of the driver protocol answers, with HTTP status 200 whether or not it succeeded. */
export interface Envelope {
  readonly data: unknown;
  readonly code: string | null;
  readonly message: string | null;
  readonly success: boolean;
}

/** Drivers poll on when they read one of these codes. */
export const inProgress = { synchronous: '333333', asynchronous: '333334' } as const;

export function succeeded(data: unknown = null): Envelope {
  return { data, code: null, message: null, success: true };
}

export function failed(error: SnowflakeError, data: unknown = null): Envelope {
  return { data, code: error.code, message: error.message, success: false };
}

/** A statement's failure; drivers take the query id and SQLSTATE from `data`. */
export function statementFailed(error: SnowflakeError, queryId: string): Envelope {
  return failed(error, {
    internalError: false,
    errorCode: error.code,
    age: 0,
    sqlState: error.sqlState,
    queryId,
    line: -1,
    pos: -1,
    type: 'COMPILATION',
  });
}

/** The statement runs on; the result waits at `getResultUrl`, a path that drivers append to the server's address. */
export function stillRunning(queryId: string, code: string): Envelope {
  return {
    data: {
      getResultUrl: `/queries/${queryId}/result`,
      queryId,
      queryAbortsAfterSecs: 300,
      progressDesc: null,
    },
    code,
    message: 'Query execution in progress.',
    success: true,
  };
}
