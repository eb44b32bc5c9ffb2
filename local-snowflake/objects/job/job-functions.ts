import type { CatalogObject } from '../../catalog/catalog-object.ts';
import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { parseName } from '../../sql/identifier.ts';
import { cell } from '../../sql/result-set.ts';
import { types } from '../../sql/types.ts';
import type { MethodDefinition, SystemFunctionDefinition, TypedValue } from '../extensions.ts';
import type { ObjectScope } from '../object-scope.ts';
import { type JobStatus, displayJob } from './job-record.ts';
import { logText } from './log-text.ts';
import { containerStatus } from './service-listings.ts';
import { isoSeconds } from './service.ts';
import { jobOf, viewOf } from '../service/service-view.ts';

export const jobFunctions: readonly SystemFunctionDefinition[] = [
  {
    name: 'SYSTEM$GET_SERVICE_LOGS',
    page: 'functions/system_get_service_logs',
    returns: types.varchar(),
    call: async ([name, instance, container, lines, previous], scope) => {
      const object = serviceNamed(name, scope, 'MONITOR');
      const view = viewOf(object, scope);
      if (previous?.cell === '1')
        throw SnowflakeError.of('unsupported', { feature: 'logs of a previous container (a log goes on over restarts)' });
      const index = Number(instance?.cell);
      const found = view.instances[index];
      if (found === undefined) {
        const has = `${scope.catalog.displayOf(object)} has ${String(view.instances.length)} instance(s)`;
        throw invalid('SYSTEM$GET_SERVICE_LOGS', instance, has);
      }
      if (container?.cell !== view.container)
        throw invalid('SYSTEM$GET_SERVICE_LOGS', container, `the container is named ${view.container}`);
      const log = await (view.job === undefined ? scope.effects.services : scope.effects.jobs).log(object.id, index);
      if (log !== undefined) return logText(log, lines?.cell === undefined || lines.cell === null ? undefined : Number(lines.cell));
      // The ML Jobs client tells a container that has not started by these words.
      throw SnowflakeError.of('execution', {
        message: `Container Status: ${found.status === 'PENDING' ? 'PENDING' : containerStatus(found)}. ${found.message}`,
      });
    },
  },
  {
    name: 'SYSTEM$GET_SERVICE_STATUS',
    page: 'functions/system_get_service_status',
    returns: types.varchar(),
    call: ([name], scope) => {
      const view = viewOf(serviceNamed(name, scope, 'MONITOR'), scope);
      return cell.json(
        view.instances.map((each) => ({
          status: containerStatus(each),
          message: each.message,
          containerName: view.container,
          instanceId: String(each.index),
          serviceName: view.name,
          image: view.image,
          restartCount: each.restarts,
          startTime: isoSeconds(each.startedOn) ?? '',
        })),
      );
    },
  },
  {
    name: 'SYSTEM$CANCEL_JOB',
    page: 'functions/system_cancel_job',
    returns: types.varchar(),
    call: ([name], scope) => cancel(serviceNamed(name, scope, 'OPERATE'), scope),
  },
  {
    name: 'SYSTEM$WAIT_FOR_SERVICES',
    page: 'functions/system_wait_for_services',
    returns: types.varchar(),
    call: async ([seconds, ...names], scope) => {
      const limit = readSeconds('SYSTEM$WAIT_FOR_SERVICES', seconds);
      const jobs = names.map((name) => jobOf(serviceNamed(name, scope, 'MONITOR', 'OPERATE', 'USAGE'), scope).id);
      await Promise.all(jobs.map((id) => scope.effects.jobs.waitFor(id, 'DONE', limit, scope.signal)));
      return 'OK';
    },
  },
];

export const jobMethods: readonly MethodDefinition[] = [
  {
    name: 'SPCS_WAIT_FOR',
    kind: 'SERVICE',
    page: 'functions/spcs_wait_for',
    privileges: ['USAGE', 'MONITOR', 'OPERATE'],
    returns: types.varchar(),
    call: async (object, [status, seconds], scope) => {
      const wanted = readStatus(status);
      const job = await scope.effects.jobs.waitFor(
        jobOf(object, scope).id,
        wanted,
        readSeconds('SPCS_WAIT_FOR', seconds),
        scope.signal,
      );
      return `Service ${displayJob(job)} reached status ${wanted}.`;
    },
  },
  {
    name: 'SPCS_CANCEL_JOB',
    kind: 'SERVICE',
    page: 'functions/spcs_cancel_job',
    privileges: ['OPERATE'],
    returns: types.varchar(),
    call: (object, _args, scope) => cancel(object, scope),
  },
];

async function cancel(object: CatalogObject, scope: ObjectScope): Promise<string> {
  const cancelled = await scope.effects.jobs.cancel(jobOf(object, scope).id);
  const job = jobOf(object, scope);
  return cancelled ? `Job ${displayJob(job)} was cancelled.` : `Job ${displayJob(job)} had ended before: ${job.status}.`;
}

function serviceNamed(name: TypedValue | undefined, scope: ObjectScope, ...privileges: readonly string[]): CatalogObject {
  if (name === undefined || name.cell === null) throw invalid('service name', name, 'a name is needed');
  return scope.find('SERVICE', parseName(name.cell), ...privileges);
}

const statuses: readonly JobStatus[] = [
  'PENDING',
  'RUNNING',
  'DONE',
  'FAILED',
  'CANCELLING',
  'CANCELLED',
  'INTERNAL_ERROR',
  'DELETED',
];

function readStatus(value: TypedValue | undefined): JobStatus {
  const found = statuses.find((status) => status === value?.cell?.toUpperCase());
  if (found === undefined) throw invalid('SPCS_WAIT_FOR', value, `a status is one of ${statuses.join(', ')}`);
  return found;
}

function readSeconds(name: string, value: TypedValue | undefined): number {
  const seconds = Number(value?.cell ?? Number.NaN);
  if (!Number.isFinite(seconds) || seconds < 0) throw invalid(name, value, 'a number of seconds is needed');
  return seconds;
}

function invalid(name: string, value: TypedValue | undefined, reason: string): SnowflakeError {
  return SnowflakeError.of('invalidArgument', { name, value: value?.cell ?? 'NULL', reason });
}
