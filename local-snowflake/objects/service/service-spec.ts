import { stringify } from 'yaml';
import { z } from 'zod';
import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { type JobServiceSpec, parseSpecification } from '../job/job-service-spec.ts';

export interface EndpointSpec {
  readonly name: string;
  readonly port: number;
  readonly public: boolean;
}

/** A service's specification: a job's, with what only services have. */
export interface ServiceSpec extends JobServiceSpec {
  readonly endpoints: readonly EndpointSpec[];
  readonly readiness: { readonly port: number; readonly path: string } | null;
}

// https://docs.snowflake.com/en/developer-guide/snowpark-container-services/specification-reference
const probe = z.strictObject({ port: z.int().min(1).max(65_535), path: z.string().startsWith('/') });
const endpoint = z.strictObject({
  name: z.string().min(1),
  port: z.int().min(1).max(65_535),
  public: z.boolean().optional(),
  protocol: z.enum(['HTTP']).optional(),
});
const own = z.looseObject({
  spec: z.looseObject({
    containers: z.array(z.looseObject({ readinessProbe: probe.optional() })),
    endpoints: z.array(endpoint).optional(),
  }),
});

/**
 * Reads the specification of CREATE SERVICE.
 * @throws SnowflakeError `invalidJobSpecification` naming the field, `unsupported`
 */
export function readServiceSpec(yaml: string): ServiceSpec {
  const job = parseSpecification(yaml, (document) => {
    const parsed = own.safeParse(document);
    if (!parsed.success) throw invalid(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '));
    const { containers, endpoints, ...rest } = parsed.data.spec;
    const [first] = containers;
    const shared = containers.map((container) => ({ ...container, readinessProbe: undefined }));
    return {
      job: { spec: { ...rest, containers: shared } },
      own: { endpoints: endpoints ?? [], probe: first?.readinessProbe, all: parsed.data },
    };
  });
  const { endpoints, probe: readiness, all } = job.own;
  const names = endpoints.map((each) => each.name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw invalid(`endpoints: ${twice} is there twice`);
  return {
    ...job.spec,
    text: stringify(all, { lineWidth: 0 }),
    endpoints: endpoints.map(({ name, port, public: isPublic }) => ({ name, port, public: isPublic === true })),
    readiness: readiness ?? null,
  };
}

function invalid(reason: string): SnowflakeError {
  return SnowflakeError.of('invalidJobSpecification', { reason });
}
