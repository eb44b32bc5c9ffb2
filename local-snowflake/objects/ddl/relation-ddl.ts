import type { CatalogObject } from '../../catalog/catalog-object.ts';
import { propertyText } from '../../catalog/catalog-object.ts';
import { displayIdentifier } from '../../sql/identifier.ts';
import { quoteString } from '../../sql/literal.ts';
import { renderType } from '../../sql/types.ts';
import type { ObjectScope } from '../object-scope.ts';
import type { TableColumnRecord } from '../table-columns.ts';
import { commentClause, parameterClauses, tagClause } from './clauses.ts';
import { maskingClause, rowAccessClause } from './policy-clauses.ts';

/** Constraints stand behind the columns. https://docs.snowflake.com/en/sql-reference/constraints-overview (GET_DDL) */
export function tableDdl(object: CatalogObject, scope: ObjectScope, name: string): string {
  const columns = columnsOf(object);
  const keyed = (key: 'primaryKey' | 'unique'): string =>
    columns
      .filter((each) => each[key] === true)
      .map((each) => displayIdentifier(each.name))
      .join(', ');
  const lines = [
    ...columns.map((each) => tableColumn(each, scope)),
    ...(keyed('unique') === '' ? [] : [`unique (${keyed('unique')})`]),
    ...(keyed('primaryKey') === '' ? [] : [`primary key (${keyed('primaryKey')})`]),
  ];
  const lifetime = object.session !== undefined ? 'TEMPORARY ' : object.properties['TRANSIENT'] === true ? 'TRANSIENT ' : '';
  const cluster = propertyText(object, 'CLUSTER_BY').replace(/^LINEAR/u, '');
  const properties = ['CHANGE_TRACKING', 'ENABLE_SCHEMA_EVOLUTION']
    .filter((each) => object.properties[each] === true)
    .map((each) => `${each}=TRUE`);
  const clauses = [...properties, ...parameterClauses(object)].map((each) => ` ${each}`).join('');
  return `create or replace ${lifetime}TABLE ${name} (${listed(lines)})${
    cluster === '' ? '' : ` cluster by ${cluster}`
  }${commentClause(object.comment)}${clauses}${rowAccessClause(object, scope)}${tagClause(object, scope)};`;
}

function tableColumn(each: TableColumnRecord, scope: ObjectScope): string {
  const identity =
    each.identity === undefined
      ? ''
      : ` autoincrement start ${String(each.identity.start)} increment ${String(each.identity.step)} noorder`;
  const preset = each.defaultText === undefined ? '' : ` DEFAULT ${each.defaultText}`;
  const comment = each.comment === undefined ? '' : ` COMMENT ${quoteString(each.comment)}`;
  return `${displayIdentifier(each.name)} ${renderType(each.type)}${each.nullable ? '' : ' NOT NULL'}${preset}${identity}${maskingClause(each, scope)}${comment}`;
}

/** The columns are listed, whether or not CREATE VIEW did. */
export function viewDdl(object: CatalogObject, scope: ObjectScope, name: string): string {
  const words = [object.properties['SECURE'] === true ? 'secure ' : '', object.session === undefined ? '' : 'temporary '].join('');
  return `create or replace ${words}view ${name}(${listed(columnsOf(object).map((each) => namedColumn(each, scope)))})${rowAccessClause(object, scope)}${commentClause(
    object.comment,
  )}${tagClause(object, scope)} as ${bodyOf(object)};`;
}

// https://docs.snowflake.com/en/sql-reference/sql/create-dynamic-table
export function dynamicTableDdl(object: CatalogObject, scope: ObjectScope, name: string): string {
  const { properties } = object;
  const cluster = propertyText(object, 'CLUSTER_BY').replace(/^LINEAR/u, '');
  const clauses = [
    `target_lag = ${targetLag(propertyText(object, 'TARGET_LAG'))}`,
    `refresh_mode = ${String(properties['REFRESH_MODE'])}`,
    `initialize = ${String(properties['INITIALIZE'])}`,
    `warehouse = ${displayIdentifier(scope.nameOf(propertyText(object, 'WAREHOUSE')) ?? '')}`,
    ...initializationWarehouse(scope.nameOf(propertyText(object, 'INITIALIZATION_WAREHOUSE'))),
    ...(properties['SCHEDULER'] === 'DISABLE' ? ['scheduler = DISABLE'] : []),
    ...(cluster === '' ? [] : [`cluster by ${cluster}`]),
  ];
  const transient = properties['TRANSIENT'] === true ? 'transient ' : '';
  return `create or replace ${transient}dynamic table ${name}(${listed(columnsOf(object).map((each) => namedColumn(each, scope)))}) ${clauses.join(
    ' ',
  )}${commentClause(object.comment)}${rowAccessClause(object, scope)}${tagClause(object, scope)}\n as ${bodyOf(object)};`;
}

function initializationWarehouse(name: string | null): string[] {
  return name === null ? [] : [`initialization_warehouse = ${displayIdentifier(name)}`];
}

function targetLag(lag: string): string {
  return lag.toUpperCase() === 'DOWNSTREAM' ? 'DOWNSTREAM' : quoteString(lag);
}

function namedColumn(each: TableColumnRecord, scope: ObjectScope): string {
  return `${displayIdentifier(each.name)}${maskingClause(each, scope)}${each.comment === undefined ? '' : ` COMMENT ${quoteString(each.comment)}`}`;
}

function columnsOf(object: CatalogObject): readonly TableColumnRecord[] {
  return object.properties['COLUMNS'] as readonly TableColumnRecord[];
}

function bodyOf(object: CatalogObject): string {
  return propertyText(object, 'QUERY').replace(/[\s;]+$/u, '');
}

function listed(lines: readonly string[]): string {
  return `\n${lines.map((line) => `\t${line}`).join(',\n')}\n`;
}
