import { mkdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Authorizer } from '../access/authorizer.ts';
import { Grants } from '../access/grants.ts';
import { Catalog } from '../catalog/catalog.ts';
import { Records } from '../catalog/records.ts';
import { DataEngine } from '../data/data-engine.ts';
import { kinds } from '../objects/kinds.ts';
import { ObjectRegistry } from '../objects/object-registry.ts';
import type { Clock } from '../platform/clock.ts';
import type { IdSource } from '../platform/ids.ts';
import type { Logger } from '../platform/logger.ts';
import { Vault } from '../platform/vault.ts';
import type { PythonEnvironment } from '../runtime/python-environment.ts';
import { PythonRuntime } from '../runtime/python-runtime.ts';
import type { Account } from './account.ts';
import { indexAccountParameters } from './account-parameters.ts';
import { bootstrap } from './bootstrap.ts';
import { makeEffects } from './effects.ts';
import { extensions } from './extensions.ts';
import { login } from './logins.ts';
import { PythonService } from './python-service.ts';
import { QueryLog } from './query-log.ts';
import { ResultCache } from './result-cache.ts';
import type { AccountFacts, HistoryEntry, OutboxEntry, ServerAdministration, SnowflakeService } from './service.ts';
import { SessionRegistry } from './session-registry.ts';
import { Transfers } from './transfers.ts';
import { WorkerTokens } from './worker-tokens.ts';

export interface LocalSnowflakeOptions {
  /** Folder of everything that must survive; undefined for an account in memory. */
  readonly dataDirectory: string | undefined;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly logger: Logger;
  /** Name and password of the first user, for an account that has none yet. */
  readonly admin: { readonly name: string; readonly password: string };
  /** The Python that runs procedures, functions and jobs. */
  readonly python: PythonEnvironment;
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
  const folder = options.dataDirectory ?? (await mkdtemp(join(tmpdir(), 'local-snowflake-')));
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const data = await DataEngine.open(options.dataDirectory === undefined ? ':memory:' : join(folder, 'account.duckdb'));
  const store = await data.catalogStore('records');
  const records = await Records.load(store);
  const catalog = new Catalog(records);
  const grants = new Grants(records, catalog);
  const runtime = new PythonRuntime({ python: options.python, clock, ids, logger });
  const transfers = new Transfers(clock, ids);
  const account: Account = {
    facts,
    clock,
    ids,
    logger,
    folder,
    records,
    catalog,
    grants,
    authorizer: new Authorizer(catalog, grants),
    registry: new ObjectRegistry(kinds, extensions),
    effects: makeEffects({ data, python: runtime, vault: Vault.inFolder(folder, ids), transfers, stagesFolder: join(folder, 'stages') }),
    data,
    queries: new QueryLog(clock),
    results: new ResultCache(),
    transfers,
    workerTokens: new WorkerTokens(ids),
    python: new PythonService(runtime, () => account),
    sessions: new SessionRegistry(clock, ids),
    accountParameters: indexAccountParameters(records),
  };
  await bootstrap(catalog, options.admin, clock.now(), ids);
  await clearOrphans(account);
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
    listeningAt: (origin) => {
      transfers.listeningAt(origin);
    },
    history: (limit) => account.queries.entries().slice(-limit).map(historyEntry),
    outbox: () => outbox(account),
    load: () => load(account),
    close: async () => {
      for (const session of account.sessions.all()) await session.close();
      await runtime.close();
      await store.close();
      data.close();
      if (options.dataDirectory === undefined) await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Tables that a crash left without a name in the catalog are dropped. */
async function clearOrphans(account: Account): Promise<void> {
  const known = new Set(
    account.registry.kinds.flatMap((kind) => account.catalog.ofKind(kind.name)).map((object) => String(object.properties['PHYSICAL'] ?? '')),
  );
  for (const name of await account.data.tables.listTables()) {
    if (name.startsWith('t_') && !known.has(name)) await account.data.tables.dropTable(name);
  }
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

function outbox(_account: Account): readonly OutboxEntry[] {
  return [];
}

function load(account: Account): { sessions: number; runningQueries: number } {
  const sessions = account.sessions.all();
  return { sessions: sessions.length, runningQueries: sessions.reduce((sum, session) => sum + session.runningCount(), 0) };
}
