import { randomBytes } from 'node:crypto';
import { SystemClock } from '../platform/clock.ts';
import { systemIds } from '../platform/ids.ts';
import type { Logger } from '../platform/logger.ts';
import { openLocalSnowflake } from '../session/local-snowflake.ts';
import { adminRoutes } from '../wire/admin-routes.ts';
import { changePassword } from './change-password.ts';
import { startWireServer, type WireServer } from '../wire/wire-server.ts';
import { CommandFailure, exitCodes } from './command-failure.ts';
import { administrator, administratorPassword, writeCredentials } from './credentials.ts';
import { type DataHome, markDirectory } from './data-home.ts';
import { dataInUse, lockData } from './data-lock.ts';
import { processIdentity } from './process-identity.ts';
import { removeServerRecord, type ServerRecord, writeServerRecord } from './server-record.ts';
import { writeSettings } from './settings.ts';

export interface ServeOptions {
  readonly home: DataHome;
  /** As the user asked for it: 0 for any that is free; undefined for the one used last. */
  readonly port: number | undefined;
  readonly logger: Logger;
}

export interface RunningServer {
  readonly record: ServerRecord;
  readonly origin: string;
  /** Resolves when the server has been asked to stop by a command. */
  readonly stopAsked: Promise<void>;
  close(): Promise<void>;
}

/**
 * Runs a server in this process: opens the data folder, listens, and leaves word of itself in the folder.
 * @throws CommandFailure for what the user can mend
 */
export async function serve({ home, port, logger }: ServeOptions): Promise<RunningServer> {
  const settings = markDirectory(home);
  const unlock = lockData(home);
  try {
    return await open({ home, port, logger }, settings.port, unlock);
  } catch (error) {
    unlock();
    throw error;
  }
}

async function open(
  { home, port, logger }: ServeOptions,
  lastPort: number | undefined,
  unlock: () => void,
): Promise<RunningServer> {
  // The port is remembered from the first time on that the account was served.
  const choice = administratorPassword(home, !home.memory && lastPort !== undefined);
  const service = await openLocalSnowflake({
    ...(home.memory ? { memory: true } : { dataDir: home.directory }),
    clock: new SystemClock(),
    ids: systemIds,
    logger,
    adminUser: administrator.user,
    adminPassword: choice.current,
    preloadPython: true,
  }).catch((error: unknown) => {
    throw lockedByDuckDb(error, home) ?? error;
  });
  if (choice.wanted !== undefined) await changePassword(service, administrator.user, choice.current, choice.wanted);
  const password = choice.wanted ?? choice.current;
  let stop = (): void => undefined;
  const stopAsked = new Promise<void>((resolve) => {
    stop = resolve;
  });
  const adminToken = randomBytes(24).toString('base64url');
  const listen = (wanted: number): Promise<WireServer> =>
    startWireServer({
      service,
      logger,
      port: wanted,
      extend: (server) => {
        adminRoutes(server, { administration: service, token: adminToken, stop });
      },
    });
  const wire = await listenOn(port, lastPort, listen).catch(async (error: unknown) => {
    await service.close();
    throw error;
  });
  writeSettings(home, wire.port);
  const { account, organization, accountName } = service.account;
  writeCredentials(home, { account, organization, accountName, ...administrator, password }, wire.port);
  const record: ServerRecord = {
    pid: process.pid,
    identity: processIdentity(process.pid) ?? '',
    port: wire.port,
    adminToken,
    startedAt: new Date().toISOString(),
    version: service.account.version,
  };
  writeServerRecord(home, record);
  logger.info({ port: wire.port, data: home.directory, memory: home.memory }, 'ready');
  return {
    record,
    origin: wire.origin,
    stopAsked,
    close: async () => {
      await wire.close();
      await service.close();
      removeServerRecord(home);
      unlock();
      logger.info('stopped');
    },
  };
}

/** A port that the user named must be that one; the remembered one gives way when somebody else has it. */
async function listenOn<T>(wanted: number | undefined, last: number | undefined, listen: (port: number) => Promise<T>): Promise<T> {
  try {
    return await listen(wanted ?? last ?? 0);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code !== 'EADDRINUSE' && code !== 'EACCES') throw error;
    if (wanted === undefined && last !== undefined) return listen(0);
    throw new CommandFailure(
      exitCodes.portInUse,
      code === 'EADDRINUSE'
        ? `Port ${String(wanted)} is in use by another program. Choose another with --port, or let one be chosen with --port 0.`
        : `Port ${String(wanted)} may not be used by this user. Choose one above 1023 with --port.`,
    );
  }
}

function lockedByDuckDb(error: unknown, home: DataHome): CommandFailure | undefined {
  const message = error instanceof Error ? error.message : String(error);
  if (!/could not set lock on file/iu.test(message)) return undefined;
  const pid = /\(PID (\d+)\)/u.exec(message)?.[1];
  return dataInUse(home, pid === undefined ? undefined : Number(pid));
}
