import { netsBelow, routeChannel, type SlotBox } from './channel-routing.ts';
import { orderLayers } from './layer-order.ts';
import { laneWidth, positionSlots } from './layer-positions.ts';
import { assignLayers, type LayoutEdge, type LayoutNode } from './layers.ts';

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface PlacedNode extends Point {
  readonly id: string;
  readonly width: number;
  readonly height: number;
}

export interface PlacedEdge {
  readonly from: string;
  readonly to: string;
  readonly dashed: boolean;
  /** Corners from the bottom border of `from` to the cell above the top border of `to`; each segment is straight, none goes up. */
  readonly points: readonly Point[];
}

/** A horizontal or vertical run of cells. Wires of one net join where they touch; wires of different nets only cross. */
export interface Wire {
  readonly net: number;
  readonly dashed: boolean;
  readonly from: Point;
  readonly to: Point;
}

/** Whole cells; x grows to the right, y downwards; `x`, `y` of a node are its upper left cell. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly PlacedNode[];
  readonly edges: readonly PlacedEdge[];
  readonly wires: readonly Wire[];
}

// An odd width with room for every port, even where verticals of other nets take columns above the box.
const boxWidth = (node: LayoutNode, nets: number): number => Math.max(node.width + ((node.width + 1) % 2), 2 * nets + 5);

// Only the corners: repeated points first, or both of a pair would pass for a point on a straight line.
const corners = (points: readonly Point[]): readonly Point[] => {
  const distinct = points.filter((point, at) => point.x !== points[at - 1]?.x || point.y !== points[at - 1]?.y);
  return distinct.filter((point, at) => {
    const before = distinct[at - 1];
    const after = distinct[at + 1];
    if (before === undefined || after === undefined) return true;
    return !((before.x === point.x && point.x === after.x) || (before.y === point.y && point.y === after.y));
  });
};

/** Draws a directed acyclic graph in layers, top down. @throws Error on a cycle or an edge to an unknown node. */
export const layeredLayout = (nodes: readonly LayoutNode[], edges: readonly LayoutEdge[]): Layout => {
  if (nodes.length === 0) return { width: 0, height: 0, nodes: [], edges: [], wires: [] };
  const layers = assignLayers(nodes, edges);
  const order = orderLayers(layers);
  const nets = order.slice(0, -1).map((layer) => netsBelow(layer, layers.down));
  const entering = layers.slots.map(() => 0);
  for (const net of nets.flat()) for (const target of net.targets) entering[target] = (entering[target] ?? 0) + 1;
  const widths = layers.slots.map((slot, number) =>
    slot.node === undefined ? Math.max(laneWidth, 2 * (entering[number] ?? 0) + 1) : boxWidth(slot.node, entering[number] ?? 0),
  );
  const left = positionSlots(layers, order, widths);
  const box = (slot: number): SlotBox => {
    const inset = layers.slots[slot]?.node === undefined ? 0 : 1;
    const first = (left[slot] ?? 0) + inset;
    const width = widths[slot] ?? 1;
    return { first, last: first + width - 1 - 2 * inset, middle: (left[slot] ?? 0) + (width - 1) / 2 };
  };
  const channels = nets.map((below) => routeChannel(below, box));

  const heights = order.map((layer) => Math.max(1, ...layer.map((slot) => layers.slots[slot]?.node?.height ?? 1)));
  const tops: number[] = [];
  let y = 0;
  order.forEach((_layer, at) => {
    tops.push(y);
    // A row for each track and one for the arrow heads; two at least, so that a line is seen.
    y += (heights[at] ?? 0) + (at < channels.length ? Math.max(2, (channels[at]?.tracks ?? 0) + 1) : 0);
  });

  const dashedTargets = new Set(edges.filter((edge) => edge.dashed).map((edge) => edge.to));
  // The row in which lines leave a slot: the bottom border of a box, the first row of a lane.
  const exit = (slot: number): number => (tops[layers.slots[slot]?.layer ?? 0] ?? 0) + (layers.slots[slot]?.node?.height ?? 1) - 1;

  const hops = new Map<string, readonly Point[]>();
  const wires: Wire[] = [];
  // Numbers below that of the slots belong to lanes: what enters a lane by several ports becomes one line in it.
  let netNumber = layers.slots.length;
  channels.forEach((channel, at) => {
    const firstRow = (tops[at] ?? 0) + (heights[at] ?? 0);
    const lastRow = (tops[at + 1] ?? 0) - 1;
    for (const net of channel.nets) {
      const number = netNumber++;
      const dashed = net.targets.every((slot) => dashedTargets.has(layers.slots[slot]?.target ?? ''));
      const wire = (from: Point, to: Point): void => void wires.push({ net: number, dashed, from, to });
      const row = firstRow + (net.track ?? 0);
      const sources = net.sources.map((slot) => box(slot).middle);
      const ports = [...net.ports.values()];
      net.sources.forEach((slot, index) => wire({ x: sources[index] ?? 0, y: exit(slot) }, { x: sources[index] ?? 0, y: row }));
      wire({ x: Math.min(...sources, ...ports), y: row }, { x: Math.max(...sources, ...ports), y: row });
      for (const [target, port] of net.ports) {
        const lane = layers.slots[target]?.node === undefined;
        wire({ x: port, y: row }, { x: port, y: lane ? lastRow + 1 : lastRow });
        if (lane)
          wires.push({ net: target, dashed, from: { x: port, y: lastRow + 1 }, to: { x: box(target).middle, y: lastRow + 1 } });
        for (const source of net.sources) {
          const from = box(source).middle;
          hops.set(`${source} ${target}`, [
            { x: from, y: exit(source) },
            { x: from, y: row },
            { x: port, y: row },
            { x: port, y: lastRow + (lane ? 1 : 0) },
            ...(lane ? [{ x: box(target).middle, y: lastRow + 1 }] : []),
          ]);
        }
      }
    }
  });

  return {
    width: Math.max(...left.map((column, slot) => column + (widths[slot] ?? 0))),
    height: y,
    nodes: layers.slots.flatMap((slot, number) =>
      slot.node === undefined
        ? []
        : [
            {
              id: slot.node.id,
              x: left[number] ?? 0,
              y: tops[slot.layer] ?? 0,
              width: widths[number] ?? 0,
              height: slot.node.height,
            },
          ],
    ),
    edges: edges.map((edge, at) => {
      const route = layers.routes[at] ?? [];
      const points = route.slice(1).flatMap((slot, hop) => hops.get(`${route[hop] ?? -1} ${slot}`) ?? []);
      return { from: edge.from, to: edge.to, dashed: edge.dashed ?? false, points: corners(points) };
    }),
    wires,
  };
};
