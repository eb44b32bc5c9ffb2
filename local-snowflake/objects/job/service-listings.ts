import { column, type ResultSet } from '../../sql/result-set.ts';
import { types } from '../../sql/types.ts';
import type { StatementDefinition } from '../extensions.ts';
import { instanceFamilies } from '../instance-families.ts';
import type { InstanceRecord, JobRecord } from './job-record.ts';
import { isoSeconds, jobOf, specDigest } from './service.ts';

export const serviceListings: readonly StatementDefinition[] = [
  {
    words: 'SHOW SERVICE INSTANCES IN SERVICE',
    page: 'show-service-instances-in-service',
    run: (stream, scope) => {
      const object = scope.find('SERVICE', stream.name(), 'MONITOR');
      stream.expectEnd();
      return instances(jobOf(object, scope));
    },
  },
  {
    words: 'SHOW SERVICE CONTAINERS IN SERVICE',
    page: 'show-service-containers-in-service',
    run: (stream, scope) => {
      const object = scope.find('SERVICE', stream.name(), 'MONITOR');
      stream.expectEnd();
      return containers(jobOf(object, scope));
    },
  },
  {
    words: 'SHOW ENDPOINTS IN SERVICE',
    page: 'show-endpoints',
    run: (stream, scope) => {
      scope.find('SERVICE', stream.name(), 'USAGE', 'MONITOR', 'OPERATE');
      stream.expectEnd();
      // Jobs have none: what would be behind them is a container's network.
      const names = ['name', 'port', 'port_range', 'protocol', 'is_public', 'ingress_url', 'privatelink_ingress_url'];
      return { columns: names.map((name) => column(name)), rows: [] };
    },
  },
  {
    words: 'SHOW COMPUTE POOL INSTANCE FAMILIES',
    page: 'show-compute-pool-instance-families',
    run: (stream) => {
      stream.expectEnd();
      return families();
    },
  },
];

function instances(job: JobRecord): ResultSet {
  const names = [
    'database_name',
    'schema_name',
    'service_name',
    'service_status',
    'instance_id',
    'status',
    'spec_digest',
    'creation_time',
    'start_time',
    'ip_address',
  ];
  return {
    columns: names.map((name) => column(name)),
    rows: job.instances.map((each) => [
      job.database,
      job.schema,
      job.name,
      job.status,
      String(each.index),
      each.status,
      specDigest(job),
      isoSeconds(job.createdOn),
      isoSeconds(each.startedOn),
      each.address,
    ]),
  };
}

function containers(job: JobRecord): ResultSet {
  const number = types.number(38, 0);
  return {
    columns: [
      ...[
        'database_name',
        'schema_name',
        'service_name',
        'service_status',
        'instance_id',
        'instance_status',
        'container_name',
        'status',
        'message',
        'image_name',
        'image_digest',
      ].map((name) => column(name)),
      column('restart_count', number),
      column('start_time'),
      column('last_exit_code', number),
      column('last_restart_time'),
    ],
    rows: job.instances.map((each) => [
      job.database,
      job.schema,
      job.name,
      job.status,
      String(each.index),
      each.status,
      job.plan.container,
      containerStatus(each),
      each.message,
      job.plan.image,
      null,
      '0',
      isoSeconds(each.startedOn),
      each.exitCode === null ? null : String(each.exitCode),
      null,
    ]),
  };
}

/** https://docs.snowflake.com/en/sql-reference/sql/show-service-containers-in-service */
export function containerStatus(instance: InstanceRecord): string {
  return instance.status === 'SUCCEEDED' ? 'DONE' : instance.status;
}

function families(): ResultSet {
  const number = types.number(38, 0);
  return {
    columns: [
      column('name'),
      column('description'),
      column('vcpu', number),
      column('memory_gib', number),
      column('storage_gib', number),
      column('gpu'),
      column('gpu_count', number),
      column('gpu_memory_gib', number),
      column('current_node_usage', number),
      column('message'),
    ],
    rows: instanceFamilies.map(({ name, vcpu, memoryGib, storageGib, gpu }) => [
      name,
      gpu === undefined
        ? `${String(vcpu)} vCPU, ${String(memoryGib)} GiB`
        : `${String(vcpu)} vCPU, ${String(memoryGib)} GiB, ${String(gpu.count)} x ${gpu.type}`,
      String(vcpu),
      String(memoryGib),
      String(storageGib),
      gpu?.type ?? '',
      String(gpu?.count ?? 0),
      String(gpu?.memoryGib ?? 0),
      '0',
      null,
    ]),
  };
}
