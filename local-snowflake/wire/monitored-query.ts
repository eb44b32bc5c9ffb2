import { asSnowflakeError } from '../errors/snowflake-error.ts';
import type { Query } from '../session/service.ts';

/** A statement as `GET /monitoring/queries/<id>` shows it; times are milliseconds since the epoch, 0 while it runs. */
export async function monitoredQuery(query: Query, sessionId: number): Promise<object> {
  const state = query.state();
  const endedAt = query.endedAt();
  const error = state === 'FAILED_WITH_ERROR' || state === 'ABORTED' ? await failureOf(query) : undefined;
  return {
    id: query.id,
    status: state,
    state: state === 'RUNNING' ? 'RUNNING' : 'FINISHED',
    sqlText: query.text,
    sessionId,
    startTime: query.startedAt,
    endTime: endedAt ?? 0,
    totalDuration: (endedAt ?? query.startedAt) - query.startedAt,
    stats: {},
    ...(error !== undefined && { errorCode: error.code, errorMessage: error.message }),
  };
}

async function failureOf(query: Query): Promise<ReturnType<typeof asSnowflakeError> | undefined> {
  return query.outcome().then(() => undefined, asSnowflakeError);
}
