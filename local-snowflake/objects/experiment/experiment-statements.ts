import type { CatalogObject } from '../../catalog/catalog-object.ts';
import { parseName } from '../../sql/identifier.ts';
import { likeMatcher } from '../../sql/literal.ts';
import { cell, column, type Row } from '../../sql/result-set.ts';
import type { TokenStream } from '../../sql/token-stream.ts';
import { types } from '../../sql/types.ts';
import type { Extension } from '../extensions.ts';
import type { ObjectScope } from '../object-scope.ts';
import { type ExperimentRun, findRun, latestMetrics, runsOf } from './experiment-run.ts';

/** What the runs of experiments have logged. https://docs.snowflake.com/en/developer-guide/snowflake-ml/experiments */
export const experimentStatements: Extension = {
  statements: [
    {
      words: 'SHOW RUNS',
      page: 'show-runs-in-experiment',
      run: (stream, scope) => {
        const like = readLike(stream);
        const object = readExperiment(stream, scope);
        stream.expectEnd();
        const [database = null, schema = null, name = null] = scope.catalog.pathOf(object);
        return {
          columns: [
            column('created_on', types.timestampLtz(6)),
            ...['name', 'database_name', 'schema_name', 'experiment_name', 'metadata'].map((each) => column(each)),
          ],
          rows: runsOf(object)
            .filter((run) => like(run.name))
            .map((run) => [cell.timestamp(run.createdOn), run.name, database, schema, name, metadataOf(run)]),
        };
      },
    },
    {
      words: 'SHOW RUN METRICS',
      page: 'show-run-in-experiment',
      run: (stream, scope) => ({
        columns: [column('run_name'), column('name'), column('step', types.number(38, 0)), column('value', { kind: 'FLOAT' })],
        rows: logged(stream, scope, (run) =>
          latestMetrics(run).map(({ name, step, value }) => [run.name, name, cell.number(step), cell.number(value)]),
        ),
      }),
    },
    {
      words: 'SHOW RUN PARAMETERS',
      page: 'show-run-in-experiment',
      run: (stream, scope) => ({
        columns: [column('run_name'), column('name'), column('value')],
        rows: logged(stream, scope, (run) => run.parameters.map(({ name, value }) => [run.name, name, value])),
      }),
    },
  ],
  tableFunctions: [
    {
      // Undocumented; what snowflake-ml-python reads the history of metrics with.
      name: 'SYSTEM$GET_EXPERIMENT_RUN_METRICS',
      page: 'sql/show-run-in-experiment',
      columns: [
        column('METRIC_NAME'),
        column('STEP', types.number(38, 0)),
        column('VALUE', { kind: 'FLOAT' }),
        column('TIMESTAMP', types.timestampLtz(3)),
      ],
      rows: (args, scope) => {
        const object = scope.find('EXPERIMENT', parseName(args.get('1')?.cell ?? ''), 'USAGE', 'MODIFY');
        const [name = ''] = parseName(args.get('2')?.cell ?? '');
        return findRun(object, name).metrics.map((metric) => [
          metric.name,
          cell.number(metric.step),
          cell.number(metric.value),
          cell.timestamp(metric.at),
        ]);
      },
    },
  ],
};

function readLike(stream: TokenStream): (text: string) => boolean {
  return stream.accept('LIKE') ? likeMatcher(stream.string()) : () => true;
}

function readExperiment(stream: TokenStream, scope: ObjectScope): CatalogObject {
  stream.expect('IN EXPERIMENT');
  return scope.find('EXPERIMENT', stream.name(), 'USAGE', 'MODIFY');
}

/** Rows of `[LIKE '…'] IN EXPERIMENT e [RUN r] [LIMIT n [FROM '…']]`: the second cell of each is its name. */
function logged(stream: TokenStream, scope: ObjectScope, rowsOf: (run: ExperimentRun) => readonly Row[]): readonly Row[] {
  const like = readLike(stream);
  const object = readExperiment(stream, scope);
  const runs = stream.accept('RUN') ? [findRun(object, stream.identifier())] : runsOf(object);
  const limit = stream.accept('LIMIT') ? stream.integer() : undefined;
  const from = limit !== undefined && stream.accept('FROM') ? stream.string() : '';
  stream.expectEnd();
  return runs
    .flatMap((run) => rowsOf(run))
    .filter(([, name]) => like(String(name)) && String(name) >= from)
    .slice(0, limit);
}

function metadataOf(run: ExperimentRun): string {
  return JSON.stringify({
    status: run.status,
    metrics: latestMetrics(run).map(({ name, step, value }) => ({ name, step, value })),
    parameters: run.parameters,
    ...(run.source === null ? {} : { source_info: JSON.parse(run.source) as unknown }),
  });
}
