import { rm } from 'node:fs/promises';
import type { Query } from './service.ts';

/** Folders that nothing leads to any more, kept until the statements that may still read them have ended. */
export class RetiredFolders {
  readonly #running: () => readonly Query[];
  readonly #waiting = new Map<string, Promise<unknown>>();

  constructor(running: () => readonly Query[]) {
    this.#running = running;
  }

  /** Removes a folder when all statements that run now, besides the one of that id, have ended. */
  async retire(path: string, queryId: string): Promise<void> {
    const readers = this.#running().filter((query) => query.id !== queryId);
    if (readers.length === 0) return remove(path);
    const ended = Promise.allSettled(readers.map((query) => query.outcome()));
    this.#waiting.set(path, ended);
    // What cannot be removed is in nobody's way.
    ended.then(() => (this.#waiting.get(path) === ended ? this.clear(path) : undefined)).catch(() => undefined);
  }

  /** Empties a folder that is about to be written anew. */
  async clear(path: string): Promise<void> {
    if (!this.#waiting.delete(path)) return;
    await remove(path);
  }
}

function remove(path: string): Promise<void> {
  return rm(path, { recursive: true, force: true });
}
