/** Account, session and object parameters. https://docs.snowflake.com/en/sql-reference/parameters */
export interface Parameter {
  readonly type: 'STRING' | 'NUMBER' | 'BOOLEAN';
  readonly default: string;
  /** Bounds of a number. */
  readonly min?: number;
  readonly max?: number;
}

const text = (value: string): Parameter => ({ type: 'STRING', default: value });
const count = (value: number): Parameter => ({ type: 'NUMBER', default: String(value) });
const flag = (value: boolean): Parameter => ({ type: 'BOOLEAN', default: String(value) });

/** Parameters that ALTER SESSION takes; users, tasks and the account can set them too. */
export const sessionParameters: Readonly<Record<string, Parameter>> = {
  ABORT_DETACHED_QUERY: flag(false),
  AUTOCOMMIT: flag(true),
  BINARY_INPUT_FORMAT: text('HEX'),
  BINARY_OUTPUT_FORMAT: text('HEX'),
  CLIENT_MEMORY_LIMIT: count(1536),
  CLIENT_METADATA_REQUEST_USE_CONNECTION_CTX: flag(false),
  CLIENT_PREFETCH_THREADS: count(4),
  CLIENT_RESULT_CHUNK_SIZE: count(160),
  CLIENT_RESULT_COLUMN_CASE_INSENSITIVE: flag(false),
  CLIENT_SESSION_KEEP_ALIVE: flag(false),
  CLIENT_SESSION_KEEP_ALIVE_HEARTBEAT_FREQUENCY: count(3600),
  CLIENT_TIMESTAMP_TYPE_MAPPING: text('TIMESTAMP_LTZ'),
  DATE_INPUT_FORMAT: text('AUTO'),
  DATE_OUTPUT_FORMAT: text('YYYY-MM-DD'),
  ENABLE_UNLOAD_PHYSICAL_TYPE_OPTIMIZATION: flag(true),
  ERROR_ON_NONDETERMINISTIC_MERGE: flag(true),
  ERROR_ON_NONDETERMINISTIC_UPDATE: flag(false),
  GEOGRAPHY_OUTPUT_FORMAT: text('GeoJSON'),
  GEOMETRY_OUTPUT_FORMAT: text('GeoJSON'),
  JDBC_TREAT_DECIMAL_AS_INT: flag(true),
  JDBC_TREAT_TIMESTAMP_NTZ_AS_UTC: flag(false),
  JDBC_USE_SESSION_TIMEZONE: flag(true),
  JSON_INDENT: count(2),
  LOCK_TIMEOUT: count(43_200),
  LOG_EVENT_LEVEL: text('OFF'),
  LOG_LEVEL: text('OFF'),
  MULTI_STATEMENT_COUNT: count(1),
  NOORDER_SEQUENCE_AS_DEFAULT: flag(true),
  ODBC_TREAT_DECIMAL_AS_INT: flag(false),
  // No part of the documentation; the Python connector sets it where it cannot read Arrow.
  PYTHON_CONNECTOR_QUERY_RESULT_FORMAT: text('ARROW'),
  QUERY_TAG: text(''),
  QUOTED_IDENTIFIERS_IGNORE_CASE: flag(false),
  ROWS_PER_RESULTSET: count(0),
  S3_STAGE_VPCE_DNS_NAME: text(''),
  SEARCH_PATH: text('$current, $public'),
  SIMULATED_DATA_SHARING_CONSUMER: text(''),
  STATEMENT_QUEUED_TIMEOUT_IN_SECONDS: count(0),
  STATEMENT_TIMEOUT_IN_SECONDS: count(172_800),
  STRICT_JSON_OUTPUT: flag(false),
  TIMESTAMP_DAY_IS_ALWAYS_24H: flag(false),
  TIMESTAMP_INPUT_FORMAT: text('AUTO'),
  TIMESTAMP_LTZ_OUTPUT_FORMAT: text(''),
  TIMESTAMP_NTZ_OUTPUT_FORMAT: text('YYYY-MM-DD HH24:MI:SS.FF3'),
  TIMESTAMP_OUTPUT_FORMAT: text('YYYY-MM-DD HH24:MI:SS.FF3 TZHTZM'),
  TIMESTAMP_TYPE_MAPPING: text('TIMESTAMP_NTZ'),
  TIMESTAMP_TZ_OUTPUT_FORMAT: text(''),
  TIMEZONE: text('America/Los_Angeles'),
  TIME_INPUT_FORMAT: text('AUTO'),
  TIME_OUTPUT_FORMAT: text('HH24:MI:SS'),
  TRACE_LEVEL: text('OFF'),
  TRANSACTION_ABORT_ON_ERROR: flag(false),
  TRANSACTION_DEFAULT_ISOLATION_LEVEL: text('READ COMMITTED'),
  TWO_DIGIT_CENTURY_START: count(1970),
  UNSUPPORTED_DDL_ACTION: text('ignore'),
  USE_CACHED_RESULT: flag(true),
  WEEK_OF_YEAR_POLICY: count(0),
  WEEK_START: count(0),
};

