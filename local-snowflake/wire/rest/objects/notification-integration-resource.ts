import { SnowflakeError } from '../../../errors/snowflake-error.ts';
import { displayIdentifier, foldIdentifier, parseName, quoteName } from '../../../sql/identifier.ts';
import { quoteString } from '../../../sql/literal.ts';
import { type JsonObject, objectOf, optionalObject } from '../../fields.ts';
import { MalformedRequest } from '../../malformed-request.ts';
import { commentProperty, flagProperty, requiredText, textList, textProperty } from './clauses.ts';
import { createHead, statementOf } from './create-head.ts';
import type { Creation, ObjectResource } from './object-resource.ts';

/** https://docs.snowflake.com/en/developer-guide/snowflake-rest-api/reference/notification-integration */
export const notificationIntegrationResource: ObjectResource = {
  kind: 'NOTIFICATION INTEGRATION',
  plural: 'NOTIFICATION INTEGRATIONS',
  path: '/notification-integrations',
  within: 'ACCOUNT',
  details: 'ROWS',
  settings: {},
  grammar: { fields: ['enabled', 'comment', 'notification_hook'], statement: createIntegration },
  references: [],
  shown: { created_on: 'text', comment: 'text', enabled: 'flag' },
  derived: (row, rows) => ({ notification_hook: hookJson(row, properties(rows)) }),
  tagged: true,
};

/** Queues: type of the hook → provider, and the texts that it has. */
const queues: Readonly<Record<string, readonly [provider: string, fields: readonly string[]]>> = {
  QUEUE_AWS_SNS_OUTBOUND: ['AWS_SNS', ['aws_sns_topic_arn', 'aws_sns_role_arn']],
  QUEUE_AZURE_EVENT_GRID_OUTBOUND: ['AZURE_EVENT_GRID', ['azure_event_grid_topic_endpoint', 'azure_tenant_id']],
  QUEUE_GCP_PUBSUB_OUTBOUND: ['GCP_PUBSUB', ['gcp_pubsub_topic_name']],
};

function createIntegration(creation: Creation): string {
  const { body } = creation;
  const hook = objectOf(body['notification_hook'], "'notification_hook'");
  // ENABLED must be said in SQL; snowflake.core may leave it out.
  const enabled = flagProperty(body, 'enabled');
  return statementOf(
    createHead(creation, 'NOTIFICATION INTEGRATION'),
    hookClauses(hook),
    enabled === '' ? 'ENABLED = TRUE' : enabled,
    commentProperty(body),
  );
}

function hookClauses(hook: JsonObject): string {
  const type = requiredText(hook, 'type');
  if (type === 'EMAIL')
    return statementOf(
      'TYPE = EMAIL',
      ...['allowed_recipients', 'default_recipients'].map((name) => listProperty(hook, name)),
      textProperty(hook, 'default_subject'),
    );
  if (type === 'WEBHOOK')
    return statementOf(
      'TYPE = WEBHOOK',
      ...['webhook_url', 'webhook_body_template'].map((name) => textProperty(hook, name)),
      secretClause(hook),
      headersClause(optionalObject(hook, 'webhook_headers')),
    );
  const queue = queues[type];
  if (queue === undefined) throw SnowflakeError.of('unsupported', { feature: `notification integrations of type ${type}` });
  const [provider, fields] = queue;
  return statementOf(
    `TYPE = QUEUE DIRECTION = OUTBOUND NOTIFICATION_PROVIDER = ${provider}`,
    ...fields.map((name) => textProperty(hook, name)),
  );
}

function listProperty(hook: JsonObject, name: string): string {
  const values = textList(hook, name);
  return values.length === 0 ? '' : `${name.toUpperCase()} = (${values.map(quoteString).join(', ')})`;
}

function secretClause(hook: JsonObject): string {
  if (hook['webhook_secret'] === undefined || hook['webhook_secret'] === null) return '';
  const secret = objectOf(hook['webhook_secret'], "'webhook_secret'");
  const name = ['database_name', 'schema_name', 'name'].map((part) => foldIdentifier(requiredText(secret, part)));
  return `WEBHOOK_SECRET = ${quoteName(name)}`;
}

function headersClause(headers: JsonObject): string {
  const pairs = Object.entries(headers).map(([name, value]) => {
    if (typeof value !== 'string') throw new MalformedRequest(400, "'webhook_headers' must hold texts.");
    return `${quoteString(name)} = ${quoteString(value)}`;
  });
  return pairs.length === 0 ? '' : `WEBHOOK_HEADERS = (${pairs.join(', ')})`;
}

function properties(rows: readonly JsonObject[]): JsonObject {
  return Object.fromEntries(rows.map((row) => [String(row['property']).toLowerCase(), row['property_value']]));
}

function hookJson({ type }: JsonObject, described: JsonObject): JsonObject {
  const text = (name: string): string | undefined => {
    const value = described[name];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  if (type === 'EMAIL') {
    const list = (name: string): string[] | undefined => text(name)?.split(',');
    return {
      type,
      allowed_recipients: list('allowed_recipients'),
      default_recipients: list('default_recipients'),
      default_subject: text('default_subject'),
    };
  }
  if (type === 'WEBHOOK') {
    return {
      type,
      webhook_url: text('webhook_url') ?? '',
      webhook_secret: secretJson(text('webhook_secret')),
      webhook_body_template: text('webhook_body_template'),
      webhook_headers: JSON.parse(text('webhook_headers') ?? '{}') as unknown,
    };
  }
  const [hook, [, fields]] = Object.entries(queues).find(([, [provider]]) => type === `QUEUE - ${provider}`) ?? ['', ['', []]];
  return { type: hook, ...Object.fromEntries(fields.map((name) => [name, text(name)])) };
}

function secretJson(name: string | undefined): JsonObject | undefined {
  if (name === undefined) return undefined;
  const [database, schema, own] = parseName(name).map(displayIdentifier);
  return { name: own, database_name: database, schema_name: schema };
}
