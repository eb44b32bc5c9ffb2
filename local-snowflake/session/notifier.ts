import { type CatalogObject, propertyText } from '../catalog/catalog-object.ts';
import { SnowflakeError } from '../errors/snowflake-error.ts';
import { deliver, fillWebhook, maskedSecret } from '../notifications/webhook.ts';
import type { Outbox } from '../notifications/outbox.ts';
import { queueTopic } from '../objects/queue-integration.ts';
import type { NotificationEffects } from '../objects/effects.ts';
import type { NotificationMessage, NotificationRecipients } from '../objects/notification-functions.ts';
import type { ObjectScope } from '../objects/object-scope.ts';
import type { Vault } from '../platform/vault.ts';

export interface NotifierOptions {
  readonly outbox: Outbox;
  readonly vault: Vault;
  /** Address on this machine that webhook calls are posted to. */
  readonly webhookDestination: URL | undefined;
}

/** Sends through notification integrations. https://docs.snowflake.com/en/user-guide/notifications/about-notifications */
export function makeNotifier({ outbox, vault, webhookDestination }: NotifierOptions): NotificationEffects {
  const sendEmail = async (
    integration: CatalogObject,
    messages: readonly NotificationMessage[],
    target: NotificationRecipients,
    scope: ObjectScope,
  ): Promise<void> => {
    const recipients = addressesOf(integration, target);
    for (const message of messages) {
      await outbox.add({
        collection: 'notification',
        id: scope.ids.uuid(),
        at: scope.now,
        kind: 'email',
        integration: integration.name,
        recipients,
        subject: target.subject ?? (propertyText(integration, 'DEFAULT_SUBJECT') || 'Snowflake Email Notification'),
        contentType: message.contentType,
        body: message.text,
        delivery: 'kept',
        detail: null,
      });
    }
  };
  const callWebhook = async (
    integration: CatalogObject,
    messages: readonly NotificationMessage[],
    scope: ObjectScope,
  ): Promise<void> => {
    const secretObject = scope.catalog.byId(propertyText(integration, 'WEBHOOK_SECRET'));
    if (secretObject !== undefined) scope.authorizer.require(scope.roles, secretObject, 'READ');
    const secret = secretObject === undefined ? undefined : vault.decipher(String(secretObject.properties['SECRET_STRING']));
    const template = {
      url: String(integration.properties['WEBHOOK_URL']),
      headers: (integration.properties['WEBHOOK_HEADERS'] ?? {}) as Readonly<Record<string, string>>,
      bodyTemplate: integration.properties['WEBHOOK_BODY_TEMPLATE'] as string | undefined,
    };
    for (const message of messages) {
      const outcome = await deliver(fillWebhook(template, message.text, secret), webhookDestination);
      const shown = fillWebhook(template, message.text, secret === undefined ? undefined : maskedSecret);
      await outbox.add({
        collection: 'notification',
        id: scope.ids.uuid(),
        at: scope.now,
        kind: 'webhook',
        integration: integration.name,
        recipients: [shown.url],
        subject: null,
        contentType: message.contentType,
        body: shown.body,
        ...outcome,
      });
    }
  };
  const sendToQueue = async (
    integration: CatalogObject,
    messages: readonly NotificationMessage[],
    scope: ObjectScope,
  ): Promise<void> => {
    for (const message of messages) {
      await outbox.add({
        collection: 'notification',
        id: scope.ids.uuid(),
        at: scope.now,
        kind: 'queue',
        integration: integration.name,
        recipients: [queueTopic(integration)],
        subject: null,
        contentType: message.contentType,
        body: message.text,
        delivery: 'kept',
        detail: null,
      });
    }
  };
  return {
    send: (integration, messages, target, scope) => {
      const type = integration.properties['TYPE'];
      if (type === 'EMAIL') return sendEmail(integration, messages, target, scope);
      return type === 'QUEUE' ? sendToQueue(integration, messages, scope) : callWebhook(integration, messages, scope);
    },
  };
}

/** @throws SnowflakeError when nobody is left to send to, or an address is not allowed */
function addressesOf(integration: CatalogObject, target: NotificationRecipients): string[] {
  const defaults = (integration.properties['DEFAULT_RECIPIENTS'] as readonly string[] | undefined) ?? [];
  const to = target.toAddress ?? defaults;
  if (to.length === 0) throw SnowflakeError.of('noRecipients', { name: integration.name });
  const all = [...to, ...(target.ccAddress ?? []), ...(target.bccAddress ?? [])];
  const allowed = integration.properties['ALLOWED_RECIPIENTS'] as readonly string[] | undefined;
  if (allowed !== undefined) {
    const lower = new Set(allowed.map((address) => address.toLowerCase()));
    const refused = all.filter((address) => !lower.has(address.toLowerCase()));
    if (refused.length > 0)
      throw SnowflakeError.of('recipientsNotAllowed', { addresses: refused.join(', '), name: integration.name });
  }
  return all;
}
