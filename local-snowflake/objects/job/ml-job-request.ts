import { z } from 'zod';
import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { parseName } from '../../sql/identifier.ts';
import { sharedPythonRepository } from '../client-functions.ts';

/** What SYSTEM$EXECUTE_ML_JOB is told, as snowflake.ml.jobs 2.x sends it. */
export interface MlJobRequest {
  /** Location of the payload, `@DB.SCHEMA.STAGE/definition`. */
  readonly stagePath: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Image that SYSTEM$GET_ML_JOB_RUNTIME named. */
  readonly runtime: string;
  readonly targetInstances: number;
  readonly minInstances: number;
  readonly queryWarehouse: string | undefined;
  readonly generateSuffix: boolean;
  readonly comment: string | undefined;
  readonly async: boolean;
  readonly externalAccessIntegrations: readonly string[];
  readonly secrets: readonly ContainerSecret[];
}

/** A value of a secret that the container gets as an environment variable. */
export interface ContainerSecret {
  readonly secret: string;
  readonly key: 'secret_string' | 'username' | 'password';
  readonly variable: string;
}

const optional = <T extends z.ZodType>(type: T): z.ZodOptional<z.ZodNullable<T>> => type.nullable().optional();

// https://docs.snowflake.com/en/developer-guide/snowpark-container-services/specification-reference (secrets)
const containerSecret = z
  .strictObject({
    snowflakeSecret: z.union([z.string(), z.strictObject({ objectName: z.string() })]),
    secretKeyRef: z.enum(['secret_string', 'username', 'password']),
    envVarName: z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/u),
  })
  .transform(({ snowflakeSecret: named, secretKeyRef, envVarName }): ContainerSecret => ({
    secret: typeof named === 'string' ? named : named.objectName,
    key: secretKeyRef,
    variable: envVarName,
  }));
/** What the client's own check lets through without a warning; anything else is refused by its name. */
const specOverrides = z.strictObject({
  spec: z.strictObject({
    containers: z.array(z.strictObject({ name: z.literal('main').optional(), secrets: optional(z.array(containerSecret)) })).max(1),
  }),
});

const specOptions = z.strictObject({
  STAGE_PATH: z.string().startsWith('@'),
  ARGS: z.array(z.union([z.string(), z.number(), z.boolean()])).min(1),
  ENV_VARS: optional(z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]))),
  // Nodes are processes here: there are no metrics of containers to publish.
  ENABLE_METRICS: optional(z.boolean()),
  SPEC_OVERRIDES: optional(z.record(z.string(), z.unknown())),
  RUNTIME: optional(z.string()),
  // Which of two ways a stage is mounted makes no difference where it is a folder.
  ENABLE_STAGE_MOUNT_V2: optional(z.boolean()),
  ARTIFACT_REPOSITORIES: optional(z.array(z.string())),
});

const jobOptions = z.strictObject({
  EXTERNAL_ACCESS_INTEGRATIONS: optional(z.array(z.string())),
  QUERY_WAREHOUSE: optional(z.string()),
  TARGET_INSTANCES: optional(z.int().min(1)),
  MIN_INSTANCES: optional(z.int().min(1)),
  GENERATE_SUFFIX: optional(z.boolean()),
  COMMENT: optional(z.string()),
  ASYNC: optional(z.boolean()),
});

/**
 * Reads the third and fourth argument of SYSTEM$EXECUTE_ML_JOB.
 * @throws SnowflakeError `invalidArgument` naming the option, `unsupported` for what cannot be had here
 */
export function readMlJobRequest(specText: string, jobText: string): MlJobRequest {
  const spec = parse(specOptions, specText);
  const job = parse(jobOptions, jobText);
  for (const name of spec.ARTIFACT_REPOSITORIES ?? []) requireSharedRepository(name);
  const environment = Object.fromEntries(Object.entries(spec.ENV_VARS ?? {}).map(([name, value]) => [name, String(value)]));
  if (environment['MLRS_DISTRIBUTED_PREFLIGHT'] !== undefined) throw unsupported('preflight of ML jobs (it needs PyTorch)');
  const targetInstances = job.TARGET_INSTANCES ?? 1;
  const minInstances = job.MIN_INSTANCES ?? targetInstances;
  if (minInstances > targetInstances) throw invalid(jobText, 'MIN_INSTANCES exceeds TARGET_INSTANCES');
  return {
    stagePath: spec.STAGE_PATH,
    args: spec.ARGS.map(String),
    environment,
    runtime: spec.RUNTIME ?? '',
    targetInstances,
    minInstances,
    queryWarehouse: job.QUERY_WAREHOUSE ?? undefined,
    generateSuffix: job.GENERATE_SUFFIX ?? true,
    comment: job.COMMENT ?? undefined,
    async: job.ASYNC ?? true,
    externalAccessIntegrations: job.EXTERNAL_ACCESS_INTEGRATIONS ?? [],
    secrets: secretsOf(spec.SPEC_OVERRIDES ?? {}),
  };
}

function secretsOf(overrides: Readonly<Record<string, unknown>>): readonly ContainerSecret[] {
  if (Object.keys(overrides).length === 0) return [];
  const read = specOverrides.safeParse(overrides);
  if (read.success) return read.data.spec.containers[0]?.secrets ?? [];
  const [issue] = read.error.issues;
  throw unsupported(
    `spec_overrides of ML jobs but secrets as environment variables (${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''})`,
  );
}

/** Packages come from the Python environment, which stands for the one repository that every account has. */
function requireSharedRepository(name: string): void {
  if (parseName(name).join('.') !== sharedPythonRepository)
    throw SnowflakeError.of('objectDoesNotExist', { kind: 'Artifact repository', name });
}

function parse<T>(schema: z.ZodType<T>, text: string): T {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw invalid(text, error instanceof Error ? error.message : String(error));
  }
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  throw invalid(text, result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '));
}

function invalid(value: string, reason: string): SnowflakeError {
  const shown = value.length > 200 ? `${value.slice(0, 200)}…` : value;
  return SnowflakeError.of('invalidArgument', { name: 'SYSTEM$EXECUTE_ML_JOB', value: shown, reason });
}

function unsupported(feature: string): SnowflakeError {
  return SnowflakeError.of('unsupported', { feature });
}
