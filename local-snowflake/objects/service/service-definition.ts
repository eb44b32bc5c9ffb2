import type { CatalogObject } from '../../catalog/catalog-object.ts';
import type { Catalog } from '../../catalog/catalog.ts';

/** What a service that runs until it is stopped is made of, as its object keeps it: JSON only. */
export interface ServiceDefinition {
  /** Name of the compute pool. */
  readonly pool: string;
  /** Name of the user who made it. */
  readonly user: string;
  /** Container's name and image, as the specification names them. */
  readonly container: string;
  readonly image: string;
  /** Specification as DESCRIBE SERVICE shows it, YAML. */
  readonly spec: string;
  readonly endpoints: readonly ServiceEndpoint[];
  readonly program: ServiceProgram;
}

export interface ServiceEndpoint {
  readonly name: string;
  readonly port: number;
  /** Name by which requests from outside find it; null for an endpoint that is not public. */
  readonly host: string | null;
}

/** What an instance runs. */
export type ServiceProgram =
  | {
      readonly kind: 'command';
      readonly command: readonly string[];
      readonly environment: Readonly<Record<string, string>>;
      /** Asked until it answers 200; a service without one is ready when its process runs. */
      readonly readiness: { readonly port: number; readonly path: string } | null;
    }
  | {
      readonly kind: 'model';
      /** Id of the model, and its version's name. */
      readonly model: string;
      readonly version: string;
      /** How messages name the two. */
      readonly title: string;
      /** Names of the methods that are served, as SQL calls them. */
      readonly methods: readonly string[];
      /** Folder of the model's files below the version's. */
      readonly modelFolder: string;
      readonly packages: readonly string[];
      /** Processes of an instance, each with the model loaded. */
      readonly workers: number;
      /** Rows that a service function sends in one request. */
      readonly batchRows: number;
    };

/** What ALTER SERVICE can change. */
export interface ServiceSettings {
  readonly minInstances: number;
  readonly maxInstances: number;
  readonly minReady: number;
  /** 0 for never. */
  readonly autoSuspendSeconds: number;
  readonly autoResume: boolean;
  readonly warehouse: string | null;
  readonly suspended: boolean;
}

/** A service as the runtime runs it. */
export interface ServiceOrder {
  readonly id: string;
  readonly database: string;
  readonly schema: string;
  readonly name: string;
  /** Whose privileges its sessions have. */
  readonly role: string;
  readonly definition: ServiceDefinition;
  readonly settings: ServiceSettings;
}

const key = 'DEFINITION';

/** Undefined for services that are jobs. */
export function definitionOf(object: Pick<CatalogObject, 'properties'>): ServiceDefinition | undefined {
  return object.properties[key] as ServiceDefinition | undefined;
}

export function withDefinition(
  properties: CatalogObject['properties'],
  definition: ServiceDefinition,
): CatalogObject['properties'] {
  return { ...properties, [key]: definition };
}

export function settingsOf(object: Pick<CatalogObject, 'properties'>, catalog: Catalog): ServiceSettings {
  const { MIN_INSTANCES: min, MAX_INSTANCES: max, MIN_READY_INSTANCES: ready, AUTO_SUSPEND_SECS: seconds } = object.properties;
  const { AUTO_RESUME: autoResume, QUERY_WAREHOUSE: warehouse } = object.properties;
  const minInstances = typeof min === 'number' ? min : 1;
  return {
    minInstances,
    maxInstances: typeof max === 'number' ? max : Math.max(minInstances, 1),
    minReady: typeof ready === 'number' ? ready : minInstances,
    autoSuspendSeconds: typeof seconds === 'number' ? seconds : 0,
    autoResume: autoResume !== false,
    warehouse: typeof warehouse === 'string' ? (catalog.byId(warehouse)?.name ?? null) : null,
    suspended: isServiceSuspended(object),
  };
}

export function isServiceSuspended(object: Pick<CatalogObject, 'properties'>): boolean {
  return object.properties['SUSPENDED'] === true;
}

export function withServiceSuspended(object: CatalogObject, suspended: boolean): CatalogObject {
  return { ...object, properties: { ...object.properties, SUSPENDED: suspended } };
}

/** @throws TypeError for a service that is a job */
export function orderOf(object: CatalogObject, catalog: Catalog): ServiceOrder {
  const definition = definitionOf(object);
  if (definition === undefined) throw new TypeError(`${object.name} is a job`);
  const [database = '', schema = '', name = ''] = catalog.pathOf(object);
  const role = object.owner === null ? '' : (catalog.byId(object.owner)?.name ?? '');
  return { id: object.id, database, schema, name, role, definition, settings: settingsOf(object, catalog) };
}

/** Services that serve a model, or one version of it. */
export function servicesOfModel(catalog: Catalog, model: string, version?: string): CatalogObject[] {
  return catalog.ofKind('SERVICE').filter((object) => {
    const program = definitionOf(object)?.program;
    return program?.kind === 'model' && program.model === model && (version === undefined || program.version === version);
  });
}

export function servicesOfPool(catalog: Catalog, pool: string): CatalogObject[] {
  return catalog.ofKind('SERVICE').filter((object) => definitionOf(object)?.pool === pool);
}
