import type { TypedValue } from '../objects/extensions.ts';
import type { Token } from '../sql/lexer.ts';
import { SnowflakeError } from '../errors/snowflake-error.ts';
import { types } from '../sql/types.ts';
import { statusOf } from './child-job.ts';
import { builtIn } from './built-in-variables.ts';
import type { Frame } from './frame.ts';
import type { Entry } from './scope.ts';
import type { Binds } from './script-port.ts';
import type { Expression, SqlStatement } from './tree.ts';

const resultsetStatus = 'SYSTEM$GET_RESULTSET_STATUS';

export interface Bound {
  readonly text: string;
  readonly binds: Binds;
}

/** What a name stands for here; built-in variables have no declaration. */
export function lookUp(name: string, frame: Frame): Entry | undefined {
  return frame.scope.find(name) ?? builtIn(name, frame.run.status);
}

/** The values that a SQL statement's `:name` and `?` stand for. Bare names are the statement's own business. */
export function bindStatement(statement: SqlStatement, frame: Frame): Binds {
  const binds = new Map<string, TypedValue>();
  let ordinal = 0;
  for (const token of statement.tokens) {
    if (token.kind !== 'bind') continue;
    if (token.text === '?') ordinal += 1;
    const key = token.text === '?' ? String(ordinal) : token.value.slice(1);
    const value = token.text === '?' ? frame.run.positional.get(String(statement.bindsBefore + ordinal)) : boundValue(key, frame);
    if (value !== undefined) binds.set(key, value);
  }
  return binds;
}

/** What `:key` stands for: a variable, else a value that the client sent along. */
export function boundValue(key: string, frame: Frame): TypedValue | undefined {
  return valueOf(lookUp(key, frame)) ?? frame.run.positional.get(key);
}

function valueOf(entry: Entry | undefined): TypedValue | undefined {
  return entry?.kind === 'value' ? { type: entry.type, cell: entry.cell } : undefined;
}

/**
 * An expression's text and values for the data plane, which takes a bare name that is no column for a scripting variable.
 * What it could not look up by such a name — quoted names, fields of rows — gets one.
 */
export function bindExpression(expression: Expression, frame: Frame): Bound {
  const binder = new Binder(expression, frame);
  return binder.bind();
}

class Binder {
  readonly #expression: Expression;
  readonly #frame: Frame;
  readonly #binds = new Map<string, TypedValue>();
  #text = '';
  #copied = 0;
  #ordinal = 0;
  #made = 0;

  constructor(expression: Expression, frame: Frame) {
    this.#expression = expression;
    this.#frame = frame;
  }

  bind(): Bound {
    const { tokens, text } = this.#expression;
    const inQuery = queryTokens(tokens);
    for (const [index, token] of tokens.entries()) {
      if (token.kind === 'bind') this.#bindVariable(token);
      else if (token.value === resultsetStatus && tokens[index + 1]?.text === '(') this.#status(index);
      else if (isName(token) && tokens[index - 1]?.text !== '.' && tokens[index + 1]?.text !== '(') {
        this.#name(token, index, inQuery[index] ?? false);
      }
    }
    return { text: this.#text + text.slice(this.#copied), binds: this.#binds };
  }

  /** https://docs.snowflake.com/en/sql-reference/functions/system_get_resultset_status */
  #status(index: number): void {
    const { tokens } = this.#expression;
    const [call, , name, closing] = tokens.slice(index, index + 4);
    const entry = name === undefined ? undefined : lookUp(name.value, this.#frame);
    if (call === undefined || closing?.text !== ')' || entry?.kind !== 'resultset')
      throw SnowflakeError.of('invalidIdentifier', { name: name?.text ?? '' });
    this.#replace(call, closing, { type: types.varchar(), cell: statusOf(entry) });
  }

  #bindVariable(token: Token): void {
    if (token.text === '?') {
      this.#ordinal += 1;
      const value = this.#frame.run.positional.get(String(this.#expression.bindsBefore + this.#ordinal));
      if (value !== undefined) this.#binds.set(String(this.#ordinal), value);
      return;
    }
    const key = token.value.slice(1);
    const value = boundValue(key, this.#frame);
    if (value !== undefined) this.#binds.set(key, value);
  }

  #name(token: Token, index: number, inQuery: boolean): void {
    const entry = lookUp(token.value, this.#frame);
    if (entry?.kind === 'value') {
      if (token.kind === 'word') this.#binds.set(token.value, entry);
      else if (!inQuery) this.#replace(token, token, entry);
    }
    if (entry?.kind !== 'row' || inQuery) return;
    const { tokens } = this.#expression;
    const field = tokens[index + 2];
    if (tokens[index + 1]?.text !== '.' || field === undefined || !isName(field)) return;
    const column = entry.columns.findIndex((each) => each.name === field.value);
    const type = entry.columns[column]?.type;
    if (type !== undefined) this.#replace(token, field, { type, cell: entry.cells[column] ?? null });
  }

  /** Puts a name of its own in the place of what stands from `first` to `last`. */
  #replace(first: Token, last: Token, value: TypedValue): void {
    const { at, text } = this.#expression;
    const name = `SCRIPT$${String((this.#made += 1))}`;
    this.#binds.set(name, { type: value.type, cell: value.cell });
    this.#text += text.slice(this.#copied, first.start - at) + name;
    this.#copied = last.end - at;
  }
}

export function isName(token: Token): boolean {
  return token.kind === 'word' || token.kind === 'quoted';
}

/** For each token, whether it stands in a sub-query, where names are columns first. */
export function queryTokens(tokens: readonly Token[]): boolean[] {
  const open: boolean[] = [];
  return tokens.map((token, index) => {
    const inside = open.at(-1) ?? false;
    if (token.kind === 'symbol' && token.text === '(') {
      const next = tokens[index + 1];
      open.push(inside || (next?.kind === 'word' && (next.value === 'SELECT' || next.value === 'WITH')));
    }
    if (token.kind === 'symbol' && token.text === ')') open.pop();
    return inside;
  });
}
