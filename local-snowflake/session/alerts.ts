import { type CatalogObject, propertyText } from '../catalog/catalog-object.ts';
import type { RecordIndex, StoredRecord } from '../catalog/records.ts';
import { alert } from '../objects/alert/alert.ts';
import { alertExtension } from '../objects/alert/alert-extension.ts';
import {
  type AlertContext,
  type AlertEngine,
  type AlertRun,
  hasFailed,
  type UpcomingAlertRun,
} from '../objects/alert/alert-run.ts';
import { alertSchedule } from '../objects/alert/alert-schedule.ts';
import { nextDue } from '../objects/task/schedule.ts';
import type { Account } from './account.ts';
import { evaluateAlert } from './evaluate-alert.ts';

const kept = { milliseconds: 7 * 86_400_000, runs: 10_000 };

interface Armed {
  readonly due: number;
  readonly cancel: () => void;
}

/**
 * Evaluates alerts on their schedules and when asked to, and remembers it. Follows the catalog: an alert that is resumed, altered, suspended
 * or dropped is armed anew. https://docs.snowflake.com/en/user-guide/alerts
 */
export class Alerts implements RecordIndex, AlertEngine {
  readonly collections = new Set(['object', 'alert-run']);
  readonly kinds = [alert];
  readonly extension = alertExtension(this);
  readonly #account: () => Account;
  readonly #runs = new Map<string, AlertRun>();
  readonly #armed = new Map<string, Armed>();
  readonly #contexts = new Map<number, AlertContext>();
  readonly #running = new Map<string, AbortController>();
  /** Alerts that are, or were when last looked at, resumed: a run under way when its alert is suspended is cancelled. */
  readonly #started = new Set<string>();
  /** Asked for while they were running. */
  readonly #again = new Set<string>();
  readonly #work = new Set<Promise<void>>();
  #closed = false;

  constructor(account: () => Account) {
    this.#account = account;
  }

  /** Reads what was kept; runs that a stop cut short are cancelled. */
  async start(): Promise<void> {
    const { records, clock } = this.#account();
    records.attach(this);
    const cut = [...this.#runs.values()].filter((run) => run.state === 'EXECUTING');
    if (cut.length === 0) return;
    await records.change((change) => {
      for (const run of cut) change.put({ ...run, state: 'CANCELLED', completedTime: clock.now() } as AlertRun);
    });
  }

  /** Takes no new work, stops what is under way and waits for it. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const { cancel } of this.#armed.values()) cancel();
    for (const abort of this.#running.values()) abort.abort();
    await Promise.all(this.#work);
  }

  added(record: StoredRecord): void {
    if (record.collection === 'alert-run') {
      this.#runs.set(record.id, record as AlertRun);
      return;
    }
    const object = record as CatalogObject;
    if (object.kind !== 'ALERT' || this.#closed) return;
    if (object.properties['STATE'] === 'started') {
      this.#started.add(object.id);
      this.#arm(object, this.#account().clock.now());
    } else if (this.#started.delete(object.id)) this.#running.get(object.id)?.abort();
  }

  removed(record: StoredRecord): void {
    this.#runs.delete(record.id);
    this.#armed.get(record.id)?.cancel();
    this.#armed.delete(record.id);
  }

  runs(): Iterable<AlertRun> {
    return this.#runs.values();
  }

  *upcoming(): Generator<UpcomingAlertRun> {
    const { catalog } = this.#account();
    for (const [id, { due }] of this.#armed) {
      const object = catalog.byId(id);
      if (object !== undefined) yield this.#described(object, due);
    }
  }

  contextOf(sessionId: number): AlertContext | undefined {
    return this.#contexts.get(sessionId);
  }

  async execute(id: string): Promise<void> {
    if (this.#running.has(id)) this.#again.add(id);
    else await this.#begin(id, this.#account().clock.now(), 'EXECUTE ALERT');
  }

  #arm(object: CatalogObject, after: number): void {
    const schedule = alertSchedule(propertyText(object, 'SCHEDULE'));
    const base = Number(object.properties['BASE'] ?? object.createdOn);
    const last = Math.max(0, ...this.#runsOf(object.id, 'SCHEDULE').map((run) => run.scheduledTime));
    const due = schedule === undefined ? undefined : nextDue(schedule, base, Math.max(after, last));
    if (due === undefined) return;
    this.#armed.get(object.id)?.cancel();
    const cancel = this.#account().clock.at(due, () => {
      this.#fire(object.id, due);
    });
    this.#armed.set(object.id, { due, cancel });
  }

  /** Instants that come while a run is under way are skipped. */
  #fire(id: string, due: number): void {
    const { catalog, clock, logger } = this.#account();
    const object = catalog.byId(id);
    if (object === undefined || this.#closed) return;
    this.#armed.delete(id);
    this.#arm(object, Math.max(due, clock.now()));
    if (this.#running.has(id)) return;
    void this.#begin(id, due, 'SCHEDULE').catch((error: unknown) => {
      logger.error({ alert: catalog.displayOf(object), error }, 'an alert could not be evaluated');
    });
  }

