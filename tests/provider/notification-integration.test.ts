import { describe, expect, it } from 'vitest';

import { checkInputs } from '../../provider/check-inputs.ts';
import { diffInputs } from '../../provider/diff-inputs.ts';
import { notificationIntegration } from '../../provider/kinds/notification-integration.ts';
import type { Row } from '../../provider/snowflake/session.ts';
import { ignore, ScriptedSession } from './scripted-session.ts';

const email = {
  name: 'ALERTS',
  type: 'EMAIL',
  enabled: true,
  allowedRecipients: ['a@example.com', "o'neill@example.com"],
  defaultRecipients: ['a@example.com'],
  defaultSubject: 'Model',
};
const webhook = {
  name: 'ALERTS',
  type: 'WEBHOOK',
  enabled: true,
  url: 'https://hooks.slack.com/services/SNOWFLAKE_WEBHOOK_SECRET',
  secret: 'SNOWBANK.PIPELINE.HOOK',
  bodyTemplate: '{"text": "SNOWFLAKE_WEBHOOK_MESSAGE"}',
  headers: { 'Content-Type': 'application/json' },
};

// https://docs.snowflake.com/en/sql-reference/sql/desc-notification-integration
function account(type: string, properties: Record<string, string>, comment: string | null = null): ScriptedSession {
  const rows: Row[] = Object.entries({ ENABLED: 'true', ...properties }).map(([property, property_value]) => ({
    property,
    property_type: 'String',
    property_value,
    property_default: '',
  }));
  return new ScriptedSession()
    .on(/^SHOW NOTIFICATION INTEGRATIONS LIKE 'ALERTS'/u, [{ name: 'ALERTS', type, enabled: 'true', comment }])
    .on(/^DESCRIBE NOTIFICATION INTEGRATION ALERTS/u, rows);
}

const emailAccount = (): ScriptedSession =>
  account('EMAIL', {
    ALLOWED_RECIPIENTS: "a@example.com,o'neill@example.com",
    DEFAULT_RECIPIENTS: 'a@example.com',
    DEFAULT_SUBJECT: 'Model',
  });

describe('NotificationIntegration by e-mail', () => {
  it('is created with its recipients and read back without a difference', async () => {
    const session = emailAccount();
    const state = await notificationIntegration.create(session, email, ignore);
    expect(session.changes).toEqual([
      "CREATE NOTIFICATION INTEGRATION ALERTS TYPE = EMAIL ENABLED = TRUE ALLOWED_RECIPIENTS = ('a@example.com', 'o''neill@example.com') " +
        "DEFAULT_RECIPIENTS = ('a@example.com') DEFAULT_SUBJECT = 'Model'",
    ]);
    expect(diffInputs(notificationIntegration, state, email)).toEqual([]);
  });

  it('is altered where it differs', async () => {
    const session = emailAccount();
    const { defaultSubject: _, ...withoutSubject } = email;
    await notificationIntegration.update(session, email, { ...withoutSubject, enabled: false, comment: 'paused' }, ignore);
    expect(session.changes).toEqual([
      "ALTER NOTIFICATION INTEGRATION ALERTS SET ENABLED = FALSE COMMENT = 'paused'",
      'ALTER NOTIFICATION INTEGRATION ALERTS UNSET DEFAULT_SUBJECT',
    ]);
  });

  it('does not take the default subject for a difference', async () => {
    const session = account('EMAIL', { DEFAULT_SUBJECT: 'Snowflake Email Notification' });
    const wanted = { name: 'ALERTS', type: 'EMAIL', enabled: true };
    expect(diffInputs(notificationIntegration, (await notificationIntegration.read(session, 'ALERTS', {})) ?? {}, wanted)).toEqual(
      [],
    );
  });

  it.each([
    [{ defaultRecipients: ['b@example.com'] }, 'defaultRecipients', 'has b@example.com, which allowedRecipients does not allow'],
    [{ defaultRecipients: ['nobody'] }, 'defaultRecipients.0', 'must be e-mail addresses'],
    [{ url: 'https://hooks.slack.com/services/x' }, 'url', 'is not a property of an integration of type EMAIL'],
  ])('refuses %j', (change, property, reason) => {
    const { failures } = checkInputs(notificationIntegration, { ...email, ...change });
    expect(failures).toEqual([{ property, reason: expect.stringContaining(reason) as string }]);
  });
});

