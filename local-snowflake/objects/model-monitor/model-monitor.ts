import type { CatalogObject } from '../../catalog/catalog-object.ts';
import { SnowflakeError } from '../../errors/snowflake-error.ts';
import type { TokenStream } from '../../sql/token-stream.ts';
import type { Draft, Kind } from '../kind.ts';
import type { ObjectScope } from '../object-scope.ts';
import { alterMonitor } from './monitor-alter.ts';
import { changeMonitor, prepareMonitor } from './monitor-create.ts';
import { monitorOf } from './monitor-record.ts';
import { describeMonitor, monitorColumns } from './monitor-show.ts';

const columns = { type: 'texts', settable: false, default: [] } as const;

// https://docs.snowflake.com/en/sql-reference/sql/create-model-monitor
export const modelMonitor: Kind = {
  name: 'MODEL MONITOR',
  plural: 'MODEL MONITORS',
  scope: 'schema',
  page: 'create-model-monitor',
  createPrivilege: 'CREATE MODEL MONITOR',
  restorable: 'within',
  privileges: ['MODIFY'],
  alterPrivilege: 'MODIFY',
  renamable: false,
  properties: {
    MODEL: { type: 'reference', kind: 'MODEL', privilege: 'USAGE', required: true, settable: false },
    VERSION: { type: 'text', required: true, settable: false },
    FUNCTION: { type: 'text', required: true, settable: false },
    SOURCE: { type: 'relation', privilege: 'SELECT', required: true, settable: false },
    WAREHOUSE: { type: 'reference', kind: 'WAREHOUSE', privilege: 'USAGE', required: true },
    REFRESH_INTERVAL: { type: 'text', required: true },
    AGGREGATION_WINDOW: { type: 'text', required: true, settable: false },
    TIMESTAMP_COLUMN: { type: 'name', required: true, settable: false },
    BASELINE: { type: 'relation', privilege: 'SELECT' },
    ID_COLUMNS: columns,
    PREDICTION_CLASS_COLUMNS: columns,
    PREDICTION_SCORE_COLUMNS: columns,
    ACTUAL_CLASS_COLUMNS: columns,
    ACTUAL_SCORE_COLUMNS: columns,
    SEGMENT_COLUMNS: columns,
    CUSTOM_METRIC_COLUMNS: columns,
  },
  readCreate,
  readAlter: alterMonitor,
  creating: prepareMonitor,
  changing: changeMonitor,
  actions: {
    SUSPEND: { privileges: ['MODIFY'], run: (object) => ({ object: inState(object, 'SUSPENDED') }) },
    RESUME: { privileges: ['MODIFY'], run: (object) => ({ object: inState(object, 'ACTIVE') }) },
  },
  altered: async (before, after, scope) => {
    const kept = copiesOf(after);
    for (const name of copiesOf(before)) if (!kept.includes(name)) await scope.effects.tables.drop(name);
  },
  dropped: async (object, scope) => {
    for (const name of copiesOf(object)) await scope.effects.tables.drop(name);
  },
  showIn: (stream) => {
    if (stream.is('GATEWAY')) throw SnowflakeError.of('unsupported', { feature: 'SHOW MODEL MONITORS IN GATEWAY' });
    return undefined;
  },
  show: monitorColumns,
  describe: describeMonitor,
};

/** `WITH` and the properties; the words of forms that are not there are named. */
function readCreate(stream: TokenStream, _request: unknown, _scope: ObjectScope): Draft {
  stream.expect('WITH');
  const from = stream.position;
  for (; !stream.atEnd; stream.next()) {
    for (const feature of ['GATEWAY', 'GROUND_TRUTH', 'TIMESTAMP_CUSTOM_METRIC_TABLE']) {
      if (stream.is(feature) && stream.peek(1).text === '=') {
        throw SnowflakeError.of('unsupported', { feature: `CREATE MODEL MONITOR … ${feature}` });
      }
    }
  }
  stream.rewind(from);
  return { properties: {} };
}

function inState(object: CatalogObject, state: 'ACTIVE' | 'SUSPENDED'): CatalogObject {
  const failures = state === 'ACTIVE' ? { FAILURES: 0 } : {};
  return { ...object, properties: { ...object.properties, STATE: state, ...failures } };
}

/** Names of the monitor's own tables. */
function copiesOf(object: CatalogObject): string[] {
  const { PHYSICAL: source, BASELINE_PHYSICAL: baseline } = monitorOf(object);
  return baseline === undefined ? [source] : [source, baseline];
}
