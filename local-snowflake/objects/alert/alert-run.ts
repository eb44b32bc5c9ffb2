import type { StoredRecord } from '../../catalog/records.ts';

/** https://docs.snowflake.com/en/sql-reference/functions/alert_history (STATE) */
export type AlertRunState =
  | 'EXECUTING'
  | 'CANCELLED'
  | 'CONDITION_FALSE'
  | 'CONDITION_FAILED'
  | 'ACTION_FAILED'
  | 'FAILED'
  | 'TRIGGERED';

/** An evaluation of an alert, as ALERT_HISTORY tells it. Times in epoch milliseconds. */
export interface AlertRun extends StoredRecord {
  readonly collection: 'alert-run';
  /** Id of the alert. */
  readonly alert: string;
  readonly name: string;
  readonly database: string;
  readonly schema: string;
  readonly condition: string;
  readonly conditionQueryId: string | null;
  readonly action: string;
  readonly actionQueryId: string | null;
  readonly state: AlertRunState;
  readonly errorCode: number | null;
  readonly errorMessage: string | null;
  readonly scheduledTime: number;
  readonly completedTime: number | null;
  readonly scheduledFrom: 'SCHEDULE' | 'EXECUTE ALERT';
  readonly runbook: string | null;
  readonly config: string | null;
  readonly wasAutoSuspended: boolean;
}

/** A run that is still to come. */
export type UpcomingAlertRun = Pick<
  AlertRun,
  'alert' | 'name' | 'database' | 'schema' | 'condition' | 'action' | 'scheduledTime' | 'runbook' | 'config'
>;

/** What a session that evaluates an alert can ask of its run. */
export interface AlertContext {
  readonly scheduledTime: number;
  /** Scheduled time of the last run that succeeded; when the alert was created before there is one. */
  readonly lastSuccessfulScheduledTime: number;
  readonly config: string | null;
}

/** What runs alerts and remembers their runs. */
export interface AlertEngine {
  /** Evaluates it now, or once the run under way has ended. */
  execute(alert: string): Promise<void>;
  runs(): Iterable<AlertRun>;
  upcoming(): Iterable<UpcomingAlertRun>;
  /** Of a session in which an alert is evaluated. */
  contextOf(sessionId: number): AlertContext | undefined;
}

export function hasFailed(state: AlertRunState): boolean {
  return state === 'FAILED' || state === 'CONDITION_FAILED' || state === 'ACTION_FAILED';
}
