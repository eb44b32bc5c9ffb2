import { type CatalogObject, propertyText } from '../catalog/catalog-object.ts';
import { SnowflakeError } from '../errors/snowflake-error.ts';
import type { Draft } from './kind.ts';
import type { PropertyTable } from './property.ts';

/** What each cloud's queue is told by; the first property is where messages go. */
const providers: Readonly<Record<string, readonly [string, ...string[]]>> = {
  AWS_SNS: ['AWS_SNS_TOPIC_ARN', 'AWS_SNS_ROLE_ARN'],
  AZURE_EVENT_GRID: ['AZURE_EVENT_GRID_TOPIC_ENDPOINT', 'AZURE_TENANT_ID'],
  GCP_PUBSUB: ['GCP_PUBSUB_TOPIC_NAME'],
};

/** What Snowflake's own identity in the cloud is called; there is none behind a local account. */
const identities: Readonly<Record<string, readonly string[]>> = {
  AWS_SNS: ['SF_AWS_IAM_USER_ARN', 'SF_AWS_EXTERNAL_ID'],
  AZURE_EVENT_GRID: ['AZURE_CONSENT_URL', 'AZURE_MULTI_TENANT_APP_NAME'],
  GCP_PUBSUB: ['GCP_PUBSUB_SERVICE_ACCOUNT'],
};

const texts = Object.fromEntries(
  Object.values(providers).flatMap((names) => names.map((name) => [name, { type: 'text' } as const])),
);

/** Of TYPE = QUEUE. https://docs.snowflake.com/en/sql-reference/sql/create-notification-integration-queue-outbound-aws */
export const queueProperties: PropertyTable = {
  DIRECTION: { type: 'choice', values: ['OUTBOUND', 'INBOUND'], settable: false },
  NOTIFICATION_PROVIDER: {
    type: 'choice',
    values: [...Object.keys(providers), 'AWS_SQS', 'AZURE_STORAGE_QUEUE'],
    settable: false,
  },
  ...texts,
};

/** @throws SnowflakeError `missingProperty`, `invalidProperty`, `unsupported` for queues that Snowflake reads from */
export function checkQueue({ properties }: Draft): void {
  const direction = properties['DIRECTION'];
  if (direction === undefined) throw SnowflakeError.of('missingProperty', { property: 'DIRECTION' });
  if (direction === 'INBOUND') throw SnowflakeError.of('unsupported', { feature: 'DIRECTION = INBOUND (integrations of pipes)' });
  const provider = properties['NOTIFICATION_PROVIDER'];
  if (typeof provider !== 'string') throw SnowflakeError.of('missingProperty', { property: 'NOTIFICATION_PROVIDER' });
  const wanted = providers[provider];
  if (wanted === undefined) throw SnowflakeError.of('unsupported', { feature: `NOTIFICATION_PROVIDER = ${provider}` });
  for (const name of wanted) if (properties[name] === undefined) throw SnowflakeError.of('missingProperty', { property: name });
  const foreign = Object.keys(texts).find((name) => !wanted.includes(name) && properties[name] !== undefined);
  if (foreign !== undefined) throw SnowflakeError.of('invalidProperty', { property: foreign, kind: 'INTEGRATION' });
}

/** Name of the topic that messages go to. */
export function queueTopic(integration: CatalogObject): string {
  const [topic] = providers[propertyText(integration, 'NOTIFICATION_PROVIDER')] ?? [];
  return topic === undefined ? '' : propertyText(integration, topic);
}

/** https://docs.snowflake.com/en/user-guide/notifications/creating-notification-integration-amazon-sns (DESC) */
export function queueRows(integration: CatalogObject): (string | null)[][] {
  const provider = propertyText(integration, 'NOTIFICATION_PROVIDER');
  return [
    ['ENABLED', 'Boolean', String(integration.properties['ENABLED']), 'false'],
    ['NOTIFICATION_PROVIDER', 'String', provider, ''],
    ['DIRECTION', 'String', 'OUTBOUND', 'INBOUND'],
    ...(providers[provider] ?? []).map((name) => [name, 'String', propertyText(integration, name), '']),
    ...(identities[provider] ?? []).map((name) => [name, 'String', '', '']),
  ];
}
