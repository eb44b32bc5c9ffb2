/** A webhook call with template and secret filled in. */
export interface WebhookCall {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface WebhookTemplate {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly bodyTemplate: string | undefined;
}

const secretPlaceholder = 'SNOWFLAKE_WEBHOOK_SECRET';
const messagePlaceholder = 'SNOWFLAKE_WEBHOOK_MESSAGE';

/** What a secret is shown as. */
export const maskedSecret = '********';

/**
 * Fills the placeholders in URL, headers and body. In a JSON body the message is written as the inside of a JSON string, so that
 * quotes and line ends in it cannot break the document.
 * https://docs.snowflake.com/en/user-guide/notifications/webhook-notifications
 */
export function fillWebhook(template: WebhookTemplate, message: string, secret: string | undefined): WebhookCall {
  const withSecret = (text: string): string => (secret === undefined ? text : text.replaceAll(secretPlaceholder, secret));
  const headers = Object.fromEntries(Object.entries(template.headers).map(([name, value]) => [name, withSecret(value)]));
  const isJson = Object.entries(headers).some(([name, value]) => name.toLowerCase() === 'content-type' && value.includes('json'));
  const { bodyTemplate } = template;
  const inserted = isJson && bodyTemplate !== undefined ? JSON.stringify(message).slice(1, -1) : message;
  const body = bodyTemplate === undefined ? message : bodyTemplate.split(messagePlaceholder).join(inserted);
  return { url: withSecret(template.url), headers, body: withSecret(body) };
}

export interface Delivery {
  readonly delivery: 'delivered' | 'kept' | 'failed';
  readonly detail: string | null;
}

/**
 * Posts the call to `destination`, an address on this machine that stands in for the service, or keeps it when there is none.
 * Never throws: Snowflake tells senders nothing of what became of a message.
 */
export async function deliver(call: WebhookCall, destination: URL | undefined): Promise<Delivery> {
  if (destination === undefined) return { delivery: 'kept', detail: null };
  const target = new URL(new URL(call.url).pathname + new URL(call.url).search, destination);
  try {
    const response = await fetch(target, {
      method: 'POST',
      headers: { ...call.headers },
      body: call.body,
      signal: AbortSignal.timeout(10_000),
      redirect: 'error',
    });
    await response.body?.cancel();
    return { delivery: response.ok ? 'delivered' : 'failed', detail: `HTTP ${String(response.status)}` };
  } catch (error) {
    const cause = error instanceof Error ? (error.cause ?? error) : error;
    return { delivery: 'failed', detail: cause instanceof Error ? cause.message : 'the call failed' };
  }
}

const loopback = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** @throws Error unless the address is on this machine: messages of a local Snowflake never leave it */
export function parseDestination(text: string): URL {
  const url = new URL(text);
  if (url.protocol !== 'http:' || !loopback.has(url.hostname)) {
    throw new Error(`Webhooks can only be delivered to http://127.0.0.1:<port>, not to ${url.origin}.`);
  }
  return url;
}
