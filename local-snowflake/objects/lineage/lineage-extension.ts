import { types } from '../../sql/types.ts';
import type { Extension } from '../extensions.ts';
import { answerLineageQuery } from './dgql.ts';
import { getLineage } from './get-lineage.ts';

/** How clients and SQL ask for lineage. https://docs.snowflake.com/en/developer-guide/snowflake-ml/ml-lineage */
export const lineageExtension: Extension = {
  systemFunctions: [
    {
      name: 'SYSTEM$DGQL',
      page: 'functions/get_lineage-snowflake-core',
      returns: types.varchar(),
      call: ([query], scope) => answerLineageQuery(query?.cell ?? '', scope),
    },
  ],
  tableFunctions: [getLineage],
};
