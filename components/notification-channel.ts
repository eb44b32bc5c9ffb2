import * as pulumi from '@pulumi/pulumi';

import type { StackConfig } from './config.ts';
import type { StackNames } from './stack-names.ts';
import type { EmailChannel, WebhookChannel } from './training-notifications.ts';

/** The channel that the configuration chooses; `schema` is where a webhook's secret is kept. */
export function notificationChannel(
  config: StackConfig,
  names: StackNames,
  schema: pulumi.Resource,
): EmailChannel | WebhookChannel {
  const { notifications, webhookSecret } = config;
  if (notifications.kind === 'email' || webhookSecret === undefined) return notifications;
  return {
    ...notifications,
    secret: {
      database: names.database,
      schema: names.pipelineSchema,
      name: names.webhookSecret,
      value: pulumi.secret(webhookSecret),
      after: [schema],
    },
  };
}
