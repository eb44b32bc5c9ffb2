import { z } from 'zod';

import type { PropertyMap } from '../property-values.ts';
import type { CheckFailure, Properties } from '../resource-kind.ts';
import { listedHeaders } from '../snowflake/integration-description.ts';
import { qualifiedName } from '../snowflake/names.ts';
import { literal } from '../snowflake/sql-text.ts';
import type { NotificationChannel } from './notification-channel.ts';

interface WebhookIntegration {
  readonly url: string;
  /** `DB.SCHEMA.NAME` of a generic-string secret. */
  readonly secret?: string;
  readonly bodyTemplate?: string;
  readonly headers?: Readonly<Record<string, string>>;
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

/** A webhook. The secret goes where SNOWFLAKE_WEBHOOK_SECRET stands. */
export const webhookChannel: NotificationChannel = {
  type: 'WEBHOOK',
  inputs: {
    url: { accepts: url.optional() },
    secret: { accepts: qualifiedName.optional() },
    bodyTemplate: { accepts: z.string().min(1).optional() },
    headers: { accepts: z.record(z.string().regex(/^[\w-]+$/u, 'must be a header name'), z.string()).optional() },
  },
  checkTogether: (inputs) =>
    inputs['url'] === undefined ? [{ property: 'url', reason: 'is required' }] : checkPlaceholders(integration(inputs)),
  settings: (wanted) => {
    const { url: address, secret, bodyTemplate, headers } = wanted as unknown as Partial<WebhookIntegration>;
    const pairs = Object.entries(headers ?? {}).map(([header, value]) => `${literal(header)}=${literal(value)}`);
    return [
      ...(address === undefined ? [] : [`WEBHOOK_URL = ${literal(address)}`]),
      ...(secret === undefined ? [] : [`WEBHOOK_SECRET = ${secret}`]),
      ...(bodyTemplate === undefined ? [] : [`WEBHOOK_BODY_TEMPLATE = ${literal(bodyTemplate)}`]),
      ...(headers === undefined ? [] : [`WEBHOOK_HEADERS = (${pairs.join(', ')})`]),
    ];
  },
  columns: {
    url: 'WEBHOOK_URL',
    secret: 'WEBHOOK_SECRET',
    bodyTemplate: 'WEBHOOK_BODY_TEMPLATE',
    headers: 'WEBHOOK_HEADERS',
  },
  state: (description, known) => {
    const secret = description.property('WEBHOOK_SECRET').replaceAll('"', '');
    const bodyTemplate = description.property('WEBHOOK_BODY_TEMPLATE');
    // An unfamiliar spelling is no reason to see drift: what was written then counts.
    const headers = listedHeaders(description.property('WEBHOOK_HEADERS')) ?? (known['headers'] as PropertyMap | undefined);
    return {
      url: description.property('WEBHOOK_URL'),
      ...(secret === '' ? {} : { secret: qualifySecret(secret, known) }),
      ...(bodyTemplate === '' ? {} : { bodyTemplate }),
      ...(headers === undefined || Object.keys(headers).length === 0 ? {} : { headers }),
    };
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

/** DESCRIBE may show the secret without its database and schema; the rest is then as written. */
function qualifySecret(shown: string, known: Properties): string {
  const written = known['secret'];
  return typeof written === 'string' && written.endsWith(`.${shown}`) ? written : shown;
}
