/**
 * Wires between two neighbouring layers. Slots that lead to the same set of slots share one net: a vertical from each
 * source down to the net's track, the track, and a vertical down to each target. A target that belongs to several nets
 * has a port (a column of its own on its upper side) for each. So no line ever stands for an edge that does not exist.
 */
export interface Net {
  readonly sources: readonly number[];
  readonly targets: readonly number[];
}

export interface RoutedNet extends Net {
  /** For each target, the column at which the net enters it. */
  readonly ports: ReadonlyMap<number, number>;
  /** Row of the horizontal, counted from 0 at the top of the channel; undefined when the net is one straight vertical. */
  readonly track: number | undefined;
}

export interface Channel {
  readonly nets: readonly RoutedNet[];
  readonly tracks: number;
}

/** The nets between a layer and the next, from the links alone. */
export const netsBelow = (layer: readonly number[], down: readonly (readonly number[])[]): readonly Net[] => {
  const nets = new Map<string, { sources: number[]; targets: readonly number[] }>();
  for (const source of layer) {
    const targets = down[source] ?? [];
    if (targets.length === 0) continue;
    const key = targets.join(' ');
    const net = nets.get(key);
    if (net === undefined) nets.set(key, { sources: [source], targets });
    else net.sources.push(source);
  }
  return [...nets.values()];
};

interface Span {
  readonly left: number;
  readonly right: number;
}

const spanOf = (columns: readonly number[]): Span => ({ left: Math.min(...columns), right: Math.max(...columns) });
const within = (span: Span, column: number): boolean => span.left < column && column < span.right;
const overlap = (a: Span, b: Span): boolean => a.left <= b.right && b.left <= a.right;

export interface SlotBox {
  /** First and last column an edge may enter at. */
  readonly first: number;
  readonly last: number;
  readonly middle: number;
}

// The column nearest to `wish` that is free; the widths leave enough of them.
const nearestFree = (wish: number, box: SlotBox, taken: ReadonlySet<number>): number => {
  const start = Math.min(box.last, Math.max(box.first, wish));
  for (let step = 0; step <= box.last - box.first; step++) {
    for (const column of [start - step, start + step]) {
      if (column >= box.first && column <= box.last && !taken.has(column)) return column;
    }
  }
  throw new Error('A box is too narrow for its incoming edges.');
};

const choosePorts = (nets: readonly Net[], box: (slot: number) => SlotBox): readonly ReadonlyMap<number, number>[] => {
  const ports = nets.map(() => new Map<number, number>());
  const sourceColumns = nets.map((net) => net.sources.map((slot) => box(slot).middle));
  const entering = new Map<number, number[]>();
  nets.forEach((net, number) => {
    for (const target of net.targets) entering.set(target, [...(entering.get(target) ?? []), number]);
  });
  for (const [target, numbers] of entering) {
    const place = box(target);
    const centre = (number: number): number => {
      const columns = sourceColumns[number] ?? [];
      return columns.reduce((sum, column) => sum + column, 0) / columns.length;
    };
    numbers.sort((a, b) => centre(a) - centre(b));
    const used = new Set<number>();
    numbers.forEach((number, at) => {
      // A vertical that comes down from another net's source must not run into this one.
      const foreign = sourceColumns.flatMap((columns, other) => (other === number ? [] : columns));
      const [source, ...others] = sourceColumns[number] ?? [];
      // A straight line, a little off the middle, is better than a bend.
      const straight = source !== undefined && others.length === 0 && numbers.length === 1 && Math.abs(source - place.middle) <= 3;
      const wish = straight ? source : place.middle + 2 * at - (numbers.length - 1);
      const column = nearestFree(wish, place, new Set([...foreign, ...used]));
      used.add(column);
      ports[number]?.set(target, column);
    });
  }
  return ports;
};

interface Wire {
  readonly number: number;
  readonly span: Span;
  readonly sources: readonly number[];
  readonly ports: readonly number[];
}

/** Crossings when `upper` has its track above that of `lower`. */
const crossings = (upper: Wire, lower: Wire): number =>
  lower.sources.filter((column) => within(upper.span, column)).length +
  upper.ports.filter((column) => within(lower.span, column)).length;

/** Routes the nets of one channel. `box` tells where slots of either layer stand. */
export const routeChannel = (nets: readonly Net[], box: (slot: number) => SlotBox): Channel => {
  const ports = choosePorts(nets, box);
  const wires = nets.map((net, number): Wire => {
    const sources = net.sources.map((slot) => box(slot).middle);
    const columns = [...(ports[number]?.values() ?? [])];
    return { number, span: spanOf([...sources, ...columns]), sources, ports: columns };
  });
  const bent = wires.filter((wire) => wire.span.left < wire.span.right);
  // Who crosses fewer others when above them goes above them.
  const height = new Map(
    bent.map((wire) => [
      wire.number,
      bent.reduce(
        (sum, other) =>
          sum +
          (other === wire || !overlap(wire.span, other.span) ? 0 : Math.sign(crossings(wire, other) - crossings(other, wire))),
        0,
      ),
    ]),
  );
  const sorted = [...bent].sort((a, b) => (height.get(a.number) ?? 0) - (height.get(b.number) ?? 0) || a.span.left - b.span.left);
  const track = new Map<number, number>();
  const placed: Wire[] = [];
  for (const wire of sorted) {
    const above = placed.filter((other) => overlap(other.span, wire.span)).map((other) => track.get(other.number) ?? 0);
    track.set(wire.number, above.length === 0 ? 0 : Math.max(...above) + 1);
    placed.push(wire);
  }
  return {
    nets: nets.map((net, number) => ({ ...net, ports: ports[number] ?? new Map(), track: track.get(number) })),
    tracks: track.size === 0 ? 0 : Math.max(...track.values()) + 1,
  };
};
