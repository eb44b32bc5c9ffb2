import { readFileSync } from 'node:fs';

import fc from 'fast-check';
import { parse } from 'yaml';
import { describe, expect, it } from 'vitest';

import { configKeys, parseStackConfig, StackConfigError } from '../../components/config.ts';

const email = { kind: 'email', recipients: ['ml-team@example.com'] };
const least = { connection: 'local', schedule: 'none', notifications: email };

describe('parseStackConfig', () => {
  it('needs three keys and has defaults for the rest', () => {
    expect(parseStackConfig('local', least)).toEqual({
      connection: 'local',
      suffix: '',
      warehouse: { size: 'XSMALL', autoSuspendSeconds: 60 },
      computePool: { instanceFamily: 'CPU_X64_S', minNodes: 1, maxNodes: 2, autoSuspendSeconds: 600 },
      training: { targetInstances: 2 },
      gate: { metric: 'test_accuracy', threshold: 0.7 },
      keepVersions: 3,
      schedule: 'none',
      notifications: { ...email, subject: 'Model training status' },
      protection: { rowReaders: [], attributeReaders: [] },
      people: [],
      deployerOperates: true,
      packageVersions: {},
      showStatements: true,
    });
  });

  it('takes numbers and booleans as texts, which `pulumi config set` makes of them', () => {
    const given = { ...least, keepVersions: '5', deployerOperates: 'false', gate: { threshold: '0.85' } };
    expect(parseStackConfig('local', given)).toMatchObject({
      keepVersions: 5,
      deployerOperates: false,
      gate: { threshold: 0.85 },
    });
    expect(problemsOf({ ...least, keepVersions: 'many', showStatements: 'yes', training: { rounds: '' } })).toHaveLength(3);
  });

  it.each(['local', 'dev', 'prod'])('accepts Pulumi.%s.yaml', (stack) => {
    const { config } = parse(readFileSync(`Pulumi.${stack}.yaml`, 'utf8')) as { config: Record<string, unknown> };
    const given = Object.fromEntries(Object.entries(config).map(([name, value]) => [name.split(':')[1], value]));
    expect(parseStackConfig(stack, given).connection).toBe(stack);
  });

  it.each([
    [{ schedule: undefined }, 'schedule is missing. Allowed: 1d, 12h, 30m', 'Example: schedule: 0 3'],
    [{ connection: 'my account' }, 'connection "my account"', 'Example: connection: dev'],
    [{ gate: { threshold: 1.2 } }, 'gate.threshold 1.2: ', 'threshold (0 to 1)'],
    [{ gate: { metric: 'accuracy' } }, 'gate.metric "accuracy": ', 'test_accuracy'],
    [{ computePool: { minNodes: 0 } }, 'computePool.minNodes 0: ', 'whole numbers from 1'],
    [{ computePool: { minNodes: 3, maxNodes: 2 } }, 'computePool.minNodes (3) is more than computePool.maxNodes (2)', ''],
    [{ warehouse: { size: 'HUGE' } }, 'warehouse.size "HUGE": ', 'XSMALL, SMALL'],
    [{ warehouse: { sise: 'SMALL' } }, 'warehouse', 'sise'],
    [{ schedule: 'daily' }, 'schedule "daily": is neither', '. Allowed: 1d, 12h'],
    [{ notifications: { kind: 'email', recipients: ['nobody'] } }, 'notifications.recipients.0 "nobody": ', 'Example'],
    [{ notifications: { kind: 'pager' } }, 'notifications', 'kind email'],
    [{ keepVersions: 0 }, 'keepVersions 0: ', 'a whole number from 1'],
    [{ protection: { rowReaders: ["x') OR (1=1"] } }, 'protection.rowReaders.0 ', 'Example: protection: {rowReaders: [ANALYST]'],
    [{ monitoring: { driftLimit: -1 } }, 'monitoring.driftLimit -1: ', 'driftLimit (from 0)'],
    [{ monitoring: { driftMetric: 'PSI' } }, 'monitoring.driftMetric "PSI": ', 'POPULATION_STABILITY_INDEX, JENSEN_SHANNON'],
    [{ monitoring: { schedule: 'hourly' } }, 'monitoring.schedule "hourly": is neither', 'Example: monitoring: {schedule: 1h'],
    [{ monitoring: { refreshInterval: 'often' } }, 'monitoring.refreshInterval "often": ', 'such as 1 hour'],
    [{ monitoring: { limit: 1 } }, 'monitoring', 'driftLimit'],
    [{ thresold: 0.8 }, 'thresold is not a key of this stack; the keys are connection', 'gate'],
    [{ suffix: 'PROD', deployerOperates: false, people: ['ALICE'] }, 'people must be empty in prod', 'ALICE'],
    [{ suffix: 'PROD' }, 'deployerOperates must be false in prod', 'Example: deployerOperates: false'],
  ])('refuses %j', (change, problem, hint) => {
    const refused = problemsOf({ ...least, ...change });
    expect(refused).toHaveLength(1);
    expect(refused[0]).toContain(problem);
    expect(refused[0]).toContain(hint);
  });

  it('watches nothing unless it is told to, and has defaults for how', () => {
    expect(parseStackConfig('local', least).monitoring).toBeUndefined();
    expect(parseStackConfig('local', { ...least, monitoring: { driftLimit: '0.3', retrain: 'true' } }).monitoring).toEqual({
      schedule: '1h',
      driftMetric: 'POPULATION_STABILITY_INDEX',
      driftColumn: 'PROBABILITY',
      driftLimit: 0.3,
      driftDays: 2,
      refreshInterval: '1 hour',
      retrain: true,
    });
  });

  it('wants a secret where the placeholder for it is used', () => {
    const webhook = { kind: 'webhook', url: 'https://hooks.slack.com/services/SNOWFLAKE_WEBHOOK_SECRET' };
    expect(problemsOf({ ...least, notifications: webhook })[0]).toContain('webhookSecret is missing');
    expect(parseStackConfig('dev', { ...least, notifications: webhook, webhookSecret: 'T0/B0/X' }).notifications).toEqual({
      ...webhook,
      bodyTemplate: '{"text": "SNOWFLAKE_WEBHOOK_MESSAGE"}',
      headers: { 'Content-Type': 'application/json' },
    });
  });

  it('never shows a secret that it refuses', () => {
    const [problem] = problemsOf({ ...least, servicePrivateKey: 'hunter2' });
    expect(problem).toContain('servicePrivateKey');
    expect(problem).not.toContain('hunter2');
  });

  it('names every key that is wrong, whatever stands there', () => {
    const names = Object.keys(configKeys);
    fc.assert(
      fc.property(fc.subarray(names, { minLength: 1 }), (wrong) => {
        // A symbol is no value that any key accepts.
        const given = { ...least, ...Object.fromEntries(wrong.map((name) => [name, Symbol.for('wrong')])) };
        const problems = problemsOf(given);
        for (const name of wrong) expect(problems.some((problem) => problem.startsWith(name))).toBe(true);
      }),
    );
  });
});

function problemsOf(given: Record<string, unknown>): readonly string[] {
  try {
    parseStackConfig('test', given);
  } catch (error) {
    if (error instanceof StackConfigError) return error.problems;
    throw error;
  }
  return [];
}
