import { type CatalogObject, propertyText } from '../catalog/catalog-object.ts';
import { SnowflakeError } from '../errors/snowflake-error.ts';
import { parseName } from '../sql/identifier.ts';
import { propertyColumns } from './describe-columns.ts';
import type { Draft, Kind } from './kind.ts';
import type { ObjectScope } from './object-scope.ts';
import { checkQueue, queueProperties, queueRows } from './queue-integration.ts';
import { comment, constant, createdOn, objectName, text } from './show-columns.ts';

// https://docs.snowflake.com/en/sql-reference/sql/create-notification-integration
export const notificationIntegration: Kind = {
  name: 'NOTIFICATION INTEGRATION',
  aliases: ['INTEGRATION'],
  plural: 'NOTIFICATION INTEGRATIONS',
  pluralAliases: ['INTEGRATIONS'],
  scope: 'account',
  page: 'create-notification-integration',
  title: 'Integration',
  createPrivilege: 'CREATE INTEGRATION',
  createPrivilegeAlternatives: ['CREATE NOTIFICATION INTEGRATION'],
  privileges: ['USAGE', 'USE_ANY_ROLE'],
  properties: {
    TYPE: { type: 'choice', values: ['EMAIL', 'WEBHOOK', 'QUEUE'], required: true, settable: false },
    ENABLED: { type: 'boolean', required: true },
    ALLOWED_RECIPIENTS: { type: 'texts', max: 50 },
    DEFAULT_RECIPIENTS: { type: 'texts' },
    DEFAULT_SUBJECT: { type: 'text', maxLength: 256 },
    WEBHOOK_URL: { type: 'text' },
    WEBHOOK_SECRET: { type: 'reference', kind: 'SECRET', privilege: 'USAGE' },
    WEBHOOK_BODY_TEMPLATE: { type: 'text' },
    WEBHOOK_HEADERS: { type: 'pairs' },
    ...queueProperties,
  },
  creating: (draft, _request, scope) => checked(draft, scope),
  changing: (after, _before, scope) => ({ ...after, properties: checked({ properties: after.properties }, scope).properties }),
  show: [
    objectName,
    text('type', typeText),
    constant('category', 'NOTIFICATION'),
    text('enabled', (object) => String(object.properties['ENABLED'])),
    comment,
    createdOn,
    constant('direction', 'OUTBOUND'),
  ],
  describe: (object, scope) => ({ columns: propertyColumns, rows: describeRows(object, scope) }),
};

const ofType: Readonly<Record<string, readonly string[]>> = {
  EMAIL: ['ALLOWED_RECIPIENTS', 'DEFAULT_RECIPIENTS', 'DEFAULT_SUBJECT'],
  WEBHOOK: ['WEBHOOK_URL', 'WEBHOOK_SECRET', 'WEBHOOK_BODY_TEMPLATE', 'WEBHOOK_HEADERS'],
  QUEUE: Object.keys(queueProperties),
};

/** https://docs.snowflake.com/en/sql-reference/sql/show-notification-integrations */
function typeText({ properties }: CatalogObject): string {
  const type = String(properties['TYPE']);
  return type === 'QUEUE' ? `QUEUE - ${String(properties['NOTIFICATION_PROVIDER'])}` : type;
}

/** URLs that Snowflake delivers to. https://docs.snowflake.com/en/sql-reference/sql/create-notification-integration-webhooks */
const webhookUrls: readonly RegExp[] = [
  /^https:\/\/hooks\.slack\.com\/services\/.+$/u,
  /^https:\/\/[^/:]+\.[^/:]+\.logic\.azure\.com\/workflows\/.+$/u,
  /^https:\/\/default[^/:]*\.environment\.api\.powerplatform\.com\/powerautomate\/automations\/direct\/workflows\/.+\/triggers\/manual\/paths\/invoke.*$/u,
  /^https:\/\/events\.pagerduty\.com\/v2\/enqueue$/u,
  /^https:\/\/api-private\.atlassian\.com\/automation\/webhooks\/jira\/.+$/u,
  /^https:\/\/[^/:]+\.service-now\.com\/.+$/u,
];

