import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CatalogEntry } from '../../../local-snowflake/data/catalog-store.ts';
import { DataEngine } from '../../../local-snowflake/data/data-engine.ts';

const entry = (id: string, json = '{}'): CatalogEntry => ({ id, kind: 'TABLE', json });
const byId = (entries: readonly CatalogEntry[]): CatalogEntry[] => [...entries].sort((a, b) => (a.id < b.id ? -1 : 1));

describe('CatalogStore', () => {
  let folder: string;
  let path: string;
  let engine: DataEngine;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'catalog-store-'));
    path = join(folder, 'account.duckdb');
    engine = await DataEngine.open(path);
  });

  afterEach(() => {
    engine.close();
    rmSync(folder, { recursive: true });
  });

  const reopen = async (): Promise<void> => {
    engine.close();
    engine = await DataEngine.open(path);
  };

  it('keeps entries over a restart', async () => {
    const store = await engine.catalogStore();
    await store.put({ upserts: [entry('a', '{"x":"it\'s"}'), entry('b')], deletes: [] });
    await store.put({ upserts: [entry('b', '{"y":2}')], deletes: ['a'] });
    await store.close();
    await reopen();
    const again = await engine.catalogStore();
    expect(await again.load()).toEqual([entry('b', '{"y":2}')]);
    await again.close();
  });

  it('lets the last of many puts of the same tick win', async () => {
    const store = await engine.catalogStore();
    const puts = Array.from({ length: 50 }, (_, index) =>
      store.put({
        upserts: [entry('a', String(index)), entry(`b${String(index)}`)],
        deletes: index > 0 ? [`b${String(index - 1)}`] : [],
      }),
    );
    await Promise.all(puts);
    expect(byId(await store.load())).toEqual([entry('a', '49'), entry('b49')]);
    await store.close();
  });

  it('takes an entry back that was deleted', async () => {
    const store = await engine.catalogStore();
    await store.put({ upserts: [entry('a', '1')], deletes: [] });
    await Promise.all([store.put({ upserts: [], deletes: ['a'] }), store.put({ upserts: [entry('a', '2')], deletes: [] })]);
    expect(await store.load()).toEqual([entry('a', '2')]);
    await store.close();
  });

  it('tells stores of one file apart', async () => {
    const first = await engine.catalogStore('first');
    const second = await engine.catalogStore('second');
    await first.put({ upserts: [entry('a')], deletes: [] });
    expect(await second.load()).toEqual([]);
    await first.close();
    await second.close();
  });

  it('fails the puts whose transaction fails, and goes on', async () => {
    const store = await engine.catalogStore();
    const broken = { id: 'x', kind: 'TABLE', json: null } as unknown as CatalogEntry;
    await expect(store.put({ upserts: [broken], deletes: [] })).rejects.toThrow('NOT NULL constraint failed');
    await store.put({ upserts: [entry('a')], deletes: [] });
    expect(await store.load()).toEqual([entry('a')]);
    await store.close();
  });

  it('does nothing for an empty batch', async () => {
    const store = await engine.catalogStore();
    await store.put({ upserts: [], deletes: [] });
    expect(await store.load()).toEqual([]);
    await store.close();
  });
});
