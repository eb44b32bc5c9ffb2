/** A box of the drawing, in grid cells. Its width is odd, so that it has a middle column. */
export interface LayoutNode {
  readonly id: string;
  readonly width: number;
  readonly height: number;
}

export interface LayoutEdge {
  readonly from: string;
  readonly to: string;
  /** Drawn dashed: it only says that one comes after the other. */
  readonly dashed?: boolean;
}

/**
 * A place in a layer: a node, or a lane through which the edges to `target` pass a layer they do not end in.
 * All edges to one target share its lane, which keeps joins readable and the number of lanes small.
 */
export interface Slot {
  readonly layer: number;
  readonly node: LayoutNode | undefined;
  /** The node that everything entering here leads to. */
  readonly target: string;
}

export interface Layers {
  readonly slots: readonly Slot[];
  /** Slot numbers, layer by layer. */
  readonly layers: readonly (readonly number[])[];
  /** For each slot, the slots of the next layer it is linked to, ascending. */
  readonly down: readonly (readonly number[])[];
  /** For each edge, the slots it passes, from its node to its node. */
  readonly routes: readonly (readonly number[])[];
}

const longestPaths = (nodes: readonly LayoutNode[], edges: readonly LayoutEdge[]): ReadonlyMap<string, number> => {
  const incoming = new Map(nodes.map((node) => [node.id, 0]));
  const outgoing = new Map<string, string[]>(nodes.map((node) => [node.id, []]));
  for (const edge of edges) {
    const targets = outgoing.get(edge.from);
    const degree = incoming.get(edge.to);
    if (targets === undefined || degree === undefined)
      throw new Error(`An edge from ${edge.from} to ${edge.to}, of which one is no node.`);
    targets.push(edge.to);
    incoming.set(edge.to, degree + 1);
  }
  const layer = new Map<string, number>();
  const ready = nodes.filter((node) => incoming.get(node.id) === 0).map((node) => node.id);
  for (const id of ready) layer.set(id, 0);
  for (let at = 0; at < ready.length; at++) {
    const id = ready[at] ?? '';
    for (const next of outgoing.get(id) ?? []) {
      layer.set(next, Math.max(layer.get(next) ?? 0, (layer.get(id) ?? 0) + 1));
      const left = (incoming.get(next) ?? 0) - 1;
      incoming.set(next, left);
      if (left === 0) ready.push(next);
    }
  }
  if (ready.length < nodes.length) throw new Error('The edges form a cycle.');
  return layer;
};

/** Puts every node below all that lead to it, and gives edges that span several layers their lanes. */
export const assignLayers = (nodes: readonly LayoutNode[], edges: readonly LayoutEdge[]): Layers => {
  const layerOf = longestPaths(nodes, edges);
  const slots: Slot[] = [];
  const layers: number[][] = [];
  const down: Set<number>[] = [];
  const add = (slot: Slot): number => {
    const number = slots.push(slot) - 1;
    (layers[slot.layer] ??= []).push(number);
    down.push(new Set());
    return number;
  };
  const slotOf = new Map<string, number>();
  for (const node of [...nodes].sort((a, b) => (layerOf.get(a.id) ?? 0) - (layerOf.get(b.id) ?? 0))) {
    slotOf.set(node.id, add({ layer: layerOf.get(node.id) ?? 0, node, target: node.id }));
  }
  const lanes = new Map<string, number>();
  const laneOf = (target: string, layer: number): number => {
    const key = `${layer} ${target}`;
    const lane = lanes.get(key) ?? add({ layer, node: undefined, target });
    lanes.set(key, lane);
    return lane;
  };
  const routes = edges.map((edge) => {
    const route = [slotOf.get(edge.from) ?? -1];
    for (let layer = (layerOf.get(edge.from) ?? 0) + 1; layer < (layerOf.get(edge.to) ?? 0); layer++) {
      route.push(laneOf(edge.to, layer));
    }
    route.push(slotOf.get(edge.to) ?? -1);
    route.slice(1).forEach((slot, at) => down[route[at] ?? -1]?.add(slot));
    return route;
  });
  return { slots, layers, down: down.map((targets) => [...targets].sort((a, b) => a - b)), routes };
};
