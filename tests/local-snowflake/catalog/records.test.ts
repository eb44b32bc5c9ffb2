import { expect, test } from 'vitest';
import { type RecordBatch, Records, type RecordStore, type StoredRecord } from '../../../local-snowflake/catalog/records.ts';

const note = (id: string, text: string): StoredRecord & { readonly text: string } => ({ id, collection: 'note', text });

/** Keeps batches in memory; refuses while `full`. */
class FlakyStore implements RecordStore {
  readonly batches: RecordBatch[] = [];
  full = false;

  async load(): ReturnType<RecordStore['load']> {
    return this.batches.flatMap((batch) => [...batch.upserts]);
  }

  async put(batch: RecordBatch): Promise<void> {
    if (this.full) throw new Error('No space left on device');
    this.batches.push(batch);
  }
}

function watch(records: Records): string[] {
  const present = new Set<string>();
  records.attach({
    collections: new Set(['note']),
    added: (record) => present.add(record.id),
    removed: (record) => present.delete(record.id),
  });
  return Object.defineProperty([], 'toJSON', { value: () => [...present] }) as string[];
}

test('what a change puts is stored as one batch and read back', async () => {
  const store = new FlakyStore();
  const records = await Records.load(store);
  await records.change((change) => {
    change.put(note('a', 'one'));
    change.put(note('b', 'two'));
    change.delete('b');
  });
  expect(store.batches).toEqual([{ upserts: [{ id: 'a', kind: 'note', json: JSON.stringify(note('a', 'one')) }], deletes: ['b'] }]);
  expect((await Records.load(store)).get('a')).toEqual(note('a', 'one'));
});

test('a change that throws leaves memory, indexes and the store as they were', async () => {
  const store = new FlakyStore();
  const records = await Records.load(store);
  await records.change((change) => change.put(note('a', 'one')));
  const index = watch(records);
  await expect(
    records.change((change) => {
      change.put(note('a', 'changed'));
      change.put(note('b', 'two'));
      throw new Error('refused');
    }),
  ).rejects.toThrow('refused');
  expect(records.get('a')).toEqual(note('a', 'one'));
  expect(records.get('b')).toBeUndefined();
  expect(JSON.stringify(index)).toBe('["a"]');
  expect(store.batches).toHaveLength(1);
});

test('a store that refuses undoes the change', async () => {
  const store = new FlakyStore();
  const records = await Records.load(store);
  const index = watch(records);
  store.full = true;
  await expect(records.change((change) => change.put(note('a', 'one')))).rejects.toThrow('No space left');
  expect(records.get('a')).toBeUndefined();
  expect(JSON.stringify(index)).toBe('[]');
});
