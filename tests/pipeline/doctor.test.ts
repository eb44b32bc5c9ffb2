import { describe, expect, it } from 'vitest';
import type { AccountFacts, Grant } from '../../pipeline/doctor/account-facts.ts';
import { examine } from '../../pipeline/doctor/examine.ts';
import { graphRun, sampleGraph, sampleTasks } from './sample-graph.ts';

const grant = (privilege: string, on: string, name: string): Grant => ({ privilege, on, name });

const grants: readonly Grant[] = [
  grant('EXECUTE TASK', 'ACCOUNT', 'LOCAL'),
  grant('USAGE', 'WAREHOUSE', 'WH'),
  grant('USAGE', 'DATABASE', 'DB'),
  grant('OWNERSHIP', 'SCHEMA', 'DB.S'),
  grant('USAGE', 'COMPUTE_POOL', 'POOL'),
  grant('USAGE', 'INTEGRATION', 'MAIL'),
];

const healthy: AccountFacts = {
  ownerGrants: grants,
  ownerUsers: ['ANN', 'ROBOT'],
  warehouses: [{ name: 'WH', state: 'SUSPENDED', autoResume: true }],
  computePools: [
    { name: 'POOL', state: 'SUSPENDED', autoResume: true, maxNodes: 2, nodes: 0, targetNodes: 0 },
    { name: 'OTHER', state: 'SUSPENDED', autoResume: false, maxNodes: 1, nodes: 0, targetNodes: 0 },
  ],
  integrations: [{ name: 'MAIL', type: 'EMAIL', enabled: true, recipients: ['Ann@bank.example'] }],
  userEmails: ['ann@bank.example', 'bob@bank.example'],
};

const succeeded = graphRun({ state: 'SUCCEEDED', completedAt: 2_000_000 });

const found = (graph = sampleGraph(), facts = healthy, runs = [succeeded]): readonly string[] =>
  examine(graph, facts, runs, ' --stack dev')
    .filter((finding) => finding.level !== 'ok')
    .map((finding) => `${finding.level}: ${finding.text} > ${finding.wayOut ?? ''}`);

const withTask = (name: string, fields: object): ReturnType<typeof sampleGraph> =>
  sampleGraph(sampleTasks.map((task) => (task.name === name ? { ...task, ...fields } : task)));

