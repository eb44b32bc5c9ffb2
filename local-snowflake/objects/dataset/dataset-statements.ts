import { cell, column } from '../../sql/result-set.ts';
import { types } from '../../sql/types.ts';
import type { Extension } from '../extensions.ts';
import { versionsOf } from './dataset.ts';

/** SHOW VERSIONS [LIKE …] IN DATASET … https://docs.snowflake.com/en/sql-reference/sql/show-versions-in-dataset */
export const datasetStatements: Extension = {
  versionListings: [
    {
      kind: 'DATASET',
      columns: [column('created_on', types.timestampLtz(6)), column('version'), column('comment'), column('metadata')],
      rows: (object) =>
        versionsOf(object).map((version) => ({
          name: version.name,
          cells: [cell.timestamp(version.createdOn), version.name, version.comment, version.metadata],
        })),
    },
  ],
};
