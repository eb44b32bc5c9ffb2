import { restQuery } from '../../../session/rest-expression.ts';
import { quoteString } from '../../../sql/literal.ts';
import { type JsonObject, objectOf } from '../../fields.ts';
import { MalformedRequest } from '../../malformed-request.ts';
import { commentProperty, nameProperty, optionalNumber, requiredText } from './clauses.ts';
import { createHead, statementOf } from './create-head.ts';
import type { Creation, ObjectResource } from './object-resource.ts';

/** https://docs.snowflake.com/en/developer-guide/snowflake-rest-api/reference/alert */
export const alertResource: ObjectResource = {
  kind: 'ALERT',
  plural: 'ALERTS',
  path: '/databases/:database/schemas/:schema/alerts',
  within: 'SCHEMA',
  details: 'NONE',
  settings: {},
  grammar: { fields: ['comment', 'schedule', 'warehouse', 'condition', 'action'], statement: createAlert },
  references: [],
  shown: {
    ...{ created_on: 'text', database_name: 'identifier', schema_name: 'identifier', owner: 'identifier', comment: 'text' },
    ...{ warehouse: 'identifier', condition: 'text', action: 'text', state: 'text', owner_role_type: 'text' },
  },
  derived: ({ schedule }) => ({ schedule: scheduleJson(String(schedule)) }),
  // https://docs.snowflake.com/en/sql-reference/sql/execute-alert
  statements: { execute: (name) => `EXECUTE ALERT ${name}` },
  tagged: true,
  cloning: {},
};

function createAlert(creation: Creation): string {
  const { body } = creation;
  return statementOf(
    createHead(creation, 'ALERT'),
    `SCHEDULE = ${quoteString(scheduleText(objectOf(body['schedule'], "'schedule'")))}`,
    nameProperty(body, 'warehouse'),
    commentProperty(body),
    `IF (EXISTS (${restQuery('condition', requiredText(body, 'condition'))}))`,
    `THEN ${requiredText(body, 'action')}`,
  );
}

/** @throws MalformedRequest */
function scheduleText(schedule: JsonObject): string {
  switch (requiredText(schedule, 'schedule_type')) {
    case 'CRON_TYPE':
      return `USING CRON ${requiredText(schedule, 'cron_expr')} ${requiredText(schedule, 'timezone')}`;
    case 'SCHEDULE_TYPE': {
      const minutes = optionalNumber(schedule, 'minutes');
      if (minutes === undefined) throw new MalformedRequest(400, "'minutes' is missing.");
      return `${String(minutes)} MINUTE`;
    }
    default:
      throw new MalformedRequest(400, "'schedule_type' must be CRON_TYPE or SCHEDULE_TYPE.");
  }
}

function scheduleJson(text: string): JsonObject {
  const cron = /^USING\s+CRON\s+(.+)\s(\S+)$/iu.exec(text.trim());
  if (cron !== null) return { schedule_type: 'CRON_TYPE', cron_expr: cron[1], timezone: cron[2] };
  return { schedule_type: 'SCHEDULE_TYPE', minutes: Number.parseInt(text, 10) };
}
