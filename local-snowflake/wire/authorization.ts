import { SnowflakeError } from '../errors/snowflake-error.ts';

/**
 * The token of `Authorization: Snowflake Token="…"`.
 * @throws SnowflakeError `sessionTokenInvalid` when the header is missing or of another form
 */
export function snowflakeToken(header: string | undefined): string {
  const token = /^Snowflake\s+Token="([^"]*)"\s*$/iu.exec(header ?? '')?.[1];
  if (token === undefined || token === '' || token === 'None') throw SnowflakeError.of('sessionTokenInvalid', {});
  return token;
}

/** The token of `Authorization: Bearer …`; undefined when the header is missing or of another form. */
export function bearerToken(header: string | undefined): string | undefined {
  return /^Bearer\s+(\S+)\s*$/iu.exec(header ?? '')?.[1];
}
