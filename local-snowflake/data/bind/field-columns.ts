import type { BindContext } from './bind-context.ts';
import type { Output } from './bind-select.ts';
import type { QueryColumn } from './bound-query.ts';
import { preparationToken } from './preparation.ts';

/** Columns beside a block's outputs: fields of theirs that the query around it asks for when the block is bound already. */
export class FieldColumns {
  readonly token: string;
  readonly #bind: BindContext;
  readonly #wanted: string[] = [];

  constructor(outputs: readonly Output[], bind: BindContext) {
    this.#bind = bind;
    this.token = outputs.some((output) => output.bound.field !== undefined) ? preparationToken(bind.state.name('fields')) : '';
    if (this.token !== '')
      bind.state.preparations.push({ token: this.token, prepare: () => Promise.resolve(this.#wanted.join('')) });
  }

  of({ bound: { field } }: Output): QueryColumn['field'] {
    if (field === undefined) return undefined;
    return (key) => {
      const value = field(key);
      return {
        internal: this.#add(value.sql),
        float: () => this.#add(value.float?.() ?? `CAST(sf.variant_digits(${value.sql}) AS DOUBLE)`),
      };
    };
  }

  #add(sql: string): string {
    const internal = this.#bind.state.name('c');
    this.#wanted.push(`, ${sql} AS ${internal}`);
    return internal;
  }
}
