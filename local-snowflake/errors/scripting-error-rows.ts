import { row } from './error-row.ts';

interface Place {
  readonly line: number;
  readonly position: number;
}

const placed = (a: Place, text: string): string =>
  `SQL compilation error: error line ${String(a.line)} at position ${String(a.position)}${text}`;

/**
 * Faults of Snowflake Scripting. Wordings are those of real accounts where any is public; of the codes, 092228 is documented and
 * the others of the 0922xx range are ours.
 * https://docs.snowflake.com/en/developer-guide/snowflake-scripting/index
 */
export const scriptingErrorRows = {
  // Uncaught errors keep the code and SQLSTATE of what was raised; only the wording comes from here.
  // https://docs.snowflake.com/en/developer-guide/snowflake-scripting/exceptions
  scripting: row<Place & { kind: string; message: string }>('090237', 'P0001', (a) => {
    const head = `Uncaught exception of type '${a.kind}' on line ${String(a.line)} at position ${String(a.position)}`;
    return a.message === '' ? head : `${head} : ${a.message}`;
  }),
  // While a block compiles: nothing of it has run
  // https://docs.snowflake.com/en/developer-guide/snowflake-scripting/variables
  variableNotInferred: row<Place & { name: string }>('092228', 'P0000', (a) =>
    placed(a, `\n variable '${a.name}' cannot have its type inferred from initializer`),
  ),
  variableDeclaredTwice: row<Place & { name: string }>('092229', 'P0000', (a) =>
    placed(a, `\n Variable with name '${a.name}' declared twice.`),
  ),
  assignmentNotPermitted: row<Place & { name: string }>('092230', 'P0000', (a) =>
    placed(a, `\n Assignment to variable '${a.name}' is not permitted.`),
  ),
  invalidUse: row<Place & { kind: 'cursor' | 'resultset'; name: string }>('092231', 'P0000', (a) =>
    placed(a, `\n Invalid use of ${a.kind} '${a.name}'.`),
  ),
  intoNotAllowed: row<Place>('092232', '42000', (a) => placed(a, ' INTO clause is not allowed in this context')),
  intoRepeated: row<Place & { name: string }>('092233', 'P0000', (a) =>
    placed(a, `\n Repeated variable with name '${a.name}' inside the INTO clause.`),
  ),
  assignedStatement: row<{ statement: string }>(
    '092234',
    'P0000',
    (a) => `SQL compilation error:\nInvalid expression value (${a.statement}) for assignment.`,
  ),
  returnKind: row<Place & { declared: string; actual: string }>('092235', 'P0000', (a) =>
    placed(a, `\n Declared return type '${a.declared}' is incompatible with actual return type '${a.actual}'`),
  ),
  unknownLabel: row<Place & { name: string }>('092236', 'P0000', (a) =>
    placed(a, `\n Label '${a.name}' does not name an enclosing loop or block.`),
  ),
  outsideLoop: row<Place & { statement: string }>('092237', 'P0000', (a) =>
    placed(a, `\n ${a.statement} is not allowed outside of a loop.`),
  ),
  raiseOutsideHandler: row<Place>('092238', 'P0000', (a) =>
    placed(a, '\n RAISE without an exception name is allowed in an exception handler only.'),
  ),
  // https://docs.snowflake.com/en/sql-reference/snowflake-scripting/declare
  exceptionNumber: row<Place & { name: string; code: string }>('092239', 'P0000', (a) =>
    placed(a, `\n Exception '${a.name}' has the number ${a.code}; it must be an integer between -20000 and -20999.`),
  ),
  // While a block runs
  selectIntoRows: row<{ rows: number }>(
    '092240',
    'P0000',
    (a) => `A SELECT INTO statement expects exactly 1 returned row, but got ${String(a.rows)}.`,
  ),
  intoColumns: row<{ columns: number; variables: number }>(
    '092241',
    'P0000',
    (a) => `The INTO clause names ${String(a.variables)} variable(s) for ${String(a.columns)} column(s).`,
  ),
  cursorNotOpen: row<{ name: string }>('092242', 'P0000', (a) => `CURSOR ${a.name} is not open`),
  cursorOpen: row<{ name: string }>('092243', 'P0000', (a) => `CURSOR ${a.name} is already open`),
  // https://docs.snowflake.com/en/developer-guide/stored-procedure/stored-procedures-snowflake-scripting#limitations
  outputDefault: row<{ name: string }>(
    '092250',
    'P0000',
    (a) => `SQL compilation error: output argument '${a.name}' cannot have a default`,
  ),
  outputRepeated: row<{ name: string }>(
    '092251',
    'P0000',
    (a) => `Variable '${a.name}' cannot be passed to several output arguments`,
  ),
  // https://docs.snowflake.com/en/developer-guide/snowflake-scripting/asynchronous-child-jobs
  resultsetNotAwaited: row<{ name: string }>(
    '092248',
    'P0000',
    (a) => `RESULTSET ${a.name} cannot be read before AWAIT has waited for its asynchronous child job`,
  ),
  childJobs: row<{ limit: number }>(
    '092249',
    'P0000',
    (a) => `More than ${String(a.limit)} asynchronous child jobs cannot run concurrently`,
  ),
  resultsetEmpty: row<{ name: string }>('092244', 'P0000', (a) => `RESULTSET ${a.name} has not been assigned a query`),
  // https://docs.snowflake.com/en/developer-guide/stored-procedure/stored-procedures-snowflake-scripting
  missingReturn: row<Record<string, never>>(
    '092245',
    'P0000',
    () => 'SQL compilation error: stored procedure is missing a return statement',
  ),
  returnedTable: row<Record<string, never>>(
    '092246',
    'P0000',
    () => 'Stored procedure execution error: data type of returned table does not match expected returned table type',
  ),
  // https://docs.snowflake.com/en/sql-reference/transactions#scoped-transactions
  scopedTransaction: row<Record<string, never>>(
    '092247',
    'P0000',
    () => 'Stored procedure execution error: Scoped transaction started in stored procedure is incomplete and it was rolled back.',
  ),
} as const;
