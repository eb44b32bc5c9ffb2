import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { convertOrder } from './convert-call.ts';
import type { ConvertContext } from './convert-context.ts';
import { convertExpression } from './convert-expression.ts';
import { convertFactor } from './convert-from.ts';
import { rowPatternOf } from './match-forms.ts';
import { field, identifier, list, type Raw, unsupported, variant } from './raw-tree.ts';
import type { MatchItem, MatchSkip, TableAlias } from './tree.ts';

/** MATCH_RECOGNIZE of the library's tree. */
export function convertMatch(node: Raw, alias: TableAlias, context: ConvertContext): MatchItem {
  return {
    kind: 'match',
    source: convertFactor(field(node, 'table'), context),
    partitionBy: list(field(node, 'partition_by')).map((item) => convertExpression(item, context)),
    orderBy: list(field(node, 'order_by')).map((item) => convertOrder(item, context)),
    measures: list(field(node, 'measures')).map((measure) => ({
      expression: convertExpression(field(measure, 'expr'), context),
      alias: identifier(field(measure, 'alias')),
    })),
    rows: rowsPerMatch(field(node, 'rows_per_match')),
    skip: skipTo(field(node, 'after_match_skip')),
    pattern: patternText(field(node, 'pattern')),
    definitions: list(field(node, 'symbols')).map((symbol) => ({
      symbol: identifier(field(symbol, 'symbol')),
      condition: convertExpression(field(symbol, 'definition'), context),
    })),
    alias,
  };
}

const emptyMatches: Readonly<Record<string, MatchItem['rows']>> = { Show: 'SHOW', Omit: 'OMIT', WithUnmatched: 'UNMATCHED' };

function rowsPerMatch(node: Raw): MatchItem['rows'] {
  if (node === undefined) return 'ONE';
  const [tag, mode] = variant(node);
  if (tag === 'OneRow') return 'ONE';
  return mode === undefined || mode === 'None' ? 'SHOW' : (emptyMatches[variant(mode)[0]] ?? 'SHOW');
}

function skipTo(node: Raw): MatchSkip {
  if (node === undefined) return { to: 'PAST' };
  const [tag, symbol] = variant(node);
  if (tag === 'PastLastRow') return { to: 'PAST' };
  if (tag === 'ToNextRow') return { to: 'NEXT' };
  if (tag !== 'ToFirst' && tag !== 'ToLast') throw unsupported(node);
  return { to: tag === 'ToFirst' ? 'FIRST' : 'LAST', symbol: identifier(symbol).name };
}

function patternText(node: Raw): string {
  const [tag, symbol] = variant(node);
  const [named, name] = tag === 'Symbol' ? variant(symbol) : ['', undefined];
  const text = named === 'Named' ? rowPatternOf(identifier(name).name) : undefined;
  if (text === undefined) throw SnowflakeError.of('unsupported', { feature: 'PATTERN of this form' });
  return text;
}
