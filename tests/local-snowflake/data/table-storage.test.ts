import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TableColumn } from '../../../local-snowflake/data/ports.ts';
import type { TableStorage } from '../../../local-snowflake/data/table-storage.ts';
import { types } from '../../../local-snowflake/sql/types.ts';
import { SmallAccount } from './support/small-account.ts';

describe('TableStorage', () => {
  let account: SmallAccount;
  let tables: TableStorage;

  const id: TableColumn = {
    name: 'ID',
    physical: 'c1',
    type: types.number(38, 0),
    nullable: false,
    identity: { start: 10, step: 5 },
  };
  const text: TableColumn = { name: 'S', physical: 'c2', type: types.varchar(), nullable: true };

  beforeEach(async () => {
    account = await SmallAccount.open();
    tables = account.engine.tables;
    await tables.createTable('t-1', [id, text]);
    show('A', 't-1', [id, text]);
    await account.run("INSERT INTO a (s) VALUES ('x'), ('y')");
  });

  afterEach(async () => {
    await account.close();
  });

  function show(name: string, physicalName: string, columns: readonly TableColumn[]): void {
    account.relations.set(name, { kind: 'table', physicalName, columns });
  }

  it('numbers the rows of identity columns', async () => {
    expect(await account.rows('SELECT id, s FROM a ORDER BY id')).toEqual([
      ['10', 'x'],
      ['15', 'y'],
    ]);
  });

  it('adds, renames and drops columns', async () => {
    const added: TableColumn = { name: 'N', physical: 'C2 ', type: types.number(5, 2), nullable: false };
    await tables.addColumn('t-1', added, '1.5');
    await tables.renameColumn('t-1', 'c2', 'other');
    show('A', 't-1', [id, { ...text, physical: 'other' }, added]);
    expect(await account.rows('SELECT * FROM a ORDER BY id')).toEqual([
      ['10', 'x', '1.50'],
      ['15', 'y', '1.50'],
    ]);
    await expect(account.run('INSERT INTO a (s) VALUES (NULL)')).rejects.toMatchObject({ code: '100072' });
    await tables.dropColumn('t-1', 'other');
    show('A', 't-1', [id, added]);
    expect(await account.rows('SELECT * FROM a WHERE id = 10')).toEqual([['10', '1.50']]);
  });

  it('numbers the rows that are there for a new identity column', async () => {
    const number: TableColumn = {
      name: 'N',
      physical: 'n',
      type: types.number(38, 0),
      nullable: true,
      identity: { start: 1, step: 1 },
    };
    await tables.addColumn('t-1', number);
    show('A', 't-1', [id, text, number]);
    await account.run("INSERT INTO a (s) VALUES ('z')");
    expect(await account.rows('SELECT n FROM a ORDER BY n')).toEqual([['1'], ['2'], ['3']]);
  });

  it('changes types and NOT NULL', async () => {
    await tables.setNullable('t-1', 'c2', false);
    await expect(account.run('INSERT INTO a (s) VALUES (NULL)')).rejects.toMatchObject({ code: '100072' });
    await tables.setNullable('t-1', 'c2', true);
    await account.run('INSERT INTO a (s) VALUES (NULL)');
    await tables.setType('t-1', 'c1', types.number(38, 2));
    show('A', 't-1', [{ ...id, type: types.number(38, 2) }, text]);
    expect(await account.rows('SELECT min(id) FROM a')).toEqual([['10.00']]);
  });

  it('clones rows, which then go their own ways', async () => {
    await tables.clone('t-1', 't2');
    show(
      'B',
      't2',
      [id, text].map(({ identity: _identity, ...column }) => column),
    );
    await account.run("INSERT INTO b VALUES (1, 'b')");
    await account.run("DELETE FROM a WHERE s = 'x'");
    expect(await account.rows('SELECT s FROM b ORDER BY s')).toEqual([['b'], ['x'], ['y']]);
    expect(await account.rows('SELECT s FROM a')).toEqual([['y']]);
    await expect(account.run('INSERT INTO b VALUES (NULL, NULL)')).rejects.toMatchObject({ code: '100072' });
  });

  it('swaps what is behind two names', async () => {
    await tables.createTable('t2', [text]);
    await tables.swap('t-1', 't2');
    show('A', 't-1', [text]);
    show('B', 't2', [text]);
    expect(await account.rows('SELECT count(*) FROM a')).toEqual([['0']]);
    expect(await account.rows('SELECT count(*) FROM b')).toEqual([['2']]);
  });

  it('knows its tables and their sizes, and forgets those that are dropped', async () => {
    expect(await tables.listTables()).toEqual(['t-1']);
    expect(await tables.rowCount('t-1')).toBe(2);
    expect(await tables.bytes('t-1')).toBeGreaterThan(0);
    await tables.dropTable('t-1');
    await tables.dropTable('t-1');
    expect(await tables.listTables()).toEqual([]);
    // Its sequence went as well: the name is free.
    await tables.createTable('t-1', [id, text]);
  });

  it('counts sequences up, without going back', async () => {
    await tables.createSequence('s1', 5, -2);
    account.sequences.set('SEQ', 's1');
    await account.connection.begin();
    expect(await account.rows('SELECT seq.NEXTVAL, seq.NEXTVAL')).toEqual([['5', '3']]);
    await account.connection.rollback();
    expect(await account.rows('SELECT seq.NEXTVAL FROM a')).toEqual([['1'], ['-1']]);
    await tables.dropSequence('s1');
  });
});
