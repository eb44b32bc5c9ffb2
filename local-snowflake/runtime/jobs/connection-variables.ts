import type { JobAccess } from './job-ports.ts';

/**
 * What a container finds in its environment to reach Snowflake.
 * https://docs.snowflake.com/en/developer-guide/snowpark-container-services/spcs-execute-sql
 */
export function connectionVariables(
  of: { readonly database: string; readonly schema: string; readonly name: string; readonly warehouse: string | null },
  access: JobAccess,
  tokenFile: string,
): Record<string, string> {
  return {
    SNOWFLAKE_ACCOUNT: access.account,
    SNOWFLAKE_HOST: access.host,
    SNOWFLAKE_PORT: String(access.port),
    SNOWFLAKE_PROTOCOL: 'http',
    SNOWFLAKE_SSL: 'off',
    SNOWFLAKE_DATABASE: of.database,
    SNOWFLAKE_SCHEMA: of.schema,
    ...(of.warehouse === null ? {} : { SNOWFLAKE_WAREHOUSE: of.warehouse }),
    SNOWFLAKE_TOKEN_FILE: tokenFile,
    SNOWFLAKE_SERVICE_NAME: of.name,
  };
}