const objectOnly: Readonly<Record<string, Parameter>> = {
  CATALOG: text(''),
  DATA_RETENTION_TIME_IN_DAYS: { ...count(1), min: 0, max: 90 },
  DEFAULT_DDL_COLLATION: text(''),
  ENABLE_CONSOLE_OUTPUT: flag(false),
  ENABLE_UNREDACTED_QUERY_SYNTAX_ERROR: flag(false),
  EXTERNAL_VOLUME: text(''),
  MAX_CONCURRENCY_LEVEL: count(8),
  MAX_DATA_EXTENSION_TIME_IN_DAYS: count(14),
  METRIC_LEVEL: text('NONE'),
  MIN_DATA_RETENTION_TIME_IN_DAYS: { ...count(0), min: 0, max: 90 },
  NETWORK_POLICY: text(''),
  PIPE_EXECUTION_PAUSED: flag(false),
  PREVENT_UNLOAD_TO_INTERNAL_STAGES: flag(false),
  REPLACE_INVALID_CHARACTERS: flag(false),
  SERVERLESS_TASK_MAX_STATEMENT_SIZE: text('X2Large'),
  SERVERLESS_TASK_MIN_STATEMENT_SIZE: text('XSMALL'),
  STORAGE_SERIALIZATION_POLICY: text('OPTIMIZED'),
  SUSPEND_TASK_AFTER_NUM_FAILURES: count(10),
  TASK_AUTO_RETRY_ATTEMPTS: count(0),
  USER_TASK_MANAGED_INITIAL_WAREHOUSE_SIZE: text('Medium'),
  USER_TASK_MINIMUM_TRIGGER_INTERVAL_IN_SECONDS: count(30),
  USER_TASK_TIMEOUT_MS: count(3_600_000),
};

export const parameters: Readonly<Record<string, Parameter>> = { ...sessionParameters, ...objectOnly };

const taskOnly = [
  'SERVERLESS_TASK_MAX_STATEMENT_SIZE',
  'SERVERLESS_TASK_MIN_STATEMENT_SIZE',
  'SUSPEND_TASK_AFTER_NUM_FAILURES',
  'TASK_AUTO_RETRY_ATTEMPTS',
  'USER_TASK_MANAGED_INITIAL_WAREHOUSE_SIZE',
  'USER_TASK_MINIMUM_TRIGGER_INTERVAL_IN_SECONDS',
  'USER_TASK_TIMEOUT_MS',
];

/** Parameters of databases and schemas. */
export const containerParameters = [
  'CATALOG',
  'DATA_RETENTION_TIME_IN_DAYS',
  'DEFAULT_DDL_COLLATION',
  'ENABLE_CONSOLE_OUTPUT',
  'EXTERNAL_VOLUME',
  'LOG_EVENT_LEVEL',
  'LOG_LEVEL',
  'MAX_DATA_EXTENSION_TIME_IN_DAYS',
  'METRIC_LEVEL',
  'PIPE_EXECUTION_PAUSED',
  'QUOTED_IDENTIFIERS_IGNORE_CASE',
  'REPLACE_INVALID_CHARACTERS',
  'STORAGE_SERIALIZATION_POLICY',
  'TRACE_LEVEL',
  ...taskOnly,
];

export const taskParameters = [
  ...Object.keys(sessionParameters).filter((name) => name !== 'SIMULATED_DATA_SHARING_CONSUMER'),
  ...taskOnly,
];

export const userParameters = [
  ...Object.keys(sessionParameters),
  'ENABLE_UNREDACTED_QUERY_SYNTAX_ERROR',
  'NETWORK_POLICY',
  'PREVENT_UNLOAD_TO_INTERNAL_STAGES',
];

export const warehouseParameters = ['MAX_CONCURRENCY_LEVEL', 'STATEMENT_QUEUED_TIMEOUT_IN_SECONDS', 'STATEMENT_TIMEOUT_IN_SECONDS'];

export const routineParameters = ['ENABLE_CONSOLE_OUTPUT', 'LOG_EVENT_LEVEL', 'LOG_LEVEL', 'METRIC_LEVEL', 'TRACE_LEVEL'];

export const tableParameters = ['DATA_RETENTION_TIME_IN_DAYS', 'DEFAULT_DDL_COLLATION', 'MAX_DATA_EXTENSION_TIME_IN_DAYS'];
