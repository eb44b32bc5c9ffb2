import { describe, expect, it } from 'vitest';

import { checkInputs } from '../../provider/check-inputs.ts';
import { diffInputs } from '../../provider/diff-inputs.ts';
import { computePool } from '../../provider/kinds/compute-pool.ts';
import { unknownValue } from '../../provider/property-values.ts';
import { ignore, missing, ScriptedSession } from './scripted-session.ts';

const wanted = {
  name: 'DEMO_POOL',
  minNodes: 1,
  maxNodes: 2,
  instanceFamily: 'CPU_X64_S',
  autoResume: true,
  initiallySuspended: true,
  autoSuspendSeconds: 600,
};

// https://docs.snowflake.com/en/sql-reference/sql/desc-compute-pool
const described = {
  name: 'DEMO_POOL',
  state: 'SUSPENDED',
  min_nodes: 1,
  max_nodes: 2,
  instance_family: 'CPU_X64_S',
  num_services: 0,
  num_jobs: 0,
  auto_suspend_secs: 600,
  auto_resume: 'true',
  owner: 'ACCOUNTADMIN',
  comment: null,
};

describe('ComputePool', () => {
  it('is created with every setting, and read back', async () => {
    const session = new ScriptedSession().on(/^DESCRIBE/u, [described]);
    const state = await computePool.create(session, { ...wanted, comment: "the team's" }, ignore);
    expect(session.changes).toEqual([
      'CREATE COMPUTE POOL DEMO_POOL MIN_NODES = 1 MAX_NODES = 2 INSTANCE_FAMILY = CPU_X64_S AUTO_RESUME = TRUE ' +
        "INITIALLY_SUSPENDED = TRUE AUTO_SUSPEND_SECS = 600 COMMENT = 'the team''s'",
    ]);
    expect(state).toEqual({ ...wanted, owner: 'ACCOUNTADMIN' });
    expect(diffInputs(computePool, state, wanted)).toEqual([]);
  });

  it('changes in place what Snowflake can change', async () => {
    const session = new ScriptedSession().on(/^DESCRIBE/u, [described]);
    const state = { ...wanted, comment: 'old', owner: 'ACCOUNTADMIN' };
    await computePool.update(session, state, { ...wanted, maxNodes: 4, autoSuspendSeconds: 60 }, ignore);
    expect(session.changes).toEqual([
      'ALTER COMPUTE POOL DEMO_POOL SET MAX_NODES = 4 AUTO_SUSPEND_SECS = 60',
      'ALTER COMPUTE POOL DEMO_POOL UNSET COMMENT',
    ]);
  });

  it('waits for the pool to be suspended before it changes the instance family', async () => {
    const states = ['STOPPING', 'STOPPING', 'SUSPENDED', 'SUSPENDED'];
    const session = new ScriptedSession().on(/^DESCRIBE/u, () => [{ ...described, state: states.shift() }]);
    await computePool.update(session, wanted, { ...wanted, instanceFamily: 'CPU_X64_M' }, ignore);
    expect(session.changes).toEqual([
      'ALTER COMPUTE POOL DEMO_POOL SUSPEND',
      'ALTER COMPUTE POOL DEMO_POOL SET INSTANCE_FAMILY = CPU_X64_M',
      'ALTER COMPUTE POOL DEMO_POOL RESUME',
    ]);
    expect(session.paused).toBe(2);
  });

  it('stops what runs on it before it is dropped', async () => {
    const jobs = [2, 1, 0];
    const session = new ScriptedSession().on(/^DESCRIBE/u, () => [{ ...described, num_jobs: jobs.shift() }]);
    await computePool.delete(session, 'DEMO_POOL', wanted, ignore);
    expect(session.changes).toEqual(['ALTER COMPUTE POOL DEMO_POOL STOP ALL', 'DROP COMPUTE POOL IF EXISTS DEMO_POOL']);
  });

  it('says what still runs when it cannot be dropped', async () => {
    const session = new ScriptedSession().on(/^DESCRIBE/u, [{ ...described, num_services: 1 }]);
    await expect(computePool.delete(session, 'DEMO_POOL', wanted, ignore)).rejects.toThrow('still runs 1 services and 0 jobs');
    expect(session.changes).toEqual(['ALTER COMPUTE POOL DEMO_POOL STOP ALL']);
  });

  it('is gone when it is not described', async () => {
    const session = new ScriptedSession().on(/^DESCRIBE/u, missing);
    expect(await computePool.read(session, 'DEMO_POOL', wanted)).toBeUndefined();
    await computePool.delete(session, 'DEMO_POOL', wanted, ignore);
    expect(session.changes).toEqual([]);
  });

  it('shows what somebody changed by hand', async () => {
    const session = new ScriptedSession().on(/^DESCRIBE/u, [{ ...described, max_nodes: 5 }]);
    const state = (await computePool.read(session, 'DEMO_POOL', wanted)) ?? {};
    expect(diffInputs(computePool, state, wanted)).toEqual([{ property: 'maxNodes', kind: 'update', replaces: false }]);
  });

  it('is replaced under another name, and not for how it once started', () => {
    expect(diffInputs(computePool, wanted, { ...wanted, name: 'OTHER', initiallySuspended: false })).toEqual([
      { property: 'name', kind: 'update', replaces: true },
    ]);
  });

  it.each([
    [{ name: 'demo pool' }, { property: 'name', reason: expect.stringContaining('upper-case') as string }],
    [{ name: undefined }, { property: 'name', reason: 'is required' }],
    [{ minNodes: 0 }, { property: 'minNodes', reason: expect.stringContaining('>=1') as string }],
    [{ minNodes: 3 }, { property: 'maxNodes', reason: '(2) must not be less than minNodes (3)' }],
    [{ nodes: 3 }, { property: 'nodes', reason: expect.stringContaining('is not a property') as string }],
  ])('refuses %j', (change, failure) => {
    const given = Object.fromEntries(Object.entries({ ...wanted, ...change }).filter(([, value]) => value !== undefined));
    expect(checkInputs(computePool, given as typeof wanted).failures).toEqual([failure]);
  });

  it('lets values pass that are not known yet, and fills in defaults', () => {
    const given = { name: unknownValue, minNodes: 3, maxNodes: unknownValue, instanceFamily: 'CPU_X64_S' };
    expect(checkInputs(computePool, given)).toEqual({
      inputs: { ...given, autoResume: true, initiallySuspended: false, autoSuspendSeconds: 3600 },
      failures: [],
    });
  });
});
