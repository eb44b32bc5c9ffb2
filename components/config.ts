import * as pulumi from '@pulumi/pulumi';
import { z } from 'zod';

import { parseSchedule, ScheduleError } from './graph/schedule.ts';

/** A configuration that cannot be deployed; names each key, what it may be and an example. */
export class StackConfigError extends Error {
  readonly problems: readonly string[];

  constructor(stack: string, problems: readonly string[]) {
    super(
      `The configuration of stack ${stack} (Pulumi.${stack}.yaml) cannot be used:\n` +
        problems.map((problem) => `  - ${problem}`).join('\n'),
    );
    this.name = 'StackConfigError';
    this.problems = problems;
  }
}

// `pulumi config set` writes numbers and booleans as texts.
const numeric = <Value extends z.ZodType<number>>(accepts: Value) =>
  z.preprocess((value) => (typeof value === 'string' && /^-?\d+(?:\.\d+)?$/u.test(value) ? Number(value) : value), accepts);
const truth = z.preprocess((value) => (value === 'true' ? true : value === 'false' ? false : value), z.boolean());
const whole = (low: number, high = Number.MAX_SAFE_INTEGER) => numeric(z.int().min(low).max(high));
const address = z.email();
const warehouseSizes = [
  'XSMALL',
  'SMALL',
  'MEDIUM',
  'LARGE',
  'XLARGE',
  'XXLARGE',
  'XXXLARGE',
  'X4LARGE',
  'X5LARGE',
  'X6LARGE',
] as const;
// Higher is better for each, so that one threshold gates them all.
const gateMetrics = ['test_accuracy', 'test_precision', 'test_recall', 'test_f1', 'test_auc'] as const;

const schedule = z.string().superRefine((text, context) => {
  try {
    parseSchedule(text);
  } catch (error) {
    context.addIssue({ code: 'custom', message: error instanceof ScheduleError ? error.reason : String(error) });
  }
});
/** Roles or users. */
const objectNames = z.array(z.string().regex(/^[A-Z_][A-Z0-9_$]*$/u));
// As model monitors name them.
const driftMetrics = ['POPULATION_STABILITY_INDEX', 'JENSEN_SHANNON', 'WASSERSTEIN', 'DIFFERENCE_OF_MEANS'] as const;

const emailNotifications = z.strictObject({
  kind: z.literal('email'),
  recipients: z.array(address).min(1).max(50),
  subject: z.string().min(1).max(256).default('Model training status'),
});

const webhookNotifications = z.strictObject({
  kind: z.literal('webhook'),
  url: z.string().startsWith('https://'),
  bodyTemplate: z.string().min(1).default('{"text": "SNOWFLAKE_WEBHOOK_MESSAGE"}'),
  headers: z.record(z.string(), z.string()).default({ 'Content-Type': 'application/json' }),
});

interface ConfigKey<Value extends z.ZodType> {
  readonly accepts: Value;
  /** What may stand there, in words. */
  readonly allowed: string;
  /** As it stands in Pulumi.<stack>.yaml. */
  readonly example: string;
  readonly secret?: true;
}

const key = <Value extends z.ZodType>(entry: ConfigKey<Value>): ConfigKey<Value> => entry;

