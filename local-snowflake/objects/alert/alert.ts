import { type CatalogObject, propertyText } from '../../catalog/catalog-object.ts';
import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { quoteString } from '../../sql/literal.ts';
import type { TokenStream } from '../../sql/token-stream.ts';
import { commentClause } from '../ddl/clauses.ts';
import type { Draft, Kind, ShowColumn } from '../kind.ts';
import type { ObjectScope } from '../object-scope.ts';
import { comment, createdOn, databaseName, objectName, owner, ownerRoleType, schemaName, text } from '../show-columns.ts';
import { alertSchedule } from './alert-schedule.ts';
import { requireAlertPrivileges } from './alert-privileges.ts';

/** A property as it was written; null without it. */
function optional(name: string, key: string): ShowColumn {
  return text(name, (object) => propertyText(object, key) || null);
}

// https://docs.snowflake.com/en/sql-reference/sql/create-alert
export const alert: Kind = {
  name: 'ALERT',
  plural: 'ALERTS',
  scope: 'schema',
  page: 'create-alert',
  createPrivilege: 'CREATE ALERT',
  orAlter: 'PROPERTIES',
  restorable: 'within',
  cloning: { privilege: 'OWNERSHIP', alone: true, copy: (copy) => suspended(copy) },
  privileges: ['MONITOR', 'OPERATE'],
  properties: {
    SCHEDULE: { type: 'text' },
    WAREHOUSE: { type: 'reference', kind: 'WAREHOUSE', privilege: 'USAGE' },
    CONFIG: { type: 'text' },
    RUNBOOK: { type: 'text', maxLength: 2048 },
    SUSPEND_ALERT_AFTER_NUM_FAILURES: { type: 'integer', min: 0 },
  },
  readCreate: (stream) => {
    if (stream.is('FROM TEMPLATE')) throw SnowflakeError.of('unsupported', { feature: 'CREATE ALERT … FROM TEMPLATE' });
    return { properties: {} };
  },
  clauses: {
    IF: (stream) => {
      stream.expectSymbol('(');
      const condition = readCondition(stream);
      stream.expectSymbol(')');
      stream.expect('THEN');
      return { CONDITION: condition, ACTION: action(stream) };
    },
  },
  creating: (draft, _request, scope) => {
    if (draft.properties['CONDITION'] === undefined) throw SnowflakeError.of('missingProperty', { property: 'IF' });
    requireAlertPrivileges(scope.roles, draft, scope);
    return { ...draft, properties: checked({ ...draft.properties, STATE: 'suspended' }) };
  },
  changing: (after, before) => {
    const rebased = after.properties['SCHEDULE'] !== before.properties['SCHEDULE'];
    return { ...after, properties: { ...checked(after.properties), ...(rebased ? { BASE: after.alteredOn } : {}) } };
  },
  actions: {
    RESUME: {
      privileges: ['OPERATE'],
      run: (object, _stream, scope) => {
        requireAlertPrivileges(scope.authorizer.activate(object.owner), object, scope);
        const was = object.properties['AUTO_SUSPENDED'] === undefined ? {} : { AUTO_SUSPENDED: false };
        return { object: withProperties(object, { STATE: 'started', BASE: scope.now, FAILURES: 0, ...was }) };
      },
    },
    SUSPEND: { privileges: ['OPERATE'], run: (object) => ({ object: suspended(object) }) },
  },
  readAlter: (object, stream) => {
    if (stream.is('FROM TEMPLATE')) throw SnowflakeError.of('unsupported', { feature: 'ALTER ALERT … FROM TEMPLATE' });
    if (stream.accept('MODIFY CONDITION')) return { object: withProperties(object, { CONDITION: readCondition(stream) }) };
    return stream.accept('MODIFY ACTION') ? { object: withProperties(object, { ACTION: action(stream) }) } : undefined;
  },
  ddl,
  show: [
    createdOn,
    objectName,
    databaseName,
    schemaName,
    owner,
    comment,
    text('warehouse', (object, scope) => scope.nameOf(propertyText(object, 'WAREHOUSE'))),
    optional('schedule', 'SCHEDULE'),
    optional('state', 'STATE'),
    optional('condition', 'CONDITION'),
    optional('action', 'ACTION'),
    ownerRoleType,
    optional('runbook', 'RUNBOOK'),
    optional('config', 'CONFIG'),
    text('was_auto_suspended', ({ properties }) =>
      properties['AUTO_SUSPENDED'] === undefined ? null : String(properties['AUTO_SUSPENDED'] === true),
    ),
  ],
};

/** `EXISTS ( … )` */
function readCondition(stream: TokenStream): string {
  stream.expect('EXISTS');
  const condition = stream.parenthesised().trim();
  if (!/^(?:SELECT|WITH|SHOW|CALL|\()/iu.test(condition)) throw stream.unexpected();
  return condition;
}

function action(stream: TokenStream): string {
  const rest = stream.restText().trim();
  if (rest === '') throw stream.unexpected();
  return rest;
}

function withProperties(object: CatalogObject, changed: Readonly<Record<string, unknown>>): CatalogObject {
  return { ...object, properties: { ...object.properties, ...changed } };
}

export function suspended(object: CatalogObject): CatalogObject {
  return withProperties(object, { STATE: 'suspended' });
}

/** @throws SnowflakeError `invalidPropertyValue`; `unsupported` for an alert on new data, which has no schedule */
function checked(properties: Draft['properties']): Draft['properties'] {
  const { SCHEDULE: schedule, CONFIG: config } = properties;
  if (typeof schedule !== 'string') throw SnowflakeError.of('unsupported', { feature: 'alerts on new data (without SCHEDULE)' });
  alertSchedule(schedule);
  if (typeof config === 'string' && !isJsonObject(config))
    throw SnowflakeError.of('invalidPropertyValue', { property: 'CONFIG', value: config });
  return properties;
}

function isJsonObject(config: string): boolean {
  try {
    const value: unknown = JSON.parse(config);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

function ddl(object: CatalogObject, scope: ObjectScope, name: string): string {
  const line = (key: string): string => {
    const value = propertyText(object, key);
    return value === '' ? '' : `\n\t${key.toLowerCase()}=${quoteString(value)}`;
  };
  const warehouse = scope.nameOf(propertyText(object, 'WAREHOUSE'));
  const clauses = [warehouse === null ? '' : `\n\twarehouse=${warehouse}`, ...['SCHEDULE', 'CONFIG', 'RUNBOOK'].map(line)].join('');
  const condition = `if (exists(\n\t\t${propertyText(object, 'CONDITION')}\n\t))`;
  return `create or replace alert ${name}${clauses}${commentClause(object.comment)}\n\t${condition}\n\tthen\n\t${propertyText(object, 'ACTION')};`;
}
