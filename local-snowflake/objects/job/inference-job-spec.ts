import { parseDocument } from 'yaml';
import { z } from 'zod';
import { SnowflakeError } from '../../errors/snowflake-error.ts';
import type { NodeResources } from '../service/node-resources.ts';
import type { BatchInference } from './job-record.ts';

/** What a batch inference job's specification asks for. */
export interface InferenceJobSpec {
  /** Stage place below which each job's results have a folder. */
  readonly outputLocation: string;
  readonly overwrite: boolean;
  readonly resources: NodeResources;
  readonly parameters: BatchInference['parameters'];
  readonly files: BatchInference['files'];
  readonly partitionColumn: string | null;
  readonly batchRows: number | undefined;
}

function optional<T extends z.ZodType>(schema: T): z.ZodOptional<z.ZodNullable<T>> {
  return schema.nullable().optional();
}

const scalar = z.union([z.string(), z.number()]);

// https://docs.snowflake.com/en/sql-reference/sql/execute-inference-job-service#specification
const specification = z.strictObject({
  output: z.strictObject({ stage_location: z.string().startsWith('@'), mode: optional(z.enum(['error', 'overwrite'])) }),
  resources: optional(
    z.strictObject({ cpu_requests: optional(scalar), memory_requests: optional(z.string()), gpu_requests: optional(scalar) }),
  ),
  inference: optional(
    z.strictObject({
      // A process has one worker here.
      num_workers: optional(z.int().min(1)),
      max_batch_rows: optional(z.int().min(1)),
      engine_options: optional(
        z.strictObject({ engine: optional(z.string()), engine_args_override: optional(z.array(z.string())) }),
      ),
      adapters: optional(z.unknown()),
    }),
  ),
  input: optional(
    z.strictObject({
      params: optional(z.record(z.string(), z.unknown())),
      column_handling: optional(
        z.record(
          z.string(),
          z.strictObject({
            input_format: z.enum(['full_stage_path']),
            convert_to: z.enum(['raw_bytes', 'base64', 'base64_data_url']),
          }),
        ),
      ),
      partition_column: optional(z.string()),
      layout: optional(z.string()),
    }),
  ),
  // There is no image to build.
  image_build: optional(z.strictObject({ image_repo: optional(z.string()), force_rebuild: optional(z.boolean()) })),
});

/** @throws SnowflakeError `invalidJobSpecification` naming the field, `unsupported` for what cannot be had here */
export function readInferenceJobSpec(yaml: string): InferenceJobSpec {
  const document = parseDocument(yaml, { uniqueKeys: true });
  const [fault] = document.errors;
  if (fault !== undefined) throw invalid(fault.message);
  const parsed = specification.safeParse(document.toJS() ?? {});
  if (!parsed.success) throw invalid(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '));
  const { output, resources, inference, input } = parsed.data;
  refuseEngine(inference?.engine_options?.engine ?? 'DEFAULT');
  if (inference?.adapters !== undefined && inference.adapters !== null) throw unsupported('adapters');
  if (input?.layout !== undefined && input.layout !== null) throw unsupported(`input layout ${input.layout}`);
  const written = (value: string | number | null | undefined): string | undefined =>
    value === null || value === undefined ? undefined : String(value);
  return {
    outputLocation: output.stage_location.replace(/\/*$/u, '/'),
    overwrite: output.mode === 'overwrite',
    resources: {
      cpu: written(resources?.cpu_requests),
      memory: written(resources?.memory_requests)?.replace(/(?<=[A-Z]i?)B$/iu, ''),
      gpu: written(resources?.gpu_requests),
    },
    parameters: input?.params ?? {},
    files: Object.fromEntries(Object.entries(input?.column_handling ?? {}).map(([name, how]) => [name, how.convert_to])),
    partitionColumn: input?.partition_column ?? null,
    batchRows: inference?.max_batch_rows ?? undefined,
  };
}

function refuseEngine(engine: string): void {
  if (!['DEFAULT', 'PYTHON_GENERIC'].includes(engine.toUpperCase())) throw unsupported(`inference engine ${engine}`);
}

function unsupported(what: string): SnowflakeError {
  return SnowflakeError.of('unsupported', { feature: `${what} of batch inference jobs` });
}

function invalid(reason: string): SnowflakeError {
  return SnowflakeError.of('invalidJobSpecification', { reason });
}