/** Every key of the stack's configuration. What differs between environments differs here and nowhere else. */
export const configKeys = {
  connection: key({
    accepts: z.string().regex(/^\w+$/u),
    allowed: 'the name of a connection in connections.toml, or of SNOWFLAKE_CONNECTIONS_<NAME>_… variables',
    example: 'connection: dev',
  }),
  connectionsHome: key({
    accepts: z.string().min(1).optional(),
    allowed: 'a folder with connections.toml, relative to the project; without it SNOWFLAKE_HOME or ~/.snowflake',
    example: 'connectionsHome: .local/snowflake',
  }),
  suffix: key({
    accepts: z
      .string()
      .regex(/^(?:[A-Z][A-Z0-9]*)?$/u)
      .default(''),
    allowed: 'upper-case letters and digits to put behind the names of this environment, or nothing',
    example: 'suffix: DEV',
  }),
  warehouse: key({
    accepts: z
      .strictObject({ size: z.enum(warehouseSizes).default('XSMALL'), autoSuspendSeconds: whole(0).default(60) })
      .prefault({}),
    allowed: `size (${warehouseSizes.join(', ')}) and autoSuspendSeconds (0: never)`,
    example: 'warehouse: {size: XSMALL, autoSuspendSeconds: 60}',
  }),
  computePool: key({
    accepts: z
      .strictObject({
        instanceFamily: z
          .string()
          .regex(/^[A-Z0-9_]+$/u)
          .default('CPU_X64_S'),
        minNodes: whole(1).default(1),
        maxNodes: whole(1).default(2),
        autoSuspendSeconds: whole(0).default(600),
      })
      .prefault({}),
    allowed: 'instanceFamily, minNodes and maxNodes (whole numbers from 1), autoSuspendSeconds (0: never)',
    example: 'computePool: {instanceFamily: CPU_X64_S, minNodes: 1, maxNodes: 2}',
  }),
  training: key({
    accepts: z
      .strictObject({
        targetInstances: whole(1, 64).default(2),
        rounds: whole(1, 10_000).optional(),
        maxDepth: whole(1, 20).optional(),
        learningRate: numeric(z.number().gt(0).lte(1)).optional(),
      })
      .prefault({}),
    allowed: 'targetInstances (1 to 64), rounds (1 to 10000), maxDepth (1 to 20), learningRate (above 0, to 1)',
    example: 'training: {targetInstances: 2, rounds: 100}',
  }),
  gate: key({
    accepts: z
      .strictObject({
        metric: z.enum(gateMetrics).default('test_accuracy'),
        threshold: numeric(z.number().min(0).max(1)).default(0.7),
      })
      .prefault({}),
    allowed: `metric (${gateMetrics.join(', ')}) and threshold (0 to 1)`,
    example: 'gate: {metric: test_accuracy, threshold: 0.7}',
  }),
  keepVersions: key({
    accepts: whole(1, 1000).default(3),
    allowed: 'how many versions of model and dataset stay, a whole number from 1',
    example: 'keepVersions: 3',
  }),
  schedule: key({
    accepts: schedule,
    allowed: '1d, 12h, 30m, a cron expression with a time zone, or none',
    example: 'schedule: 0 3 * * * Europe/Berlin',
  }),
  notifications: key({
    accepts: z.discriminatedUnion('kind', [emailNotifications, webhookNotifications]),
    allowed: 'kind email with recipients and subject, or kind webhook with url, bodyTemplate and headers',
    example: 'notifications: {kind: email, recipients: [ml-team@example.com]}',
  }),
  inferenceService: key({
    accepts: z
      .strictObject({
        version: z.string().regex(/^[A-Z_][A-Z0-9_$]*$/u),
        minInstances: whole(0).default(0),
        maxInstances: whole(1).default(1),
        callers: objectNames.default([]),
      })
      .optional(),
    allowed:
      'version of the model to serve over HTTP, minInstances (0: suspended when idle), maxInstances, and callers, roles that may call it; nothing to serve none',
    example: 'inferenceService: {version: V20260101_120000, minInstances: 1, maxInstances: 2, callers: [LOAN_OFFICER]}',
  }),
  webhookSecret: key({
    accepts: z.string().min(1).optional(),
    allowed: 'the text to put where SNOWFLAKE_WEBHOOK_SECRET stands in url, bodyTemplate and headers',
    example: 'pulumi config set --secret webhookSecret T000/B000/XXXX',
    secret: true,
  }),
  servicePrivateKey: key({
    accepts: z.string().startsWith('-----BEGIN').optional(),
    allowed: 'an unencrypted PKCS#8 key in PEM; without it the stack makes a key pair and keeps it in its state',
    example: 'pulumi config set --secret servicePrivateKey < service.p8',
    secret: true,
  }),
  monitoring: key({
    accepts: z
      .strictObject({
        schedule: schedule.default('1h'),
        driftMetric: z.enum(driftMetrics).default('POPULATION_STABILITY_INDEX'),
        driftColumn: z
          .string()
          .regex(/^[A-Z_][A-Z0-9_$]*$/u)
          .default('PROBABILITY'),
        driftLimit: numeric(z.number().min(0)).default(0.2),
        driftDays: whole(1, 365).default(2),
        refreshInterval: z
          .string()
          .regex(/^[1-9][0-9]* (?:minute|hour|day)s?$/u)
          .default('1 hour'),
        retrain: truth.default(false),
      })
      .optional(),
    allowed:
      `nothing, or schedule (as above), driftMetric (${driftMetrics.join(', ')}), driftColumn (a column of the inference log), ` +
      'driftLimit (from 0), driftDays (1 to 365), refreshInterval (such as 1 hour), retrain (true to start the training graph)',
    example: 'monitoring: {schedule: 1h, driftColumn: PROBABILITY, driftLimit: 0.2, retrain: true}',
  }),
  protection: key({
    accepts: z.strictObject({ rowReaders: objectNames.default([]), attributeReaders: objectNames.default([]) }).prefault({}),
    allowed:
      'rowReaders, roles that see the applications but not the protected attribute, and attributeReaders, roles that see both; ' +
      'the pipeline’s own role sees everything, any other nothing',
    example: 'protection: {rowReaders: [ANALYST], attributeReaders: [FAIRNESS_AUDITOR]}',
  }),
  people: key({
    accepts: objectNames.default([]),
    allowed: 'users besides the service user who get the pipeline’s role, in upper case; none in prod',
    example: 'people: [ALICE, BOB]',
  }),
  deployerOperates: key({
    accepts: truth.default(true),
    allowed: 'true to give the pipeline’s role to the user who deploys it, who can then run and watch it; false in prod',
    example: 'deployerOperates: false',
  }),
  packageVersions: key({
    accepts: z.record(z.string().regex(/^[a-z0-9-]+$/u), z.string().regex(/^[0-9][0-9.]*$/u)).default({}),
    allowed: 'versions of Python packages that differ from payloads/requirements.lock',
    example: 'packageVersions: {snowflake-snowpark-python: 1.40.0}',
  }),
  showStatements: key({
    accepts: truth.default(true),
    allowed: 'true to print, in previews, the SQL of resources that Snowflake’s provider does not have',
    example: 'showStatements: true',
  }),
} as const;

