import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { layeredLayout, type Layout, type PlacedNode, type Wire } from '../../pipeline/graph/layered-layout.ts';
import type { LayoutEdge, LayoutNode } from '../../pipeline/graph/layers.ts';
import { drawInTerminal } from '../../pipeline/graph/terminal-drawing.ts';

interface Dag {
  readonly nodes: readonly LayoutNode[];
  readonly edges: readonly LayoutEdge[];
}

/** Any acyclic graph: edges lead from a lower to a higher number. */
const dags = fc
  .record({
    boxes: fc.array(fc.record({ width: fc.integer({ min: 3, max: 30 }), height: fc.integer({ min: 3, max: 5 }) }), {
      minLength: 1,
      maxLength: 24,
    }),
    links: fc.array(fc.tuple(fc.nat(), fc.nat(), fc.boolean()), { maxLength: 50 }),
  })
  .map(({ boxes, links }): Dag => {
    const nodes = boxes.map((box, at) => ({ id: `T${at}`, ...box }));
    const edges = new Map<string, LayoutEdge>();
    for (const [a, b, dashed] of links) {
      const [from, to] = [a % nodes.length, b % nodes.length].sort((x, y) => x - y);
      if (from !== to) edges.set(`${String(from)} ${String(to)}`, { from: `T${String(from)}`, to: `T${String(to)}`, dashed });
    }
    return { nodes, edges: [...edges.values()] };
  });

const cellsOf = (wire: Wire): readonly string[] => {
  const cells: string[] = [];
  const steps = Math.max(Math.abs(wire.to.x - wire.from.x), Math.abs(wire.to.y - wire.from.y));
  for (let step = 0; step <= steps; step++) {
    const at = (from: number, to: number): number => from + Math.sign(to - from) * step;
    cells.push(`${at(wire.from.x, wire.to.x)} ${at(wire.from.y, wire.to.y)}`);
  }
  return cells;
};

const inside = (node: PlacedNode, x: number, y: number): boolean =>
  x >= node.x && x < node.x + node.width && y >= node.y && y < node.y + node.height;

const nodeOf = (layout: Layout, id: string): PlacedNode => {
  const node = layout.nodes.find((other) => other.id === id);
  if (node === undefined) throw new Error(`${id} was not placed.`);
  return node;
};

const forAllLayouts = (check: (layout: Layout, dag: Dag) => void): void => {
  fc.assert(
    fc.property(dags, (dag) => check(layeredLayout(dag.nodes, dag.edges), dag)),
    { numRuns: 200 },
  );
};

describe('layered layout', () => {
  it('places every node once, at least as large as asked, within the drawing', () => {
    forAllLayouts((layout, dag) => {
      expect(layout.nodes.map((node) => node.id).sort()).toEqual(dag.nodes.map((node) => node.id).sort());
      for (const asked of dag.nodes) {
        const node = nodeOf(layout, asked.id);
        expect(node.width).toBeGreaterThanOrEqual(asked.width);
        expect(node.height).toBe(asked.height);
        expect(Number.isInteger(node.x) && Number.isInteger(node.y)).toBe(true);
        expect(node.x >= 0 && node.y >= 0 && node.x + node.width <= layout.width && node.y + node.height <= layout.height).toBe(
          true,
        );
      }
    });
  });

  it('never lets two nodes touch', () => {
    forAllLayouts((layout) => {
      for (const a of layout.nodes) {
        for (const b of layout.nodes) {
          if (a === b) continue;
          const apart = a.x + a.width < b.x || b.x + b.width < a.x || a.y + a.height < b.y || b.y + b.height < a.y;
          expect(apart, `${a.id} and ${b.id}`).toBe(true);
        }
      }
    });
  });

  it('draws every edge from the bottom of one node down to the top of the other, around all others', () => {
    forAllLayouts((layout, dag) => {
      expect(layout.edges.map((edge) => `${edge.from} ${edge.to}`)).toEqual(dag.edges.map((edge) => `${edge.from} ${edge.to}`));
      for (const edge of layout.edges) {
        const from = nodeOf(layout, edge.from);
        const to = nodeOf(layout, edge.to);
        const first = edge.points[0];
        const last = edge.points.at(-1);
        if (first === undefined || last === undefined) throw new Error('An edge has points.');
        expect(first.y).toBe(from.y + from.height - 1);
        expect(inside(from, first.x, first.y)).toBe(true);
        expect(last.y).toBe(to.y - 1);
        expect(last.x > to.x && last.x < to.x + to.width - 1).toBe(true);
        edge.points.slice(1).forEach((point, at) => {
          const before = edge.points[at];
          if (before === undefined) throw new Error('There is a point before.');
          expect(point.y, 'down').toBeGreaterThanOrEqual(before.y);
          expect(point.x === before.x || point.y === before.y, 'straight').toBe(true);
          for (const cell of cellsOf({ net: 0, dashed: false, from: before, to: point })) {
            const [x = 0, y = 0] = cell.split(' ').map(Number);
            for (const node of layout.nodes) {
              if (inside(node, x, y)) expect(`${node.id} ${x} ${y}`).toBe(`${edge.from} ${first.x} ${first.y}`);
            }
          }
        });
      }
    });
  });

  it('lets wires of different nets cross, but never run along one another or turn into each other', () => {
    forAllLayouts((layout) => {
      const directions = new Map<string, Map<number, Set<string>>>();
      for (const wire of layout.wires) {
        const cells = cellsOf(wire);
        if (cells.length < 2) continue;
        const vertical = wire.from.x === wire.to.x;
        cells.forEach((cell, at) => {
          const nets = directions.get(cell) ?? new Map<number, Set<string>>();
          directions.set(cell, nets);
          const seen = nets.get(wire.net) ?? new Set();
          nets.set(wire.net, seen);
          const ascending = vertical ? wire.to.y > wire.from.y : wire.to.x > wire.from.x;
          if (at > 0) seen.add(vertical ? 'n' : ascending ? 'w' : 'e');
          if (at < cells.length - 1) seen.add(vertical ? 's' : ascending ? 'e' : 'w');
        });
      }
      for (const [cell, nets] of directions) {
        const all = [...nets.values()].flatMap((seen) => [...seen]);
        expect(new Set(all).size, `two nets share a direction at ${cell}`).toBe(all.length);
      }
    });
  });

  it('says what is wrong with a graph that is none', () => {
    const node = (id: string): LayoutNode => ({ id, width: 5, height: 3 });
    expect(() =>
      layeredLayout(
        [node('A'), node('B')],
        [
          { from: 'A', to: 'B' },
          { from: 'B', to: 'A' },
        ],
      ),
    ).toThrow('cycle');
    expect(() => layeredLayout([node('A')], [{ from: 'A', to: 'B' }])).toThrow('no node');
    expect(layeredLayout([], [])).toEqual({ width: 0, height: 0, nodes: [], edges: [], wires: [] });
  });
});

