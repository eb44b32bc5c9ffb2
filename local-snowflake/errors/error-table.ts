import { dataErrorRows } from './data-error-rows.ts';
import { compilation, row } from './error-row.ts';
import { policyErrorRows } from './policy-error-rows.ts';
import { pythonErrorRows } from './python-error-rows.ts';
import { scriptingErrorRows } from './scripting-error-rows.ts';
import { taskErrorRows } from './task-error-rows.ts';
import { taskGraphErrorRows } from './task-graph-error-rows.ts';

/**
 * Every error the local Snowflake can answer with: symbol → Snowflake's code, SQLSTATE and wording.
 *
 * Codes and wordings are those that real accounts answer with, as far as the documentation, the Snowflake
 * provider's tests and public reports show them. One row is one situation; code that raises an error names the
 * situation, never the code.
 */
export const errorTable = {
  // Parsing and compilation
  syntaxError: row<{ line: number; position: number; near: string }>('001003', '42000', (a) =>
    compilation(`syntax error line ${String(a.line)} at position ${String(a.position)} unexpected '${a.near}'.`),
  ),
  emptyStatement: row<Record<string, never>>('000900', '42601', () => 'Empty SQL statement.'),
  invalidIdentifier: row<{ name: string; line?: number; position?: number }>(
    '000904',
    '42000',
    (a) =>
      `SQL compilation error: error line ${String(a.line ?? 1)} at position ${String(a.position ?? 0)}\ninvalid identifier '${a.name}'`,
  ),
  viewColumnCount: row<{ declared: number; selected: number }>('002057', '42601', (a) =>
    compilation(
      `View definition declared ${String(a.declared)} column(s), but view query produces ${String(a.selected)} column(s).`,
    ),
  ),
  columnExists: row<{ name: string }>('001430', '42S21', (a) => compilation(`column '${a.name}' already exists`)),
  requiredColumnAdded: row<{ column: string; table: string }>(
    '002000',
    '42601',
    (a) =>
      `SQL compilation error: Non-nullable column '${a.column}' cannot be added to non-empty table '${a.table}' unless it has a non-null default value.`,
  ),
  identityAdded: row<{ column: string; table: string }>('002000', '42601', (a) =>
    compilation(`Cannot add column '${a.column}' with non-constant default to non-empty table '${a.table}'.`),
  ),
  columnNotFound: row<{ name: string }>('000904', '42000', (a) => compilation(`column '${a.name}' does not exist`)),
  ambiguousColumn: row<{ name: string }>('002028', '42601', (a) => compilation(`ambiguous column name '${a.name}'`)),
  unknownFunction: row<{ name: string }>('002140', '42601', (a) => compilation(`Unknown function ${a.name}`)),
  invalidArgumentTypes: row<{ name: string; types: string }>(
    '001044',
    '42P13',
    (a) => `SQL compilation error: error line 0 at position -1\nInvalid argument types for function '${a.name}': (${a.types})`,
  ),
  argumentCount: row<{ name: string; expected: string; got: number }>(
    '000938',
    '22023',
    (a) =>
      `SQL compilation error: error line 0 at position -1\nnot enough arguments for function [${a.name}], expected ${a.expected}, got ${String(a.got)}`,
  ),
  invalidArgument: row<{ name: string; value: string; reason?: string }>(
    '001015',
    '22023',
    (a) => `Invalid value [${a.value}] for function '${a.name}'${a.reason === undefined ? '' : `: ${a.reason}`}`,
  ),
  pipeResult: row<{ reference: string }>('001003', '42000', (a) => compilation(`Invalid pipe reference '${a.reference}'`)),
  invalidProperty: row<{ property: string; kind: string }>('001420', '42000', (a) =>
    compilation(`invalid property '${a.property}' for '${a.kind}'`),
  ),
  invalidPropertyValue: row<{ property: string; value: string }>('001008', '22023', (a) =>
    compilation(`invalid value [${a.value}] for parameter '${a.property}'`),
  ),
  tagValueNotAllowed: row<{ tag: string; value: string; allowed: readonly string[] }>('001008', '22023', (a) =>
    compilation(
      `invalid value [${a.value}] for tag '${a.tag}'. Allowed values: ${a.allowed.map((each) => `'${each}'`).join(', ')}`,
    ),
  ),
  tagValueTooLong: row<{ tag: string; limit: number }>('001009', '22023', (a) =>
    compilation(`Value of tag '${a.tag}' is longer than ${String(a.limit)} characters.`),
  ),
  showLimit: row<Record<string, never>>('001010', '22023', () =>
    compilation('Value for LIMIT exceeds maximum allowable value (10,000).'),
  ),
  duplicateProperty: row<{ property: string }>('001065', '42601', (a) => compilation(`duplicate property '${a.property}';`)),
  missingProperty: row<{ property: string }>('001418', '42601', (a) => compilation(`Missing option(s): ${a.property}`)),
  conflictingOptions: row<{ first: string; second: string }>('002012', '42000', (a) =>
    compilation(`options ${a.first} and ${a.second} are incompatible.`),
  ),
  unsupported: row<{ feature: string }>(
    '000002',
    '0A000',
    (a) =>
      `Unsupported feature '${a.feature}'. The local Snowflake does not implement it; docs/compatibility.md lists what it does.`,
  ),
  // Objects
  objectDoesNotExist: row<{ kind: string; name: string }>('002003', '02000', (a) =>
    compilation(`${a.kind} '${a.name}' does not exist or not authorized.`),
  ),
  tableDoesNotExist: row<{ name: string }>('002003', '42S02', (a) =>
    compilation(`Object '${a.name}' does not exist or not authorized.`),
  ),
  objectOrOperation: row<Record<string, never>>('002043', '02000', () =>
    compilation('Object does not exist, or operation cannot be performed.'),
  ),
  objectAlreadyExists: row<{ name: string }>('002002', '42710', (a) => compilation(`Object '${a.name}' already exists.`)),
  objectPurged: row<{ kind: string; name: string }>('090025', '22000', (a) => `${a.kind} ${a.name} did not exist or was purged.`),
  transientClone: row<Record<string, never>>('002120', '0A000', () =>
    compilation('Transient object cannot be cloned to a permanent object.'),
  ),
  internalStageClone: row<Record<string, never>>('002123', '0A000', () =>
    compilation('Internal stages can be cloned with their database or schema only.'),
  ),
  temporaryClone: row<Record<string, never>>('002119', '0A000', () =>
    compilation('Temp table cannot be cloned to a permanent table; clone to a transient or temporary table instead.'),
  ),
  // https://docs.snowflake.com/en/sql-reference/constructs/at-before
  timeTravelUnavailable: row<{ kind: string; name: string }>(
    '000707',
    '02000',
    (a) =>
      `Time travel data is not available for ${a.kind} ${a.name}. The requested time is either beyond the allowed time travel period or before the object creation time.`,
  ),
  noCurrentDatabase: row<{ statement?: string }>(
    '090105',
    '22000',
    (a) =>
      `Cannot perform ${a.statement ?? 'operation'}. This session does not have a current database. Call 'USE DATABASE', or use a qualified name.`,
  ),
  noCurrentSchema: row<{ statement?: string }>(
    '090106',
    '22000',
    (a) =>
      `Cannot perform ${a.statement ?? 'operation'}. This session does not have a current schema. Call 'USE SCHEMA', or use a qualified name.`,
  ),
  noActiveWarehouse: row<Record<string, never>>(
    '000606',
    '57P03',
    () => "No active warehouse selected in the current session.  Select an active warehouse with the 'use warehouse' command.",
  ),
  invalidWarehouseState: row<{ name: string; verb: string }>(
    '090064',
    '22000',
    (a) => `Invalid state. Warehouse '${a.name}' cannot be ${a.verb}.`,
  ),
  objectInUse: row<{ kind: string; name: string; reason: string }>(
    '003001',
    '42501',
    (a) => `Cannot drop ${a.kind} ${a.name}: ${a.reason}`,
  ),
  unverifiedRecipients: row<{ addresses: string }>(
    '394209',
    '22023',
    (a) =>
      `Email recipients in the given list at indexes are not allowed. Either these email addresses are not yet validated or do not belong to any user in the current account: ${a.addresses}`,
  ),
  invalidWebhookUrl: row<Record<string, never>>(
    '394304',
    '22023',
    () => 'Invalid value for WEBHOOK_URL. It must be an https URL of a service that notification integrations support.',
  ),
  webhookContentType: row<Record<string, never>>(
    '394305',
    '22023',
    () => "WEBHOOK_HEADERS must name a 'Content-Type' when WEBHOOK_BODY_TEMPLATE is set.",
  ),
  integrationDisabled: row<{ name: string }>('394200', '22023', (a) => `Integration ${a.name} is disabled.`),
  unknownProcedure: row<{ name: string }>('002140', '42601', (a) => compilation(`Unknown user-defined procedure ${a.name}.`)),
  invalidNotification: row<{ reason: string }>('394210', '22023', (a) => `Invalid notification: ${a.reason}.`),
  noRecipients: row<{ name: string }>(
    '394211',
    '22023',
    (a) => `No recipients: the message names no toAddress and integration ${a.name} has no DEFAULT_RECIPIENTS.`,
  ),
  recipientsNotAllowed: row<{ addresses: string; name: string }>(
    '394208',
    '22023',
    (a) => `Email recipients in the given list are not allowed by integration ${a.name}: ${a.addresses}`,
  ),
  // Codes that the dataset client tells apart.
  datasetMissing: row<{ name: string }>('399019', '02000', (a) =>
    compilation(`Dataset '${a.name}' does not exist or not authorized.`),
  ),
  datasetVersionExists: row<{ version: string; name: string }>(
    '092917',
    '22000',
    (a) => `Dataset version '${a.version}' already exists in dataset ${a.name}.`,
  ),
  directoryDisabled: row<{ name: string }>('002004', '42601', (a) =>
    compilation(`Directory table is not enabled on stage ${a.name}.`),
  ),
  experimentRunExists: row<{ run: string; name: string }>('002002', '42710', (a) =>
    compilation(`Run ${a.run} already exists in experiment ${a.name}.`),
  ),
  experimentRunMissing: row<{ run: string; name: string }>('002003', '02000', (a) =>
    compilation(`Run ${a.run} does not exist in experiment ${a.name}.`),
  ),
  experimentRunCommitted: row<{ run: string; name: string }>('393925', '55000', (a) =>
    compilation(`Run ${a.run} of experiment ${a.name} has been committed and can no longer be changed.`),
  ),
  // The number by which snowflake-ml-python knows it.
  experimentLimit: row<{ limit: number; what: string }>('400003', '54000', (a) =>
    compilation(`There can be at most ${String(a.limit)} ${a.what}.`),
  ),
  datasetVersionMissing: row<{ version: string; name: string }>(
    '399012',
    '02000',
    (a) => `Dataset version '${a.version}' does not exist in dataset ${a.name}.`,
  ),
  modelVersionMissing: row<{ version: string; name: string }>(
    '092134',
    '02000',
    (a) => `Version ${a.version} does not exist in model ${a.name}.`,
  ),
  modelVersionExists: row<{ version: string; name: string }>(
    '092135',
    '22000',
    (a) => `Version ${a.version} already exists in model ${a.name}.`,
  ),
  defaultVersionDrop: row<{ version: string; name: string }>(
    '092136',
    '22000',
    (a) =>
      `Cannot drop version ${a.version} of model ${a.name}: it is the default version. Set another default version first, or drop the model.`,
  ),
  modelMonitor: row<{ reason: string }>('092940', '22023', (a) => `Invalid model monitor: ${a.reason}.`),
  modelManifest: row<{ reason: string }>('092802', '22000', (a) => `Invalid model: ${a.reason}.`),
  // https://docs.snowflake.com/en/sql-reference/sql/execute-immediate-from (Troubleshooting)
  executedFileMissing: row<{ file: string; stage: string }>(
    '001501',
    '02000',
    (a) => `File '${a.file}' not found in stage '${a.stage}'.`,
  ),
  relativeFile: row<{ file: string }>(
    '001503',
    '42601',
    (a) => `Relative file references like '${a.file}' cannot be used in top-level EXECUTE IMMEDIATE calls.`,
  ),
  invalidStageLocation: row<{ location: string }>('001006', '42601', (a) => compilation(`invalid stage location '${a.location}'.`)),
  invalidLocalPath: row<{ path: string }>('001011', '22023', (a) =>
    compilation(`invalid URL prefix found in: '${a.path}'. A local path is written file://<path>.`),
  ),
  invalidPattern: row<{ pattern: string }>('100048', '2201B', (a) => `Invalid regular expression: '${a.pattern}'`),
  unsupportedStatement: row<{ statement: string; syntax: string }>('001003', '42000', (a) => a.syntax),
  recursionLimit: row<{ depth: number }>(
    '100351',
    'P0000',
    (a) => `Stored procedure execution error: maximum call depth of ${String(a.depth)} exceeded.`,
  ),
  // Access
  insufficientPrivileges: row<{ kind: string; name: string }>(
    '003001',
    '42501',
    (a) => `SQL access control error:\nInsufficient privileges to operate on ${a.kind} '${a.name}'.`,
  ),
  invalidPrivilege: row<{ privilege: string; kind: string }>(
    '003008',
    '0A000',
    (a) => `SQL access control error:\nPrivilege '${a.privilege}' cannot be granted on ${a.kind}.`,
  ),
  roleNotAssigned: row<{ role: string }>(
    '003013',
    '42501',
    (a) =>
      `SQL access control error:\nRequested role '${a.role}' is not assigned to the executing user. Specify another role to activate.`,
  ),
  roleCycle: row<{ role: string; grantee: string }>(
    '003007',
    '42501',
    (a) => `SQL execution error: Cannot grant role ${a.role} to ${a.grantee}: the grant would make a cycle.`,
  ),
  dependentGrants: row<{ count: number }>(
    '003036',
    '42501',
    (a) =>
      `SQL execution error: Dependent grant of privilege(s) exist (${String(a.count)}). They must be revoked first, or transferred with REVOKE/COPY CURRENT GRANTS.`,
  ),
  requestedRoleNotAssigned: row<{ role: string }>(
    '390189',
    '08001',
    (a) => `Requested role '${a.role}' is not assigned to the executing user. Specify another role to activate.`,
  ),
  incorrectCredentials: row<Record<string, never>>('390100', '08001', () => 'Incorrect username or password was specified.'),
  invalidJwt: row<{ reason: string }>('390144', '08001', (a) => `JWT token is invalid. [${a.reason}]`),
  invalidPublicKey: row<Record<string, never>>('002091', '22023', () =>
    compilation('New public key rejected by current policy. Reason: Invalid public key.'),
  ),
  roleInUse: row<{ role: string }>(
    '003001',
    '42501',
    (a) => `SQL execution error: Cannot drop role ${a.role} as it is the current primary role.`,
  ),
  systemRole: row<{ name: string }>(
    '003001',
    '42501',
    (a) => `SQL access control error:\nInsufficient privileges to operate on role '${a.name}'. It is a system role.`,
  ),
  // https://docs.snowflake.com/en/user-guide/programmatic-access-tokens
  invalidAccessToken: row<Record<string, never>>('394400', '08001', () => 'Programmatic access token is invalid.'),
  invalidOauthToken: row<Record<string, never>>('390303', '08001', () => 'Invalid OAuth access token.'),
  userDisabled: row<Record<string, never>>(
    '390101',
    '08001',
    () => 'User access disabled. Contact your local system administrator.',
  ),
  sessionGone: row<Record<string, never>>(
    '390111',
    '08001',
    () => 'Session no longer exists.  New login required to access the service.',
  ),
  sessionTokenExpired: row<Record<string, never>>('390112', '08001', () => 'Your session has expired. Please login again.'),
  sessionTokenInvalid: row<Record<string, never>>(
    '390104',
    '08001',
    () => 'Authentication token is invalid or missing. Log in again.',
  ),
  masterTokenExpired: row<Record<string, never>>(
    '390114',
    '08001',
    () => 'Authentication token has expired.  The user must authenticate again.',
  ),
  // Execution
  queryCancelled: row<Record<string, never>>('000604', '57014', () => 'SQL execution canceled'),
  statementTimeout: row<{ seconds: number }>(
    '000630',
    '57014',
    (a) => `Statement reached its statement or warehouse timeout of ${String(a.seconds)} second(s) and was canceled.`,
  ),
  statementNotFound: row<{ queryId: string }>('000709', '02000', (a) => `Statement ${a.queryId} not found`),
  statementNotExecuting: row<Record<string, never>>(
    '000605',
    '57014',
    () => 'Identified SQL statement is not currently executing.',
  ),
  multiStatementCount: row<{ actual: number; desired: number }>(
    '000008',
    '0A000',
    (a) => `Actual statement count ${String(a.actual)} did not match the desired statement count ${String(a.desired)}.`,
  ),
  bindVariableNotSet: row<{ name: string }>('002049', '42601', (a) => compilation(`Bind variable ${a.name} not set.`)),
  numericNotRecognized: row<{ value: string }>('100038', '22018', (a) => `Numeric value '${a.value}' is not recognized`),
  dateNotRecognized: row<{ value: string }>('100040', '22007', (a) => `Date '${a.value}' is not recognized`),
  timestampNotRecognized: row<{ value: string }>('100035', '22007', (a) => `Timestamp '${a.value}' is not recognized`),
  booleanNotRecognized: row<{ value: string }>('100037', '22018', (a) => `Boolean value '${a.value}' is not recognized`),
  numberOutOfRange: row<{ value: string; type: string }>(
    '100039',
    '22003',
    (a) => `Numeric value '${a.value}' is out of range for ${a.type}`,
  ),
  stringTooLong: row<{ value: string }>('100078', '22000', (a) => `String '${a.value}' is too long and would be truncated`),
  divisionByZero: row<Record<string, never>>('100051', '22012', () => 'Division by zero'),
  nullInNonNullable: row<Record<string, never>>('100072', '22000', () => 'NULL result in a non-nullable column'),
  // Snowflake documents neither the code nor the wording; the words of CHECK_XML follow.
  xmlParse: row<{ reason: string }>('100100', '22P02', (a) => `Error parsing XML: ${a.reason}`),
  jsonParse: row<{ reason: string }>('100069', '22P02', (a) => `Error parsing JSON: ${a.reason}`),
  fileNotFound: row<{ path: string }>(
    '100016',
    '02000',
    (a) => `Remote file '${a.path}' was not found. There are several potential causes. The file might not exist.`,
  ),
  copyError: row<{ message: string; file: string; line: number; column?: string }>(
    '100080',
    '22000',
    (a) =>
      `${a.message}\n  File '${a.file}', line ${String(a.line)}${a.column === undefined ? '' : `\n  Row start line ${String(a.line)}, column ${a.column}`}\n  If you would like to continue loading when an error is encountered, use other values such as 'SKIP_FILE' or 'CONTINUE' for the ON_ERROR option.`,
  ),
  execution: row<{ message: string }>('100183', 'P0000', (a) => a.message),
  internal: row<{ message: string }>('000603', 'XX000', (a) => `SQL execution internal error:\n${a.message}`),
  ...dataErrorRows,
  ...policyErrorRows,
  ...pythonErrorRows,
  ...scriptingErrorRows,
  ...taskErrorRows,
  ...taskGraphErrorRows,
} as const;

export type ErrorSymbol = keyof typeof errorTable;
export type ErrorArgs<S extends ErrorSymbol> = Parameters<(typeof errorTable)[S]['message']>[0];