describe('doctor', () => {
  it('finds nothing wrong with a graph that runs', () => {
    expect(found()).toEqual([]);
  });

  it('says that a suspended root starts nothing, and why it is suspended', () => {
    expect(found(withTask('LOAD', { state: 'suspended', suspendedReason: 'SUSPENDED_DUE_TO_ERRORS' }))).toEqual([
      'problem: The root LOAD is suspended by Snowflake, after too many failures in a row: its schedule starts no run. > pipeline resume --stack dev',
    ]);
    expect(found(withTask('LOAD', { state: 'suspended', schedule: null }))).toEqual([]);
  });

  it('names suspended tasks and what that means', () => {
    expect(found(withTask('CHECK', { state: 'suspended' }))).toEqual([
      'warning: CHECK is suspended: runs leave it out and go on as if it had succeeded. > pipeline resume CHECK --stack dev',
    ]);
    expect(found(withTask('CLEANUP', { state: 'suspended' }))[0]).toContain('nothing is cleaned up');
  });

  it.each([
    ['EXECUTE TASK', 'GRANT EXECUTE TASK ON ACCOUNT TO ROLE ENGINEER;'],
    ['WAREHOUSE', 'GRANT USAGE ON WAREHOUSE WH TO ROLE ENGINEER;'],
    ['DATABASE', 'GRANT USAGE ON DATABASE DB TO ROLE ENGINEER;'],
    ['SCHEMA', 'GRANT USAGE ON SCHEMA DB.S TO ROLE ENGINEER;'],
  ])('names the grant the owner lacks: %s', (missing, statement) => {
    const left = grants.filter((other) => other.privilege !== missing && other.on !== missing);
    const [finding, ...others] = found(sampleGraph(), { ...healthy, ownerGrants: left });
    expect(others).toEqual([]);
    expect(finding).toMatch(/^problem: ENGINEER, which owns the tasks, lacks/);
    expect(finding).toContain(statement);
  });

  it('asks for EXECUTE MANAGED TASK when a task has no warehouse', () => {
    expect(found(withTask('TRAIN', { warehouse: null }))[0]).toContain('GRANT EXECUTE MANAGED TASK ON ACCOUNT TO ROLE ENGINEER;');
  });

  it('names a warehouse that nothing resumes', () => {
    const stopped = { name: 'WH', state: 'SUSPENDED', autoResume: false };
    expect(found(sampleGraph(), { ...healthy, warehouses: [stopped, { ...stopped, name: 'OTHER' }] })).toEqual([
      'problem: Warehouse WH is suspended and does not resume by itself: tasks on it fail. > ALTER WAREHOUSE WH SET AUTO_RESUME = TRUE;',
    ]);
    expect(found(sampleGraph(), { ...healthy, warehouses: [{ ...stopped, state: 'STARTED' }] })).toEqual([]);
  });

  it('says what a task lacks that runs as a user', () => {
    const asRobot = withTask('TRAIN', { executeAsUser: 'ROBOT' });
    expect(found(asRobot)).toEqual([
      'problem: Tasks run as user ROBOT, but ENGINEER, which owns them, lacks IMPERSONATE on that user: they cannot run. > GRANT IMPERSONATE ON USER ROBOT TO ROLE ENGINEER;',
    ]);
    const allowed = { ...healthy, ownerGrants: [...grants, grant('IMPERSONATE', 'USER', 'ROBOT')] };
    expect(found(asRobot, allowed)).toEqual([]);
    expect(found(asRobot, { ...allowed, ownerUsers: ['ANN'] })).toEqual([
      'problem: Tasks run as user ROBOT, who does not have their owner role ENGINEER: they cannot run. > GRANT ROLE ENGINEER TO USER ROBOT;',
    ]);
    expect(found(asRobot, { ...allowed, ownerUsers: undefined })).toEqual([]);
  });

  it('looks at the compute pools and integrations the owner may use', () => {
    const stopped: AccountFacts = {
      ...healthy,
      computePools: [{ name: 'POOL', state: 'SUSPENDED', autoResume: false, maxNodes: 2, nodes: 0, targetNodes: 0 }],
      integrations: [{ name: 'MAIL', type: 'EMAIL', enabled: false }],
    };
    expect(found(sampleGraph(), stopped)).toEqual([
      'problem: Compute pool POOL is SUSPENDED and does not resume by itself: jobs on it wait. > ALTER COMPUTE POOL POOL RESUME;',
      'problem: Notification integration MAIL is disabled: nothing can be sent with it. > ALTER NOTIFICATION INTEGRATION MAIL SET ENABLED = TRUE;',
    ]);
  });

  it('names a pool that gets no nodes', () => {
    const starting = { name: 'POOL', state: 'STARTING', autoResume: true, maxNodes: 2, nodes: 0, targetNodes: 1 };
    expect(found(sampleGraph(), { ...healthy, computePools: [starting] })[0]).toMatch(
      /^warning: Compute pool POOL is STARTING and has no node yet, of 1 that it is to have: jobs on it wait\./,
    );
    expect(found(sampleGraph(), { ...healthy, computePools: [{ ...starting, state: 'ACTIVE', nodes: 1 }] })).toEqual([]);
  });

  // https://docs.snowflake.com/en/user-guide/notifications/email-notifications
  it('names addresses that no user has, where it may see those of the users', () => {
    const integrations = [{ name: 'MAIL', type: 'EMAIL', enabled: true, recipients: ['ann@bank.example', 'eve@bank.example'] }];
    expect(found(sampleGraph(), { ...healthy, integrations })).toEqual([
      expect.stringMatching(/^problem: Notification integration MAIL may send to eve@bank\.example, but no user/),
    ]);
    expect(found(sampleGraph(), { ...healthy, integrations, userEmails: undefined })).toEqual([]);
  });

  it('says when it may not look', () => {
    expect(found(sampleGraph(), { ...healthy, ownerGrants: undefined })[0]).toMatch(
      /^warning: The grants of ENGINEER cannot be seen/,
    );
  });

  it('counts the failures since the last success and names the last cause', () => {
    const failed = graphRun({
      state: 'FAILED',
      firstErrorTask: 'TRAIN',
      firstErrorMessage: 'Python Interpreter Error:\nTraceback (most recent call last):\n  File "a"\nValueError: boom',
    });
    expect(found(sampleGraph(), healthy, [graphRun(), failed, failed, succeeded])).toEqual([
      'warning: The last 2 runs did not succeed; the last FAILED: TRAIN with ValueError: boom > pipeline logs TRAIN --stack dev',
    ]);
    expect(found(sampleGraph(), healthy, [])).toEqual([
      'warning: No run has ended in the last seven days. > pipeline run --stack dev',
    ]);
  });
});
