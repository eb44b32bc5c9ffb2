import { restDefinition } from '../../../session/rest-definition.ts';
import { restExpression } from '../../../session/rest-expression.ts';
import { quoteString } from '../../../sql/literal.ts';
import { type JsonObject, objectOf, optionalText } from '../../fields.ts';
import { MalformedRequest } from '../../malformed-request.ts';
import {
  commentProperty,
  nameProperty,
  numberProperty,
  optionalNumber,
  refuseFields,
  requiredText,
  textList,
  textProperty,
} from './clauses.ts';
import { createHead, statementOf } from './create-head.ts';
import type { Creation, ObjectResource } from './object-resource.ts';
import { namedColumns, viewColumnJson } from './view-resource.ts';

const unsupported = [
  'initialization_warehouse',
  'cluster_by_raw',
  'frozen_where',
  'backfill_from',
  'start_at',
  'data_metric_schedule',
  'row_timestamp',
];

/** https://docs.snowflake.com/en/developer-guide/snowflake-rest-api/reference/dynamic-table */
export const dynamicTableResource: ObjectResource = {
  kind: 'DYNAMIC TABLE',
  plural: 'DYNAMIC TABLES',
  path: '/databases/:database/schemas/:schema/dynamic-tables',
  within: 'SCHEMA',
  details: 'ROWS',
  settings: {},
  grammar: {
    fields: [
      ...['columns', 'target_lag', 'refresh_mode', 'initialize', 'warehouse', 'cluster_by', 'query', 'comment', 'scheduler'],
      ...['data_retention_time_in_days', 'max_data_extension_time_in_days', 'default_ddl_collation', 'log_level', ...unsupported],
    ],
    statement: createDynamicTable,
  },
  references: [],
  shown: {
    ...{ created_on: 'text', database_name: 'identifier', schema_name: 'identifier', rows: 'number', bytes: 'number' },
    ...{ owner: 'identifier', comment: 'text', refresh_mode: 'text', warehouse: 'identifier' },
    ...{ scheduling_state: 'text', automatic_clustering: 'onOff', owner_role_type: 'text', scheduler: 'text', budget: 'text' },
  },
  derived: ({ text, target_lag: lag, scheduling_state: state }, columns) => ({
    scheduling_state: state === 'ACTIVE' ? 'RUNNING' : 'SUSPENDED',
    kind: /^create\s+(?:or\s+replace\s+)?transient\s/iu.test(String(text)) ? 'TRANSIENT' : 'PERMANENT',
    target_lag: lagJson(String(lag)),
    query: restDefinition(String(text)),
    columns: columns.map(viewColumnJson),
  }),
  actions: { suspend: 'SUSPEND', resume: 'RESUME', refresh: 'REFRESH' },
  refused: [':suspend-recluster', ':resume-recluster', ':swap-with'],
  tagged: true,
  restorable: true,
  cloning: { clauses: (body) => statementOf(lagClause(body), nameProperty(body, 'warehouse')) },
  deep: true,
};

function createDynamicTable(creation: Creation): string {
  const { body } = creation;
  refuseFields(body, 'dynamic tables', unsupported);
  const kind = (optionalText(body, 'kind') ?? 'PERMANENT').toUpperCase();
  if (kind !== 'PERMANENT' && kind !== 'TRANSIENT') throw new MalformedRequest(400, "'kind' must be PERMANENT or TRANSIENT.");
  const clustered = textList(body, 'cluster_by').map((each) => restExpression('cluster_by', each));
  return statementOf(
    createHead(creation, 'DYNAMIC TABLE', kind === 'TRANSIENT' ? ['TRANSIENT'] : []),
    namedColumns(body),
    lagClause(body),
    nameProperty(body, 'warehouse'),
    ...['refresh_mode', 'initialize', 'scheduler', 'default_ddl_collation', 'log_level'].map((name) => textProperty(body, name)),
    ...['data_retention_time_in_days', 'max_data_extension_time_in_days'].map((name) => numberProperty(body, name)),
    clustered.length === 0 ? '' : `CLUSTER BY (${clustered.join(', ')})`,
    commentProperty(body),
    `AS ${requiredText(body, 'query')}`,
  );
}

/** `TARGET_LAG = '60 seconds'`; empty without one, as clones can be. */
function lagClause(body: JsonObject): string {
  if (body['target_lag'] === undefined || body['target_lag'] === null) return '';
  const lag = objectOf(body['target_lag'], "'target_lag'");
  switch (requiredText(lag, 'type')) {
    case 'DOWNSTREAM':
      return 'TARGET_LAG = DOWNSTREAM';
    case 'USER_DEFINED': {
      const seconds = optionalNumber(lag, 'seconds');
      if (seconds === undefined) throw new MalformedRequest(400, "'seconds' is missing.");
      return `TARGET_LAG = ${quoteString(`${String(seconds)} seconds`)}`;
    }
    default:
      throw new MalformedRequest(400, "'type' of 'target_lag' must be USER_DEFINED or DOWNSTREAM.");
  }
}

const units: Readonly<Record<string, number>> = { second: 1, minute: 60, hour: 3600, day: 86_400 };

/** `5 minutes`, as SHOW DYNAMIC TABLES has it. */
function lagJson(text: string): JsonObject {
  const match = /^(\d+)\s+([a-z]+?)s?$/iu.exec(text.trim());
  const unit = units[match?.[2]?.toLowerCase() ?? ''];
  return match === null || unit === undefined ? { type: 'DOWNSTREAM' } : { type: 'USER_DEFINED', seconds: Number(match[1]) * unit };
}
