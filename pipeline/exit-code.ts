/** The exit codes of `pipeline`. Scripts rely on them: documented in docs/operating.md and never renumbered. */
export const exitCode = {
  /** The run SUCCEEDED; or the command that starts no run did what was asked. */
  succeeded: 0,
  /** The run FAILED. */
  failed: 1,
  /** Wrong usage, no connection, no such stack or graph, or Snowflake refused the statement. */
  unusable: 2,
  /** The run was CANCELLED. */
  cancelled: 3,
  /** The root task's WHEN condition was false: no task ran. */
  skipped: 4,
  /** `doctor` found something that keeps the graph from running. */
  unhealthy: 5,
  /** A defect of this program. */
  defect: 70,
  /** Interrupted while watching (128 + SIGINT). The run itself goes on. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCode)[keyof typeof exitCode];

export type FinalState = 'SUCCEEDED' | 'FAILED' | 'CANCELLED' | 'SKIPPED';

const codeOfState: Readonly<Record<FinalState, ExitCode>> = {
  SUCCEEDED: exitCode.succeeded,
  FAILED: exitCode.failed,
  CANCELLED: exitCode.cancelled,
  SKIPPED: exitCode.skipped,
};

/** The exit code that says how a graph run ended. */
export const exitCodeOfRun = (state: FinalState): ExitCode => codeOfState[state];
