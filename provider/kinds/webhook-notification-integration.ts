import { z } from 'zod';

import { type PropertyMap, sameValue } from '../property-values.ts';
import type { CheckFailure, Properties, ResourceKind } from '../resource-kind.ts';
import { describeIntegration, listedHeaders } from '../snowflake/integration-description.ts';
import { objectName, qualifiedName } from '../snowflake/names.ts';
import type { Session } from '../snowflake/session.ts';
import { booleanText, literal } from '../snowflake/sql-text.ts';

interface WebhookIntegration {
  readonly name: string;
  readonly enabled: boolean;
  readonly url: string;
  /** `DB.SCHEMA.NAME` of a generic-string secret. */
  readonly secret?: string;
  readonly bodyTemplate?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly comment?: string;
}

// The only receivers Snowflake sends to.
// https://docs.snowflake.com/en/sql-reference/sql/create-notification-integration-webhooks
const receivers: readonly RegExp[] = [
  /^https:\/\/hooks\.slack\.com\/services\/\S+$/u,
  /^https:\/\/[^/:\s]+\.logic\.azure\.com\/workflows\/\S+$/u,
  /^https:\/\/default[^/:\s]+\.environment\.api\.powerplatform\.com\/powerautomate\/automations\/direct\/workflows\/\S+$/u,
  /^https:\/\/events\.pagerduty\.com\/v2\/enqueue$/u,
  /^https:\/\/api-private\.atlassian\.com\/automation\/webhooks\/jira\/\S+$/u,
  /^https:\/\/[^/.:\s]+\.service-now\.com\/\S+$/u,
];

const url = z
  .string()
  .refine(
    (text) => receivers.some((receiver) => receiver.test(text)),
    'must be the https address of a Slack, Teams, PagerDuty, Jira or ServiceNow webhook, for example ' +
      'https://hooks.slack.com/services/SNOWFLAKE_WEBHOOK_SECRET',
  );

const secretPlaceholder = 'SNOWFLAKE_WEBHOOK_SECRET';

/** A notification integration that posts to a webhook. The secret goes where SNOWFLAKE_WEBHOOK_SECRET stands. */
export const webhookNotificationIntegration: ResourceKind = {
  type: 'snowflakeml:index:WebhookNotificationIntegration',
  inputs: {
    name: { accepts: objectName, replaces: true },
    enabled: { accepts: z.boolean().default(true) },
    url: { accepts: url },
    secret: { accepts: qualifiedName.optional() },
    bodyTemplate: { accepts: z.string().min(1).optional() },
    headers: { accepts: z.record(z.string().regex(/^[\w-]+$/u, 'must be a header name'), z.string()).optional() },
    comment: { accepts: z.string().min(1).optional() },
  },
  checkTogether: (inputs) => checkPlaceholders(integration(inputs)),
  id: (inputs) => integration(inputs).name,
  createStatements: (inputs) => [createStatement(integration(inputs))],
  updateStatements: (state, inputs) => alterStatements(integration(state), integration(inputs)),
  create: async (session, inputs) => {
    await session.execute(createStatement(integration(inputs)));
    return readExisting(session, inputs);
  },
  update: async (session, state, inputs) => {
    for (const statement of alterStatements(integration(state), integration(inputs))) await session.execute(statement);
    return readExisting(session, inputs);
  },
  read: (session, id, state) => read(session, id, state),
  delete: async (session, id) => {
    await session.execute(`DROP NOTIFICATION INTEGRATION IF EXISTS ${id}`);
  },
};

function integration(properties: Properties): WebhookIntegration {
  return properties as unknown as WebhookIntegration;
}

function checkPlaceholders(wanted: WebhookIntegration): readonly CheckFailure[] {
  const { headers = {}, bodyTemplate, secret } = wanted;
  const failures: CheckFailure[] = [];
  const texts = [wanted.url, bodyTemplate ?? '', ...Object.values(headers)];
  const usesSecret = texts.some((text) => text.includes(secretPlaceholder));
  if (usesSecret && secret === undefined) {
    failures.push({ property: 'secret', reason: `is required where ${secretPlaceholder} is used` });
  }
  if (!usesSecret && secret !== undefined) {
    failures.push({ property: 'secret', reason: `is not used: put ${secretPlaceholder} into the url, a header or the body` });
  }
  const typed = Object.keys(headers).some((header) => header.toLowerCase() === 'content-type');
  if (bodyTemplate !== undefined && !typed) {
    failures.push({ property: 'headers', reason: 'must have Content-Type when there is a bodyTemplate' });
  }
  return failures;
}

