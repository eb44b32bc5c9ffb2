import { describe, expect, it } from 'vitest';

import { diffInputs } from '../../provider/diff-inputs.ts';
import { graphActivation } from '../../provider/kinds/graph-activation.ts';
import { graphHold } from '../../provider/kinds/graph-hold.ts';
import type { Properties } from '../../provider/resource-kind.ts';
import { ignore } from './scripted-session.ts';
import { TaskAccount } from './task-account.ts';

const place = { database: 'DB', schema: 'SC', root: 'ROOT' };
const account = (): TaskAccount =>
  new TaskAccount()
    .add('ROOT')
    .add('CHILD', { after: ['ROOT'] })
    .add('END', { finalizes: 'ROOT' });
const hold = (definitions: Record<string, string>, root = 'ROOT') => ({ ...place, root, definitions, settings: {}, generation: 1 });
const activation = (change: Partial<Record<string, unknown>> = {}): Properties => ({
  ...place,
  runRoot: true,
  tasks: ['CHILD', 'END'],
  generation: 1,
  members: ['CHILD', 'END'],
  ...(change as Properties),
});

describe('GraphHold', () => {
  it('suspends nothing where there is no graph yet, and has the root created suspended', async () => {
    const tasks = new TaskAccount();
    const state = await graphHold.create(tasks, hold({ ROOT: '1', CHILD: '1' }), ignore);
    expect(tasks.changes).toEqual([]);
    expect(state['rootStarted']).toBe(false);
  });

  it('suspends the root when a definition changes, and says so', async () => {
    const tasks = account().add('ROOT', { started: true });
    const said: string[] = [];
    const state = { ...hold({ ROOT: '1', CHILD: '1' }), rootStarted: false };
    await graphHold.update(tasks, state, hold({ ROOT: '1', CHILD: '2' }), (line) => said.push(line));
    expect(tasks.changes).toEqual(['ALTER TASK "DB"."SC"."ROOT" SUSPEND']);
    expect(graphHold.planUpdate?.(state, hold({ ROOT: '1', CHILD: '2' }))).toMatchObject({ generation: 2 });
    expect(said).toEqual([expect.stringContaining('Root task ROOT is suspended while its graph changes')]);
  });

  it('suspends the old root and the new one when the root moves', async () => {
    const tasks = account().add('ROOT', { started: true }).add('NEW_ROOT', { started: true });
    const state = { ...hold({ ROOT: '1' }), rootStarted: true };
    await graphHold.update(tasks, state, hold({ NEW_ROOT: '1' }, 'NEW_ROOT'), ignore);
    expect(tasks.started()).toEqual([]);
  });

  it('makes room for another finalizer', async () => {
    const tasks = account();
    const state = { ...hold({ ROOT: '1', CHILD: '1', END: '1' }), finalizer: 'END', rootStarted: false };
    const inputs = { ...hold({ ROOT: '1', CHILD: '1', NEW_END: '1' }), finalizer: 'NEW_END' };
    expect(await graphHold.updateStatements(state, inputs, tasks)).toEqual(['ALTER TASK "DB"."SC"."END" UNSET FINALIZE']);
    expect(tasks.changes).toEqual([]);
    await graphHold.update(tasks, state, inputs, ignore);
    expect(tasks.changes).toEqual(['ALTER TASK "DB"."SC"."END" UNSET FINALIZE']);
  });

  it('frees the old root of its finalizer when the root moves', async () => {
    const tasks = account().add('NEW_ROOT');
    const state = { ...hold({ ROOT: '1', CHILD: '1', END: '1' }), finalizer: 'END', rootStarted: false, refreshed: true };
    await graphHold.update(
      tasks,
      state,
      { ...hold({ NEW_ROOT: '1', ROOT: '2', CHILD: '1', END: '2' }, 'NEW_ROOT'), finalizer: 'END' },
      ignore,
    );
    expect(tasks.changes).toEqual(['ALTER TASK "DB"."SC"."END" UNSET FINALIZE']);
  });

  it('leaves the finalizer that stays, and tasks of other graphs', async () => {
    const tasks = account().add('OTHER_ROOT').add('OTHER_END', { finalizes: 'OTHER_ROOT' });
    const state = { ...hold({ ROOT: '1', END: '1', OTHER_END: '1' }), finalizer: 'END', rootStarted: false };
    await graphHold.update(tasks, state, { ...hold({ ROOT: '2', END: '1' }), finalizer: 'END' }, ignore);
    expect(tasks.changes).toEqual([]);
  });

  it('agrees with the tasks after a refresh, and lets no changed root be resumed early', async () => {
    const tasks = account()
      .add('ROOT', { started: true })
      .add('CHILD', { after: ['ROOT'], started: true });
    const deployed = { ...hold({ ROOT: '1', CHILD: '1', END: '1' }), rootStarted: false };
    const refreshed = (await graphHold.read(tasks, 'DB.SC.ROOT', deployed)) ?? {};
    expect(refreshed['rootStarted']).toBe(true);
    // The same definitions as before, as far as SHOW TASKS tells: no difference.
    const live = refreshed['definitions'] as Record<string, string>;
    expect(diffInputs(graphHold, refreshed, hold(live))).toEqual([]);
    // While a child changes, the root's own resource shows no second change; a changed root must wait.
    const changed = { ...live, CHILD: 'x' };
    expect(graphHold.planUpdate?.(refreshed, hold(changed))).toMatchObject({ rootStarted: true });
    const rootChanged = { ...live, ROOT: 'x' };
    expect(graphHold.planUpdate?.(refreshed, hold(rootChanged))).toMatchObject({ rootStarted: false });
  });

  it('asks for a refresh before a root or a finalizer gets predecessors, and changes nothing', async () => {
    const tasks = account().add('ROOT', { started: true });
    const state = { ...hold({ ROOT: '1', END: '1' }), finalizer: 'END', rootStarted: true };
    const led = { ...hold({ NEW_ROOT: '1', ROOT: '2', END: '1' }, 'NEW_ROOT'), finalizer: 'END' };
    const inside = { ...hold({ ROOT: '1', END: '2', LAST: '1' }), finalizer: 'LAST' };
    await expect(graphHold.update(tasks, state, led, ignore)).rejects.toThrow(
      /^ROOT, which was the root of this graph, [^]*"pulumi up --refresh"/,
    );
    expect(() => graphHold.planUpdate?.(state, inside)).toThrow(/^END, which was the finalizer of this graph/);
    expect(tasks.changes).toEqual([]);
    const refreshed = (await graphHold.read(tasks, 'DB.SC.ROOT', state)) ?? {};
    expect(graphHold.planUpdate?.(refreshed, led)).not.toHaveProperty('refreshed');
    // What is changed besides them does not matter.
    const more = { ...state, definitions: { ...(refreshed['definitions'] as Record<string, string>), CHILD: '1' } };
    expect(graphHold.planUpdate?.(refreshed, more)).toMatchObject({ refreshed: true });
    expect(diffInputs(graphHold, refreshed, { ...state, definitions: refreshed['definitions'] ?? {} })).toEqual([]);
  });

  it('sees a definition that somebody changed by hand', async () => {
    const tasks = account();
    const before =
      (await graphHold.read(tasks, 'DB.SC.ROOT', { ...hold({ ROOT: '1', CHILD: '1', END: '1' }), rootStarted: false })) ?? {};
    tasks.add('CHILD', { after: ['END'] });
    const after = (await graphHold.read(tasks, 'DB.SC.ROOT', before)) ?? {};
    expect(diffInputs(graphHold, after, before)).toEqual([{ property: 'definitions', kind: 'update', replaces: false }]);
  });
});

