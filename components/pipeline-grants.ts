import type * as pulumi from '@pulumi/pulumi';

import type { PrivilegeGrant } from './pipeline-role.ts';

/** Names of what the pipeline works with; of schemas and the secret fully qualified. */
export interface GrantedObjects {
  readonly warehouse: pulumi.Input<string>;
  readonly computePool: pulumi.Input<string>;
  readonly notificationIntegration: pulumi.Input<string>;
  readonly database: pulumi.Input<string>;
  readonly dataSchema: pulumi.Input<string>;
  readonly pipelineSchema: pulumi.Input<string>;
  /** Tag and row access policy that the pipeline puts its raw table under. */
  readonly protectedTag: pulumi.Input<string>;
  readonly rowPolicy: pulumi.Input<string>;
  readonly webhookSecret?: pulumi.Input<string> | undefined;
  /** Whether the model is served over HTTP. */
  readonly inference: boolean;
  /** Whether the pipeline watches its models. */
  readonly monitoring: boolean;
}

/**
 * What the role of the pipeline needs, and nothing else: take one away and a step fails.
 * https://docs.snowflake.com/en/user-guide/security-access-control-privileges
 *
 * @example pipelineGrants({ warehouse: 'DEMO_WH', dataSchema: '"SNOWBANK"."DATA"', … })
 */
export function pipelineGrants(objects: GrantedObjects): readonly PrivilegeGrant[] {
  const { webhookSecret, inference } = objects;
  return [
    // A public endpoint is a privilege of the account.
    { key: 'account', privileges: ['EXECUTE TASK', ...(inference ? ['BIND SERVICE ENDPOINT'] : [])], on: { kind: 'account' } },
    { key: 'warehouse', privileges: ['USAGE'], on: { kind: 'object', type: 'WAREHOUSE', name: objects.warehouse } },
    { key: 'compute-pool', privileges: ['USAGE'], on: { kind: 'object', type: 'COMPUTE POOL', name: objects.computePool } },
    {
      key: 'notification-integration',
      privileges: ['USAGE'],
      on: { kind: 'object', type: 'INTEGRATION', name: objects.notificationIntegration },
    },
    // A feature store and a registry of one's own are schemas.
    {
      key: 'database',
      privileges: ['USAGE', 'CREATE SCHEMA'],
      on: { kind: 'object', type: 'DATABASE', name: objects.database },
    },
    {
      key: 'schema-data',
      // The raw table; the feature store's entities (tags) and feature views (dynamic tables).
      privileges: ['USAGE', 'CREATE TABLE', 'CREATE TAG', 'CREATE DYNAMIC TABLE', ...(objects.monitoring ? ['CREATE VIEW'] : [])],
      on: { kind: 'schema', name: objects.dataSchema },
    },
    {
      key: 'schema-pipeline',
      // Code and its stages; the graph; the training job; datasets and models.
      privileges: [
        ...['USAGE', 'CREATE STAGE', 'CREATE PROCEDURE', 'CREATE TASK', 'CREATE SERVICE', 'CREATE DATASET', 'CREATE MODEL'],
        ...(objects.monitoring ? ['CREATE MODEL MONITOR'] : []),
      ],
      on: { kind: 'schema', name: objects.pipelineSchema },
    },
    { key: 'protected-tag', privileges: ['APPLY'], on: { kind: 'schemaObject', type: 'TAG', name: objects.protectedTag } },
    {
      key: 'row-policy',
      privileges: ['APPLY'],
      on: { kind: 'schemaObject', type: 'ROW ACCESS POLICY', name: objects.rowPolicy },
    },
    ...(webhookSecret === undefined
      ? []
      : [
          {
            key: 'webhook-secret',
            privileges: ['READ'],
            on: { kind: 'schemaObject' as const, type: 'SECRET', name: webhookSecret },
          },
        ]),
  ];
}
