import { parseDocument, stringify } from 'yaml';
import { z } from 'zod';
import { SnowflakeError } from '../../errors/snowflake-error.ts';
import type { LaunchPlan } from './job-record.ts';
import type { MountedStage } from './ml-job-plan.ts';

/** A job service's specification, of which only what a process can be given is taken. */
export interface JobServiceSpec {
  readonly container: string;
  readonly image: string;
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Container path → stage location. */
  readonly mounts: ReadonlyMap<string, string>;
  /** As DESCRIBE SERVICE shows it. */
  readonly text: string;
}

const scalar = z.union([z.string(), z.number(), z.boolean()]);

// https://docs.snowflake.com/en/developer-guide/snowpark-container-services/specification-reference
const specification = z.strictObject({
  spec: z.strictObject({
    containers: z
      .array(
        z.strictObject({
          name: z.string().min(1),
          image: z.string().min(1),
          command: z.array(scalar).optional(),
          args: z.array(scalar).optional(),
          env: z.record(z.string(), scalar).optional(),
          // A process of this machine takes what it needs.
          resources: z.record(z.string(), z.unknown()).optional(),
          // Taken out of a service's before.
          readinessProbe: z.undefined().optional(),
          volumeMounts: z.array(z.strictObject({ name: z.string(), mountPath: z.string().startsWith('/') })).optional(),
        }),
      )
      .length(1, 'a service of several containers is not supported by the local Snowflake'),
    volumes: z
      .array(z.looseObject({ name: z.string(), source: z.string(), stageConfig: z.looseObject({ name: z.string() }).optional() }))
      .optional(),
  }),
});

/**
 * Reads the specification of EXECUTE JOB SERVICE.
 * @throws SnowflakeError `invalidJobSpecification` naming the field, `unsupported`
 */
export function readJobServiceSpec(yaml: string): JobServiceSpec {
  return parseSpecification(yaml, (document) => ({ job: document, own: undefined })).spec;
}

/**
 * Reads a specification. `split` takes from it what a job's does not have.
 * @throws SnowflakeError `invalidJobSpecification` naming the field, `unsupported`
 */
export function parseSpecification<Own>(
  yaml: string,
  split: (document: unknown) => { readonly job: unknown; readonly own: Own },
): { readonly spec: JobServiceSpec; readonly own: Own } {
  const document = parseDocument(yaml, { uniqueKeys: true });
  const [fault] = document.errors;
  if (fault !== undefined) throw invalid(fault.message);
  const { job, own } = split(document.toJS());
  return { spec: checked(job), own };
}

function checked(document: unknown): JobServiceSpec {
  const parsed = specification.safeParse(document);
  if (!parsed.success) throw invalid(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '));
  const { containers, volumes = [] } = parsed.data.spec;
  const container = containers[0] as (typeof containers)[number];
  if (container.command === undefined || container.command.length === 0) {
    throw SnowflakeError.of('unsupported', {
      feature: `the entry point of image ${container.image}: images are not run here; give the container a command that this machine has`,
    });
  }
  const stages = new Map(volumes.map((volume) => [volume.name, stageOf(volume)]));
  const mounts = (container.volumeMounts ?? []).map(({ name, mountPath }): [string, string] => {
    const stage = stages.get(name);
    if (stage === undefined) throw invalid(`volumeMounts: there is no volume ${name}`);
    return [mountPath.replace(/\/+$/u, ''), stage];
  });
  return {
    container: container.name,
    image: container.image,
    command: [...container.command, ...(container.args ?? [])].map(String),
    environment: Object.fromEntries(Object.entries(container.env ?? {}).map(([name, value]) => [name, String(value)])),
    mounts: new Map(mounts),
    text: stringify(parsed.data, { lineWidth: 0 }),
  };
}

/**
 * How the container is started as a process. Paths below a mount become paths of this machine where they stand in the command
 * and the environment.
 * @param stages folder by container path, for every mount
 */
export function planJobService(spec: JobServiceSpec, stages: ReadonlyMap<string, MountedStage>): LaunchPlan {
  const localized = (text: string): string => {
    for (const [mount, { directory }] of stages) {
      const path = new RegExp(`(^|[\\s=:'"])${escapePattern(mount)}(?=$|[/\\s:'"])`, 'gu');
      text = text.replace(path, (_, before: string) => before + directory);
    }
    return text;
  };
  return {
    container: spec.container,
    image: spec.image,
    run: { kind: 'command', command: spec.command.map(localized) },
    environment: Object.fromEntries(Object.entries(spec.environment).map(([name, value]) => [name, localized(value)])),
  };
}

function stageOf(volume: { name: string; source: string; stageConfig?: { name: string } | undefined }): string {
  const location = volume.source === 'stage' ? volume.stageConfig?.name : volume.source;
  if (location?.startsWith('@') === true) return location;
  throw SnowflakeError.of('unsupported', { feature: `volume ${volume.name} with source ${volume.source}` });
}

function escapePattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/gu, '\\$&');
}

function invalid(reason: string): SnowflakeError {
  return SnowflakeError.of('invalidJobSpecification', { reason });
}
