import { mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Location } from '../objects/stage-location.ts';
import type { Clock } from '../platform/clock.ts';
import type { IdSource } from '../platform/ids.ts';
import type { FolderFile } from '../platform/stage-folder.ts';
import { type PresignedFile, presignedPrefix, type TransferTarget } from './service.ts';
import type { SessionState } from './session-state.ts';

interface Presigned {
  readonly path: string;
  readonly method: 'GET' | 'PUT';
  readonly expires: number;
}

const uploadLifetime = 3_600_000;

/** How clients move files: folders of this machine for clients on it, unguessable URLs for the others. */
export class Transfers {
  readonly #clock: Clock;
  readonly #ids: IdSource;
  readonly #presigned = new Map<string, Presigned>();
  #origin = '';

  constructor(clock: Clock, ids: IdSource) {
    this.#clock = clock;
    this.#ids = ids;
  }

  listeningAt(origin: string): void {
    this.#origin = origin;
  }

  get origin(): string {
    return this.#origin;
  }

  upload(location: Location, folder: string, source: string, state: SessionState): TransferTarget {
    const directory = join(location.root, folder);
    mkdirSync(directory, { recursive: true });
    if (!sharesFiles(state)) {
      return { kind: 'presigned', paths: [this.#sign(join(directory, basename(source)), 'PUT', uploadLifetime)] };
    }
    return { kind: 'local', directory };
  }

  download(location: Location, files: readonly FolderFile[], state: SessionState): { sources: string[]; target: TransferTarget } {
    const sources = files.map((file) => file.path);
    if (sharesFiles(state)) return { sources, target: { kind: 'local', directory: location.root } };
    return { sources, target: { kind: 'presigned', paths: files.map((file) => this.#sign(file.absolute, 'GET', uploadLifetime)) } };
  }

  /** A URL that fetches a file without a login, for `lifetime` milliseconds. */
  presign(absolute: string, lifetime: number): string {
    return `${this.#origin}${presignedPrefix}${this.#sign(absolute, 'GET', lifetime)}`;
  }

  find(path: string, method: 'GET' | 'PUT'): PresignedFile | undefined {
    const found = this.#presigned.get(path);
    if (found === undefined || found.method !== method || found.expires < this.#clock.now()) return undefined;
    return { path: found.path };
  }

  #sign(path: string, method: 'GET' | 'PUT', lifetime: number): string {
    const now = this.#clock.now();
    for (const [key, signed] of this.#presigned) if (signed.expires < now) this.#presigned.delete(key);
    const token = `${this.#ids.bytes(24).toString('base64url')}/${encodeURIComponent(basename(path))}`;
    this.#presigned.set(token, { path, method, expires: now + lifetime });
    return token;
  }
}

/** Clients on this machine read and write the folders themselves unless the session asks for URLs. */
function sharesFiles(state: SessionState): boolean {
  return state.parameter('LOCAL_SNOWFLAKE_TRANSFER') !== 'PRESIGNED';
}
