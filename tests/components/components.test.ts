import { generateKeyPairSync } from 'node:crypto';

import type * as snowflake from '@pulumi/snowflake';
import { beforeEach, describe, expect, it } from 'vitest';

import { DataProtection } from '../../components/data-protection.ts';
import { TaskGraphBuilder } from '../../components/graph/task-graph-builder.ts';
import { PipelineDatabase } from '../../components/pipeline-database.ts';
import { PipelineRole } from '../../components/pipeline-role.ts';
import { PipelineWarehouse } from '../../components/pipeline-warehouse.ts';
import { ServiceUser } from '../../components/service-user.ts';
import { holdTaskGraph, TaskGraph } from '../../components/task-graph.ts';
import { TrainingNotifications } from '../../components/training-notifications.ts';
import { TrainingPool } from '../../components/training-pool.ts';
import type { Transform } from '../../components/transform.ts';
import { named, RecordedResources } from './recorded-resources.ts';

const resources = new RecordedResources();
beforeEach(() => resources.install());

describe('TrainingPool', () => {
  const args = { name: 'POOL', instanceFamily: 'CPU_X64_S', minNodes: 1, maxNodes: 2, targetInstances: 2, autoSuspendSeconds: 60 };

  it('makes a pool that costs nothing before there is work', async () => {
    const made = await resources.of(() => new TrainingPool('pool', args));
    expect(named(made, 'pool-pool').inputs).toMatchObject({ name: 'POOL', maxNodes: 2, initiallySuspended: true });
  });

  it('refuses a pool too small for its training job, before anything is made of it', () => {
    expect(() => new TrainingPool('pool', { ...args, targetInstances: 3 })).toThrow(
      /maxNodes is 2, but a training job asks for 3 nodes.*Allowed: maxNodes of at least 3. Example: computePool: \{maxNodes: 3\}/u,
    );
  });
});

describe('DataProtection', () => {
  it('lets named roles see rows, fewer of them the protected attribute, and goes with its schema', async () => {
    const made = await resources.of(() => {
      const schema = new PipelineDatabase('db', { name: 'DB', schemas: ['DATA'] }).schema('DATA');
      const names = { tag: 'PROTECTED', attributePolicy: 'MASKED', rowPolicy: 'ROWS' };
      return new DataProtection('p', { schema, ...names, attributeReaders: ['ENGINEER', 'AUDITOR'], rowReaders: ["O'HARA"] });
    });
    const inSession = (...roles: readonly string[]) => roles.map((role) => `IS_ROLE_IN_SESSION('${role}')`).join(' OR ');
    const body = `CASE WHEN ${inSession('ENGINEER', 'AUDITOR')} THEN VAL END`;
    const place = { database: 'DB', schema: 'DATA' };
    expect(named(made, 'p-attribute-policy').inputs).toMatchObject({ ...place, name: 'MASKED', returnDataType: 'BOOLEAN', body });
    expect(named(made, 'p-tag').inputs).toMatchObject({ ...place, name: 'PROTECTED', maskingPolicies: ['"MASKED"'] });
    expect(named(made, 'p-row-policy').inputs).toMatchObject({ name: 'ROWS', body: inSession('ENGINEER', 'AUDITOR', "O''HARA") });
  });
});

describe('transform', () => {
  it('replaces arguments, or changes each child that it knows by name', async () => {
    const warehouse = await resources.of(
      () =>
        new PipelineWarehouse('wh', {
          name: 'WH',
          size: 'XSMALL',
          autoSuspendSeconds: 60,
          transform: { warehouse: { comment: 'mine' } },
        }),
    );
    expect(named(warehouse, 'wh-warehouse').inputs).toMatchObject({ warehouseSize: 'XSMALL', comment: 'mine' });

    const database = await resources.of(
      () =>
        new PipelineDatabase('db', {
          name: 'DB',
          schemas: ['A', 'B'],
          transform: {
            schema: (args, _options, name) => {
              if (name.endsWith('-b')) args.withManagedAccess = 'true';
            },
          },
        }),
    );
    expect(named(database, 'db-schema-a').inputs).not.toHaveProperty('withManagedAccess');
    expect(named(database, 'db-schema-b').inputs).toMatchObject({ database: 'DB', withManagedAccess: 'true' });
  });
});

describe('PipelineRole', () => {
  it('grants on the account, on objects, schemas and what is in them', async () => {
    const made = await resources.of(
      () =>
        new PipelineRole('role', {
          name: 'ENGINEER',
          grants: [
            { key: 'account', privileges: ['EXECUTE TASK'], on: { kind: 'account' } },
            { key: 'pool', privileges: ['USAGE'], on: { kind: 'object', type: 'COMPUTE POOL', name: 'POOL' } },
            { key: 'schema', privileges: ['USAGE', 'CREATE TASK'], on: { kind: 'schema', name: '"DB"."SC"' } },
            { key: 'secret', privileges: ['READ'], on: { kind: 'schemaObject', type: 'SECRET', name: '"DB"."SC"."S"' } },
          ],
        }),
    );
    const granted = (key: string) => named(made, `role-grant-${key}`).inputs;
    expect(granted('account')).toEqual({ accountRoleName: 'ENGINEER', privileges: ['EXECUTE TASK'], onAccount: true });
    expect(granted('pool')).toMatchObject({ onAccountObject: { objectType: 'COMPUTE POOL', objectName: 'POOL' } });
    expect(granted('schema')).toMatchObject({ privileges: ['CREATE TASK', 'USAGE'], onSchema: { schemaName: '"DB"."SC"' } });
    expect(granted('secret')).toMatchObject({ onSchemaObject: { objectType: 'SECRET', objectName: '"DB"."SC"."S"' } });
  });
});