const draw = (tasks: Readonly<Record<string, readonly string[]>>, finalizer?: string): string => {
  const ids = Object.keys(tasks);
  const edges: LayoutEdge[] = Object.entries(tasks).flatMap(([to, after]) =>
    after.map((from) => ({ from, to, dashed: to === finalizer })),
  );
  const layout = layeredLayout(
    ids.map((id) => ({ id, width: id.length + 4, height: 3 })),
    edges,
  );
  return drawInTerminal(layout, (id) => ({ lines: [id], paint: (text) => text })).join('\n');
};

describe('drawing in the terminal', () => {
  it('draws a chain, a branch and a finalizer', () => {
    const drawing = draw(
      {
        PREPARE_DATA: [],
        TRAIN_MODEL: ['PREPARE_DATA'],
        CHECK_MODEL_QUALITY: ['TRAIN_MODEL'],
        PROMOTE_MODEL: ['CHECK_MODEL_QUALITY'],
        SEND_ALERT: ['CHECK_MODEL_QUALITY'],
        CLEANUP: ['PROMOTE_MODEL', 'SEND_ALERT'],
      },
      'CLEANUP',
    );
    expect(`\n${drawing}\n`).toBe(`
         ┌───────────────┐
         │ PREPARE_DATA  │
         └───────┬───────┘
                 │
                 ▼
          ┌─────────────┐
          │ TRAIN_MODEL │
          └──────┬──────┘
                 │
                 ▼
      ┌─────────────────────┐
      │ CHECK_MODEL_QUALITY │
      └──────────┬──────────┘
        ┌────────┴─────────┐
        ▼                  ▼
┌───────────────┐   ┌─────────────┐
│ PROMOTE_MODEL │   │ SEND_ALERT  │
└───────┬───────┘   └──────┬──────┘
        └┄┄┄┄┄┄┄┄┬┄┄┄┄┄┄┄┄┄┘
                 ▼
            ┌─────────┐
            │ CLEANUP │
            └─────────┘
`);
  });

  it('tells a crossing from a junction', () => {
    const drawing = draw({ R: [], A: ['R'], B: ['R'], C: ['R'], X: ['A', 'B', 'C'], Y: ['A', 'B'], Z: ['B', 'C'] });
    expect(`\n${drawing}\n`).toMatchInlineSnapshot(`
      "
                     ┌───┐
                     │ R │
                     └─┬─┘
             ┌─────────┼─────────┐
             ▼         ▼         ▼
          ┌─────┐   ┌─────┐   ┌─────┐
          │  A  │   │  B  │   │  C  │
          └──┬──┘   └──┬──┘   └──┬──┘
         ┌───┴───────┐ │ ┌───────┴───┐
         │ ┌─────────│─┼─│─────────┐ │
         ▼ ▼         ▼ ▼ ▼         ▼ ▼
      ┌───────┐   ┌─────────┐   ┌───────┐
      │   Y   │   │    X    │   │   Z   │
      └───────┘   └─────────┘   └───────┘
      "
    `);
  });
});
