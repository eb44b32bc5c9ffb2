import type { StatementOutcome } from './script-port.ts';

/** What the last statement of a running script left behind: SQLROWCOUNT, SQLFOUND, ACTIVITY_COUNT, SQLID. */
export class RunStatus {
  /** Rows that the last statement changed; null when it was no DML statement. */
  rowCount: number | null = null;
  /** Rows that it changed or answered with. */
  activityCount: number | null = null;
  queryId: string | null = null;

  take(outcome: StatementOutcome): void {
    this.rowCount = outcome.affectedRows;
    this.activityCount = outcome.affectedRows ?? outcome.result.rows.length;
    this.queryId = outcome.queryId;
  }
}
