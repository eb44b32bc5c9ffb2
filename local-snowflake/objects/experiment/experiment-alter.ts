import { join } from 'node:path';
import type { CatalogObject } from '../../catalog/catalog-object.ts';
import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { displayIdentifier } from '../../sql/identifier.ts';
import type { TokenStream } from '../../sql/token-stream.ts';
import type { Alteration } from '../kind.ts';
import type { ObjectScope } from '../object-scope.ts';
import { type ExperimentRun, findOpenRun, findRun, type RunMetric, type RunParameter, runsOf, withRuns } from './experiment-run.ts';

// https://docs.snowflake.com/en/developer-guide/snowflake-ml/experiments#limitations
const mostRuns = 500;
const mostMetrics = 200;
const mostParameters = 1000;

/** ALTER EXPERIMENT … { ADD | COMMIT | DROP | MODIFY } RUN. https://docs.snowflake.com/en/sql-reference/sql/alter-experiment */
export async function alterExperiment(
  object: CatalogObject,
  stream: TokenStream,
  scope: ObjectScope,
): Promise<Alteration | undefined> {
  if (stream.accept('ADD RUN')) return { object: withAddedRun(object, stream, scope) };
  if (stream.accept('COMMIT RUN')) return { object: committed(object, stream) };
  if (stream.accept('MODIFY RUN')) return { object: modified(object, stream, scope) };
  if (!stream.accept('DROP RUN')) return undefined;
  const run = findRun(object, stream.identifier());
  await scope.effects.stages.removeFolder(join(scope.effects.stages.directory(object.id), 'versions', displayIdentifier(run.name)));
  return {
    object: withRuns(
      object,
      runsOf(object).filter((each) => each !== run),
    ),
  };
}

/** `ADD RUN r [ WITH ( SOURCE_INFO = '<json>' ) ]`; the clause is what snowflake-ml-python sends. */
function withAddedRun(object: CatalogObject, stream: TokenStream, scope: ObjectScope): CatalogObject {
  const name = stream.identifier();
  let source: string | null = null;
  if (stream.accept('WITH')) {
    stream.expectSymbol('(');
    stream.expect('SOURCE_INFO');
    stream.expectSymbol('=');
    source = stream.string();
    stream.expectSymbol(')');
    readJson(source, 'SOURCE_INFO');
  }
  // Its artifacts are in a folder of that name.
  if (/[/\\\0]/u.test(name)) throw SnowflakeError.of('invalidPropertyValue', { property: 'RUN', value: name });
  const runs = runsOf(object);
  if (runs.some((run) => run.name === name))
    throw SnowflakeError.of('experimentRunExists', { run: displayIdentifier(name), name: displayIdentifier(object.name) });
  if (runs.length >= mostRuns) throw SnowflakeError.of('experimentLimit', { limit: mostRuns, what: 'runs in an experiment' });
  const added: ExperimentRun = { name, createdOn: scope.now, status: 'RUNNING', source, metrics: [], parameters: [] };
  return withRuns(object, [...runs, added]);
}

/** `COMMIT RUN r [ WITH STATUS = 'FINISHED' | 'FAILED' ]` */
function committed(object: CatalogObject, stream: TokenStream): CatalogObject {
  const run = findOpenRun(object, stream.identifier());
  let status = 'FINISHED';
  if (stream.accept('WITH STATUS')) {
    stream.expectSymbol('=');
    status = stream.string();
  }
  if (status !== 'FINISHED' && status !== 'FAILED')
    throw SnowflakeError.of('invalidPropertyValue', { property: 'STATUS', value: status });
  return replaced(object, run, { ...run, status });
}

/** `MODIFY RUN r ADD { METRICS | PARAMETERS } = '<json>'`, as snowflake-ml-python sends it. */
function modified(object: CatalogObject, stream: TokenStream, scope: ObjectScope): CatalogObject {
  const run = findOpenRun(object, stream.identifier());
  stream.expect('ADD');
  const what = stream.accept('METRICS') ? 'METRICS' : 'PARAMETERS';
  if (what === 'PARAMETERS') stream.expect('PARAMETERS');
  stream.expectSymbol('=');
  const entries = readJson(stream.string(), what);
  if (!Array.isArray(entries)) throw SnowflakeError.of('invalidPropertyValue', { property: what, value: JSON.stringify(entries) });
  if (what === 'PARAMETERS') return replaced(object, run, withParameters(run, entries.map(readParameter)));
  return replaced(
    object,
    run,
    withMetrics(
      run,
      entries.map((each) => readMetric(each, scope.now)),
    ),
  );
}

/** A metric has one value for a step, the last that was logged. */
function withMetrics(run: ExperimentRun, added: readonly RunMetric[]): ExperimentRun {
  const byStep = new Map([...run.metrics, ...added].map((metric) => [JSON.stringify([metric.name, metric.step]), metric]));
  const metrics = [...byStep.values()];
  if (new Set(metrics.map((metric) => metric.name)).size > mostMetrics)
    throw SnowflakeError.of('experimentLimit', { limit: mostMetrics, what: 'metrics of a run' });
  return { ...run, metrics };
}

function withParameters(run: ExperimentRun, added: readonly RunParameter[]): ExperimentRun {
  const byName = new Map([...run.parameters, ...added].map((parameter) => [parameter.name, parameter]));
  if (byName.size > mostParameters)
    throw SnowflakeError.of('experimentLimit', { limit: mostParameters, what: 'parameters of a run' });
  return { ...run, parameters: [...byName.values()] };
}

function readMetric(entry: unknown, at: number): RunMetric {
  const { name, value, step = 0 } = (entry ?? {}) as Record<string, unknown>;
  if (typeof name !== 'string' || typeof value !== 'number' || typeof step !== 'number')
    throw SnowflakeError.of('invalidPropertyValue', { property: 'METRICS', value: JSON.stringify(entry) });
  return { name, value, step, at };
}

function readParameter(entry: unknown): RunParameter {
  const { name, value } = (entry ?? {}) as Record<string, unknown>;
  if (typeof name !== 'string' || typeof value !== 'string')
    throw SnowflakeError.of('invalidPropertyValue', { property: 'PARAMETERS', value: JSON.stringify(entry) });
  return { name, value };
}

function readJson(text: string, property: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw SnowflakeError.of('invalidPropertyValue', { property, value: text.slice(0, 100) });
  }
}

function replaced(object: CatalogObject, before: ExperimentRun, after: ExperimentRun): CatalogObject {
  return withRuns(
    object,
    runsOf(object).map((each) => (each === before ? after : each)),
  );
}