  /** Resolves once the run is written down as begun. */
  async #begin(id: string, scheduledTime: number, scheduledFrom: AlertRun['scheduledFrom']): Promise<void> {
    const { catalog, ids, records } = this.#account();
    const object = catalog.byId(id);
    if (object === undefined) return;
    const run: AlertRun = {
      ...this.#described(object, scheduledTime),
      collection: 'alert-run',
      id: ids.uuid(),
      conditionQueryId: null,
      actionQueryId: null,
      state: 'EXECUTING',
      errorCode: null,
      errorMessage: null,
      completedTime: null,
      scheduledFrom,
      wasAutoSuspended: false,
    };
    const abort = new AbortController();
    this.#running.set(id, abort);
    const succeeded = this.#runsOf(id).filter((each) => each.state === 'TRIGGERED' || each.state === 'CONDITION_FALSE');
    const context: AlertContext = {
      scheduledTime,
      lastSuccessfulScheduledTime: Math.max(object.createdOn, ...succeeded.map((each) => each.scheduledTime)),
      config: run.config,
    };
    await records.change((change) => {
      change.put(run);
    });
    const work = this.#finish(object, run, context, abort.signal);
    this.#work.add(work);
    void work.finally(() => this.#work.delete(work));
  }

  async #finish(object: CatalogObject, run: AlertRun, context: AlertContext, signal: AbortSignal): Promise<void> {
    const account = this.#account();
    try {
      const outcome = await evaluateAlert(object, context, { account, signal, contexts: this.#contexts });
      await this.#keep({ ...run, ...outcome, completedTime: account.clock.now() });
    } catch (error) {
      account.logger.error({ alert: run.name, error }, 'the run of an alert could not be kept');
    } finally {
      this.#running.delete(object.id);
    }
    if (this.#again.delete(object.id) && !this.#closed) await this.#begin(object.id, account.clock.now(), 'EXECUTE ALERT');
  }

  /** Writes down how a run ended; the alert is suspended when it has failed too often, and old runs are forgotten. */
  async #keep(run: AlertRun): Promise<void> {
    const { catalog, clock, records } = this.#account();
    const alerted = catalog.byId(run.alert);
    const suspends = alerted !== undefined && hasFailed(run.state) && this.#failuresEnd(alerted, run);
    const old = [...this.#runs.values()].filter((each, index) => {
      const aged = each.scheduledTime < clock.now() - kept.milliseconds;
      return each.id !== run.id && (aged || index < this.#runs.size - kept.runs);
    });
    await records.change((change) => {
      change.put({ ...run, wasAutoSuspended: suspends } as AlertRun);
      for (const each of old) change.delete(each.id);
      const current = catalog.byId(run.alert);
      if (!suspends || current === undefined) return;
      catalog.update({ ...current, properties: { ...current.properties, STATE: 'suspended', AUTO_SUSPENDED: true } }, change);
    });
  }

  /** Whether this failure is one too many in a row, since it was resumed. */
  #failuresEnd({ id, properties }: CatalogObject, failed: AlertRun): boolean {
    const most = Number(properties['SUSPEND_ALERT_AFTER_NUM_FAILURES'] ?? 0);
    if (most <= 0 || properties['STATE'] !== 'started') return false;
    const before = this.#runsOf(id)
      .filter((run) => run.id !== failed.id && run.scheduledTime >= Number(properties['BASE'] ?? 0))
      .sort((a, b) => b.scheduledTime - a.scheduledTime);
    const success = before.findIndex((run) => !hasFailed(run.state));
    return (success < 0 ? before.length : success) + 1 >= most;
  }

  #runsOf(alertId: string, from?: AlertRun['scheduledFrom']): AlertRun[] {
    return [...this.#runs.values()].filter((run) => run.alert === alertId && (from === undefined || run.scheduledFrom === from));
  }

  #described(object: CatalogObject, scheduledTime: number): UpcomingAlertRun {
    const [database = '', schema = '', name = ''] = this.#account().catalog.pathOf(object);
    const optional = (key: string): string | null => propertyText(object, key) || null;
    return {
      alert: object.id,
      name,
      database,
      schema,
      condition: propertyText(object, 'CONDITION'),
      action: propertyText(object, 'ACTION'),
      scheduledTime,
      runbook: optional('RUNBOOK'),
      config: optional('CONFIG'),
    };
  }
}