function createStatement(wanted: WebhookIntegration): string {
  return [`CREATE NOTIFICATION INTEGRATION ${wanted.name} TYPE = WEBHOOK`, ...settings(wanted)].join(' ');
}

function settings(wanted: Partial<WebhookIntegration>): readonly string[] {
  const { enabled, url: address, secret, bodyTemplate, headers, comment } = wanted;
  const pairs = Object.entries(headers ?? {}).map(([header, value]) => `${literal(header)}=${literal(value)}`);
  return [
    ...(enabled === undefined ? [] : [`ENABLED = ${booleanText(enabled)}`]),
    ...(address === undefined ? [] : [`WEBHOOK_URL = ${literal(address)}`]),
    ...(secret === undefined ? [] : [`WEBHOOK_SECRET = ${secret}`]),
    ...(bodyTemplate === undefined ? [] : [`WEBHOOK_BODY_TEMPLATE = ${literal(bodyTemplate)}`]),
    ...(headers === undefined ? [] : [`WEBHOOK_HEADERS = (${pairs.join(', ')})`]),
    ...(comment === undefined ? [] : [`COMMENT = ${literal(comment)}`]),
  ];
}

// https://docs.snowflake.com/en/sql-reference/sql/alter-notification-integration-webhooks
function alterStatements(old: WebhookIntegration, wanted: WebhookIntegration): readonly string[] {
  const columns = {
    enabled: 'ENABLED',
    url: 'WEBHOOK_URL',
    secret: 'WEBHOOK_SECRET',
    bodyTemplate: 'WEBHOOK_BODY_TEMPLATE',
    headers: 'WEBHOOK_HEADERS',
    comment: 'COMMENT',
  } as const;
  const changed = (Object.keys(columns) as (keyof typeof columns)[]).filter(
    (name) => !sameValue(old[name], wanted[name]),
  );
  const set = settings(Object.fromEntries(changed.map((name) => [name, wanted[name]])));
  const unset = changed.filter((name) => wanted[name] === undefined).map((name) => columns[name]);
  const alter = `ALTER NOTIFICATION INTEGRATION ${wanted.name}`;
  return [
    ...(set.length > 0 ? [`${alter} SET ${set.join(' ')}`] : []),
    ...(unset.length > 0 ? [`${alter} UNSET ${unset.join(', ')}`] : []),
  ];
}

async function readExisting(session: Session, inputs: Properties): Promise<Properties> {
  const { name } = integration(inputs);
  const found = await read(session, name, inputs);
  if (found === undefined) throw new Error(`Notification integration ${name} is not visible after it was written.`);
  return found;
}

async function read(session: Session, name: string, known: Properties): Promise<Properties | undefined> {
  const description = await describeIntegration(session, name, 'WEBHOOK');
  if (description === undefined) return undefined;
  const secret = description.property('WEBHOOK_SECRET').replaceAll('"', '');
  const bodyTemplate = description.property('WEBHOOK_BODY_TEMPLATE');
  // An unfamiliar spelling is no reason to see drift: what was written then counts.
  const headers = listedHeaders(description.property('WEBHOOK_HEADERS')) ?? (known['headers'] as PropertyMap | undefined);
  return {
    name,
    enabled: description.enabled,
    url: description.property('WEBHOOK_URL'),
    ...(secret === '' ? {} : { secret: qualifySecret(secret, known) }),
    ...(bodyTemplate === '' ? {} : { bodyTemplate }),
    ...(headers === undefined || Object.keys(headers).length === 0 ? {} : { headers }),
    ...(description.comment === '' ? {} : { comment: description.comment }),
  };
}

/** DESCRIBE may show the secret without its database and schema; the rest is then as written. */
function qualifySecret(shown: string, known: Properties): string {
  const written = known['secret'];
  return typeof written === 'string' && written.endsWith(`.${shown}`) ? written : shown;
}
