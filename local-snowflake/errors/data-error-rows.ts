import { compilation, row } from './error-row.ts';

/** Faults of queries, of values that do not convert, and of files that do not load. */
export const dataErrorRows = {
  // Compilation
  columnCount: row<{ expected: number; got: number; branch: number }>('001789', '42601', (a) =>
    compilation(
      `invalid number of result columns for set operator input branches, expected ${String(a.expected)}, got ${String(a.got)} in branch {${String(a.branch)}}`,
    ),
  ),
  tooManyArguments: row<{ name: string; expected: string; got: number }>(
    '000939',
    '22023',
    (a) =>
      `SQL compilation error: error line 0 at position -1\ntoo many arguments for function [${a.name}] expected ${a.expected}, got ${String(a.got)}`,
  ),
  insertColumnCount: row<{ expected: number; got: number }>('002057', '42000', (a) =>
    compilation(`Insert value list does not match column list expecting ${String(a.expected)} but got ${String(a.got)}`),
  ),
  notGrouped: row<{ expression: string }>('000979', '42601', (a) =>
    compilation(`[${a.expression}] is not a valid group by expression`),
  ),
  orderPosition: row<{ clause: string; position: string }>('000981', '42601', (a) =>
    compilation(`Invalid ${a.clause} index: ${a.position}`),
  ),
  duplicateColumn: row<{ name: string }>('002025', '42S21', (a) => compilation(`duplicate column name '${a.name}'`)),
  duplicateAlias: row<{ name: string }>('002027', '42710', (a) => compilation(`duplicate alias '${a.name}'`)),
  columnTypeMismatch: row<{ column: string; expected: string; got: string }>('002023', '22000', (a) =>
    compilation(`Expression type does not match column data type, expecting ${a.expected} but got ${a.got} for column ${a.column}`),
  ),
  invalidColumnDefault: row<{ expression: string }>('002263', '22000', (a) =>
    compilation(`Invalid column default expression [${a.expression}]`),
  ),
  invalidCast: row<{ expression: string; parameter: string }>('001007', '22023', (a) =>
    compilation(`invalid type [${a.expression}] for parameter '${a.parameter}'`),
  ),
  notConstant: row<{ name: string; argument: string }>('001015', '22023', (a) =>
    compilation(`argument ${a.argument} to function ${a.name} needs to be constant, found something else`),
  ),
  aggregateInWhere: row<{ expression: string }>('002035', '42601', (a) =>
    compilation(`Invalid aggregate function in where clause [${a.expression}]`),
  ),
  sessionVariableNotSet: row<{ name: string }>(
    '002211',
    '02000',
    (a) => `SQL compilation error: error line 1 at position 0\nSession variable '$${a.name}' does not exist`,
  ),
  outerJoinPredicates: row<{ message: string }>('001003', '42000', (a) => `SQL compilation error: ${a.message}`),
  slidingFrame: row<{ name: string }>('002303', '0A000', (a) =>
    compilation(`Sliding window frame unsupported for function ${a.name}`),
  ),
  noColumns: row<Record<string, never>>('002013', '42601', () => compilation('SELECT with no columns')),
  unsupportedDataType: row<{ type: string }>('002040', '42601', (a) => compilation(`Unsupported data type '${a.type}'`)),
  // https://docs.snowflake.com/en/sql-reference/functions/encrypt
  decryptionFailed: row<Record<string, never>>(
    '100311',
    '22023',
    () => 'Decryption failed. Check encrypted data, key, AAD, or AEAD tag.',
  ),
  // The wording is that of https://docs.snowflake.com/en/sql-reference/functions/bitand
  binaryLengths: row<{ first: number; second: number }>(
    '100544',
    '22026',
    (a) =>
      `The lengths of two variable-sized fields do not match: first length ${String(a.first)}, second length ${String(a.second)}`,
  ),
  duplicateKey: row<{ key: string }>('100103', '22000', (a) => `Duplicate field key '${a.key}'`),
  // The wording of 093201 and 093202 is that of https://docs.snowflake.com/en/sql-reference/data-types-structured
  fieldMissing: row<{ name: string; field: string }>(
    '093201',
    '23001',
    (a) => `Function ${a.name}: expected structured object to contain field ${a.field} but it did not.`,
  ),
  fieldExists: row<{ name: string; field: string }>(
    '093202',
    '23001',
    (a) => `Function ${a.name}: expected structured object to not contain field ${a.field} but it did.`,
  ),
  tryCastTypes: row<{ from: string; to: string }>(
    '001065',
    '22023',
    (a) =>
      `SQL compilation error: error line 0 at position -1\nFunction TRY_CAST cannot be used with arguments of types ${a.from} and ${a.to}`,
  ),
  validationOfTransform: row<Record<string, never>>('001003', '42000', () =>
    compilation('VALIDATION_MODE does not support COPY with transform.'),
  ),
  copyOptionConflict: row<{ option: string }>(
    '001003',
    '42000',
    (a) => `SQL compilation error: conflicting values for copy option '${a.option}'`,
  ),
  // Values
  addressParse: row<{ what: string; reason: string }>('100139', '22000', (a) => `Error parsing ${a.what}: ${a.reason}`),
  timeNotRecognized: row<{ value: string }>('100108', '22007', (a) => `Time '${a.value}' is not recognized`),
  datetimeFormat: row<{ value: string; what: string; format: string }>(
    '100096',
    '22007',
    (a) => `Can't parse '${a.value}' as ${a.what} with format '${a.format}'`,
  ),
  numberFormat: row<{ value: string; format: string }>(
    '100140',
    '22007',
    (a) => `Can't parse '${a.value}' as number with format '${a.format}'`,
  ),
  numberUnrepresentable: row<{ type: string; value: string }>(
    '100046',
    '22003',
    (a) => `Number out of representable range: type ${a.type}, value ${a.value}`,
  ),
  variantCast: row<{ value: string; type: string }>(
    '100071',
    '22000',
    (a) => `Failed to cast variant value ${a.value} to ${a.type}`,
  ),
  vectorSize: row<{ type: string }>(
    '100078',
    '22000',
    (a) => `Array-like value being cast to a vector has incorrect dimension or element type: ${a.type}`,
  ),
  structuredCast: row<{ value: string; type: string }>(
    '100071',
    '22000',
    (a) => `Failed to cast variant value ${a.value} to ${a.type}`,
  ),
  keysAndValues: row<Record<string, never>>(
    '215001',
    '22000',
    () => 'Key array and value array had unequal lengths in ARRAYS_TO_OBJECT',
  ),
  keyNotText: row<Record<string, never>>('215002', '22000', () => 'Key supplied for ARRAYS_TO_OBJECT does not have string type'),
  binaryNotRecognized: row<{ value: string }>(
    '100115',
    '22000',
    (a) => `The following string is not a legal hex-encoded value: '${a.value}'`,
  ),
  regex: row<{ pattern: string; reason: string }>(
    '100048',
    '2201B',
    (a) => `Invalid regular expression: '${a.pattern}', ${a.reason}`,
  ),
  singleRowSubquery: row<Record<string, never>>('090150', '22000', () => 'Single-row subquery returns more than one row.'),
  mergeDuplicate: row<{ values: string }>(
    '100090',
    '42P18',
    (a) => `Duplicate row detected during DML action\nRow Values: ${a.values}`,
  ),
  transactionConflict: row<Record<string, never>>(
    '000625',
    '57014',
    () => 'Statement was aborted because a concurrent transaction changed the same rows; run it again.',
  ),
  changeTrackingMissing: row<{ name: string }>(
    '002082',
    '22000',
    (a) => `Change tracking is not enabled or has been missing for the time range requested on table '${a.name}'.`,
  ),
  objectOfOtherType: row<{ found: string; expected: string }>(
    '002203',
    '42601',
    (a) => `SQL compilation error:\nObject found is of type '${a.found}', not specified type '${a.expected}'.`,
  ),
  fullRefreshStream: row<{ name: string }>(
    '002070',
    '42601',
    (a) => `SQL compilation error:\nChange tracking is not supported on dynamic table '${a.name}', whose refreshes are full.`,
  ),
  streamSourceGone: row<{ table: string; stream: string }>(
    '091901',
    '01000',
    (a) => `Base table '${a.table}' dropped, cannot read from stream '${a.stream}'.`,
  ),
  // Files
  copyColumnCount: row<{ expected: number; got: number }>(
    '100080',
    '22000',
    (a) =>
      `Number of columns in file (${String(a.got)}) does not match that of the corresponding table (${String(a.expected)}), use file format option error_on_column_count_mismatch=false to ignore this error`,
  ),
  fileFormat: row<{ file: string; reason: string }>('100082', '22000', (a) => `Error parsing the file ${a.file}: ${a.reason}`),
};
