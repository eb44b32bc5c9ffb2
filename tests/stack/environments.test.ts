import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { type LocalServer, startLocalServer } from '../support/local-server.ts';
import { StackProject } from './support/stack-project.ts';

let server: LocalServer;
beforeAll(async () => {
  server = await startLocalServer();
});
afterAll(() => server?.close());

interface PlannedResource {
  readonly type: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

/** Inputs of every resource of a preview. */
async function planned(project: StackProject): Promise<readonly PlannedResource[]> {
  const { output } = await project.succeed('preview', '--json');
  const { steps } = JSON.parse(output.slice(output.indexOf('{'))) as {
    steps: { newState: Partial<PlannedResource> & { type: string } }[];
  };
  return steps.map(({ newState: { type, inputs = {} } }) => ({ type, inputs }));
}

function one(resources: readonly PlannedResource[], type: string): PlannedResource['inputs'] {
  const [found, ...others] = resources.filter((resource) => resource.type === type);
  if (found === undefined || others.length > 0) throw new Error(`There is not one ${type}.`);
  return found.inputs;
}

describe.each([
  {
    stack: 'dev',
    names: ['SNOWBANK_DEV', 'DEMO_WH_DEV', 'DEMO_POOL_DEV', 'ENGINEER_DEV', 'PIPELINE_SERVICE_DEV'],
    size: 'XSMALL',
    nodes: 2,
    schedule: { minutes: 1440 },
    people: 1,
  },
  {
    stack: 'prod',
    names: ['SNOWBANK_PROD', 'DEMO_WH_PROD', 'DEMO_POOL_PROD', 'ENGINEER_PROD', 'PIPELINE_SERVICE_PROD'],
    size: 'SMALL',
    nodes: 4,
    schedule: { usingCron: '0 3 * * * UTC' },
    people: 0,
  },
])('stack $stack', ({ stack, names, size, nodes, schedule, people }) => {
  test('has names, sizes, a schedule and people of its own, from its settings alone', async () => {
    const project = new StackProject({ stack, server });
    try {
      await project.create();
      const resources = await planned(project);
      const pool = one(resources, 'snowflakeml:index:ComputePool');
      const warehouse = one(resources, 'snowflake:index/warehouse:Warehouse');
      expect([
        one(resources, 'snowflake:index/database:Database')['name'],
        warehouse['name'],
        pool['name'],
        one(resources, 'snowflake:index/accountRole:AccountRole')['name'],
        one(resources, 'snowflake:index/serviceUser:ServiceUser')['name'],
      ]).toEqual(names);
      expect(warehouse['warehouseSize']).toBe(size);
      expect(pool['maxNodes']).toBe(nodes);
      const root = resources.find(({ inputs }) => inputs['name'] === 'PREPARE_DATA' && inputs['config'] !== undefined);
      expect(root?.inputs['schedule']).toEqual(schedule);
      // The service user has the role, and each of the people.
      const holders = resources.filter(({ inputs }) => inputs['roleName'] === names[3] && inputs['userName'] !== undefined);
      expect(holders.length).toBe(1 + people);
    } finally {
      project.remove();
    }
  });
});

describe('settings that cannot be', () => {
  test.each([
    {
      settings: { schedule: 'sometimes', 'gate.threshold': '1.5', thresold: '0.8' },
      said: [
        'thresold is not a key of this stack; the keys are connection, ',
        'gate.threshold "1.5": Too big: expected number to be <=1. Allowed: metric',
        'schedule "sometimes": is neither an interval nor five cron fields and a time zone. Allowed: 1d, 12h, 30m',
      ],
    },
    {
      settings: { 'training.targetInstances': '9' },
      said: [
        'maxNodes is 2, but a training job asks for 9 nodes (targetInstances) and would wait for ever. Allowed: maxNodes of at least 9',
      ],
    },
    { settings: { connection: 'nowhere' }, said: ['There is no connection "nowhere"'] },
  ])('fail the preview with what is wrong and what is allowed: $settings', async ({ settings, said }) => {
    const project = new StackProject({ server });
    try {
      await project.create();
      const entries = Object.entries(settings);
      await project.configure(Object.fromEntries(entries.map(([name, value]) => [`snowflake-ml-pipeline:${name}`, value])));
      const { code, output } = await project.run('preview');
      expect(code).not.toBe(0);
      for (const text of said) expect(output).toContain(text);
      // The message, not the place in the program that found it.
      expect(output).not.toMatch(/\bat .*:\d+:\d+/u);
    } finally {
      project.remove();
    }
  });

  test('a wrong password fails the update with what was wrong, and is not repeated', async () => {
    const project = new StackProject({ server });
    try {
      await project.create();
      project.environment['SNOWFLAKE_CONNECTIONS_LOCAL_PASSWORD'] = 'not the password';
      const { code, output } = await project.up();
      expect(code).not.toBe(0);
      expect(output).toContain('Incorrect username or password was specified.');
      expect(output).not.toContain('not the password');
    } finally {
      project.remove();
    }
  });
});
