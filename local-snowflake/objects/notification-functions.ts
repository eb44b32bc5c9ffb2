import { SnowflakeError } from '../errors/snowflake-error.ts';
import type { Cell } from '../sql/result-set.ts';
import { types } from '../sql/types.ts';
import type { Extension, SystemFunctionDefinition, TypedValue } from './extensions.ts';
import { usableIntegration } from './notification-integration.ts';

const contentTypes = ['text/plain', 'text/html', 'application/json'] as const;

export interface NotificationMessage {
  readonly contentType: string;
  readonly text: string;
}

export interface NotificationRecipients {
  readonly integration: string;
  readonly subject?: string;
  readonly toAddress?: readonly string[];
  readonly ccAddress?: readonly string[];
  readonly bccAddress?: readonly string[];
}

/** CALL SYSTEM$SEND_SNOWFLAKE_NOTIFICATION(message(s), configuration(s)) */
const send: SystemFunctionDefinition = {
  name: 'SYSTEM$SEND_SNOWFLAKE_NOTIFICATION',
  page: 'stored-procedures/system_send_snowflake_notification',
  returns: types.varchar(),
  call: async (args, scope) => {
    requireCount('SYSTEM$SEND_SNOWFLAKE_NOTIFICATION', args, 2, 2);
    const messages = listOf(args[0]).flatMap(readMessage);
    const targets = listOf(args[1]).flatMap(readRecipients);
    refuseTwice(
      messages.map((each) => each.contentType),
      'content type',
    );
    refuseTwice(
      targets.map((each) => each.integration),
      'integration',
    );
    // All are checked before the first is sent.
    const checked = targets.map((target) => ({ target, integration: usableIntegration(target.integration, scope) }));
    for (const { target, integration } of checked) {
      await scope.effects.notifications.send(integration, messages, target, scope);
    }
    return 'Enqueued notifications';
  },
};

/** SYSTEM$SEND_EMAIL(integration, 'a, b', subject, body[, content type]) */
const sendEmail: SystemFunctionDefinition = {
  name: 'SYSTEM$SEND_EMAIL',
  page: 'stored-procedures/system_send_email',
  returns: types.boolean,
  call: async (args, scope) => {
    requireCount('SYSTEM$SEND_EMAIL', args, 4, 5);
    const [integration = '', addresses = '', subject = '', body = '', contentType = 'text/plain'] = args.map(
      (each) => each.cell ?? '',
    );
    if (subject === '' || body === '')
      throw SnowflakeError.of('invalidArgument', {
        name: 'SYSTEM$SEND_EMAIL',
        value: '',
        reason: 'subject and body must not be empty',
      });
    const to = addresses.split(',').map((address) => address.trim());
    await scope.effects.notifications.send(
      usableIntegration(integration, scope),
      [{ contentType, text: body }],
      { integration, subject, toAddress: to },
      scope,
    );
    return '1';
  },
};

function requireCount(name: string, args: readonly TypedValue[], least: number, most: number): void {
  if (args.length < least || args.length > most) {
    throw SnowflakeError.of('argumentCount', { name, expected: String(most), got: args.length });
  }
}

/** One JSON text, or an ARRAY of them. */
function listOf(value: TypedValue | undefined): string[] {
  const { cell } = value ?? { cell: null };
  if (cell === null) return [];
  const parsed = parseJson(cell);
  return Array.isArray(parsed) ? parsed.map((each) => (typeof each === 'string' ? each : JSON.stringify(each))) : [cell];
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw SnowflakeError.of('invalidNotification', { reason: 'the argument is not valid JSON' });
  }
}

function readMessage(text: string): NotificationMessage[] {
  const parsed = parseJson(text) as Record<string, unknown>;
  return Object.entries(parsed).map(([contentType, value]) => {
    if (!(contentTypes as readonly string[]).includes(contentType)) {
      throw SnowflakeError.of('invalidNotification', { reason: `unknown content type '${contentType}'` });
    }
    return { contentType, text: typeof value === 'string' ? value : JSON.stringify(value) };
  });
}

function readRecipients(text: string): NotificationRecipients[] {
  const parsed = parseJson(text) as Record<string, Omit<NotificationRecipients, 'integration'>>;
  return Object.entries(parsed).map(([integration, options]) => ({ ...options, integration }));
}

function refuseTwice(values: readonly string[], what: string): void {
  if (new Set(values).size < values.length) throw SnowflakeError.of('invalidNotification', { reason: `a ${what} is named twice` });
}

/** Helpers of schema SNOWFLAKE.NOTIFICATION that build the JSON. */
function helper(name: string, page: string, build: (args: readonly Cell[]) => Cell): SystemFunctionDefinition {
  return {
    name: `SNOWFLAKE.NOTIFICATION.${name}`,
    page,
    returns: types.varchar(),
    call: (args) => build(args.map((each) => each.cell)),
  };
}

const list = (addresses: Cell | undefined): string[] | undefined =>
  addresses === null || addresses === undefined ? undefined : addresses.split(',').map((address) => address.trim());

export const notificationFunctions: Extension = {
  systemFunctions: [
    send,
    sendEmail,
    helper('TEXT_PLAIN', 'functions/text_plain', ([text]) => JSON.stringify({ 'text/plain': text ?? '' })),
    helper('TEXT_HTML', 'functions/text_html', ([text]) => JSON.stringify({ 'text/html': text ?? '' })),
    helper('APPLICATION_JSON', 'functions/application_json', ([text]) => JSON.stringify({ 'application/json': text ?? '' })),
    helper('INTEGRATION', 'functions/integration', ([name]) => JSON.stringify({ [name ?? '']: {} })),
    helper('EMAIL_INTEGRATION_CONFIG', 'functions/email_integration_config', ([name, subject, to, cc, bcc]) =>
      JSON.stringify({
        [name ?? '']: { subject: subject ?? '', toAddress: list(to) ?? [], ccAddress: list(cc), bccAddress: list(bcc) },
      }),
    ),
    helper('SANITIZE_WEBHOOK_CONTENT', 'functions/sanitize_webhook_content', ([text]) =>
      (text ?? '').replaceAll('SNOWFLAKE_WEBHOOK_SECRET', 'REDACTED').replaceAll('SNOWFLAKE_WEBHOOK_MESSAGE', 'REDACTED'),
    ),
  ],
};
