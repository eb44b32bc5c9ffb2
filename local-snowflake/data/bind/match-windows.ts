import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { builtIn } from '../functions/registry.ts';
import { symbolsOf, parseRowPattern } from '../native/row-pattern.ts';
import { binary, column, number } from '../syntax/build-tree.ts';
import { simpleCall } from '../syntax/convert-call.ts';
import { stringLiteral } from '../syntax/convert-expression.ts';
import { mapExpressions } from '../syntax/map-expressions.ts';
import { framedName, type MatchFrame } from '../syntax/match-forms.ts';
import type { Call, Expression, MatchItem, Window } from '../syntax/tree.ts';
import { hidden } from './match-columns.ts';

const nothing: Expression = { kind: 'literal', literal: 'null', text: '' };
const ofMatches = new Set(['MATCH_NUMBER', 'MATCH_SEQUENCE_NUMBER', 'CLASSIFIER']);

function nameOf(call: Call): { readonly name: string; readonly frame: MatchFrame | undefined } {
  const only = call.name.kind === 'name' && call.name.parts.length === 1 ? call.name.parts[0]?.name : undefined;
  return only === undefined ? { name: '', frame: undefined } : framedName(only);
}

function renamed(call: Call, name: string, over: Window): Call {
  return { ...call, name: { kind: 'name', parts: [{ name, quoted: false }] }, over };
}

function argument(call: Call): Expression {
  const value = call.args[0]?.value;
  if (value === undefined || value.kind === 'star')
    throw SnowflakeError.of('argumentCount', { name: nameOf(call).name, expected: '1', got: 0 });
  return value;
}

/**
 * A condition of DEFINE over the rows of a partition: functions of windows look at the partition, in the order of the rows.
 * https://docs.snowflake.com/en/sql-reference/constructs/match_recognize#limitations-on-window-functions-used-in-define-and-measures
 */
export function inDefinitions(condition: Expression, item: MatchItem): Expression {
  return mapExpressions(condition, (part) => {
    if (part.kind !== 'call') return undefined;
    const { name, frame } = nameOf(part);
    if (frame === 'FINAL' || name === 'PREV' || name === 'FIRST' || ofMatches.has(name))
      throw SnowflakeError.of('unsupported', { feature: `${frame === 'FINAL' ? 'FINAL ' : ''}${name} in DEFINE` });
    // The frame ends at the current row.
    if (name === 'LAST') return inDefinitions(argument(part), item);
    const kind = name === 'NEXT' ? 'window' : builtIn(name)?.kind;
    if (kind !== 'window' && kind !== 'aggregate') return undefined;
    if (kind === 'aggregate' && part.over?.frame === undefined)
      throw SnowflakeError.of('unsupported', { feature: `${name} in DEFINE without OVER (ROWS BETWEEN …)` });
    const own = part.over?.orderBy ?? [];
    const over: Window = {
      partitionBy: item.partitionBy,
      orderBy: own.length > 0 ? own : item.orderBy,
      frame: part.over?.frame,
    };
    return renamed(part, name === 'NEXT' ? 'LEAD' : name, over);
  });
}

/** What MEASURES say, as windows over the rows of a match. */
export class MeasureWindows {
  readonly #item: MatchItem;
  readonly #symbols: ReadonlySet<string>;

  constructor(item: MatchItem) {
    this.#item = item;
    this.#symbols = new Set([...symbolsOf(parseRowPattern(item.pattern)), ...item.definitions.map(({ symbol }) => symbol.name)]);
  }

  of(measure: Expression): Expression {
    return mapExpressions(measure, (part) => {
      if (part.kind === 'call') return this.#call(part);
      if (part.kind !== 'column') return undefined;
      if (part.parts.length === 1) return isClassifier(part) ? column(hidden.symbol) : undefined;
      const { symbol, value } = this.#predicated(part);
      return symbol === undefined ? value : this.#edge('MAX_BY', value, symbol, 'FINAL');
    });
  }

