import { z } from 'zod';

import { sameValue } from '../property-values.ts';
import type { Properties, ResourceKind } from '../resource-kind.ts';
import { describeIntegration, listedAddresses } from '../snowflake/integration-description.ts';
import { objectName } from '../snowflake/names.ts';
import type { Session } from '../snowflake/session.ts';
import { booleanText, literal, literalList } from '../snowflake/sql-text.ts';

interface EmailIntegration {
  readonly name: string;
  readonly enabled: boolean;
  readonly allowedRecipients?: readonly string[];
  readonly defaultRecipients?: readonly string[];
  readonly defaultSubject?: string;
  readonly comment?: string;
}

// The address lists hold at most 50, the subject at most 256 characters.
// https://docs.snowflake.com/en/sql-reference/sql/create-notification-integration-email
const addresses = z.array(z.email('must be e-mail addresses, for example ["ml-team@example.com"]')).min(1).max(50);
const defaultSubject = 'Snowflake Email Notification';

/** A notification integration that sends e-mail, with the recipients and the subject of messages that name none. */
export const emailNotificationIntegration: ResourceKind = {
  type: 'snowflakeml:index:EmailNotificationIntegration',
  inputs: {
    name: { accepts: objectName, replaces: true },
    enabled: { accepts: z.boolean().default(true) },
    allowedRecipients: { accepts: addresses.optional() },
    defaultRecipients: { accepts: addresses.optional() },
    defaultSubject: { accepts: z.string().min(1).max(256).optional() },
    comment: { accepts: z.string().min(1).optional() },
  },
  checkTogether: (inputs) => {
    const { allowedRecipients, defaultRecipients = [] } = integration(inputs);
    const refused = defaultRecipients.filter((address) => !(allowedRecipients?.includes(address) ?? true));
    if (refused.length === 0) return [];
    return [{ property: 'defaultRecipients', reason: `has ${refused.join(', ')}, which allowedRecipients does not allow` }];
  },
  id: (inputs) => integration(inputs).name,
  createStatements: (inputs) => [createStatement(integration(inputs))],
  updateStatements: (state, inputs) => alterStatements(integration(state), integration(inputs)),
  create: async (session, inputs) => {
    await session.execute(createStatement(integration(inputs)));
    return readExisting(session, inputs);
  },
  update: async (session, state, inputs) => {
    for (const statement of alterStatements(integration(state), integration(inputs))) await session.execute(statement);
    return readExisting(session, inputs);
  },
  read: (session, id) => read(session, id),
  delete: async (session, id) => {
    await session.execute(`DROP NOTIFICATION INTEGRATION IF EXISTS ${id}`);
  },
};

function integration(properties: Properties): EmailIntegration {
  return properties as unknown as EmailIntegration;
}

function createStatement(wanted: EmailIntegration): string {
  return [`CREATE NOTIFICATION INTEGRATION ${wanted.name} TYPE = EMAIL`, ...settings(wanted)].join(' ');
}

function settings(wanted: Partial<EmailIntegration>): readonly string[] {
  const { enabled, allowedRecipients, defaultRecipients, defaultSubject: subject, comment } = wanted;
  return [
    ...(enabled === undefined ? [] : [`ENABLED = ${booleanText(enabled)}`]),
    ...(allowedRecipients === undefined ? [] : [`ALLOWED_RECIPIENTS = ${literalList(allowedRecipients)}`]),
    ...(defaultRecipients === undefined ? [] : [`DEFAULT_RECIPIENTS = ${literalList(defaultRecipients)}`]),
    ...(subject === undefined ? [] : [`DEFAULT_SUBJECT = ${literal(subject)}`]),
    ...(comment === undefined ? [] : [`COMMENT = ${literal(comment)}`]),
  ];
}

// https://docs.snowflake.com/en/sql-reference/sql/alter-notification-integration-email
function alterStatements(old: EmailIntegration, wanted: EmailIntegration): readonly string[] {
  const columns = {
    enabled: 'ENABLED',
    allowedRecipients: 'ALLOWED_RECIPIENTS',
    defaultRecipients: 'DEFAULT_RECIPIENTS',
    defaultSubject: 'DEFAULT_SUBJECT',
    comment: 'COMMENT',
  } as const;
  const changed = (Object.keys(columns) as (keyof typeof columns)[]).filter(
    (name) => !sameValue(old[name] as never, wanted[name] as never),
  );
  const set = settings(Object.fromEntries(changed.map((name) => [name, wanted[name]])));
  const unset = changed.filter((name) => wanted[name] === undefined).map((name) => columns[name]);
  const alter = `ALTER NOTIFICATION INTEGRATION ${wanted.name}`;
  return [
    ...(set.length > 0 ? [`${alter} SET ${set.join(' ')}`] : []),
    ...(unset.length > 0 ? [`${alter} UNSET ${unset.join(', ')}`] : []),
  ];
}

async function readExisting(session: Session, inputs: Properties): Promise<Properties> {
  const { name } = integration(inputs);
  const found = await read(session, name);
  if (found === undefined) throw new Error(`Notification integration ${name} is not visible after it was written.`);
  return found;
}

async function read(session: Session, name: string): Promise<Properties | undefined> {
  const description = await describeIntegration(session, name, 'EMAIL');
  if (description === undefined) return undefined;
  const allowedRecipients = listedAddresses(description.property('ALLOWED_RECIPIENTS'));
  const defaultRecipients = listedAddresses(description.property('DEFAULT_RECIPIENTS'));
  const subject = description.property('DEFAULT_SUBJECT');
  return {
    name,
    enabled: description.enabled,
    ...(allowedRecipients.length === 0 ? {} : { allowedRecipients }),
    ...(defaultRecipients.length === 0 ? {} : { defaultRecipients }),
    ...(subject === '' || subject === defaultSubject ? {} : { defaultSubject: subject }),
    ...(description.comment === '' ? {} : { comment: description.comment }),
  };
}
