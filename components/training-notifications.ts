import * as pulumi from '@pulumi/pulumi';
import * as snowflake from '@pulumi/snowflake';

import { NotificationIntegration, type NotificationIntegrationArgs } from './snowflake/notification-integration.ts';
import { type Transform, transformed } from './transform.ts';

export interface EmailChannel {
  readonly kind: 'email';
  /** Verified addresses of users of the account. @example ['ml-team@example.com'] */
  readonly recipients: readonly string[];
  /** @example 'Model training status' */
  readonly subject: string;
}

export interface WebhookChannel {
  readonly kind: 'webhook';
  /** @example 'https://hooks.slack.com/services/SNOWFLAKE_WEBHOOK_SECRET' */
  readonly url: string;
  /** @example '{"text": "SNOWFLAKE_WEBHOOK_MESSAGE"}' */
  readonly bodyTemplate: string;
  /** @example { 'Content-Type': 'application/json' } */
  readonly headers: Readonly<Record<string, string>>;
  /** Put where SNOWFLAKE_WEBHOOK_SECRET stands; kept as a secret in Snowflake. */
  readonly secret?: {
    readonly database: string;
    readonly schema: string;
    /** @example 'DEMO_WEBHOOK_SECRET' */
    readonly name: string;
    readonly value: pulumi.Input<string>;
    /** What has to exist before the secret. @example [database] */
    readonly after?: readonly pulumi.Resource[];
  };
}

export interface TrainingNotificationsArgs {
  /** @example 'DEMO_NOTIFICATION_INTEGRATION' */
  readonly name: string;
  readonly channel: EmailChannel | WebhookChannel;
  readonly transform?: { readonly integration?: Transform<NotificationIntegrationArgs> };
}

/** How the pipeline tells people about a model: a notification integration for e-mail or for a webhook with its secret. */
export class TrainingNotifications extends pulumi.ComponentResource {
  readonly integration: NotificationIntegration;
  readonly name: pulumi.Output<string>;
  /** Of the webhook's secret, fully qualified. */
  readonly secretName: pulumi.Output<string> | undefined;

  constructor(name: string, args: TrainingNotificationsArgs, options?: pulumi.ComponentResourceOptions) {
    super('snowflakeml:component:TrainingNotifications', name, {}, options);
    const secret = args.channel.kind === 'webhook' ? args.channel.secret : undefined;
    const stored =
      secret === undefined
        ? undefined
        : new snowflake.SecretWithGenericString(
            `${name}-webhook-secret`,
            { name: secret.name, database: secret.database, schema: secret.schema, secretString: pulumi.secret(secret.value) },
            { parent: this, dependsOn: [...(secret.after ?? [])] },
          );
    this.secretName = stored?.fullyQualifiedName;
    this.integration = new NotificationIntegration(
      ...transformed<NotificationIntegrationArgs>(
        args.transform?.integration,
        `${name}-integration`,
        integrationArgs(args.name, args.channel),
        { parent: this, ...(stored === undefined ? {} : { dependsOn: [stored] }) },
      ),
    );
    this.name = this.integration.name;
    this.registerOutputs({ name: this.name });
  }
}

function integrationArgs(name: string, channel: EmailChannel | WebhookChannel): NotificationIntegrationArgs {
  if (channel.kind === 'email') {
    const { recipients, subject } = channel;
    return { type: 'EMAIL', name, allowedRecipients: recipients, defaultRecipients: recipients, defaultSubject: subject };
  }
  const { url, bodyTemplate, headers, secret } = channel;
  return {
    type: 'WEBHOOK',
    name,
    url,
    bodyTemplate,
    headers,
    ...(secret === undefined ? {} : { secret: `${secret.database}.${secret.schema}.${secret.name}` }),
  };
}
