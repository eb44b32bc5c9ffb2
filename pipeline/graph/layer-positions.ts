import type { Layers } from './layers.ts';

/** Free columns between two neighbours of a layer. */
export const gapBetween = 3;

/** Columns a lane takes: one for the line, one on each side to step aside. */
export const laneWidth = 3;

const rounds = 10;

interface Block {
  sum: number;
  weight: number;
  count: number;
}

/** The non-decreasing sequence that is nearest to `wishes` (weighted least squares): pool adjacent violators. */
const nearestMonotone = (wishes: readonly number[], weights: readonly number[]): readonly number[] => {
  const blocks: Block[] = [];
  wishes.forEach((wish, at) => {
    const weight = weights[at] ?? 1;
    let block: Block = { sum: wish * weight, weight, count: 1 };
    for (let last = blocks.at(-1); last !== undefined && last.sum / last.weight >= block.sum / block.weight; last = blocks.at(-1)) {
      blocks.pop();
      block = { sum: last.sum + block.sum, weight: last.weight + block.weight, count: last.count + block.count };
    }
    blocks.push(block);
  });
  return blocks.flatMap((block) => Array.from({ length: block.count }, () => block.sum / block.weight));
};

/** Left columns for a layer in the given order, as near to the wished ones as the widths allow. Whole numbers when `whole`. */
const place = (
  wishes: readonly number[],
  weights: readonly number[],
  widths: readonly number[],
  whole: boolean,
): readonly number[] => {
  const offsets: number[] = [];
  widths.reduce((offset, width) => {
    offsets.push(offset);
    return offset + width + gapBetween;
  }, 0);
  const monotone = nearestMonotone(
    wishes.map((wish, at) => wish - (offsets[at] ?? 0)),
    weights,
  );
  return monotone.map((value, at) => (whole ? Math.round(value) : value) + (offsets[at] ?? 0));
};

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/**
 * The left column of every slot: slots of a layer keep their order and never touch; linked slots stand above one another
 * as well as that allows; chains are straight. `widths` are odd, so that every slot has a middle column.
 */
export const positionSlots = (
  layers: Layers,
  order: readonly (readonly number[])[],
  widths: readonly number[],
): readonly number[] => {
  const up: number[][] = layers.slots.map(() => []);
  layers.down.forEach((targets, source) => {
    for (const target of targets) up[target]?.push(source);
  });
  const width = (slot: number): number => widths[slot] ?? 1;
  const half = (slot: number): number => (width(slot) - 1) / 2;
  const left: number[] = layers.slots.map(() => 0);
  const middle = (slot: number): number => (left[slot] ?? 0) + half(slot);
  // Lanes should run straight: that is worth more than a centred box.
  const weight = (slot: number): number => (layers.slots[slot]?.node === undefined ? 4 : 1);

  const settle = (
    layer: readonly number[],
    wish: (slot: number) => number,
    weights: (slot: number) => number,
    whole: boolean,
  ): void => {
    const placed = place(
      layer.map((slot) => wish(slot) - half(slot)),
      layer.map(weights),
      layer.map(width),
      whole,
    );
    layer.forEach((slot, at) => (left[slot] = placed[at] ?? 0));
  };

  for (let round = 0; round < 2 * rounds; round++) {
    const downwards = round % 2 === 0;
    const neighbours = downwards ? up : layers.down;
    for (const layer of downwards ? order : [...order].reverse()) {
      settle(
        layer,
        (slot) => ((neighbours[slot] ?? []).length === 0 ? middle(slot) : mean((neighbours[slot] ?? []).map(middle))),
        weight,
        false,
      );
    }
  }
  // To whole columns, top down; a link between two slots that have no other stays straight.
  const onlyParent = (slot: number): number | undefined => {
    const [parent, ...more] = up[slot] ?? [];
    return parent !== undefined && more.length === 0 && layers.down[parent]?.length === 1 ? parent : undefined;
  };
  for (const layer of order) {
    const straight = (slot: number): boolean => onlyParent(slot) !== undefined;
    settle(
      layer,
      (slot) => middle(onlyParent(slot) ?? slot),
      (slot) => (straight(slot) ? 20 : 1),
      true,
    );
  }
  const leftmost = Math.min(...left);
  return left.map((column) => column - leftmost);
};
