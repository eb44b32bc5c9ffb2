import { restList } from '../../../session/rest-list.ts';
import { displayIdentifier } from '../../../sql/identifier.ts';
import type { JsonObject } from '../../fields.ts';

/** What REST's table has besides the columns of SHOW TABLES; its columns where the rows of DESCRIBE TABLE were asked for. */
export function tableJson(row: JsonObject, columns: readonly JsonObject[]): JsonObject {
  const { kind, retention_time: retention, cluster_by: cluster } = row;
  const clustered = typeof cluster === 'string' ? /^(?:LINEAR)?\((.*)\)$/su.exec(cluster)?.[1] : undefined;
  return {
    kind: kind === 'TABLE' ? 'PERMANENT' : kind,
    table_type: 'NORMAL',
    data_retention_time_in_days: Number(retention),
    ...(clustered === undefined ? {} : { cluster_by: restList(clustered) }),
    ...(columns.length === 0 ? {} : { columns: columns.map(columnJson), constraints: constraintsJson(columns) }),
  };
}

const identity = /^IDENTITY START (-?\d+) INCREMENT (-?\d+)/u;

function columnJson({ name, type, 'null?': nullable, default: preset, comment }: JsonObject): JsonObject {
  const counted = typeof preset === 'string' ? identity.exec(preset) : null;
  return {
    name: displayIdentifier(String(name)),
    datatype: type,
    nullable: nullable === 'Y',
    ...(counted === null
      ? { default: preset }
      : { autoincrement: true, autoincrement_start: Number(counted[1]), autoincrement_increment: Number(counted[2]) }),
    comment,
  };
}

/** Constraints of columns come back as those of the table: DESCRIBE does not tell which they were. */
function constraintsJson(columns: readonly JsonObject[]): JsonObject[] {
  const kinds = [
    ['PRIMARY KEY', 'primary key'],
    ['UNIQUE', 'unique key'],
  ] as const;
  return kinds.flatMap(([type, column]) => {
    const names = columns.filter((each) => each[column] === 'Y').map(({ name }) => displayIdentifier(String(name)));
    return names.length === 0 ? [] : [{ constraint_type: type, column_names: names }];
  });
}
