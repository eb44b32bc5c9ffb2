import { AppendLog } from '../platform/append-log.ts';
import type { RunRecord, RunStore } from './run-store.ts';

/** Run records in a file: a line is what one `append` wrote, a JSON array, so that its records count together or not at all. */
export class RunJournal implements RunStore {
  readonly #log: AppendLog;
  /** Records that could not be written when they came; they go first when there is room again. */
  #unwritten: RunRecord[] = [];

  constructor(path: string) {
    this.#log = AppendLog.open(path);
  }

  *load(): Iterable<RunRecord> {
    for (const line of this.#log.lines()) yield* recordsOf(line);
  }

  append(records: readonly RunRecord[]): void {
    const all = this.#unwritten.length === 0 ? records : [...this.#unwritten, ...records];
    try {
      this.#log.append(JSON.stringify(all));
      this.#unwritten = [];
    } catch (error) {
      this.#unwritten = [...all];
      throw error;
    }
  }

  rewrite(records: Iterable<RunRecord>): void {
    this.#log.rewrite(inLines(records));
    this.#unwritten = [];
  }

  /** Bytes on disk. */
  get length(): number {
    return this.#log.length;
  }

  close(): void {
    this.#log.close();
  }
}

/**
 * None for a line that a power failure left unreadable: its blocks may be missing where later ones are there. Records of graph runs that
 * it told of are then passed over as well. docs/decisions/0005-journal-without-fsync.md
 */
function recordsOf(line: string): readonly RunRecord[] {
  try {
    return JSON.parse(line) as RunRecord[];
  } catch {
    return [];
  }
}

function* inLines(records: Iterable<RunRecord>): Generator<string> {
  let batch: RunRecord[] = [];
  for (const record of records) {
    batch.push(record);
    if (batch.length < 200) continue;
    yield JSON.stringify(batch);
    batch = [];
  }
  if (batch.length > 0) yield JSON.stringify(batch);
}
