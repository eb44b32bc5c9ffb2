import { displayIdentifier } from '../../../sql/identifier.ts';
import type { JsonObject } from '../../fields.ts';

const shown = [
  ...['created_on', 'dropped_on', 'database_name', 'schema_name', 'comment', 'cluster_by', 'rows', 'bytes', 'owner'],
  ...['search_optimization_progress', 'search_optimization_bytes', 'owner_role_type', 'budget'],
];
const switches = ['automatic_clustering', 'change_tracking', 'search_optimization'];

/** REST's table from a row of SHOW TABLES and, where they were asked for, the rows of DESCRIBE TABLE. */
export function tableJson(row: JsonObject, columns?: readonly JsonObject[]): JsonObject {
  const kind = String(row['kind']);
  return {
    name: displayIdentifier(String(row['name'])),
    kind: kind === 'TABLE' ? 'PERMANENT' : kind,
    table_type: 'NORMAL',
    ...Object.fromEntries(shown.map((name) => [name, row[name] === '' ? undefined : row[name]])),
    ...Object.fromEntries(switches.map((name) => [name, row[name] === 'ON'])),
    enable_schema_evolution: row['enable_schema_evolution'] === 'Y',
    data_retention_time_in_days: Number(row['retention_time']),
    ...(columns === undefined ? {} : { columns: columns.map(columnJson) }),
  };
}

function columnJson(row: JsonObject): JsonObject {
  return {
    name: displayIdentifier(String(row['name'])),
    datatype: row['type'],
    nullable: row['null?'] === 'Y',
    default: row['default'],
    comment: row['comment'],
  };
}
