import type { JobLines } from '../run/job-tails.ts';
import { printable } from './printable.ts';
import type { Colours } from './style.ts';

/** Log lines of jobs, each behind the name of the task it belongs to, and the instance where there are several. */
export const logLines = (added: readonly JobLines[], colours: Colours): readonly string[] =>
  added.flatMap(({ task, instance, lines }) =>
    lines.map(
      (line) => `${colours.dim(`${task}${instance === 0 ? '' : `.${instance}`} │`)} ${printable(line).replaceAll('\n', ' ')}`,
    ),
  );
