import { restExpression } from '../../../session/rest-expression.ts';
import { quoteName } from '../../../sql/identifier.ts';
import { type JsonObject, optionalText } from '../../fields.ts';
import { MalformedRequest } from '../../malformed-request.ts';
import { commentProperty, flagProperty, numberProperty, refuseFields, textList, textProperty } from '../objects/clauses.ts';
import { createHead, statementOf } from '../objects/create-head.ts';
import type { Creation, ObjectResource } from '../objects/object-resource.ts';
import { columnList } from './table-columns.ts';
import { tableJson } from './table-json.ts';

/** https://docs.snowflake.com/en/developer-guide/snowflake-rest-api/reference/table */
export const tableResource: ObjectResource = {
  kind: 'TABLE',
  plural: 'TABLES',
  path: '/databases/:database/schemas/:schema/tables',
  within: 'SCHEMA',
  details: 'ROWS',
  put: 'OR ALTER',
  settings: {},
  grammar: {
    fields: [
      ...['cluster_by', 'enable_schema_evolution', 'change_tracking', 'data_retention_time_in_days', 'columns', 'constraints'],
      ...['max_data_extension_time_in_days', 'default_ddl_collation', 'comment', 'row_timestamp', 'error_logging'],
    ],
    statement: createTable,
  },
  references: [],
  shown: {
    ...{ created_on: 'text', dropped_on: 'text', database_name: 'identifier', schema_name: 'identifier', comment: 'text' },
    ...{ rows: 'number', bytes: 'number', owner: 'identifier', owner_role_type: 'text', budget: 'text' },
    ...{ automatic_clustering: 'onOff', change_tracking: 'onOff', search_optimization: 'onOff' },
    ...{ search_optimization_progress: 'number', search_optimization_bytes: 'number', enable_schema_evolution: 'yesNo' },
    ...{ table_type: 'text' },
  },
  derived: tableJson,
  // The names with underscores, and `:swapwith`, are the deprecated ones.
  refused: [
    ...[':as_select', ':create_like', ':using_template', ':swapwith', ':suspend-recluster', ':suspend_recluster'],
    ...[':resume-recluster', ':resume_recluster'],
  ],
  tagged: true,
  restorable: true,
  cloning: { modifiers: lifetimeOf },
  swappable: true,
  deep: true,
  derivations: {
    'create-like': (creation, source) =>
      statementOf(createHead(creation, 'TABLE'), `LIKE ${quoteName(source)}`, creation.copyGrants ? 'COPY GRANTS' : ''),
  },
  queried: {
    'as-select': (creation, query) =>
      statementOf(
        createHead(creation, 'TABLE'),
        columnList(creation.body),
        clusterClause(creation.body),
        creation.copyGrants ? 'COPY GRANTS' : '',
        `AS ${query}`,
      ),
    'using-template': (creation, query) =>
      statementOf(createHead(creation, 'TABLE'), creation.copyGrants ? 'COPY GRANTS' : '', `USING TEMPLATE (${query}\n)`),
  },
};

function createTable(creation: Creation): string {
  const { body, copyGrants } = creation;
  refuseFields(body, 'tables', ['row_timestamp', 'error_logging']);
  const columns = columnList(body);
  if (columns === '') throw new MalformedRequest(400, "'columns' are missing.");
  return statementOf(
    createHead(creation, 'TABLE', lifetimeOf(body)),
    columns,
    clusterClause(body),
    ...['enable_schema_evolution', 'change_tracking'].map((name) => flagProperty(body, name)),
    ...['data_retention_time_in_days', 'max_data_extension_time_in_days'].map((name) => numberProperty(body, name)),
    textProperty(body, 'default_ddl_collation'),
    copyGrants ? 'COPY GRANTS' : '',
    commentProperty(body),
  );
}

/** @throws MalformedRequest */
function lifetimeOf(body: JsonObject): readonly string[] {
  const kind = (optionalText(body, 'kind') ?? 'PERMANENT').toUpperCase();
  if (kind === 'PERMANENT' || kind === 'TABLE') return [];
  if (kind === 'TRANSIENT' || kind === 'TEMPORARY') return [kind];
  throw new MalformedRequest(400, "'kind' must be PERMANENT, TRANSIENT or TEMPORARY.");
}

function clusterClause(body: JsonObject): string {
  const expressions = textList(body, 'cluster_by').map((each) => restExpression('cluster_by', each));
  return expressions.length === 0 ? '' : `CLUSTER BY (${expressions.join(', ')})`;
}