  #call(call: Call): Expression | undefined {
    const { name, frame = this.#item.rows === 'ONE' ? 'FINAL' : 'RUNNING' } = nameOf(call);
    switch (name) {
      case 'MATCH_NUMBER':
        return column(hidden.match);
      case 'MATCH_SEQUENCE_NUMBER':
        return column(hidden.sequence);
      case 'CLASSIFIER':
        return column(hidden.symbol);
      case 'FIRST':
      case 'FIRST_VALUE':
      case 'LAST':
      case 'LAST_VALUE': {
        const { symbol, value } = this.#predicated(argument(call));
        return this.#edge(name.startsWith('FIRST') ? 'MIN_BY' : 'MAX_BY', value, symbol, frame);
      }
      case 'PREV':
      case 'LAG':
        return this.#atEdge(inMatch(renamed(this.#plain(call), 'LAG', window(undefined))), frame);
      case 'NEXT':
      case 'LEAD':
        return this.#atEdge(inMatch(renamed(this.#plain(call), 'LEAD', window(undefined))), frame);
    }
    const kind = builtIn(name)?.kind;
    if (kind === 'window') return inMatch(renamed(this.#plain(call), name, window(call.over?.frame)));
    if (kind !== 'aggregate') return undefined;
    return inMatch(this.#aggregate(call, name, frame), name === 'COUNT' ? number(0) : nothing);
  }

  /** Over the rows up to the current one, or all of the match; of a symbol's rows where the argument says so. */
  #aggregate(call: Call, name: string, frame: MatchFrame): Call {
    const over = window(call.over?.frame ?? frameOf(frame));
    const [first, ...rest] = call.args;
    if (first === undefined) return renamed(call, name, over);
    if (first.value.kind === 'star') {
      const symbol = first.value.relation[0]?.name;
      const counted = symbol !== undefined && this.#symbols.has(symbol) ? only(symbol, number(1)) : number(1);
      return renamed({ ...call, args: [{ name: undefined, value: counted }] }, name, over);
    }
    const { symbol, value } = this.#predicated(first.value);
    return renamed(
      { ...call, args: [{ ...first, value: symbol === undefined ? value : only(symbol, value) }, ...rest] },
      name,
      over,
    );
  }

  /** The value at the first or last row of the frame, or of those that are mapped to a symbol. */
  #edge(by: 'MIN_BY' | 'MAX_BY', value: Expression, symbol: string | undefined, frame: MatchFrame): Expression {
    const place = symbol === undefined ? column(hidden.sequence) : only(symbol, column(hidden.sequence));
    return inMatch(renamed(simpleCall(by, [value, place]), by, window(frameOf(frame))));
  }

  /** FINAL looks from the last row of the match, whose value every row then has. */
  #atEdge(value: Expression, frame: MatchFrame): Expression {
    if (frame === 'RUNNING' || this.#item.rows === 'ONE') return value;
    throw SnowflakeError.of('unsupported', { feature: 'FINAL PREV, NEXT, LAG and LEAD with ALL ROWS PER MATCH' });
  }

  /** A call without symbols before its columns, which such functions do not take. */
  #plain(call: Call): Call {
    return mapExpressions(call, (part) => {
      if (part.kind !== 'column' || part.parts.length === 1) return undefined;
      const { symbol, value } = this.#predicated(part);
      if (symbol === undefined) return value;
      throw SnowflakeError.of('unsupported', { feature: `${nameOf(call).name} of ${symbol}.…` });
    });
  }

  /** An expression with its columns alone, and the symbol that they all have before them. */
  #predicated(expression: Expression): { readonly symbol: string | undefined; readonly value: Expression } {
    const symbols = new Set<string | undefined>();
    const value = mapExpressions(expression, (part) => {
      if (part.kind !== 'column') return undefined;
      const [first, ...rest] = part.parts;
      const symbol = rest.length === 1 && first !== undefined && this.#symbols.has(first.name) ? first.name : undefined;
      symbols.add(symbol);
      return { ...part, parts: part.parts.slice(-1) };
    });
    if (symbols.size > 1)
      throw SnowflakeError.of('unsupported', { feature: 'columns of several symbols inside one function of MEASURES' });
    return { symbol: [...symbols][0], value };
  }
}

/** CLASSIFIER may be written without parentheses. */
function isClassifier({ parts: [only_] }: Extract<Expression, { kind: 'column' }>): boolean {
  return only_?.name === 'CLASSIFIER' && !only_.quoted;
}

/** The value in rows that are mapped to the symbol. */
function only(symbol: string, value: Expression): Expression {
  return simpleCall('IFF', [binary('=', column(hidden.symbol), stringLiteral(symbol)), value, nothing]);
}

/** NULL, or another value, where a match has no rows; NULL in rows of no match. */
function inMatch(value: Expression, empty: Expression = nothing): Expression {
  const what = (letter: string): Expression => binary('=', column(hidden.what), stringLiteral(letter));
  return simpleCall('IFF', [what('M'), value, empty === nothing ? nothing : simpleCall('IFF', [what('E'), empty, nothing])]);
}

function window(frame: Window['frame']): Window {
  return {
    partitionBy: [column(hidden.partition), column(hidden.match)],
    orderBy: [{ expression: column(hidden.sequence), descending: false, nullsFirst: undefined }],
    frame,
  };
}

function frameOf(frame: MatchFrame): Window['frame'] {
  const end = frame === 'FINAL' ? ({ kind: 'following', offset: undefined } as const) : ({ kind: 'current' } as const);
  return { units: 'ROWS', start: { kind: 'preceding', offset: undefined }, end };
}
