import { PipelineFailure } from '../failure.ts';

/** What a statement was refused for, in Snowflake's own words and codes. */
export class SqlFailure extends PipelineFailure {
  /** Snowflake's error number, e.g. 2003 for an object that does not exist or may not be seen. */
  readonly code: number;
  readonly sqlState: string;

  constructor(message: string, code: number, sqlState: string, wayOut: string | undefined, cause?: unknown) {
    super(message, { ...(wayOut === undefined ? {} : { wayOut }), cause });
    this.code = code;
    this.sqlState = sqlState;
  }
}

// Codes seen with these refusals; the wording is matched where the documentation gives no code.
const waysOut: readonly { readonly when: (code: number, message: string) => boolean; readonly wayOut: string }[] = [
  {
    // "USAGE privilege on the task's warehouse W", and the like of its other objects.
    when: (_, message) => /USAGE privilege on the task's /i.test(message),
    wayOut: 'Grant it to the role that owns the tasks: GRANT USAGE ON <the object named> TO ROLE <that role>.',
  },
  {
    when: (code, message) => code === 91089 || /EXECUTE (MANAGED )?TASK privilege/i.test(message),
    wayOut: 'Let an account administrator run: GRANT EXECUTE TASK ON ACCOUNT TO ROLE <the role that owns the tasks>.',
  },
  {
    when: (code) => code === 91421,
    wayOut: 'Suspend the root task first: pipeline suspend.',
  },
  {
    when: (code, message) => code === 91456 || code === 91457 || /Cannot perform retry/i.test(message),
    wayOut:
      'A retry needs a last run that FAILED or was CANCELLED, less than 14 days old, of a graph unchanged since. See pipeline history; start afresh with pipeline run.',
  },
  {
    when: (code) => code === 606,
    wayOut: 'Name a warehouse in the connection (warehouse = "…"), or set SNOWFLAKE_WAREHOUSE.',
  },
  {
    when: (code, message) => code === 3001 || /Insufficient privileges/i.test(message),
    wayOut:
      'Use a connection whose role owns the tasks or holds OPERATE (to run) or MONITOR (to watch) on them: --connection, or SNOWFLAKE_ROLE.',
  },
  {
    when: (code) => code === 2003 || code === 2043,
    wayOut: 'Check the name, and that the role of the connection may see it (USAGE on the database and schema).',
  },
];

/** The advice that goes with a refusal, where there is one. */
export const wayOutOf = (code: number, message: string): string | undefined =>
  waysOut.find((entry) => entry.when(code, message))?.wayOut;