describe('GraphActivation', () => {
  it('resumes the children before the root', async () => {
    const tasks = account();
    await graphActivation.create(tasks, activation(), ignore);
    expect(tasks.changes).toEqual([
      'ALTER TASK "DB"."SC"."CHILD" RESUME',
      'ALTER TASK "DB"."SC"."END" RESUME',
      'ALTER TASK "DB"."SC"."ROOT" RESUME',
    ]);
    expect(await graphActivation.liveDrift?.(tasks, activation())).toEqual([]);
  });

  it('leaves the root of a graph without a schedule suspended', async () => {
    const tasks = account().add('ROOT', { started: true });
    await graphActivation.create(tasks, activation({ runRoot: false }), ignore);
    expect(tasks.started()).toEqual(['CHILD', 'END']);
  });

  it('suspends a running root to resume a child, and resumes it', async () => {
    const tasks = account().add('ROOT', { started: true });
    await graphActivation.update(tasks, activation(), activation({ generation: 2 }), ignore);
    expect(tasks.started()).toEqual(['ROOT', 'CHILD', 'END']);
  });

  it('touches nothing when everything runs', async () => {
    const tasks = account();
    await graphActivation.create(tasks, activation(), ignore);
    tasks.changes.length = 0;
    await graphActivation.update(tasks, activation(), activation({ generation: 2 }), ignore);
    expect(tasks.changes).toEqual([]);
  });

  it('takes tasks that left the program out of the graph, so that no run starts them', async () => {
    const tasks = account().add('EXTRA', { after: ['CHILD'] });
    const state = activation({ members: ['CHILD', 'END', 'EXTRA'] });
    await graphActivation.update(tasks, state, activation({ tasks: ['CHILD'] }), ignore);
    expect(tasks.changes.slice(0, 2)).toEqual([
      'ALTER TASK "DB"."SC"."END" UNSET FINALIZE',
      'ALTER TASK "DB"."SC"."EXTRA" REMOVE AFTER "DB"."SC"."CHILD"',
    ]);
    expect(tasks.started()).toEqual(['ROOT', 'CHILD']);
  });

  it('says what it left undone when a statement is refused, and does it the next time', async () => {
    const tasks = account();
    tasks.refuse = /END/u;
    await expect(graphActivation.create(tasks, activation(), ignore)).rejects.toThrow(
      'The graph of ROOT has its new definitions but does not run yet. Still to do: resume END, resume the root ROOT. ' +
        'The first of these was refused: Insufficient privileges',
    );
    expect(tasks.started()).toEqual(['CHILD']);
    tasks.refuse = undefined;
    await graphActivation.create(tasks, activation(), ignore);
    expect(tasks.started()).toEqual(['ROOT', 'CHILD', 'END']);
  });

  it('finds, without a refresh, what was left suspended', async () => {
    const tasks = account().add('CHILD', { after: ['ROOT'], started: true });
    expect(await graphActivation.liveDrift?.(tasks, activation())).toEqual(['task END is suspended', 'task ROOT is suspended']);
    tasks.add('ROOT', { started: true });
    expect(await graphActivation.liveDrift?.(tasks, activation({ runRoot: false }))).toEqual([
      'task END is suspended',
      'task ROOT is resumed',
    ]);
  });

  it('shows a task that was suspended by hand, after a refresh', async () => {
    const tasks = account()
      .add('ROOT', { started: true })
      .add('CHILD', { after: ['ROOT'], started: true });
    const state = (await graphActivation.read(tasks, 'DB.SC.ROOT', activation())) ?? {};
    expect(diffInputs(graphActivation, state, activation())).toEqual([{ property: 'tasks', kind: 'update', replaces: false }]);
  });

  it('is imported with the tasks that the root has', async () => {
    const tasks = account()
      .add('CHILD', { after: ['ROOT'], started: true })
      .add('GRANDCHILD', { after: ['CHILD'] })
      .add('OTHER');
    expect(await graphActivation.read(tasks, 'DB.SC.ROOT', {})).toEqual({
      ...place,
      runRoot: false,
      tasks: ['CHILD'],
      generation: 0,
      members: ['CHILD', 'END', 'GRANDCHILD'],
    });
  });

  it('suspends the root before the graph is taken down', async () => {
    const tasks = account();
    await graphActivation.create(tasks, activation(), ignore);
    await graphActivation.delete(tasks, 'DB.SC.ROOT', activation(), ignore);
    expect(tasks.started()).not.toContain('ROOT');
  });
});