describe('NotificationIntegration by webhook', () => {
  const webhookAccount = (headers: string, secret = 'SNOWBANK.PIPELINE.HOOK'): ScriptedSession =>
    account('WEBHOOK', {
      WEBHOOK_URL: webhook.url,
      WEBHOOK_SECRET: secret,
      WEBHOOK_BODY_TEMPLATE: webhook.bodyTemplate,
      WEBHOOK_HEADERS: headers,
    });

  it('is created with the name of its secret, not the secret', async () => {
    const session = webhookAccount('{"Content-Type":"application/json"}');
    const state = await notificationIntegration.create(session, webhook, ignore);
    expect(session.changes).toEqual([
      "CREATE NOTIFICATION INTEGRATION ALERTS TYPE = WEBHOOK ENABLED = TRUE WEBHOOK_URL = 'https://hooks.slack.com/services/SNOWFLAKE_WEBHOOK_SECRET' " +
        `WEBHOOK_SECRET = SNOWBANK.PIPELINE.HOOK WEBHOOK_BODY_TEMPLATE = '{"text": "SNOWFLAKE_WEBHOOK_MESSAGE"}' ` +
        "WEBHOOK_HEADERS = ('Content-Type'='application/json')",
    ]);
    expect(diffInputs(notificationIntegration, state, webhook)).toEqual([]);
  });

  it.each(['{Content-Type=application/json}', "('Content-Type'='application/json')", 'something else entirely'])(
    'sees no difference in headers shown as %s',
    async (headers) => {
      const state = await notificationIntegration.read(webhookAccount(headers, 'HOOK'), 'ALERTS', webhook);
      expect(diffInputs(notificationIntegration, state ?? {}, webhook)).toEqual([]);
    },
  );

  it('is replaced when it becomes e-mail: the type of an integration cannot change', () => {
    const changes = diffInputs(notificationIntegration, webhook, email);
    expect(changes.filter(({ replaces }) => replaces).map(({ property }) => property)).toEqual(['type']);
  });

  it.each([
    ['http://hooks.slack.com/services/x', false],
    ['https://hooks.slack.com/services/T0/B0/x', true],
    ['https://events.pagerduty.com/v2/enqueue', true],
    ['https://events.pagerduty.com/v2/enqueue/more', false],
    ['https://prod-1.westeurope.logic.azure.com/workflows/abc', true],
    ['https://prod-1.westeurope.logic.azure.com:443/workflows/abc', false],
    ['https://api-private.atlassian.com/automation/webhooks/jira/a/b', true],
    ['https://acme.service-now.com/api/x', true],
    ['https://example.com/hook', false],
    // https://docs.snowflake.com/en/sql-reference/sql/create-notification-integration-webhooks
  ])('%s is a receiver: %s', (url, accepted) => {
    const { failures } = checkInputs(notificationIntegration, { name: 'ALERTS', type: 'WEBHOOK', url });
    expect(failures.length === 0).toBe(accepted);
  });

  it.each([
    [{ secret: undefined }, 'secret', 'is required where SNOWFLAKE_WEBHOOK_SECRET is used'],
    [{ url: 'https://hooks.slack.com/services/x' }, 'secret', 'is not used'],
    [{ headers: {} }, 'headers', 'must have Content-Type when there is a bodyTemplate'],
    [{ secret: 'HOOK' }, 'secret', 'must be a name with database and schema'],
  ])('refuses %j', (change, property, reason) => {
    const given = Object.fromEntries(Object.entries({ ...webhook, ...change }).filter(([, value]) => value !== undefined));
    const { failures } = checkInputs(notificationIntegration, given as typeof webhook);
    expect(failures).toEqual([{ property, reason: expect.stringContaining(reason) as string }]);
  });
});
