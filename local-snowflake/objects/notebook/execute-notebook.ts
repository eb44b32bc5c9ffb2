import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { statusResult } from '../../sql/result-set.ts';
import type { Extension } from '../extensions.ts';
import type { ObjectScope } from '../object-scope.ts';
import { liveFile } from './notebook.ts';

/** EXECUTE NOTEBOOK. https://docs.snowflake.com/en/sql-reference/sql/execute-notebook */
export const notebookExtension: Extension = {
  statements: [
    {
      words: 'EXECUTE NOTEBOOK',
      page: 'execute-notebook',
      run: async (stream, scope) => {
        const object = scope.find('NOTEBOOK', stream.name(), 'OWNERSHIP');
        const written = stream.parenthesised();
        stream.expectEnd();
        const name = scope.catalog.displayOf(object);
        const warehouse = scope.nameOf(object.properties['QUERY_WAREHOUSE'] as string | undefined);
        if (warehouse === null) {
          throw SnowflakeError.of('execution', {
            message: `Notebook ${name} cannot be executed: it has no QUERY_WAREHOUSE. Set one with ALTER NOTEBOOK … SET QUERY_WAREHOUSE.`,
          });
        }
        const [database = '', schema = ''] = scope.catalog.pathOf(object);
        const run = await scope.effects.notebooks.run(
          {
            name,
            database,
            schema,
            text: await readFile(liveFile(object, scope), 'utf8'),
            arguments: await readArguments(written, scope),
            warehouse,
            pool: (object.properties['COMPUTE_POOL'] as string | undefined) ?? null,
          },
          scope,
        );
        // Results of every run stay with the notebook: snow://notebook/<name>/runs/<query id>.ipynb
        const kept = join(scope.effects.stages.directory(object.id), 'runs', `${scope.queryId}.ipynb`);
        await mkdir(dirname(kept), { recursive: true });
        await writeFile(kept, run.text);
        const { failure } = run;
        if (failure === undefined) return statusResult('Statement executed successfully.');
        throw SnowflakeError.of('notebookFailed', {
          name,
          cell: failure.cell,
          number: String(failure.number),
          traceback: failure.traceback,
        });
      },
    },
  ],
};

/**
 * The words of the strings among the arguments; what is no string counts for nothing.
 * https://docs.snowflake.com/en/user-guide/ui-snowsight/notebooks-develop-run#running-notebooks-with-parameters
 */
async function readArguments(written: string, scope: ObjectScope): Promise<string[]> {
  if (written.trim() === '') return [];
  const query = `SELECT ${written}`;
  const columns = await scope.effects.queries.describe(query, scope);
  const [row = []] = await scope.effects.queries.run(query, scope);
  return row.flatMap((value, index) =>
    value === null || columns[index]?.type.kind !== 'VARCHAR' ? [] : value.split(/\s+/u).filter((word) => word !== ''),
  );
}
