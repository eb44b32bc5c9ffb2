import { parseDocument } from 'yaml';
import { z } from 'zod';
import { SnowflakeError } from '../../errors/snowflake-error.ts';

/** What `ModelVersion.create_service` asks for. */
export interface DeploymentSpec {
  readonly model: string;
  readonly version: string;
  readonly service: string;
  readonly pool: string;
  readonly buildPool: string | undefined;
  readonly imageRepository: string | undefined;
  readonly ingress: boolean;
  readonly minInstances: number;
  readonly maxInstances: number;
  readonly cpu: string | undefined;
  readonly memory: string | undefined;
  readonly gpu: string | undefined;
  readonly workers: number | undefined;
  readonly maxBatchRows: number | undefined;
}

function optional<T extends z.ZodType>(schema: T): z.ZodOptional<z.ZodNullable<T>> {
  return schema.nullable().optional();
}

// The client's snowflake/ml/model/_client/service/model_deployment_spec_schema.py.
const deployment = z.strictObject({
  models: z.array(z.strictObject({ name: z.string(), version: z.string() })).length(1),
  image_build: optional(
    z.strictObject({
      compute_pool: optional(z.string()),
      image_repo: optional(z.string()),
      // There is no image to build.
      force_rebuild: optional(z.boolean()),
      external_access_integrations: optional(z.array(z.string())),
    }),
  ),
  service: z.strictObject({
    name: z.string(),
    compute_pool: z.string(),
    ingress_enabled: z.boolean(),
    min_instances: z.int().min(0),
    max_instances: z.int().min(1),
    cpu: optional(z.string()),
    memory: optional(z.string()),
    gpu: optional(z.string()),
    num_workers: optional(z.int().min(1)),
    max_batch_rows: optional(z.int().min(1)),
    autocapture: optional(z.boolean()),
    inference_engine_spec: optional(z.unknown()),
    feature_retrieval: optional(z.unknown()),
    adapters: optional(z.unknown()),
  }),
  model_loggings: optional(z.unknown()),
});

/** @throws SnowflakeError `invalidJobSpecification` naming the field, `unsupported` for what cannot be had here */
export function readDeploymentSpec(yaml: string): DeploymentSpec {
  const document = parseDocument(yaml, { uniqueKeys: true });
  const [fault] = document.errors;
  if (fault !== undefined) throw invalid(fault.message);
  const parsed = deployment.safeParse(document.toJS());
  if (!parsed.success) throw invalid(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '));
  const { models, image_build: build, service, model_loggings: loggings } = parsed.data;
  refuse('models logged by the server (log_model with a Hugging Face model and create_service)', loggings);
  refuse('inference engines of model services', service.inference_engine_spec);
  refuse('feature_sources_per_function of model services', service.feature_retrieval);
  refuse('adapters of model services', service.adapters);
  refuse('autocapture of model services', service.autocapture === true ? true : undefined);
  refuse('build_external_access_integrations of model services', build?.external_access_integrations?.[0]);
  if (service.min_instances > service.max_instances) throw invalid('service.min_instances exceeds service.max_instances');
  const [model] = models;
  return {
    model: model?.name ?? '',
    version: model?.version ?? '',
    service: service.name,
    pool: service.compute_pool,
    buildPool: build?.compute_pool ?? undefined,
    imageRepository: build?.image_repo ?? undefined,
    ingress: service.ingress_enabled,
    minInstances: service.min_instances,
    maxInstances: service.max_instances,
    cpu: service.cpu ?? undefined,
    memory: service.memory ?? undefined,
    gpu: service.gpu ?? undefined,
    workers: service.num_workers ?? undefined,
    maxBatchRows: service.max_batch_rows ?? undefined,
  };
}

function refuse(feature: string, value: unknown): void {
  if (value !== undefined && value !== null) throw SnowflakeError.of('unsupported', { feature });
}

function invalid(reason: string): SnowflakeError {
  return SnowflakeError.of('invalidJobSpecification', { reason });
}
