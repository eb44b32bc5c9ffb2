import * as pulumi from '@pulumi/pulumi';

interface CommonArgs {
  /** @example 'DEMO_NOTIFICATION_INTEGRATION' */
  readonly name: pulumi.Input<string>;
  readonly enabled?: pulumi.Input<boolean> | undefined;
  readonly comment?: pulumi.Input<string> | undefined;
}

export interface EmailIntegrationArgs extends CommonArgs {
  readonly type: 'EMAIL';
  /** Nobody else can be written to. Verified addresses of users of the account, at most 50. */
  readonly allowedRecipients?: pulumi.Input<readonly string[]> | undefined;
  /** Who gets messages that name nobody. @example ['ml-team@example.com'] */
  readonly defaultRecipients?: pulumi.Input<readonly string[]> | undefined;
  /** @example 'Model training status' */
  readonly defaultSubject?: pulumi.Input<string> | undefined;
}

export interface WebhookIntegrationArgs extends CommonArgs {
  readonly type: 'WEBHOOK';
  /** @example 'https://hooks.slack.com/services/SNOWFLAKE_WEBHOOK_SECRET' */
  readonly url: pulumi.Input<string>;
  /** `DB.SCHEMA.NAME` of a generic-string secret. @example 'SNOWBANK.PIPELINE.DEMO_WEBHOOK_SECRET' */
  readonly secret?: pulumi.Input<string> | undefined;
  /** @example '{"text": "SNOWFLAKE_WEBHOOK_MESSAGE"}' */
  readonly bodyTemplate?: pulumi.Input<string> | undefined;
  /** @example { 'Content-Type': 'application/json' } */
  readonly headers?: pulumi.Input<Readonly<Record<string, string>>> | undefined;
}

export type NotificationIntegrationArgs = EmailIntegrationArgs | WebhookIntegrationArgs;

/**
 * A notification integration: a webhook, or e-mail with default recipients and subject, both of which @pulumi/snowflake
 * lacks. Import it by its name. https://docs.snowflake.com/en/sql-reference/sql/create-notification-integration
 */
export class NotificationIntegration extends pulumi.CustomResource {
  declare readonly name: pulumi.Output<string>;

  constructor(name: string, args: NotificationIntegrationArgs, options?: pulumi.CustomResourceOptions) {
    super('snowflakeml:index:NotificationIntegration', name, { ...args }, options);
  }
}
