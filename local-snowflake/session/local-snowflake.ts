import { mkdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Authorizer } from '../access/authorizer.ts';
import { FormerRoles } from '../access/former-roles.ts';
import { Grants } from '../access/grants.ts';
import { Catalog } from '../catalog/catalog.ts';
import { DroppedObjects } from '../catalog/dropped-objects.ts';
import { Records } from '../catalog/records.ts';
import { DataEngine } from '../data/data-engine.ts';
import { Outbox, type SentNotification } from '../notifications/outbox.ts';
import { parseDestination } from '../notifications/webhook.ts';
import { kinds } from '../objects/kinds.ts';
import { LineageGraph } from '../objects/lineage/lineage-graph.ts';
import { ObjectRegistry } from '../objects/object-registry.ts';
import type { Clock } from '../platform/clock.ts';
import type { IdSource } from '../platform/ids.ts';
import type { Logger } from '../platform/logger.ts';
import { Vault } from '../platform/vault.ts';
import { findPython, type PythonEnvironment } from '../runtime/python-environment.ts';
import { PythonRuntime } from '../runtime/python-runtime.ts';
import type { Account } from './account.ts';
import { Alerts } from './alerts.ts';
import { indexAccountParameters } from './account-parameters.ts';
import { bootstrap } from './bootstrap.ts';
import { clearOrphans } from './clear-orphans.ts';
import { DroppedObjectPurger } from './dropped-object-purger.ts';
import { DynamicTableRefresher } from './dynamic-table-refresher.ts';
import { makeEffects } from './effects.ts';
import { enterEndpoint } from './endpoint-entry.ts';
import { EndpointTokens, exchangeToken } from './endpoint-tokens.ts';
import { extensions } from './extensions.ts';
import { giveFirstCompute } from './first-compute.ts';
import { HistoryKeeper } from './history-keeper.ts';
import { login } from './logins.ts';
import { ModelMonitorRefresher } from './model-monitor-refresher.ts';
import { makeNotifier } from './notifier.ts';
import { ObjectQueues } from './object-queues.ts';
import { PythonService } from './python-service.ts';
import { QueryLog } from './query-log.ts';
import { ResultCache } from './result-cache.ts';
import type { AccountFacts, HistoryEntry, OutboxEntry, ServerAdministration, SnowflakeService } from './service.ts';
import { RetiredFolders } from './retired-folders.ts';
import { Services } from './services.ts';
import { SessionRegistry } from './session-registry.ts';
import { Tasks } from './tasks.ts';
import { Transfers } from './transfers.ts';
import { Warehouses } from './warehouses.ts';
import { WorkerTokens } from './worker-tokens.ts';

export interface LocalSnowflakeOptions {
  /** Folder of everything that must survive; left out for an account in memory. */
  readonly dataDir?: string;
  readonly memory?: boolean;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly logger: Logger;
  /** Name and password of the first user, for an account that has none yet. */
  readonly adminUser: string;
  readonly adminPassword: string;
  /** `http://127.0.0.1:<port>` that webhook calls are posted to; they are only kept when left out. */
  readonly webhookDestination?: string;
  /** The Python that runs procedures, functions and jobs; the project's own when left out. Looked for when first needed. */
  readonly python?: string;
  /** Whether Python procedures and functions are made ready for when they are created, so that their first call does not wait. */
  readonly preloadPython?: boolean;
}

export type LocalSnowflake = SnowflakeService & ServerAdministration & { readonly internals: Account };

const facts: AccountFacts = {
  account: 'LOCAL',
  organization: 'LOCALORG',
  accountName: 'LOCAL',
  region: 'LOCAL',
  version: '9.36.1',
};

