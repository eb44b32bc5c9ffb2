import { z } from 'zod';

import { sameValue, textOf } from '../property-values.ts';
import type { CheckFailure, Properties, ResourceKind } from '../resource-kind.ts';
import { objectName, qualifiedName, splitQualifiedName } from '../snowflake/names.ts';
import { cellText, executeIfExists, type Row, type Session } from '../snowflake/session.ts';
import { literal, literalList, qualified, quoted } from '../snowflake/sql-text.ts';

interface Monitor {
  readonly database: string;
  readonly schema: string;
  readonly name: string;
  readonly model: string;
  readonly version: string;
  readonly function: string;
  readonly source: string;
  readonly baseline?: string;
  readonly warehouse: string;
  readonly refreshInterval: string;
  readonly aggregationWindow: string;
  readonly timestampColumn: string;
  readonly idColumns: readonly string[];
  readonly predictionClassColumn?: string;
  readonly predictionScoreColumn?: string;
  readonly actualClassColumn?: string;
  readonly actualScoreColumn?: string;
  readonly segmentColumns: readonly string[];
  readonly suspended: boolean;
  readonly comment?: string;
}

const period = (units: string, example: string) =>
  z.string().regex(new RegExp(`^[1-9][0-9]* (?:${units})s?$`, 'u'), `must be a number and a unit, for example ${example}`);

/**
 * A monitor of a model version: what the model was asked and said, against a baseline and what turned out to be true. What
 * Snowflake cannot change in place makes a new monitor.
 * https://docs.snowflake.com/en/sql-reference/sql/create-model-monitor
 */
export const modelMonitor: ResourceKind = {
  type: 'snowflakeml:index:ModelMonitor',
  inputs: {
    database: { accepts: objectName, replaces: true },
    schema: { accepts: objectName, replaces: true },
    name: { accepts: objectName, replaces: true },
    model: { accepts: qualifiedName, replaces: true },
    version: { accepts: objectName, replaces: true },
    function: {
      accepts: z.string().regex(/^\w+$/u, 'must be the name of a function of the model, for example predict_proba'),
      replaces: true,
    },
    source: { accepts: qualifiedName, replaces: true },
    baseline: { accepts: qualifiedName.optional() },
    warehouse: { accepts: objectName },
    refreshInterval: { accepts: period('second|minute|hour|day', '1 hour').default('1 hour') },
    aggregationWindow: { accepts: period('day', '1 day').default('1 day'), replaces: true },
    timestampColumn: { accepts: objectName, replaces: true },
    idColumns: { accepts: z.array(objectName).min(1), replaces: true },
    predictionClassColumn: { accepts: objectName.optional(), replaces: true },
    predictionScoreColumn: { accepts: objectName.optional(), replaces: true },
    actualClassColumn: { accepts: objectName.optional(), replaces: true },
    actualScoreColumn: { accepts: objectName.optional(), replaces: true },
    // Their order is of no meaning.
    segmentColumns: {
      accepts: z
        .array(objectName)
        .max(5)
        .default([])
        .transform((columns) => columns.toSorted()),
    },
    suspended: { accepts: z.boolean().default(false) },
    comment: { accepts: z.string().min(1).optional() },
  },
  computed: ['task'],
  checkTogether: (inputs) => [...missingPrediction(monitor(inputs)), ...columnsTwice(monitor(inputs))],
  id: (inputs) => `${monitor(inputs).database}.${monitor(inputs).schema}.${monitor(inputs).name}`,
  createStatements: (inputs) => createStatements(monitor(inputs)),
  updateStatements: (state, inputs) => alterStatements(monitor(state), monitor(inputs)),
  create: async (session, inputs) => {
    for (const statement of createStatements(monitor(inputs))) await session.execute(statement);
    return readExisting(session, inputs);
  },
  update: async (session, state, inputs) => {
    for (const statement of alterStatements(monitor(state), monitor(inputs))) await session.execute(statement);
    return readExisting(session, inputs);
  },
  read: (session, id) => describe(session, splitQualifiedName(id)),
  delete: async (session, id) => {
    await session.execute(`DROP MODEL MONITOR IF EXISTS ${nameOf(splitQualifiedName(id))}`);
  },
};

