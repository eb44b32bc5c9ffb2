import type { Layers } from './layers.ts';

/** How often the layers are gone through. More rarely helps. */
const sweeps = 12;

const upLinks = (layers: Layers): readonly (readonly number[])[] => {
  const up: number[][] = layers.slots.map(() => []);
  layers.down.forEach((targets, source) => {
    for (const target of targets) up[target]?.push(source);
  });
  return up;
};

const placesOf = (order: readonly (readonly number[])[], slots: number): number[] => {
  const places = Array.from({ length: slots }, () => 0);
  for (const layer of order) layer.forEach((slot, place) => (places[slot] = place));
  return places;
};

// Inversions among the lower ends, taken in the order of the upper ends, with a Fenwick tree.
const crossingsBelow = (layer: readonly number[], below: number, down: Layers['down'], places: readonly number[]): number => {
  const tree = Array.from({ length: below + 1 }, () => 0);
  let seen = 0;
  let crossings = 0;
  for (const slot of layer) {
    const ends = (down[slot] ?? []).map((target) => places[target] ?? 0);
    for (const end of ends) {
      let notBeyond = 0;
      for (let at = end + 1; at > 0; at -= at & -at) notBeyond += tree[at] ?? 0;
      crossings += seen - notBeyond;
    }
    for (const end of ends) {
      for (let at = end + 1; at <= below; at += at & -at) tree[at] = (tree[at] ?? 0) + 1;
      seen++;
    }
  }
  return crossings;
};

/** How many pairs of links cross when the layers are ordered so. */
export const countCrossings = (layers: Layers, order: readonly (readonly number[])[]): number => {
  const places = placesOf(order, layers.slots.length);
  return order.reduce((sum, layer, at) => sum + crossingsBelow(layer, order[at + 1]?.length ?? 0, layers.down, places), 0);
};

const byNeighbours = (
  layer: readonly number[],
  neighbours: readonly (readonly number[])[],
  places: readonly number[],
): readonly number[] => {
  const wish = (slot: number): number => {
    const linked = neighbours[slot] ?? [];
    if (linked.length === 0) return places[slot] ?? 0;
    return linked.reduce((sum, other) => sum + (places[other] ?? 0), 0) / linked.length;
  };
  const wishes = new Map(layer.map((slot) => [slot, wish(slot)]));
  // Sorting is stable: what wishes the same place keeps its order.
  return [...layer].sort((a, b) => (wishes.get(a) ?? 0) - (wishes.get(b) ?? 0));
};

const depthFirst = (layers: Layers): readonly (readonly number[])[] => {
  const order: number[][] = layers.layers.map(() => []);
  const seen = new Set<number>();
  const pending = layers.layers.flat().reverse();
  for (let slot = pending.pop(); slot !== undefined; slot = pending.pop()) {
    if (seen.has(slot)) continue;
    seen.add(slot);
    order[layers.slots[slot]?.layer ?? 0]?.push(slot);
    pending.push(...[...(layers.down[slot] ?? [])].reverse());
  }
  return order;
};

/** Orders each layer from left to right so that few links cross: the barycentre heuristic of Sugiyama, Tagawa and Toda (1981). */
export const orderLayers = (layers: Layers): readonly (readonly number[])[] => {
  const up = upLinks(layers);
  let order = depthFirst(layers).map((layer) => [...layer]) as readonly (readonly number[])[];
  let best = order;
  let fewest = countCrossings(layers, order);
  for (let sweep = 0; sweep < sweeps && fewest > 0; sweep++) {
    const next = [...order];
    const downwards = sweep % 2 === 0;
    const places = placesOf(order, layers.slots.length);
    for (let step = 0; step < next.length; step++) {
      const at = downwards ? step : next.length - 1 - step;
      const sorted = byNeighbours(next[at] ?? [], downwards ? up : layers.down, places);
      sorted.forEach((slot, place) => (places[slot] = place));
      next[at] = sorted;
    }
    order = next;
    const crossings = countCrossings(layers, order);
    if (crossings < fewest) {
      fewest = crossings;
      best = order;
    }
  }
  return best;
};
