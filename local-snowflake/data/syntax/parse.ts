import { init, Parser, SnowflakeDialect } from '@guanmingchiu/sqlparser-ts';
import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { syntaxErrorAt } from '../../sql/lexer.ts';
import type { ConvertContext } from './convert-context.ts';
import { convertExpression } from './convert-expression.ts';
import { convertStatement } from './convert-statement.ts';
import { itemLabels } from './labels.ts';
import { positionOf, type Raw, list, field } from './raw-tree.ts';
import { rewrite, type RewrittenText } from './rewrite.ts';
import type { Expression, Position, Statement } from './tree.ts';

// Snowpark nests one sub-query per DataFrame step; the library's own limit is 50.
const recursionLimit = 1000;
const cacheSize = 500;

const parser = new Parser(new SnowflakeDialect()).withRecursionLimit(recursionLimit);
/** Trees by their texts, those asked for last at the end. */
class RecentTrees<T> {
  readonly #trees = new Map<string, T>();

  of(text: string, parsed: () => T): T {
    const tree = this.#trees.get(text) ?? parsed();
    this.#trees.delete(text);
    this.#trees.set(text, tree);
    const [oldest] = this.#trees.keys();
    if (this.#trees.size > cacheSize && oldest !== undefined) this.#trees.delete(oldest);
    return tree;
  }
}

const statements = new RecentTrees<Statement>();
const expressions = new RecentTrees<Expression>();

/** Loads the parser; once before anything else here. */
export async function loadParser(): Promise<void> {
  await init();
}

/**
 * Parses one query or DML statement. Trees are immutable and kept for the texts seen last.
 * @throws SnowflakeError `syntaxError`, `unsupported`
 */
export function parseStatement(text: string): Statement {
  return statements.of(text, () => {
    const { nodes, context } = parse(text);
    const [node] = nodes;
    if (node === undefined) throw SnowflakeError.of('emptyStatement', {});
    if (nodes.length > 1) throw SnowflakeError.of('multiStatementCount', { actual: nodes.length, desired: 1 });
    return convertStatement(node, context);
  });
}

/** Parses one expression on its own: a column's default, an expression of a script, which runs it many times. */
export function parseExpression(text: string): Expression {
  return expressions.of(text, () => parseAlone(text));
}

function parseAlone(text: string): Expression {
  const { nodes, context } = parse(`SELECT ${text}`);
  const select = field(field(field(nodes[0], 'Query'), 'body'), 'Select');
  const items = list(field(select, 'projection'));
  const item = field(items[0], 'UnnamedExpr');
  if (items.length !== 1 || item === undefined || list(field(select, 'from')).length > 0) {
    throw SnowflakeError.of('unsupported', { feature: `expression ${text}` });
  }
  return convertExpression(item, context);
}

function parse(text: string): { nodes: readonly Raw[]; context: ConvertContext } {
  const source = rewrite(text);
  let nodes: readonly Raw[];
  try {
    nodes = list(parser.parse(source.text));
  } catch (error) {
    throw asSyntaxError(error, source, text);
  }
  return { nodes, context: contextOf(source) };
}

function contextOf(source: RewrittenText): ConvertContext {
  let starts: readonly number[] | undefined;
  let byOffset: ReadonlyMap<number, number> | undefined;
  return {
    location: (name) => source.locations.get(name),
    labels: (selectToken) => {
      const at = positionOf(selectToken);
      if (at === undefined) return [];
      starts ??= lineStarts(source.text);
      byOffset ??= new Map(source.tokens.map((token, index) => [token.start, index]));
      const index = byOffset.get(offsetOf(starts, at));
      return index === undefined ? [] : itemLabels(source, index + 1);
    },
  };
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let index = text.indexOf('\n'); index >= 0; index = text.indexOf('\n', index + 1)) starts.push(index + 1);
  return starts;
}

function offsetOf(starts: readonly number[], at: Position): number {
  return (starts[at.line - 1] ?? 0) + at.column - 1;
}

/** The library's message as Snowflake's; positions are moved back to the text as it was written. */
function asSyntaxError(error: unknown, source: RewrittenText, text: string): SnowflakeError {
  if (error instanceof RangeError) return SnowflakeError.of('unsupported', { feature: 'statement nested this deeply' });
  const message = error instanceof Error ? error.message : String(error);
  if (message.includes('recursion limit')) return SnowflakeError.of('unsupported', { feature: 'statement nested this deeply' });
  const found = /found: ([\s\S]*?)(?: at Line: (\d+), Column: (\d+))?$/u.exec(message);
  const near = found?.[1] ?? '';
  if (found?.[2] === undefined || found[3] === undefined) return syntaxErrorAt(text, text.length, near === 'EOF' ? '' : near);
  const offset = offsetOf(lineStarts(source.text), { line: Number(found[2]), column: Number(found[3]) });
  return syntaxErrorAt(text, originalOffset(source, text, offset), near === 'EOF' ? '' : near);
}

function originalOffset(source: RewrittenText, text: string, offset: number): number {
  let shift = 0;
  for (const token of source.tokens) {
    if (token.start >= offset) break;
    shift += token.original.length - (token.end - token.start);
  }
  return Math.min(text.length, Math.max(0, offset + shift));
}
