import type { Cell } from '../../sql/result-set.ts';
import type { SnowflakeType } from '../../sql/types.ts';
import type { ArrowVector } from './arrow-field.ts';
import { bits, integers } from './arrow-values.ts';

/** Members of the struct that a timestamp is, by the names that drivers look for. */
export type InstantPart = 'epoch' | 'fraction' | 'timezone';

/**
 * Which members the timestamps of a type have; undefined for those that are plain integers. With a fraction the epoch counts
 * seconds and the fraction nanoseconds; without one the epoch counts units of the type's scale.
 */
export function instantParts(type: SnowflakeType): readonly InstantPart[] | undefined {
  if (type.kind === 'TIMESTAMP_TZ') return type.precision <= 3 ? ['epoch', 'timezone'] : ['epoch', 'fraction', 'timezone'];
  const divided = (type.kind === 'TIMESTAMP_NTZ' || type.kind === 'TIMESTAMP_LTZ') && type.precision > 6;
  return divided ? ['epoch', 'fraction'] : undefined;
}

export function instants(cells: readonly Cell[], parts: readonly InstantPart[], scale: number): ArrowVector {
  const { validity, nulls } = bits(cells);
  const values: Record<InstantPart, Cell[]> = { epoch: [], fraction: [], timezone: [] };
  const divided = parts.includes('fraction');
  for (const cell of cells) {
    // The zone is minutes east of UTC + 1440.
    const [number = '0', zone = '1440'] = (cell ?? '0').split(' ');
    const [epoch, fraction] = divided ? secondsAndNanos(number) : [number, '0'];
    values.epoch.push(epoch);
    values.fraction.push(fraction);
    values.timezone.push(zone);
  }
  const buffers = {
    epoch: () => integers(values.epoch, divided ? 0 : scale, 64),
    fraction: () => integers(values.fraction, 0, 32),
    timezone: () => integers(values.timezone, 0, 32),
  };
  return {
    nodes: [{ length: cells.length, nulls }, ...parts.map(() => ({ length: cells.length, nulls: 0 }))],
    buffers: [validity, ...parts.flatMap((part) => [new Uint8Array(0), buffers[part]()])],
  };
}

/** One decimal number, `-1.5`, as whole seconds and what comes on top: `-2`, half a second. */
function secondsAndNanos(number: string): readonly [seconds: string, nanos: string] {
  const [whole = '0', fraction = ''] = number.split('.');
  const nanos = fraction.slice(0, 9).padEnd(9, '0');
  if (!number.startsWith('-') || Number(nanos) === 0) return [whole, nanos];
  return [String(Number(whole) - 1), String(1_000_000_000 - Number(nanos))];
}
