import type { CatalogObject } from '../../catalog/catalog-object.ts';
import { column, type ResultSet } from '../../sql/result-set.ts';
import { types } from '../../sql/types.ts';
import type { StatementDefinition } from '../extensions.ts';
import { instanceFamilies } from '../instance-families.ts';
import type { ObjectScope } from '../object-scope.ts';
import { definitionOf } from '../service/service-definition.ts';
import { type ServiceView, viewOf } from '../service/service-view.ts';
import type { InstanceRecord } from './job-record.ts';
import { isoSeconds, specDigest } from './service.ts';

export const serviceListings: readonly StatementDefinition[] = [
  {
    words: 'SHOW SERVICE INSTANCES IN SERVICE',
    page: 'show-service-instances-in-service',
    run: (stream, scope) => {
      const object = scope.find('SERVICE', stream.name(), 'MONITOR');
      stream.expectEnd();
      return instances(viewOf(object, scope));
    },
  },
  {
    words: 'SHOW SERVICE CONTAINERS IN SERVICE',
    page: 'show-service-containers-in-service',
    run: (stream, scope) => {
      const object = scope.find('SERVICE', stream.name(), 'MONITOR');
      stream.expectEnd();
      return containers(viewOf(object, scope));
    },
  },
  {
    words: 'SHOW ENDPOINTS IN SERVICE',
    page: 'show-endpoints',
    run: (stream, scope) => {
      const object = scope.find('SERVICE', stream.name(), 'USAGE', 'MONITOR', 'OPERATE');
      stream.expectEnd();
      return endpoints(object, scope);
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

/** The endpoint's URL is one of this server, without the scheme, as Snowflake writes it: `http://` stands before it. */
function endpoints(object: CatalogObject, scope: ObjectScope): ResultSet {
  return {
    columns: [
      column('name'),
      column('port', types.number(38, 0)),
      ...['port_range', 'protocol', 'is_public', 'ingress_url', 'privatelink_ingress_url'].map((name) => column(name)),
    ],
    // Jobs have none: what would be behind them is a container's network.
    rows: (definitionOf(object)?.endpoints ?? []).map(({ name, port, host }) => [
      name,
      String(port),
      null,
      'HTTP',
      String(host !== null),
      host === null ? null : scope.effects.services.url(host),
      null,
    ]),
  };
}

function instances(job: ServiceView): ResultSet {
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

function containers(job: ServiceView): ResultSet {
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
      job.container,
      containerStatus(each),
      each.message,
      job.image,
      null,
      String(each.restarts),
      isoSeconds(each.startedOn),
      each.exitCode === null ? null : String(each.exitCode),
      isoSeconds(each.restartedOn),
    ]),
  };
}

/** https://docs.snowflake.com/en/sql-reference/sql/show-service-containers-in-service */
export function containerStatus(instance: Pick<InstanceRecord, 'status'>): string {
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
