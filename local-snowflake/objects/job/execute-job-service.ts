import { readFile, stat } from 'node:fs/promises';
import { mkdirSync } from 'node:fs';
import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { statusResult } from '../../sql/result-set.ts';
import type { TokenStream } from '../../sql/token-stream.ts';
import { requireOwnPool } from '../compute-pool.ts';
import type { StatementDefinition } from '../extensions.ts';
import type { ObjectScope } from '../object-scope.ts';
import { absolutePath, locate } from '../stage-location.ts';
import { displayJob } from './job-record.ts';
import { planJobService, readJobServiceSpec } from './job-service-spec.ts';
import type { MountedStage } from './ml-job-plan.ts';
import { startJob } from './start-job.ts';

interface Options {
  name: readonly string[] | undefined;
  async: boolean;
  replicas: number;
  warehouse: string | null;
  comment: string | null;
}

// https://docs.snowflake.com/en/sql-reference/sql/execute-job-service
export const executeJobService: StatementDefinition = {
  words: 'EXECUTE JOB SERVICE',
  page: 'execute-job-service',
  run: async (stream, scope) => {
    stream.expect('IN COMPUTE POOL');
    const pool = scope.find('COMPUTE POOL', stream.name(), 'USAGE');
    requireOwnPool(pool);
    const options = readOptions(stream, scope);
    const text = await readSpecification(stream, scope);
    // Properties may also stand behind the specification, as the reference's syntax shows them.
    Object.assign(options, readOptions(stream, scope, options));
    stream.expectEnd();
    const spec = readJobServiceSpec(text);
    const mounts = new Map([...spec.mounts].map(([path, location]): [string, MountedStage] => [path, mountStage(location, scope)]));
    const job = await startJob(
      {
        name: options.name ?? [`JOB_${scope.queryId.replaceAll('-', '_').toUpperCase()}`],
        pool,
        spec: spec.text,
        plan: planJobService(spec, mounts),
        warehouse: options.warehouse,
        targetInstances: options.replicas,
        minInstances: 1,
        async: options.async,
        comment: options.comment,
      },
      scope,
    );
    const how = options.async ? 'Job started asynchronously; service' : 'Job';
    return statusResult(
      `${how} ${displayJob(job)} ${options.async ? `is ${job.status}` : `completed successfully with status: ${job.status}`}.`,
    );
  },
};

function readOptions(stream: TokenStream, scope: ObjectScope, before?: Options): Options {
  const options: Options = before ?? { name: undefined, async: false, replicas: 1, warehouse: null, comment: null };
  for (;;) {
    const word = stream.peek();
    if (word.kind !== 'word' || stream.peek(1).text !== '=') return options;
    stream.next();
    stream.expectSymbol('=');
    if (word.value === 'NAME') options.name = stream.name();
    else if (word.value === 'ASYNC') options.async = readBoolean(stream);
    else if (word.value === 'REPLICAS') options.replicas = readReplicas(stream);
    else if (word.value === 'QUERY_WAREHOUSE') options.warehouse = scope.find('WAREHOUSE', stream.name(), 'USAGE').name;
    else if (word.value === 'COMMENT') options.comment = stream.string();
    else if (word.value === 'EXTERNAL_ACCESS_INTEGRATIONS') {
      if (stream.parenthesised() !== '')
        throw SnowflakeError.of('unsupported', { feature: 'EXTERNAL_ACCESS_INTEGRATIONS of EXECUTE JOB SERVICE' });
    } else throw SnowflakeError.of('invalidProperty', { property: word.text, kind: 'JOB SERVICE' });
  }
}

function readBoolean(stream: TokenStream): boolean {
  if (stream.accept('TRUE')) return true;
  stream.expect('FALSE');
  return false;
}

function readReplicas(stream: TokenStream): number {
  const replicas = stream.integer();
  if (replicas < 1) throw SnowflakeError.of('invalidPropertyValue', { property: 'REPLICAS', value: String(replicas) });
  return replicas;
}

/** `FROM { SPECIFICATION '…' | @stage SPECIFICATION_FILE = '…' }` */
export async function readSpecification(
  stream: TokenStream,
  scope: ObjectScope,
  statement = 'EXECUTE JOB SERVICE',
): Promise<string> {
  stream.expect('FROM');
  const location = stream.peek().kind === 'location' ? stream.next().text : undefined;
  if (stream.is('SPECIFICATION_TEMPLATE') || stream.is('SPECIFICATION_TEMPLATE_FILE')) {
    throw SnowflakeError.of('unsupported', { feature: `specification templates of ${statement}` });
  }
  if (location === undefined) {
    stream.expect('SPECIFICATION');
    return stream.string();
  }
  stream.expect('SPECIFICATION_FILE');
  stream.expectSymbol('=');
  const written = `${location.replace(/\/+$/u, '')}/${stream.string().replace(/^\/+/u, '')}`;
  const path = absolutePath(locate(written, scope, 'READ'));
  if (
    !(await stat(path).then(
      (found) => found.isFile(),
      () => false,
    ))
  )
    throw SnowflakeError.of('fileNotFound', { path: written });
  return readFile(path, 'utf8');
}

/** The folder of this machine that a stage's place is. */
export function mountStage(location: string, scope: ObjectScope): MountedStage {
  // A container may write to its volumes; whether this one may is known only from what it does.
  const directory = absolutePath(locate(location, scope, 'READ'));
  mkdirSync(directory, { recursive: true });
  return { location, directory };
}
