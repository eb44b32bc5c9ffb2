import type { CatalogObject } from '../../catalog/catalog-object.ts';
import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { displayIdentifier } from '../../sql/identifier.ts';

/** A callable method of a model version, from its MANIFEST.yml. */
export interface ModelMethod {
  readonly name: string;
  readonly type: 'FUNCTION' | 'TABLE_FUNCTION';
  readonly handler: string;
  readonly inputs: readonly { readonly name: string; readonly type: string }[];
  /** Named ones behind the inputs, which the method has defaults for. Versions of earlier releases do not say whether they have any. */
  readonly params?: readonly { readonly name: string; readonly type: string }[];
  readonly outputs: readonly { readonly name?: string; readonly type: string }[];
  readonly volatility: string;
}

/** A version: its files are below `versions/<name>/` of the model's folder. */
export interface ModelVersion {
  readonly name: string;
  readonly createdOn: number;
  readonly comment: string;
  /** JSON text. */
  readonly metadata: string;
  readonly alias: string | null;
  readonly methods: readonly ModelMethod[];
  readonly userData: Readonly<Record<string, unknown>>;
  readonly targetPlatforms: readonly string[];
  readonly runtime: ModelRuntime;
  /** Text of model/model.yaml. */
  readonly spec: string;
  readonly attributes: ModelAttributes;
  /** What it was made of, as the client says. */
  readonly lineageSources?: readonly LineageSource[];
}

/** An entry of `lineage_sources` in MANIFEST.yml: a version of a dataset, a query, or a run of an experiment. */
export interface LineageSource {
  readonly type: string;
  /** Qualified name, or the query's text. */
  readonly entity: string;
  readonly version?: string;
}

/** Where a version's methods run. */
export interface ModelRuntime {
  readonly pythonVersion: string;
  /** Requirements as the client wrote them, `xgboost==3.2.0`. */
  readonly packages: readonly string[];
  /** Folders of the version, beside the methods' own, that methods find in their import directory. */
  readonly imports: readonly string[];
}

/** What model.yaml says of the model, for SHOW VERSIONS' `model_attributes`. */
export interface ModelAttributes {
  /** `xgboost`, `sklearn`, … */
  readonly framework: string;
  /** `TABULAR_BINARY_CLASSIFICATION`, …; UNKNOWN when it was not said. */
  readonly task: string;
  readonly client: string;
}

export function modelVersions(object: CatalogObject): readonly ModelVersion[] {
  return (object.properties['VERSIONS'] as readonly ModelVersion[] | undefined) ?? [];
}

export function defaultVersion(object: CatalogObject): string {
  return String(object.properties['DEFAULT_VERSION']);
}

/** A version by its name or one of its aliases (DEFAULT, FIRST, LAST are the system's). @throws SnowflakeError when there is none */
export function findVersion(object: CatalogObject, nameOrAlias: string): ModelVersion {
  const versions = modelVersions(object);
  const named =
    { DEFAULT: defaultVersion(object), FIRST: versions[0]?.name, LAST: versions.at(-1)?.name }[nameOrAlias.toUpperCase()] ??
    nameOrAlias;
  const found = versions.find((version) => version.name === named || version.alias === named);
  if (found === undefined)
    throw SnowflakeError.of('modelVersionMissing', {
      version: displayIdentifier(nameOrAlias),
      name: displayIdentifier(object.name),
    });
  return found;
}

/** Aliases as SHOW VERSIONS lists them, the system's included. */
export function aliasesOf(object: CatalogObject, version: ModelVersion): string[] {
  const versions = modelVersions(object);
  return [
    ...(version.name === defaultVersion(object) ? ['DEFAULT'] : []),
    ...(version === versions[0] ? ['FIRST'] : []),
    ...(version === versions.at(-1) ? ['LAST'] : []),
    ...(version.alias === null ? [] : [version.alias]),
  ];
}

export function withModelVersions(
  object: CatalogObject,
  versions: readonly ModelVersion[],
  standard = defaultVersion(object),
): CatalogObject {
  return { ...object, properties: { ...object.properties, VERSIONS: versions, DEFAULT_VERSION: standard } };
}