export type ConfigKeyName = keyof typeof configKeys;
export type StackConfig = { readonly [Name in ConfigKeyName]: z.output<(typeof configKeys)[Name]['accepts']> };

/** Checks values as they come from YAML. Throws StackConfigError with everything that is wrong. */
export function parseStackConfig(stack: string, given: Readonly<Record<string, unknown>>): StackConfig {
  const problems: string[] = [];
  const values: Record<string, unknown> = {};
  for (const [name, entry] of Object.entries(configKeys)) {
    const parsed = entry.accepts.safeParse(given[name]);
    if (parsed.success) values[name] = parsed.data;
    else problems.push(...keyProblems(name, entry, given[name], parsed.error));
  }
  for (const name of Object.keys(given)) {
    if (!(name in configKeys)) {
      problems.push(`${name} is not a key of this stack; the keys are ${Object.keys(configKeys).join(', ')}`);
    }
  }
  if (problems.length > 0) throw new StackConfigError(stack, problems);
  const config = values as StackConfig;
  const inconsistent = consistencyProblems(config);
  if (inconsistent.length > 0) throw new StackConfigError(stack, inconsistent);
  return config;
}

/** The configuration of the stack that is being deployed. Throws StackConfigError. */
export function readStackConfig(): StackConfig {
  const project = `${pulumi.getProject()}:`;
  const config = new pulumi.Config();
  const given: Record<string, unknown> = {};
  for (const fullName of Object.keys(pulumi.runtime.allConfig())) {
    if (!fullName.startsWith(project)) continue;
    const name = fullName.slice(project.length);
    const text = config.require(name);
    const isSecret = (configKeys as Readonly<Record<string, ConfigKey<z.ZodType>>>)[name]?.secret === true;
    given[name] = /^[[{]/u.test(text) && !isSecret ? config.requireObject(name) : text;
  }
  return parseStackConfig(pulumi.getStack(), given);
}

function keyProblems(name: string, entry: ConfigKey<z.ZodType>, value: unknown, error: z.ZodError): readonly string[] {
  const hint = `Allowed: ${entry.allowed}. Example: ${entry.example}`;
  if (value === undefined) return [`${name} is missing. ${hint}`];
  return error.issues.map((issue) => {
    const path = [name, ...issue.path].join('.');
    const found = entry.secret === true ? '' : ` ${JSON.stringify(valueAt(value, issue.path))}`;
    return `${path}${found}: ${issue.message.replace(/\.$/u, '')}. ${hint}`;
  });
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (current, part) => (current === null || typeof current !== 'object' ? undefined : (current as never)[part]),
    value,
  );
}

function consistencyProblems(config: StackConfig): readonly string[] {
  const { computePool, notifications, webhookSecret, suffix, people, deployerOperates } = config;
  const placeholder = 'SNOWFLAKE_WEBHOOK_SECRET';
  const usesSecret = notifications.kind === 'webhook' && JSON.stringify(notifications).includes(placeholder);
  return [
    ...(computePool.minNodes > computePool.maxNodes
      ? [`computePool.minNodes (${computePool.minNodes}) is more than computePool.maxNodes (${computePool.maxNodes})`]
      : []),
    ...(usesSecret && webhookSecret === undefined
      ? [`webhookSecret is missing: notifications uses ${placeholder}. Example: ${configKeys.webhookSecret.example}`]
      : []),
    ...(suffix === 'PROD' && people.length > 0
      ? [`people must be empty in prod: nobody but the service user works there, found ${people.join(', ')}`]
      : []),
    ...(suffix === 'PROD' && deployerOperates
      ? [`deployerOperates must be false in prod: nobody but the service user works there. Example: deployerOperates: false`]
      : []),
  ];
}
