import type { CheckFailure, InputRule, Properties } from '../resource-kind.ts';
import type { IntegrationDescription } from '../snowflake/integration-description.ts';

/** What is special about the notification integrations of one TYPE. */
export interface NotificationChannel {
  readonly type: 'EMAIL' | 'WEBHOOK';
  /** Inputs besides those that all have; each optional. */
  readonly inputs: Readonly<Record<string, InputRule>>;
  readonly checkTogether: (inputs: Properties) => readonly CheckFailure[];
  /** `PROPERTY = value` of each input that is given. */
  readonly settings: (inputs: Properties) => readonly string[];
  /** Snowflake's name of each input. */
  readonly columns: Readonly<Record<string, string>>;
  /** The inputs as Snowflake has them. */
  readonly state: (description: IntegrationDescription, known: Properties) => Properties;
}
