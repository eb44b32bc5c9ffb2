import { randomUUID } from 'node:crypto';
import type { PreparationRuntime } from '../duckdb/preparation-runtime.ts';

/**
 * Something that must happen between binding and running: reading a stage's file list, calling a system function or
 * Python. Until then its place in the SQL text is held by a token; `prepare` says what to put there.
 */
export interface Preparation {
  readonly token: string;
  prepare(runtime: PreparationRuntime): Promise<string>;
}

// A token that no statement can hold by chance or on purpose.
const nonce = randomUUID().replaceAll('-', '');

export function preparationToken(name: string): string {
  return `«${nonce}:${name}»`;
}

/** Every preparation in order; later ones see the text of earlier ones. */
export async function resolvePreparations(
  sql: string,
  preparations: readonly Preparation[],
  runtime: PreparationRuntime,
): Promise<string> {
  let resolved = runtime.text(sql);
  for (const preparation of preparations) {
    const text = await preparation.prepare(runtime);
    runtime.resolved.set(preparation.token, text);
    resolved = resolved.replaceAll(preparation.token, () => text);
  }
  return resolved;
}