type Place = Pick<Monitor, 'database' | 'schema' | 'name'>;

function monitor(properties: Properties): Monitor {
  return properties as unknown as Monitor;
}

function nameOf({ database, schema, name }: Place): string {
  return qualified(database, schema, name);
}

function missingPrediction(wanted: Monitor): readonly CheckFailure[] {
  const { predictionClassColumn, predictionScoreColumn } = wanted;
  if (predictionClassColumn !== undefined || predictionScoreColumn !== undefined) return [];
  return [{ property: 'predictionScoreColumn', reason: 'or predictionClassColumn is required' }];
}

function columnsTwice(wanted: Monitor): readonly CheckFailure[] {
  const columns = [
    wanted.timestampColumn,
    ...wanted.idColumns,
    ...[wanted.predictionClassColumn, wanted.predictionScoreColumn, wanted.actualClassColumn, wanted.actualScoreColumn].filter(
      (column) => column !== undefined,
    ),
    ...wanted.segmentColumns,
  ];
  const twice = columns.find((column, index) => columns.indexOf(column) !== index);
  return twice === undefined ? [] : [{ property: 'idColumns', reason: `or another list has ${twice}, which has a part already` }];
}

function createStatements(wanted: Monitor): readonly string[] {
  const column = (property: string, name: string | undefined) =>
    name === undefined ? [] : [`${property} = ${literalList([name])}`];
  const create = [
    `CREATE MODEL MONITOR ${nameOf(wanted)} WITH`,
    `MODEL = ${quotedName(wanted.model)}`,
    `VERSION = ${literal(wanted.version)}`,
    `FUNCTION = ${literal(wanted.function)}`,
    `SOURCE = ${quotedName(wanted.source)}`,
    ...(wanted.baseline === undefined ? [] : [`BASELINE = ${quotedName(wanted.baseline)}`]),
    `WAREHOUSE = ${quoted(wanted.warehouse)}`,
    `REFRESH_INTERVAL = ${literal(wanted.refreshInterval)}`,
    `AGGREGATION_WINDOW = ${literal(wanted.aggregationWindow)}`,
    `TIMESTAMP_COLUMN = ${quoted(wanted.timestampColumn)}`,
    `ID_COLUMNS = ${literalList(wanted.idColumns)}`,
    ...column('PREDICTION_CLASS_COLUMNS', wanted.predictionClassColumn),
    ...column('PREDICTION_SCORE_COLUMNS', wanted.predictionScoreColumn),
    ...column('ACTUAL_CLASS_COLUMNS', wanted.actualClassColumn),
    ...column('ACTUAL_SCORE_COLUMNS', wanted.actualScoreColumn),
    ...(wanted.segmentColumns.length === 0 ? [] : [`SEGMENT_COLUMNS = ${literalList(wanted.segmentColumns)}`]),
    ...(wanted.comment === undefined ? [] : [`COMMENT = ${literal(wanted.comment)}`]),
  ].join(' ');
  return [create, ...(wanted.suspended ? [`ALTER MODEL MONITOR ${nameOf(wanted)} SUSPEND`] : [])];
}

