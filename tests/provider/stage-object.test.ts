import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { checkInputs } from '../../provider/check-inputs.ts';
import { diffInputs } from '../../provider/diff-inputs.ts';
import { stageObject } from '../../provider/kinds/stage-object.ts';
import { ignore, missing, ScriptedSession } from './scripted-session.ts';

const text = 'print("hello")\n';
const md5 = createHash('md5').update(text).digest('hex');
let folder: string;
let wanted: { stage: string; path: string; source: string; contentHash: string };
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'object-'));
  const source = join(folder, 'local[1].py');
  writeFileSync(source, text);
  wanted = { stage: 'DB.SC.CODE', path: 'src/train.py', source, contentHash: createHash('sha256').update(text).digest('hex') };
});
afterEach(() => rmSync(folder, { recursive: true }));

// https://docs.snowflake.com/en/sql-reference/sql/list
const listed = (path = 'src/train.py', sum = md5) => [{ name: `code/${path}`, size: text.length, md5: sum, last_modified: '' }];

describe('StageObject', () => {
  it('uploads a copy that bears the name of the object, uncompressed, and removes the copy', async () => {
    let uploaded = '';
    let copy = '';
    const session = new ScriptedSession().on(/^LIST/u, listed()).on(/^PUT/u, (statement) => {
      copy = fileURLToPath(/'(file:[^']+)'/u.exec(statement)?.[1] ?? '');
      uploaded = readFileSync(copy, 'utf8');
      return [];
    });
    const state = await stageObject.create(session, wanted, ignore);
    expect(session.changes[0]).toMatch(
      /^PUT 'file:\/\/\/.+\/train\.py' '@"DB"\."SC"\."CODE"\/src' AUTO_COMPRESS = FALSE OVERWRITE = TRUE$/u,
    );
    expect(uploaded).toBe(text);
    expect(existsSync(copy)).toBe(false);
    expect(state).toEqual({ ...wanted, size: text.length, md5, location: '@DB.SC.CODE/src/train.py' });
    expect(diffInputs(stageObject, state, wanted)).toEqual([]);
  });

  it('refuses content that is not what was previewed', async () => {
    writeFileSync(wanted.source, 'something else');
    const session = new ScriptedSession();
    await expect(stageObject.create(session, wanted, ignore)).rejects.toThrow('changed while it was being deployed');
    expect(session.statements).toEqual([]);
  });

  it('shows a change of content as a change, and a move of the source as none', () => {
    const changed = { ...wanted, contentHash: 'f'.repeat(64), source: 'elsewhere.py' };
    expect(diffInputs(stageObject, wanted, changed)).toEqual([{ property: 'contentHash', kind: 'update', replaces: false }]);
    expect(diffInputs(stageObject, wanted, { ...wanted, path: 'src/other.py' })).toEqual([
      { property: 'path', kind: 'update', replaces: true },
    ]);
  });

  it('finds content that somebody else put there, and an object that is gone', async () => {
    const state = { ...wanted, size: text.length, md5, location: '@DB.SC.CODE/src/train.py' };
    const replaced = new ScriptedSession().on(/^LIST/u, listed('src/train.py', 'a'.repeat(32)));
    const found = (await stageObject.read(replaced, 'id', state)) ?? {};
    expect(diffInputs(stageObject, found, wanted).map(({ property }) => property)).toEqual(['contentHash']);
    // A name that only begins like the object's is another object.
    const removed = new ScriptedSession().on(/^LIST/u, listed('src/train.py.bak'));
    expect(await stageObject.read(removed, 'id', state)).toBeUndefined();
    expect(await stageObject.read(new ScriptedSession().on(/^LIST/u, missing), 'id', state)).toBeUndefined();
  });

  it('is imported by its location', async () => {
    const session = new ScriptedSession().on(/^LIST '@"DB"\."SC"\."CODE"\/src\/train\.py'$/u, listed());
    expect(await stageObject.read(session, '@DB.SC.CODE/src/train.py', {})).toMatchObject({
      stage: 'DB.SC.CODE',
      path: 'src/train.py',
      md5,
    });
    await expect(stageObject.read(session, 'train.py', {})).rejects.toThrow('is not the id of a stage object');
  });

  it('removes itself alone, though REMOVE takes all that begins with its path', async () => {
    const session = new ScriptedSession();
    await stageObject.delete(session, 'id', wanted, ignore);
    expect(session.changes).toEqual([`REMOVE '@"DB"."SC"."CODE"/src/train.py' PATTERN = '.*train[.]py'`]);
    await stageObject.delete(new ScriptedSession().on(/^REMOVE/u, missing), 'id', wanted, ignore);
  });

  it.each(['/src/train.py', '../train.py', 'src/../train.py', 'src//train.py', "src/'; DROP.py", 'src/'])(
    'refuses the path %s',
    (path) => {
      expect(checkInputs(stageObject, { ...wanted, path }).failures).toMatchObject([{ property: 'path' }]);
    },
  );
});
