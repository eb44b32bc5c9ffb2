import { SnowflakeError } from '../../errors/snowflake-error.ts';
import type { RowPattern } from './row-pattern.ts';

/** Rows that one match takes: from `start`, one symbol for each, in their order. */
export interface RowMatch {
  readonly start: number;
  readonly symbols: readonly string[];
  /** Rows that are left out of what is shown. */
  readonly excluded: readonly boolean[];
}

type Instruction =
  | { readonly op: 'row'; readonly symbol: string; readonly excluded: boolean }
  /** Goes on at the first place, and at the second when that comes to nothing. */
  | { readonly op: 'split'; first: number; second: number }
  | { readonly op: 'jump'; to: number }
  | { readonly op: 'start' | 'end' | 'found' }
  /** Remembers the row at which a repetition began. */
  | { readonly op: 'mark'; readonly register: number }
  /** Gives up a repetition that took no row. */
  | { readonly op: 'moved'; readonly register: number };

/** Patterns with large counted repetitions are written out; beyond this they would take the memory of the account. */
const mostInstructions = 100_000;

/** A pattern as instructions for a machine that goes back to its last choice. */
export class RowMatcher {
  readonly #program: Instruction[] = [];
  #registers = 0;

  constructor(pattern: RowPattern) {
    this.#add(pattern, false);
    this.#push({ op: 'found' });
  }

  /** The match that begins at a row, if there is one. `fits` says whether a row may be mapped to a symbol. */
  match(start: number, rows: number, fits: (symbol: string, row: number) => boolean): RowMatch | undefined {
    const symbols: string[] = [];
    const excluded: boolean[] = [];
    let marks: readonly number[] = Array.from({ length: this.#registers }, () => -1);
    const choices: { at: number; row: number; marks: readonly number[] }[] = [];
    let at = 0;
    let row = start;
    for (;;) {
      const instruction = this.#program[at];
      let failed = false;
      switch (instruction?.op) {
        case undefined:
        case 'found':
          return { start, symbols, excluded };
        case 'row':
          if (row < rows && fits(instruction.symbol, row)) {
            symbols.push(instruction.symbol);
            excluded.push(instruction.excluded);
            row += 1;
            at += 1;
          } else failed = true;
          break;
        case 'split':
          choices.push({ at: instruction.second, row, marks });
          at = instruction.first;
          break;
        case 'jump':
          at = instruction.to;
          break;
        case 'start':
          failed = row !== 0;
          at += 1;
          break;
        case 'end':
          failed = row !== rows;
          at += 1;
          break;
        case 'mark':
          marks = marks.with(instruction.register, row);
          at += 1;
          break;
        case 'moved':
          failed = marks[instruction.register] === row;
          at += 1;
          break;
      }
      if (!failed) continue;
      const choice = choices.pop();
      if (choice === undefined) return undefined;
      ({ at, row, marks } = choice);
      symbols.length = row - start;
      excluded.length = row - start;
    }
  }

  #push(instruction: Instruction): number {
    if (this.#program.length >= mostInstructions) throw SnowflakeError.of('unsupported', { feature: 'PATTERN of this size' });
    return this.#program.push(instruction) - 1;
  }

  #add(pattern: RowPattern, excluded: boolean): void {
    switch (pattern.kind) {
      case 'symbol':
        this.#push({ op: 'row', symbol: pattern.name, excluded });
        return;
      case 'start':
      case 'end':
        this.#push({ op: pattern.kind });
        return;
      case 'sequence':
        for (const part of pattern.parts) this.#add(part, excluded);
        return;
      case 'excluded':
        this.#add(pattern.part, true);
        return;
      case 'alternatives':
        this.#addAlternatives(pattern.parts, excluded);
        return;
      case 'repeated':
        this.#addRepeated(pattern, excluded);
    }
  }

  #addAlternatives(parts: readonly RowPattern[], excluded: boolean): void {
    const ends: { op: 'jump'; to: number }[] = [];
    parts.forEach((part, index) => {
      const choice = { op: 'split' as const, first: 0, second: 0 };
      const last = index === parts.length - 1;
      if (!last) choice.first = this.#push(choice) + 1;
      this.#add(part, excluded);
      if (last) return;
      const end = { op: 'jump' as const, to: 0 };
      ends.push(end);
      choice.second = this.#push(end) + 1;
    });
    for (const end of ends) end.to = this.#program.length;
  }

  #addRepeated(pattern: Extract<RowPattern, { kind: 'repeated' }>, excluded: boolean): void {
    const { part, least, most, greedy } = pattern;
    for (let count = 0; count < least; count += 1) this.#add(part, excluded);
    const choices: { op: 'split'; first: number; second: number }[] = [];
    const choose = (): number => {
      const choice = { op: 'split' as const, first: 0, second: 0 };
      choices.push(choice);
      return this.#push(choice);
    };
    const places: number[] = [];
    /** One more time, unless that takes no row. */
    const once = (): number => {
      const register = this.#registers;
      this.#registers += 1;
      const choice = choose();
      places.push(choice + 1);
      this.#push({ op: 'mark', register });
      this.#add(part, excluded);
      this.#push({ op: 'moved', register });
      return choice;
    };
    if (most === Infinity) this.#push({ op: 'jump', to: once() });
    else for (let count = least; count < most; count += 1) once();
    direct(choices, places, this.#program.length, greedy);
  }
}

/** Each choice goes into its repetition or past all of them; reluctant ones try that first. */
function direct(
  choices: readonly { first: number; second: number }[],
  into: readonly number[],
  past: number,
  greedy: boolean,
): void {
  choices.forEach((choice, index) => {
    const inside = into[index] ?? past;
    choice.first = greedy ? inside : past;
    choice.second = greedy ? past : inside;
  });
}