// https://docs.snowflake.com/en/sql-reference/sql/alter-model-monitor
function alterStatements(old: Monitor, wanted: Monitor): readonly string[] {
  const changed = (name: keyof Monitor): boolean => !sameValue(old[name], wanted[name]);
  const set = [
    ...(changed('refreshInterval') ? [`REFRESH_INTERVAL = ${literal(wanted.refreshInterval)}`] : []),
    ...(changed('warehouse') ? [`WAREHOUSE = ${quoted(wanted.warehouse)}`] : []),
    ...(changed('comment') && wanted.comment !== undefined ? [`COMMENT = ${literal(wanted.comment)}`] : []),
  ];
  const added = wanted.segmentColumns.filter((column) => !old.segmentColumns.includes(column));
  const dropped = old.segmentColumns.filter((column) => !wanted.segmentColumns.includes(column));
  const baseline = wanted.baseline === undefined ? 'UNSET BASELINE' : `SET BASELINE = ${literal(wanted.baseline)}`;
  return [
    ...(set.length === 0 ? [] : [`SET ${set.join(' ')}`]),
    ...(changed('comment') && wanted.comment === undefined ? ['UNSET COMMENT'] : []),
    // Room first: a monitor has at most five.
    ...dropped.map((column) => `DROP SEGMENT_COLUMN = ${literal(column)}`),
    ...added.map((column) => `ADD SEGMENT_COLUMN = ${literal(column)}`),
    ...(changed('baseline') ? [baseline] : []),
    ...(changed('suspended') ? [wanted.suspended ? 'SUSPEND' : 'RESUME'] : []),
  ].map((change) => `ALTER MODEL MONITOR ${nameOf(wanted)} ${change}`);
}

function quotedName(name: string): string {
  return qualified(...name.split('.'));
}

async function readExisting(session: Session, inputs: Properties): Promise<Properties> {
  const found = await describe(session, monitor(inputs));
  if (found === undefined) throw new Error(`Model monitor ${textOf(inputs['name'])} is not visible after it was written.`);
  return found;
}

// https://docs.snowflake.com/en/sql-reference/sql/desc-model-monitor
async function describe(session: Session, place: Place): Promise<Properties | undefined> {
  const [row] = await executeIfExists(session, `DESCRIBE MODEL MONITOR ${nameOf(place)}`);
  if (row === undefined) return undefined;
  const { database, schema, name } = place;
  const model = jsonCell(row, 'model');
  const columns = jsonCell(row, 'columns');
  const list = (key: string): readonly string[] => (columns[key] as readonly string[] | undefined) ?? [];
  const single = (property: string, key: string) => (list(key)[0] === undefined ? {} : { [property]: list(key)[0] });
  const baseline = relationName(jsonCell(row, 'baseline') as Record<string, string>);
  const comment = cellText(row, 'comment');
  return {
    database,
    schema,
    name,
    model: `${String(model['database_name'])}.${String(model['schema_name'])}.${String(model['model_name'])}`,
    version: String(model['version_name']),
    function: String(model['function_name']),
    source: relationName(jsonCell(row, 'source') as Record<string, string>) ?? '',
    ...(baseline === undefined ? {} : { baseline }),
    warehouse: cellText(row, 'warehouse_name'),
    refreshInterval: cellText(row, 'refresh_interval'),
    aggregationWindow: cellText(row, 'aggregation_window'),
    timestampColumn: String(columns['timestamp_column']),
    idColumns: list('id_columns'),
    ...single('predictionClassColumn', 'prediction_class_columns'),
    ...single('predictionScoreColumn', 'prediction_score_columns'),
    ...single('actualClassColumn', 'actual_class_columns'),
    ...single('actualScoreColumn', 'actual_score_columns'),
    segmentColumns: list('segment_columns').toSorted(),
    suspended: cellText(row, 'monitor_state') !== 'ACTIVE',
    ...(comment === '' ? {} : { comment }),
    task: cellText(row, 'model_task'),
  };
}

function jsonCell(row: Row, column: string): Readonly<Record<string, unknown>> {
  const text = cellText(row, column);
  return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
}

/** `DB.SCHEMA.NAME` of a table as DESCRIBE tells of it; undefined for none. */
function relationName(table: Readonly<Record<string, string>>): string | undefined {
  if (table['name'] === undefined || table['status'] === 'NOT_SET') return undefined;
  return `${table['database_name'] ?? ''}.${table['schema_name'] ?? ''}.${table['name']}`;
}
