import type { CatalogObject } from '../../catalog/catalog-object.ts';
import { cell, column, type ResultSet } from '../../sql/result-set.ts';
import { types } from '../../sql/types.ts';
import type { ShowColumn } from '../kind.ts';
import { modelVersions } from '../model/model-version.ts';
import type { ObjectScope } from '../object-scope.ts';
import { comment, constant, createdOn, databaseName, objectName, property, schemaName, text } from '../show-columns.ts';
import { monitorOf } from './monitor-record.ts';
import { tryRelation } from './monitor-relation.ts';

const masked = '********';

/** https://docs.snowflake.com/en/sql-reference/sql/show-model-monitors */
export const monitorColumns: readonly ShowColumn[] = [
  createdOn,
  objectName,
  databaseName,
  schemaName,
  text('warehouse_name', (object, scope) => scope.nameOf(monitorOf(object).WAREHOUSE)),
  property('refresh_interval', 'REFRESH_INTERVAL'),
  property('aggregation_window', 'AGGREGATION_WINDOW'),
  property('model_task', 'TASK'),
  constant('type', 'MODEL_VERSION_MONITOR'),
  constant('gateway', ''),
  constant('ground_truth', ''),
  property('monitor_state', 'STATE'),
  text('source', (object, scope) => relationJson(monitorOf(object).SOURCE, monitorOf(object).SOURCE_NAME, scope)),
  text('baseline', (object, scope) => relationJson(monitorOf(object).BASELINE, monitorOf(object).BASELINE_NAME, scope)),
  text('model', modelJson),
  comment,
];

/** What DESCRIBE tells besides. https://docs.snowflake.com/en/sql-reference/sql/desc-model-monitor */
const moreColumns: readonly ShowColumn[] = [
  text('aggregation_status', (object) => perAggregation(object, () => monitorOf(object).STATE)),
  text('aggregation_last_error', (object) => perAggregation(object, () => monitorOf(object).LAST_ERROR)),
  text('aggregation_last_data_timestamp', (object) =>
    perAggregation(object, () => cell.timestamp(monitorOf(object).DATA_TIMESTAMP)),
  ),
  text('columns', columnsJson),
  constant('monitor_start_time', ''),
];

export async function describeMonitor(object: CatalogObject, scope: ObjectScope): Promise<ResultSet> {
  const columns = [...monitorColumns, ...moreColumns];
  return {
    columns: columns.map((each) => column(each.name, each.type ?? types.varchar())),
    rows: [await Promise.all(columns.map(async (each) => each.value(object, scope)))],
  };
}

function relationJson(id: string | undefined, name: readonly string[] | undefined, scope: ObjectScope): string {
  const [database = '', schema = '', leaf = ''] = id === undefined ? [] : (name ?? []);
  const status = id === undefined ? 'NOT_SET' : statusOf(tryRelation(id, name ?? [], scope), scope);
  const shown = (part: string): string => (status === 'MASKED' ? masked : part);
  return JSON.stringify({ name: shown(leaf), database_name: shown(database), schema_name: shown(schema), status });
}

function modelJson(object: CatalogObject, scope: ObjectScope): string {
  const { MODEL: id, MODEL_NAME: name, VERSION: version, FUNCTION: method } = monitorOf(object);
  const status = statusOf(scope.catalog.byId(id), scope);
  const model = scope.catalog.byId(id);
  const [database = '', schema = '', leaf = ''] = model === undefined ? name : scope.catalog.pathOf(model);
  const shown = (part: string): string => (status === 'MASKED' ? masked : part);
  const exists = model !== undefined && modelVersions(model).some((each) => each.name === version);
  return JSON.stringify({
    model_name: shown(leaf),
    version_name: shown(version),
    function_name: shown(method),
    database_name: shown(database),
    schema_name: shown(schema),
    model_status: status,
    version_status: exists ? 'ACTIVE' : 'DELETED',
  });
}

function statusOf(object: CatalogObject | undefined, scope: ObjectScope): 'ACTIVE' | 'MASKED' | 'DELETED' {
  if (object === undefined) return 'DELETED';
  return scope.authorizer.lists(scope.roles, object) ? 'ACTIVE' : 'MASKED';
}

/** One entry for each aggregate that Snowflake keeps: here all of them come of one copy of the source. */
function perAggregation(object: CatalogObject, value: () => unknown): string {
  const monitor = monitorOf(object);
  const actuals = monitor.ACTUAL_CLASS_COLUMNS.length + monitor.ACTUAL_SCORE_COLUMNS.length > 0;
  const kinds = ['SOURCE_AGGREGATED', ...(actuals ? ['ACCURACY_AGGREGATED'] : [])];
  const names = kinds.flatMap((kind) => [kind, ...monitor.SEGMENT_COLUMNS.map((segment) => `${kind}_${segment}`)]);
  return JSON.stringify(Object.fromEntries(names.map((name) => [name, value()])));
}

function columnsJson(object: CatalogObject): string {
  const monitor = monitorOf(object);
  return JSON.stringify({
    timestamp_column: monitor.TIMESTAMP_COLUMN,
    id_columns: monitor.ID_COLUMNS,
    prediction_class_columns: monitor.PREDICTION_CLASS_COLUMNS,
    prediction_score_columns: monitor.PREDICTION_SCORE_COLUMNS,
    actual_class_columns: monitor.ACTUAL_CLASS_COLUMNS,
    actual_score_columns: monitor.ACTUAL_SCORE_COLUMNS,
    numerical_columns: monitor.FEATURES.numerical,
    string_columns: monitor.FEATURES.string,
    boolean_columns: monitor.FEATURES.boolean,
    segment_columns: monitor.SEGMENT_COLUMNS,
    custom_metric_columns: monitor.CUSTOM_METRIC_COLUMNS,
  });
}