/** Opens an account. Everything it needs is made here and handed down; nothing below looks for it. */
export async function openLocalSnowflake(options: LocalSnowflakeOptions): Promise<LocalSnowflake> {
  const { clock, ids, logger } = options;
  const folder = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'local-snowflake-')));
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const data = await DataEngine.open(options.dataDir === undefined ? ':memory:' : join(folder, 'account.duckdb'), clock);
  const store = await data.catalogStore('records');
  const records = await Records.load(store);
  const catalog = new Catalog(records);
  const grants = new Grants(records, catalog);
  const formerRoles = new FormerRoles(grants, (role) => tasks.isUnderWay(role));
  const runtime = new PythonRuntime({ python: pythonOf(options), clock, ids, logger, preload: options.preloadPython === true });
  const services = new Services({ host: runtime.host, records, clock, logger, folder, account: () => account });
  const transfers = new Transfers(clock, ids);
  const retired = new RetiredFolders(() => account.sessions.all().flatMap((session) => session.running()));
  const tasks = new Tasks({ clock, ids, records, folder: options.dataDir, outbox: () => outbox, account: () => account });
  const alerts = new Alerts(() => account);
  const vault = Vault.inFolder(folder, ids);
  const outbox = new Outbox(records);
  const webhookDestination = options.webhookDestination === undefined ? undefined : parseDestination(options.webhookDestination);
  const notifier = makeNotifier({ outbox, vault, webhookDestination });
  const warehouses = new Warehouses(() => account);
  const account: Account = {
    facts,
    clock,
    ids,
    logger,
    folder,
    records,
    catalog,
    dropped: new DroppedObjects(records),
    grants,
    formerRoles,
    authorizer: new Authorizer(catalog, grants, formerRoles),
    registry: new ObjectRegistry([...kinds, ...tasks.kinds, ...alerts.kinds], [...extensions, tasks.extension, alerts.extension]),
    effects: makeEffects({
      data,
      python: runtime,
      services,
      vault,
      transfers,
      retired,
      warehouses,
      notifier,
      statementEnd: (id) => account.queries.get(id)?.endedAt,
      stagesFolder: join(folder, 'stages'),
    }),
    data,
    lineage: new LineageGraph(records, catalog),
    alterations: new ObjectQueues(),
    queries: new QueryLog(clock),
    results: new ResultCache(),
    transfers,
    warehouses,
    workerTokens: new WorkerTokens(ids),
    python: new PythonService(runtime, () => account),
    services,
    endpointTokens: new EndpointTokens(clock, ids),
    sessions: new SessionRegistry(clock, ids),
    accountParameters: indexAccountParameters(records),
  };
  await bootstrap(catalog, { name: options.adminUser, password: options.adminPassword }, clock.now(), ids);
  await giveFirstCompute(records, catalog, options.adminUser, clock.now(), ids);
  await clearOrphans(account);
  data.onChange(() => {
    tasks.engine.dataChanged();
  });
  await services.restore();
  await tasks.restore();
  warehouses.start();
  const refresher = new DynamicTableRefresher(account);
  refresher.start();
  const purger = new DroppedObjectPurger(account);
  await purger.start();
  const keeper = new HistoryKeeper(account);
  keeper.start();
  const monitors = new ModelMonitorRefresher(account);
  monitors.start();
  await alerts.start();
  return {
    internals: account,
    account: facts,
    login: async (request) => {
      const session = await login(account, request);
      return { session, ...account.sessions.issue(session) };
    },
    sessionOf: (token) => account.sessions.find(token),
    renew: (masterToken) => account.sessions.renew(masterToken),
    presigned: async (path, method) => transfers.find(path, method),
    exchangeToken: (request) => exchangeToken(account, request),
    enterEndpoint: (request) => enterEndpoint(account, request),
    listeningAt: (origin) => {
      transfers.listeningAt(origin);
      services.start();
      tasks.engine.start();
    },
    history: (limit) => account.queries.entries().slice(-limit).map(historyEntry),
    outbox: () => outbox.entries().map(outboxEntry),
    load: () => load(account),
    close: async () => {
      tasks.engine.stop();
      await refresher.close();
      await monitors.close();
      await alerts.close();
      await purger.close();
      await keeper.close();
      await services.close();
      for (const session of account.sessions.all()) await session.close();
      await warehouses.close();
      await runtime.close();
      await store.close();
      data.close();
      if (options.dataDir === undefined) await rm(folder, { recursive: true, force: true });
    },
  };
}

/** An account without a Python environment works for all that needs none. */
function pythonOf(options: LocalSnowflakeOptions): PythonEnvironment {
  return {
    get executable() {
      return findPython(options.python ?? process.env['LOCAL_SNOWFLAKE_PYTHON']).executable;
    },
  };
}

function historyEntry(entry: ReturnType<QueryLog['entries']>[number]): HistoryEntry {
  return {
    queryId: entry.id,
    sessionId: entry.sessionId,
    user: entry.user,
    role: entry.role,
    text: entry.text,
    state: entry.state,
    startedAt: entry.startedAt,
    endedAt: entry.endedAt ?? null,
    errorCode: entry.error?.code ?? null,
    errorMessage: entry.error?.message ?? null,
    rows: entry.rows ?? null,
  };
}

function outboxEntry({ id, at, kind, integration, recipients, subject, body, delivery, detail }: SentNotification): OutboxEntry {
  return { id, at, kind, integration, recipients, subject, body, delivery, detail };
}

function load(account: Account): { sessions: number; runningQueries: number } {
  const sessions = account.sessions.all();
  return { sessions: sessions.length, runningQueries: sessions.reduce((sum, session) => sum + session.running().length, 0) };
}
