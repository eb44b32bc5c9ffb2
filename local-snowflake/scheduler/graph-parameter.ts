import { type GraphVersion, rootSpec } from './graph-version.ts';
import type { TaskCatalog } from './ports.ts';

/** A parameter that holds for a whole graph: set on its TASK GRAPH, or else on its root, or inherited. */
export function graphParameter(version: GraphVersion, name: string, catalog: TaskCatalog): string {
  const { parameters } = version.object ?? rootSpec(version);
  return parameters[name] ?? catalog.parameter(version.schemaId, name);
}
