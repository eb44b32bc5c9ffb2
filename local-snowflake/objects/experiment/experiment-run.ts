import type { CatalogObject } from '../../catalog/catalog-object.ts';
import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { displayIdentifier } from '../../sql/identifier.ts';

/** One run of an experiment. Its artifacts are files below `versions/<name>/`. Instants in epoch milliseconds. */
export interface ExperimentRun {
  /** Folded name. */
  readonly name: string;
  readonly createdOn: number;
  /** FINISHED and FAILED runs cannot be changed any more. */
  readonly status: 'RUNNING' | 'FINISHED' | 'FAILED';
  /** What the client says of where the run comes from, JSON text. */
  readonly source: string | null;
  readonly metrics: readonly RunMetric[];
  readonly parameters: readonly RunParameter[];
}

export interface RunMetric {
  readonly name: string;
  readonly step: number;
  readonly value: number;
  /** When it was logged. */
  readonly at: number;
}

export interface RunParameter {
  readonly name: string;
  readonly value: string;
}

export function runsOf(object: CatalogObject): readonly ExperimentRun[] {
  return (object.properties['RUNS'] as readonly ExperimentRun[] | undefined) ?? [];
}

/** @throws SnowflakeError `experimentRunMissing` */
export function findRun(object: CatalogObject, name: string): ExperimentRun {
  const found = runsOf(object).find((run) => run.name === name);
  if (found === undefined)
    throw SnowflakeError.of('experimentRunMissing', { run: displayIdentifier(name), name: displayIdentifier(object.name) });
  return found;
}

/** A run that may still change. @throws SnowflakeError `experimentRunMissing`, `experimentRunCommitted` */
export function findOpenRun(object: CatalogObject, name: string): ExperimentRun {
  const run = findRun(object, name);
  if (run.status !== 'RUNNING')
    throw SnowflakeError.of('experimentRunCommitted', { run: displayIdentifier(name), name: displayIdentifier(object.name) });
  return run;
}

export function withRuns(object: CatalogObject, runs: readonly ExperimentRun[]): CatalogObject {
  return { ...object, properties: { ...object.properties, RUNS: runs } };
}

/** The last value of each metric: the one of the highest step. */
export function latestMetrics(run: ExperimentRun): readonly RunMetric[] {
  const latest = new Map<string, RunMetric>();
  for (const metric of run.metrics) if (metric.step >= (latest.get(metric.name)?.step ?? 0)) latest.set(metric.name, metric);
  return [...latest.values()];
}
