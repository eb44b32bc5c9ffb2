import type { CatalogObject } from '../../catalog/catalog-object.ts';
import { SnowflakeError } from '../../errors/snowflake-error.ts';
import type { ObjectName } from '../../sql/identifier.ts';
import { displayName } from '../../sql/identifier.ts';
import type { ObjectScope } from '../object-scope.ts';
import { type JobDraft, type JobRecord, displayJob } from './job-record.ts';

/** A job that a statement asks for, before it has an object of its own. */
export type JobOrder = Pick<JobDraft, 'spec' | 'plan' | 'targetInstances' | 'minInstances' | 'async' | 'comment'> & {
  readonly name: ObjectName;
  readonly pool: CatalogObject;
  /** Name of the warehouse that the job's sessions use. */
  readonly warehouse: string | null;
};

/** Where a job goes: its schema, after the privilege check. @throws SnowflakeError */
export function jobSchema(name: ObjectName, scope: ObjectScope): CatalogObject {
  const path = scope.qualify('schema', name);
  return scope.find('SCHEMA', path.slice(0, -1), 'CREATE SERVICE');
}

/** Where a job goes whose name is not taken. @throws SnowflakeError `objectAlreadyExists` */
export function requireFreeName(name: ObjectName, scope: ObjectScope): CatalogObject {
  const schema = jobSchema(name, scope);
  const path = scope.qualify('schema', name);
  if (scope.catalog.find('SERVICE', schema.id, path.at(-1) ?? '') !== undefined)
    throw SnowflakeError.of('objectAlreadyExists', { name: displayName(path) });
  return schema;
}

/**
 * Makes the service object and queues the job; a synchronous one is waited for.
 * @throws SnowflakeError `objectAlreadyExists`, `jobFailed` for a synchronous job that did not end well
 */
export async function startJob(order: JobOrder, scope: ObjectScope): Promise<JobRecord> {
  const { catalog, effects } = scope;
  const schema = requireFreeName(order.name, scope);
  const [database = '', schemaName = '', name = ''] = scope.qualify('schema', order.name);
  const id = scope.ids.uuid();
  const object: CatalogObject = {
    collection: 'object',
    id,
    kind: 'SERVICE',
    name,
    signature: '',
    parent: schema.id,
    owner: scope.authorizer.ownerOfNew(id, scope.roles.primary),
    createdOn: scope.now,
    alteredOn: scope.now,
    comment: order.comment ?? '',
    tags: {},
    parameters: {},
    properties: {},
  };
  const { warehouse, pool, name: _, ...rest } = order;
  await catalog.change((change) => {
    catalog.create(object, change);
  });
  try {
    const identity = { user: scope.user, role: scope.nameOf(scope.roles.primary) ?? '', warehouse };
    await effects.jobs.submit(
      {
        ...rest,
        id: object.id,
        database,
        schema: schemaName,
        name,
        pool: pool.name,
        queryId: scope.queryId,
        identity,
      },
      scope.taskRun,
    );
  } catch (error) {
    await catalog.change((change) => {
      catalog.drop(object, change);
    });
    throw error;
  }
  return order.async ? started(object.id, scope) : ended(object.id, scope);
}

function started(id: string, scope: ObjectScope): JobRecord {
  return scope.effects.jobs.find(id) as JobRecord;
}

async function ended(id: string, scope: ObjectScope): Promise<JobRecord> {
  let job: JobRecord;
  try {
    job = await scope.effects.jobs.ended(id, scope.signal);
  } catch (error) {
    // Whoever waits for a job and is cancelled takes the job along.
    await scope.effects.jobs.cancel(id);
    throw error;
  }
  if (job.status === 'DONE') return job;
  throw SnowflakeError.of('jobFailed', { name: displayJob(job), status: job.status, message: job.message });
}
