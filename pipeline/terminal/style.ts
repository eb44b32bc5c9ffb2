import picocolors from 'picocolors';
import type { GraphRunState } from '../run/graph-run.ts';
import type { TaskState } from '../run/run-progress.ts';

export type Colours = ReturnType<typeof picocolors.createColors>;

interface Stream {
  readonly isTTY?: boolean;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Colours on a terminal that shows them, unless NO_COLOR is set (https://no-color.org); FORCE_COLOR asks for them anywhere. */
export const coloursFor = (stream: Stream, environment: Environment): Colours => {
  const refused = (environment['NO_COLOR'] ?? '') !== '' || environment['TERM'] === 'dumb';
  const forced = (environment['FORCE_COLOR'] ?? '') !== '' && environment['FORCE_COLOR'] !== '0';
  return picocolors.createColors(!refused && (forced || stream.isTTY === true));
};

type Colour = 'green' | 'red' | 'yellow' | 'cyan' | 'blue' | 'gray';

interface StateStyle {
  readonly mark: string;
  readonly colour: Colour;
}

const styles: Readonly<Record<TaskState | GraphRunState, StateStyle>> = {
  SUCCEEDED: { mark: '✓', colour: 'green' },
  FAILED: { mark: '✗', colour: 'red' },
  FAILED_AND_AUTO_SUSPENDED: { mark: '✗', colour: 'red' },
  CANCELLED: { mark: '⊘', colour: 'yellow' },
  EXECUTING: { mark: '▶', colour: 'cyan' },
  SCHEDULED: { mark: '◷', colour: 'blue' },
  SKIPPED: { mark: '↷', colour: 'gray' },
  WAITING: { mark: '·', colour: 'gray' },
  NOT_RUN: { mark: '·', colour: 'gray' },
  SUSPENDED: { mark: '‖', colour: 'gray' },
};

export const stateMark = (state: TaskState | GraphRunState): string => styles[state].mark;

export const paintState = (colours: Colours, state: TaskState | GraphRunState, text: string): string =>
  colours[styles[state].colour](text);