function checked(draft: Draft, scope: ObjectScope): Draft {
  const type = String(draft.properties['TYPE']);
  const allowed = ofType[type];
  if (allowed === undefined) throw SnowflakeError.of('unsupported', { feature: `notification integrations of type ${type}` });
  for (const name of Object.keys(draft.properties)) {
    if (!['TYPE', 'ENABLED', ...allowed].includes(name))
      throw SnowflakeError.of('invalidProperty', { property: name, kind: 'INTEGRATION' });
  }
  if (type === 'EMAIL') checkRecipients(draft, scope);
  else if (type === 'QUEUE') checkQueue(draft);
  else checkWebhook(draft);
  return draft;
}

/** Allowed recipients are e-mail addresses of users of the account. */
function checkRecipients(draft: Draft, scope: ObjectScope): void {
  const verified = new Set(scope.catalog.ofKind('USER').map((user) => propertyText(user, 'EMAIL').toLowerCase()));
  const recipients = (draft.properties['ALLOWED_RECIPIENTS'] as readonly string[] | undefined) ?? [];
  const unknown = recipients.filter((address) => !verified.has(address.toLowerCase()));
  if (unknown.length > 0) throw SnowflakeError.of('unverifiedRecipients', { addresses: unknown.join(', ') });
}

function checkWebhook(draft: Draft): void {
  const url = draft.properties['WEBHOOK_URL'];
  if (typeof url !== 'string') throw SnowflakeError.of('missingProperty', { property: 'WEBHOOK_URL' });
  if (!webhookUrls.some((pattern) => pattern.test(url))) throw SnowflakeError.of('invalidWebhookUrl', {});
  const headers = (draft.properties['WEBHOOK_HEADERS'] ?? {}) as Readonly<Record<string, string>>;
  const typed = Object.keys(headers).some((name) => name.toLowerCase() === 'content-type');
  if (draft.properties['WEBHOOK_BODY_TEMPLATE'] !== undefined && !typed) throw SnowflakeError.of('webhookContentType', {});
}

function describeRows(object: CatalogObject, scope: ObjectScope): (string | null)[][] {
  const value = (name: string): unknown => object.properties[name];
  if (value('TYPE') === 'QUEUE') return [...queueRows(object), ['COMMENT', 'String', object.comment, '']];
  const list = (name: string): string => ((value(name) as readonly string[] | undefined) ?? []).join(',');
  const rows: (string | null)[][] = [
    ['ENABLED', 'Boolean', String(value('ENABLED')), 'false'],
    ['DIRECTION', 'String', 'OUTBOUND', 'INBOUND'],
  ];
  if (value('TYPE') === 'EMAIL') {
    rows.push(
      ['ALLOWED_RECIPIENTS', 'List', list('ALLOWED_RECIPIENTS'), '[]'],
      ['DEFAULT_RECIPIENTS', 'List', list('DEFAULT_RECIPIENTS'), '[]'],
      ['DEFAULT_SUBJECT', 'String', propertyText(object, 'DEFAULT_SUBJECT'), ''],
    );
  } else {
    const secret = scope.catalog.byId(propertyText(object, 'WEBHOOK_SECRET'));
    rows.push(
      ['WEBHOOK_URL', 'String', String(value('WEBHOOK_URL')), ''],
      ['WEBHOOK_SECRET', 'String', secret === undefined ? '' : scope.catalog.displayOf(secret), ''],
      ['WEBHOOK_BODY_TEMPLATE', 'String', propertyText(object, 'WEBHOOK_BODY_TEMPLATE'), ''],
      ['WEBHOOK_HEADERS', 'Map', JSON.stringify(value('WEBHOOK_HEADERS') ?? {}), '{}'],
    );
  }
  return [...rows, ['COMMENT', 'String', object.comment, '']];
}

/** An integration by the name that a message's configuration gives. @throws SnowflakeError when it may not be used */
export function usableIntegration(name: string, scope: ObjectScope): CatalogObject {
  const integration = scope.find('NOTIFICATION INTEGRATION', parseName(name), 'USAGE');
  if (integration.properties['ENABLED'] !== true) throw SnowflakeError.of('integrationDisabled', { name: integration.name });
  return integration;
}
