import { type Clock, SystemClock } from '../../local-snowflake/platform/clock.ts';
import { systemIds } from '../../local-snowflake/platform/ids.ts';
import { createLogger } from '../../local-snowflake/platform/logger.ts';
import { openLocalSnowflake } from '../../local-snowflake/session/local-snowflake.ts';
import { startWireServer } from '../../local-snowflake/wire/wire-server.ts';
import { type ConnectOptions, SdkConnection } from './sdk-connection.ts';

export interface LocalServerOptions {
  /** Where objects and data are kept; in memory when left out. */
  readonly dataDir?: string;
  /** What the sessions, tasks and schedules go by; a FakeClock lets a test say what time it is. */
  readonly clock?: Clock;
  /** What requests wait by before drivers are told to poll on; real time when left out. */
  readonly wireClock?: Clock;
}

/** A local Snowflake in this process, on a port of its own. */
export interface LocalServer {
  readonly origin: string;
  readonly port: number;
  readonly account: string;
  readonly user: string;
  readonly password: string;
  readonly service: Awaited<ReturnType<typeof openLocalSnowflake>>;
  /** A new connection of Snowflake's Node.js driver, as the administrator unless `options` say otherwise. */
  connect(options?: ConnectOptions): Promise<SdkConnection>;
  close(): Promise<void>;
}

export async function startLocalServer(options: LocalServerOptions = {}): Promise<LocalServer> {
  const { dataDir, clock = new SystemClock(), wireClock } = options;
  const user = 'LOCAL_ADMIN';
  const password = 'test password ä"\'';
  const logger = createLogger(process.env['LOCAL_SNOWFLAKE_LOG'] === undefined ? 'error' : 'debug');
  const service = await openLocalSnowflake({
    ...(dataDir === undefined ? { memory: true } : { dataDir }),
    clock,
    ids: systemIds,
    logger,
    adminUser: user,
    adminPassword: password,
  });
  const wire = await startWireServer({ service, logger, ...(wireClock !== undefined && { clock: wireClock }) });
  const connections = new Set<SdkConnection>();
  const { account } = service.account;
  return {
    origin: wire.origin,
    port: wire.port,
    account,
    user,
    password,
    service,
    connect: async (connectOptions = {}) => {
      const connection = await SdkConnection.open({ account, accessUrl: wire.origin, username: user, password, ...connectOptions });
      connections.add(connection);
      return connection;
    },
    close: async () => {
      await Promise.allSettled([...connections].map((connection) => connection.close()));
      await wire.close();
      await service.close();
    },
  };
}
