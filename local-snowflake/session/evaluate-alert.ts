import { type CatalogObject, propertyText } from '../catalog/catalog-object.ts';
import { asSnowflakeError } from '../errors/snowflake-error.ts';
import { requireAlertPrivileges } from '../objects/alert/alert-privileges.ts';
import type { AlertContext, AlertRun } from '../objects/alert/alert-run.ts';
import type { Account } from './account.ts';
import { Session } from './session.ts';
import { openSystemSession } from './system-session.ts';

type Ended = Pick<AlertRun, 'state' | 'conditionQueryId' | 'actionQueryId' | 'errorCode' | 'errorMessage'>;

/** Runs an alert's condition and, when that has rows, its action, with the privileges of the alert's owner. Never rejects for what they do. */
export async function evaluateAlert(
  object: CatalogObject,
  context: AlertContext,
  where: {
    readonly account: Account;
    readonly signal: AbortSignal;
    /** Sessions that evaluate alerts, by their ids. */
    readonly contexts: Map<number, AlertContext>;
  },
): Promise<Ended> {
  const { account, signal } = where;
  const ended: Ended = { state: 'FAILED', conditionQueryId: null, actionQueryId: null, errorCode: null, errorMessage: null };
  const failed = (so: Ended, thrown: unknown): Ended => {
    const { code, message } = asSnowflakeError(thrown);
    return { ...so, ...(signal.aborted ? { state: 'CANCELLED' } : {}), errorCode: Number(code), errorMessage: message };
  };
  try {
    requireAlertPrivileges(account.authorizer.activate(object.owner), object, account);
  } catch (thrown) {
    return failed(ended, thrown);
  }
  const session = await openAlertSession(object, context, where);
  try {
    const condition = { ...ended, conditionQueryId: account.ids.uuid() };
    let found: number;
    try {
      found = await rowsOf(session, propertyText(object, 'CONDITION'), condition.conditionQueryId, signal);
    } catch (thrown) {
      return failed({ ...condition, state: 'CONDITION_FAILED' }, thrown);
    }
    if (found === 0) return { ...condition, state: 'CONDITION_FALSE' };
    const action = { ...condition, actionQueryId: account.ids.uuid() };
    try {
      await rowsOf(session, propertyText(object, 'ACTION'), action.actionQueryId, signal);
    } catch (thrown) {
      return failed({ ...action, state: 'ACTION_FAILED' }, thrown);
    }
    return { ...action, state: 'TRIGGERED' };
  } finally {
    await session.close();
  }
}

async function openAlertSession(
  object: CatalogObject,
  context: AlertContext,
  { account, contexts }: { readonly account: Account; readonly contexts: Map<number, AlertContext> },
): Promise<{ submit: Session['submit']; abort: Session['abort']; close: () => Promise<void> }> {
  const { catalog } = account;
  const warehouse = object.properties['WAREHOUSE'];
  const state = await openSystemSession(account, {
    role: object.owner === null ? undefined : catalog.byId(object.owner),
    schema: object.parent === null ? undefined : catalog.byId(object.parent),
    warehouse: warehouse === undefined ? undefined : catalog.byId(propertyText(object, 'WAREHOUSE')),
    // https://docs.snowflake.com/en/user-guide/alerts (serverless alerts)
    isServerless: warehouse === undefined,
  });
  contexts.set(state.id, context);
  const session = account.sessions.add(new Session(state));
  return {
    submit: (...request) => session.submit(...request),
    abort: (queryId) => session.abort(queryId),
    close: async () => {
      contexts.delete(state.id);
      await session.close();
    },
  };
}

/** How many rows the statement answers. @throws SnowflakeError */
async function rowsOf(
  session: { readonly submit: Session['submit']; readonly abort: Session['abort'] },
  text: string,
  queryId: string,
  signal: AbortSignal,
): Promise<number> {
  const query = session.submit({ requestId: queryId, text, describeOnly: false, bindings: {}, parameters: {} }, queryId);
  const abort = (): void => {
    session.abort(queryId);
  };
  signal.addEventListener('abort', abort, { once: true });
  try {
    if (signal.aborted) abort();
    const outcome = await query.outcome();
    return outcome.kind === 'result' ? outcome.result.rows.length : 0;
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
