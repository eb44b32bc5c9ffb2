import { cell, column, type Row } from '../../sql/result-set.ts';
import { types } from '../../sql/types.ts';
import type { TableFunctionDefinition, TypedValue } from '../extensions.ts';
import type { JobRecord } from './job-record.ts';
import { containerStatus } from './service-listings.ts';
import { isoSeconds } from './service.ts';

const time = types.timestampLtz(6);
const defaultWindow = 30 * 24 * 3600 * 1000;

/** Jobs of the current role, dropped ones included. https://docs.snowflake.com/en/sql-reference/functions/get_job_history */
export const jobHistory: TableFunctionDefinition = {
  name: 'GET_JOB_HISTORY',
  page: 'functions/get_job_history',
  columns: [
    column('QUERY_ID'),
    column('ID', types.number(38, 0)),
    column('NAME'),
    column('DATABASE_NAME'),
    column('SCHEMA_NAME'),
    column('CREATED_TIME', time),
    column('COMPLETED_TIME', time),
    column('DELETED_TIME', time),
    column('STATUS'),
    column('MESSAGE'),
    column('INSTANCE_STATUSES', types.object),
    column('COMPUTE_POOL_NAME'),
    column('OWNER'),
    column('OWNER_ROLE_TYPE'),
    column('PARAMETERS', types.object),
    column('MANAGING_OBJECT', types.object),
  ],
  rows: (args, scope) => {
    const role = scope.nameOf(scope.roles.primary);
    const from = milliseconds(args.get('CREATED_TIME_START')) ?? scope.now - defaultWindow;
    const to = milliseconds(args.get('CREATED_TIME_END')) ?? scope.now;
    const limit = Number(args.get('RESULT_LIMIT')?.cell ?? 100);
    return scope.effects.jobs
      .all()
      .map((job, index) => ({ job, number: index + 1 }))
      .filter(({ job }) => job.identity.role === role && job.createdOn >= from && job.createdOn <= to)
      .sort((a, b) => b.job.createdOn - a.job.createdOn)
      .slice(0, limit)
      .map(({ job, number }) => historyRow(job, number));
  },
};

function historyRow(job: JobRecord, number: number): Row {
  return [
    job.queryId,
    cell.number(number),
    job.name,
    job.database,
    job.schema,
    cell.timestamp(job.createdOn),
    cell.timestamp(job.completedOn),
    cell.timestamp(job.deletedOn),
    job.deletedOn === null ? job.status : 'DELETED',
    job.message,
    cell.json(instanceStatuses(job)),
    job.pool,
    job.identity.role,
    'ROLE',
    cell.json({ ASYNC: job.async, REPLICAS: job.targetInstances }),
    null,
  ];
}

function instanceStatuses(job: JobRecord): unknown {
  const count = (status: string): number => job.instances.filter((each) => each.status === status).length;
  return {
    failedInstances: count('FAILED'),
    pendingInstances: count('PENDING'),
    runningInstances: count('READY'),
    succeededInstances: count('SUCCEEDED'),
    totalInstances: job.instances.length,
    instances: job.instances.map((each) => ({
      instanceId: String(each.index),
      containers: [
        {
          containerName: job.plan.container,
          image: job.plan.image,
          lastExitCode: each.exitCode,
          message: each.message,
          restartCount: 0,
          startTime: isoSeconds(each.startedOn) ?? '',
          status: containerStatus(each),
        },
      ],
    })),
  };
}

/** `seconds.nanoseconds` as epoch milliseconds. */
function milliseconds(value: TypedValue | undefined): number | undefined {
  if (value?.cell === undefined || value.cell === null) return undefined;
  return Math.floor(Number(value.cell.split(' ')[0]) * 1000);
}
