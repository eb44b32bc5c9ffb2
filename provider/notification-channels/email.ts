import { z } from 'zod';

import type { Properties } from '../resource-kind.ts';
import type { NotificationChannel } from './notification-channel.ts';
import { listedAddresses } from '../snowflake/integration-description.ts';
import { literal, literalList } from '../snowflake/sql-text.ts';

interface EmailIntegration {
  readonly allowedRecipients?: readonly string[];
  readonly defaultRecipients?: readonly string[];
  readonly defaultSubject?: string;
}

// The address lists hold at most 50, the subject at most 256 characters.
// https://docs.snowflake.com/en/sql-reference/sql/create-notification-integration-email
const addresses = z.array(z.email('must be e-mail addresses, for example ["ml-team@example.com"]')).min(1).max(50);
const defaultSubject = 'Snowflake Email Notification';

/** E-mail, with the recipients and the subject of messages that name none. */
export const emailChannel: NotificationChannel = {
  type: 'EMAIL',
  inputs: {
    allowedRecipients: { accepts: addresses.optional() },
    defaultRecipients: { accepts: addresses.optional() },
    defaultSubject: { accepts: z.string().min(1).max(256).optional() },
  },
  checkTogether: (inputs) => {
    const { allowedRecipients, defaultRecipients = [] } = integration(inputs);
    const refused = defaultRecipients.filter((address) => !(allowedRecipients?.includes(address) ?? true));
    if (refused.length === 0) return [];
    return [{ property: 'defaultRecipients', reason: `has ${refused.join(', ')}, which allowedRecipients does not allow` }];
  },
  settings: (wanted) => {
    const { allowedRecipients, defaultRecipients, defaultSubject: subject } = integration(wanted);
    return [
      ...(allowedRecipients === undefined ? [] : [`ALLOWED_RECIPIENTS = ${literalList(allowedRecipients)}`]),
      ...(defaultRecipients === undefined ? [] : [`DEFAULT_RECIPIENTS = ${literalList(defaultRecipients)}`]),
      ...(subject === undefined ? [] : [`DEFAULT_SUBJECT = ${literal(subject)}`]),
    ];
  },
  columns: {
    allowedRecipients: 'ALLOWED_RECIPIENTS',
    defaultRecipients: 'DEFAULT_RECIPIENTS',
    defaultSubject: 'DEFAULT_SUBJECT',
  },
  state: (description) => {
    const allowedRecipients = listedAddresses(description.property('ALLOWED_RECIPIENTS'));
    const defaultRecipients = listedAddresses(description.property('DEFAULT_RECIPIENTS'));
    const subject = description.property('DEFAULT_SUBJECT');
    return {
      ...(allowedRecipients.length === 0 ? {} : { allowedRecipients }),
      ...(defaultRecipients.length === 0 ? {} : { defaultRecipients }),
      ...(subject === '' || subject === defaultSubject ? {} : { defaultSubject: subject }),
    };
  },
};

function integration(properties: Properties): EmailIntegration {
  return properties;
}
