import { rmSync } from 'node:fs';
import type { DataHome } from './data-home.ts';
import { readJsonFile, writeJsonFile } from './json-file.ts';
import { processIdentity } from './process-identity.ts';

/** What a running server tells the commands about itself. */
export interface ServerRecord {
  readonly pid: number;
  /** See `processIdentity`. */
  readonly identity: string;
  readonly port: number;
  readonly adminToken: string;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly version: string;
}

export type ServerState =
  | { readonly kind: 'stopped' }
  /** Its record is there, the process is not: killed, or the machine went down. */
  | { readonly kind: 'crashed'; readonly record: ServerRecord }
  | { readonly kind: 'running'; readonly record: ServerRecord };

export function writeServerRecord(home: DataHome, record: ServerRecord): void {
  writeJsonFile(home.record, record);
}

export function removeServerRecord(home: DataHome): void {
  rmSync(home.record, { force: true });
}

/** Whether the folder's server runs, by its record and the system's process table. */
export function serverState(home: DataHome): ServerState {
  const value = readJsonFile(home.record);
  const { pid, identity, port, adminToken, startedAt, version } = value ?? {};
  if (
    typeof pid !== 'number' ||
    typeof identity !== 'string' ||
    typeof port !== 'number' ||
    typeof adminToken !== 'string' ||
    typeof startedAt !== 'string' ||
    typeof version !== 'string'
  ) {
    return { kind: 'stopped' };
  }
  const record = { pid, identity, port, adminToken, startedAt, version };
  return { kind: processIdentity(pid) === identity ? 'running' : 'crashed', record };
}
