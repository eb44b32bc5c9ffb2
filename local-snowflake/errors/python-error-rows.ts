import { compilation, row } from './error-row.ts';

/**
 * Errors of Python procedures, functions and jobs.
 * https://docs.snowflake.com/en/developer-guide/stored-procedure/python/procedure-python-writing#handling-errors
 */
export const pythonErrorRows = {
  python: row<{ name: string; handler: string; traceback: string }>(
    '100357',
    'P0000',
    (a) => `Python Interpreter Error:\n${a.traceback} in function ${a.name} with handler ${a.handler}`,
  ),
  pythonProcessLost: row<{ name: string; handler: string; how: string; output: string }>(
    '100357',
    'P0000',
    (a) =>
      `Python Interpreter Error:\nThe Python process ended before it gave a result (${a.how}) in function ${a.name} with handler ${a.handler}${a.output}`,
  ),
  packagesNotInstalled: row<{ packages: string }>('391546', 'P0000', (a) =>
    compilation(
      `Cannot create a Python function with the specified packages. Please check your packages specification and try again. Not available in the local Snowflake's Python environment: ${a.packages}.`,
    ),
  ),
  // https://docs.snowflake.com/en/developer-guide/snowpark-container-services/specification-reference
  invalidJobSpecification: row<{ reason: string }>('395018', '22023', (a) => `Invalid spec: ${a.reason}`),
  jobFailed: row<{ name: string; status: string; message: string }>(
    '395017',
    '22000',
    (a) => `Job ${a.name} ended with status ${a.status}. ${a.message}`,
  ),
  // https://docs.snowflake.com/en/sql-reference/sql/create-notebook
  invalidNotebook: row<{ file: string; reason: string }>(
    '001003',
    '42000',
    (a) => `Notebook file ${a.file} is not valid: ${a.reason}`,
  ),
  notebookFailed: row<{ name: string; cell: string; number: string; traceback: string }>(
    '100357',
    'P0000',
    (a) => `Notebook ${a.name} failed in cell ${a.number} (${a.cell}):\n${a.traceback}`,
  ),
  serviceFailed: row<{ name: string; reason: string }>('395017', '22000', (a) => `Service ${a.name} failed: ${a.reason}`),
  serviceSuspended: row<{ name: string }>(
    '395014',
    '22000',
    (a) => `Service ${a.name} is suspended. Resume it with ALTER SERVICE … RESUME.`,
  ),
  // https://docs.snowflake.com/en/sql-reference/external-functions-troubleshooting
  serviceFunctionFailed: row<{ name: string; status: string; answer: string }>(
    '100351',
    'P0000',
    (a) => `Request failed for external function ${a.name} with remote service error: ${a.status} '${a.answer}'`,
  ),
  // https://docs.snowflake.com/en/sql-reference/sql/alter-compute-pool
  // The wording is Snowflake's; the number is documented nowhere.
  systemComputePool: row<{ name: string }>(
    '395001',
    '42601',
    ({ name }) => `Compute pool ${name} can only support services of type [NOTEBOOK, MODEL_SERVING, STREAMLIT, ML_JOB]`,
  ),
  computePoolNotSuspended: row<{ name: string; property: string }>(
    '391912',
    '22000',
    (a) => `Compute pool ${a.name} must be suspended before ${a.property} can be changed.`,
  ),
  pythonUnavailable: row<{ reason: string }>('000603', 'XX000', (a) => `The local Snowflake cannot run Python: ${a.reason}`),
} as const;