describe('ServiceUser', () => {
  const args = { name: 'SVC', role: 'ENGINEER', warehouse: 'WH', namespace: '"DB"."SC"' };

  it('makes a key pair and gives the role to nobody else', async () => {
    const made = await resources.of(() => new ServiceUser('service', args));
    expect(named(made, 'service-user').inputs).toMatchObject({ rsaPublicKey: 'PUBLIC', defaultSecondaryRolesOption: 'NONE' });
    expect(made.filter(({ type }) => type.endsWith(':GrantAccountRole')).map(({ name }) => name)).toEqual([
      'service-role-of-service',
    ]);
  });

  it('takes a key that it is given, and refuses what is none', async () => {
    const { privateKey } = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
      publicKeyEncoding: { type: 'spki', format: 'pem' },
    });
    const made = await resources.of(() => new ServiceUser('service', { ...args, privateKey, people: ['ALICE'] }));
    expect(named(made, 'service-user').inputs['rsaPublicKey']).toMatch(/^MII[\w+/=]+$/u);
    expect(named(made, 'service-role-of-alice').inputs).toEqual({ roleName: 'ENGINEER', userName: 'ALICE' });
    expect(made.some(({ type }) => type.endsWith(':KeyPair'))).toBe(false);
    expect(() => new ServiceUser('other', { ...args, privateKey: '-----BEGIN nonsense' })).toThrow('openssl genrsa');
  });
});

describe('TrainingNotifications', () => {
  it('keeps the webhook secret in Snowflake and names it in the integration', async () => {
    const secret = { database: 'DB', schema: 'SC', name: 'HOOK', value: 'T0/B0/X' };
    const channel = {
      kind: 'webhook' as const,
      url: 'https://hooks.slack.com/services/SNOWFLAKE_WEBHOOK_SECRET',
      bodyTemplate: '{}',
      headers: {},
      secret,
    };
    const made = await resources.of(() => new TrainingNotifications('alerts', { name: 'ALERTS', channel }));
    expect(named(made, 'alerts-integration').inputs).toMatchObject({ type: 'WEBHOOK', secret: 'DB.SC.HOOK' });
    expect(JSON.stringify(named(made, 'alerts-integration').inputs)).not.toContain('T0/B0/X');
    // Marked as a secret for the engine.
    expect(JSON.stringify(named(made, 'alerts-webhook-secret').inputs['secretString'])).toContain('T0/B0/X');
  });
});

describe('TaskGraph', () => {
  const plan = (() => {
    const graph = new TaskGraphBuilder({ schedule: '0 3 * * * UTC', config: { a: 1 }, suspendAfterFailures: 3 });
    const root = graph.task('ROOT', { body: 'CALL ROOT()' });
    const check = graph.task('CHECK', { body: 'CALL CHECK()', after: [root], timeoutMinutes: 2, comment: 'code 1' });
    graph.task('PROMOTE', { body: 'CALL PROMOTE()', after: [check], when: check.returned('yes') });
    graph.finalizer('END', { body: 'CALL END()' });
    return graph.plan();
  })();
  const place = { database: 'DB', schema: 'SC', warehouse: 'WH', plan };
  const build = (change: object = {}) =>
    resources.of(() => new TaskGraph('graph', { ...place, ...change, hold: holdTaskGraph('graph', place) }));

  it('makes each task a resource, with only the root created suspended, between hold and activation', async () => {
    const made = await build();
    const task = (name: string) => named(made, `graph-${name}`).inputs;
    expect(task('root')).toMatchObject({
      started: false,
      schedule: { usingCron: '0 3 * * * UTC' },
      config: '{"a":1}',
      suspendTaskAfterNumFailures: 3,
    });
    expect(task('check')).toMatchObject({
      afters: ['"DB"."SC"."ROOT"'],
      userTaskTimeoutMs: 120_000,
      comment: 'code 1',
      started: true,
    });
    expect(task('promote')).toMatchObject({ when: "SYSTEM$GET_PREDECESSOR_RETURN_VALUE('CHECK') = 'yes'" });
    expect(task('end')).toMatchObject({ finalize: '"DB"."SC"."ROOT"' });
    expect(task('end')).not.toHaveProperty('afters');
    for (const name of ['check', 'promote', 'end']) expect(task(name)).not.toHaveProperty('config');

    const hold = task('hold');
    expect(Object.keys(hold['definitions'] as object)).toEqual(['CHECK', 'END', 'PROMOTE', 'ROOT']);
    expect(hold['settings']).toEqual({ ROOT: '{"suspendAfterFailures":3}', CHECK: '{"timeoutMinutes":2}' });
    expect(task('activation')).toEqual({
      database: 'DB',
      schema: 'SC',
      root: 'ROOT',
      runRoot: true,
      tasks: ['CHECK', 'END', 'PROMOTE'],
      generation: 1,
    });
  });

  it('gives each task to a transform, which knows it by name, and may change its arguments and options', async () => {
    const large: Transform<snowflake.TaskArgs> = (args, options, name) => {
      if (name === 'graph-check') args.warehouse = 'LARGE_WH';
      options.protect = true;
    };
    const made = await build({ transform: { task: large } });
    const warehouses = ['root', 'check', 'promote', 'end'].map((name) => named(made, `graph-${name}`).inputs['warehouse']);
    expect(warehouses).toEqual(['WH', 'LARGE_WH', 'WH', 'WH']);
    const all = await build({ transform: { task: { logLevel: 'DEBUG' } } });
    for (const name of ['root', 'check']) expect(named(all, `graph-${name}`).inputs['logLevel']).toBe('DEBUG');
  });

  it('can be deployed without running on its schedule', async () => {
    expect(named(await build({ enabled: false }), 'graph-activation').inputs['runRoot']).toBe(false);
  });
});
