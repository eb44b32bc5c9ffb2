import { z } from 'zod';

import { emailChannel } from '../notification-channels/email.ts';
import type { NotificationChannel } from '../notification-channels/notification-channel.ts';
import { webhookChannel } from '../notification-channels/webhook.ts';
import { sameValue, textOf } from '../property-values.ts';
import type { CheckFailure, Properties, ResourceKind } from '../resource-kind.ts';
import { describeIntegration } from '../snowflake/integration-description.ts';
import { objectName } from '../snowflake/names.ts';
import type { Session } from '../snowflake/session.ts';
import { booleanText, literal } from '../snowflake/sql-text.ts';

const channels: readonly NotificationChannel[] = [emailChannel, webhookChannel];

/**
 * A notification integration, by e-mail or by webhook. One kind for both, since a name that changes its TYPE is replaced:
 * the old integration has to go before the new one can be made.
 * https://docs.snowflake.com/en/sql-reference/sql/create-notification-integration
 */
export const notificationIntegration: ResourceKind = {
  type: 'snowflakeml:index:NotificationIntegration',
  inputs: {
    name: { accepts: objectName, replaces: true },
    type: { accepts: z.enum(['EMAIL', 'WEBHOOK']), replaces: true },
    enabled: { accepts: z.boolean().default(true) },
    comment: { accepts: z.string().min(1).optional() },
    ...Object.assign({}, ...channels.map((channel) => channel.inputs)),
  },
  checkTogether: (inputs) => [...foreignInputs(inputs), ...channelOf(inputs).checkTogether(inputs)],
  id: nameOf,
  createStatements: (inputs) => [createStatement(inputs)],
  updateStatements: alterStatements,
  create: async (session, inputs) => {
    await session.execute(createStatement(inputs));
    return readExisting(session, inputs);
  },
  update: async (session, state, inputs) => {
    for (const statement of alterStatements(state, inputs)) await session.execute(statement);
    return readExisting(session, inputs);
  },
  read,
  delete: async (session, id) => {
    await session.execute(`DROP NOTIFICATION INTEGRATION IF EXISTS ${id}`);
  },
};

function nameOf(inputs: Properties): string {
  return textOf(inputs['name']);
}

function channelOf(inputs: Properties): NotificationChannel {
  return inputs['type'] === 'WEBHOOK' ? webhookChannel : emailChannel;
}

function foreignInputs(inputs: Properties): readonly CheckFailure[] {
  const own = channelOf(inputs);
  return channels
    .filter((channel) => channel !== own)
    .flatMap((channel) => Object.keys(channel.inputs).filter((name) => inputs[name] !== undefined))
    .map((property) => ({ property, reason: `is not a property of an integration of type ${own.type}` }));
}

function createStatement(inputs: Properties): string {
  const head = `CREATE NOTIFICATION INTEGRATION ${nameOf(inputs)} TYPE = ${channelOf(inputs).type}`;
  return [head, ...settings(inputs, inputs)].join(' ');
}

/** `PROPERTY = value` of each of `given`, an excerpt of `inputs`. */
function settings(inputs: Properties, given: Properties): readonly string[] {
  const { enabled, comment } = given;
  return [
    ...(typeof enabled === 'boolean' ? [`ENABLED = ${booleanText(enabled)}`] : []),
    ...channelOf(inputs).settings(given),
    ...(typeof comment === 'string' ? [`COMMENT = ${literal(comment)}`] : []),
  ];
}

// https://docs.snowflake.com/en/sql-reference/sql/alter-notification-integration
function alterStatements(state: Properties, inputs: Properties): readonly string[] {
  const columns: Readonly<Record<string, string>> = {
    enabled: 'ENABLED',
    ...channelOf(inputs).columns,
    comment: 'COMMENT',
  };
  const changed = Object.keys(columns).filter((name) => !sameValue(state[name], inputs[name]));
  const set = settings(
    inputs,
    Object.fromEntries(changed.flatMap((name) => (inputs[name] === undefined ? [] : [[name, inputs[name]]]))),
  );
  const unset = changed.filter((name) => inputs[name] === undefined).map((name) => columns[name]);
  const alter = `ALTER NOTIFICATION INTEGRATION ${nameOf(inputs)}`;
  return [
    ...(set.length > 0 ? [`${alter} SET ${set.join(' ')}`] : []),
    ...(unset.length > 0 ? [`${alter} UNSET ${unset.join(', ')}`] : []),
  ];
}

async function readExisting(session: Session, inputs: Properties): Promise<Properties> {
  const found = await read(session, nameOf(inputs), inputs);
  if (found === undefined) throw new Error(`Notification integration ${nameOf(inputs)} is not visible after it was written.`);
  return found;
}

async function read(session: Session, name: string, known: Properties): Promise<Properties | undefined> {
  const description = await describeIntegration(session, name);
  const channel = channels.find(({ type }) => type === description?.type);
  if (description === undefined || channel === undefined) return undefined;
  return {
    name,
    type: channel.type,
    enabled: description.enabled,
    ...channel.state(description, known),
    ...(description.comment === '' ? {} : { comment: description.comment }),
  };
}
