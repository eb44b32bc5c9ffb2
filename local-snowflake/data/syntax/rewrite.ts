import { quoteIdentifier } from '../../sql/identifier.ts';
import { type Token, tokenize } from '../../sql/lexer.ts';
import { functionNameOf, modelCallAt } from '../../sql/model-call.ts';
import { matchedQueries, matchedQueryName, matchForms, rowPatterns } from './match-forms.ts';
import { nestedTypes } from './nested-types.ts';
import { plainForms } from './plain-forms.ts';

/**
 * A statement's text made fit for the parser library: stage locations and `snow://…` become stand-in names or strings,
 * every `?` becomes `:n`, `MODEL(m, v)!PREDICT` the name of a function, escapes that the library does not know become plain ones.
 */
export interface RewrittenText {
  readonly text: string;
  /** Stand-in names → the location as written. */
  readonly locations: ReadonlyMap<string, string>;
  /** The text's tokens, offsets in `text`; `original` is what stood there. */
  readonly tokens: readonly RewrittenToken[];
}

export interface RewrittenToken {
  readonly kind: Token['kind'];
  /** Upper-cased for words, else as in the text. */
  readonly value: string;
  readonly start: number;
  readonly end: number;
  readonly original: string;
}

// Not a character anyone types, so that no table's name is taken for a stand-in.
const mark = '\u2063';
const fromWords = new Set(['FROM', 'JOIN', 'USING']);
const rareEscape = /\\(?:x|u|[0-3][0-7]{2})/u;

/** Stands for every column in `UPDATE ALL BY NAME` and `INSERT ALL BY NAME`, which the library does not know. */
export const allByName = `${mark}all`;

const allForms: Readonly<Record<string, string>> = {
  UPDATE: `SET "${allByName}" = 0`,
  INSERT: `("${allByName}") VALUES (0)`,
};

/** The clause behind UPDATE or INSERT in a MERGE, when the coming tokens are ALL BY NAME. */
function byNameClause(tokens: readonly Token[], index: number): string | undefined {
  const [all, by, name] = [tokens[index], tokens[index + 1], tokens[index + 2]];
  if (all?.value !== 'ALL' || by?.value !== 'BY' || name?.value !== 'NAME') return undefined;
  return allForms[tokens[index - 1]?.value ?? ''];
}

export function rewrite(source: string): RewrittenText {
  const locations = new Map<string, string>();
  const tokens: RewrittenToken[] = [];
  let text = '';
  let copied = 0;
  let binds = 0;
  let previous: Token | undefined;
  const written = tokenize(source);
  const callsModels = written.some((token) => token.text === '!');
  const forms = new Map([...plainForms(written), ...matchForms(written)]);
  const types = nestedTypes(written, source);
  const patterns = rowPatterns(written, source);
  const matched = matchedQueries(written);
  let dropped = 0;
  for (const [index, token] of written.entries()) {
    let replacement = forms.get(index) ?? token.text;
    const clause = byNameClause(written, index);
    const model = callsModels && dropped === 0 ? modelCallAt(written, index) : undefined;
    const type = types.get(index);
    const pattern = patterns.get(index);
    const queryEnd = matched.get(index);
    if (dropped > 0) {
      dropped -= 1;
      replacement = '';
    } else if (type !== undefined) {
      replacement = quoteIdentifier(type.name);
      dropped = type.tokens - 1;
    } else if (queryEnd !== undefined) {
      const inside = written.slice(index + 1, queryEnd).map((each) => (each.text === '?' ? `:${String((binds += 1))}` : each.text));
      replacement = quoteIdentifier(matchedQueryName(inside.join(' ')));
      dropped = queryEnd - index;
    } else if (pattern !== undefined) {
      replacement = quoteIdentifier(pattern.name);
      dropped = pattern.tokens - 1;
    } else if (clause !== undefined) {
      replacement = clause;
      dropped = 2;
    } else if (model !== undefined) {
      replacement = quoteIdentifier(functionNameOf(model.call));
      dropped = model.length - 1;
    } else if (token.kind === 'bind' && token.text === '?') {
      binds += 1;
      replacement = `:${String(binds)}`;
    } else if (isLocation(token)) {
      const relation = previous?.kind === 'word' && fromWords.has(previous.value);
      if (relation) {
        const name = `${mark}${String(locations.size)}`;
        locations.set(name, token.kind === 'string' ? token.value : token.text);
        replacement = `"${name}"`;
      } else if (token.kind === 'location') {
        replacement = plainString(token.text);
      }
    } else if (token.kind === 'string' && !token.text.startsWith('$$') && rareEscape.test(token.text)) {
      replacement = plainString(token.value);
    }
    text += source.slice(copied, token.start);
    const start = text.length;
    text += replacement;
    copied = token.end;
    tokens.push({ kind: token.kind, value: token.value, start, end: text.length, original: token.text });
    previous = token;
  }
  return { text: text + source.slice(copied), locations, tokens };
}

function isLocation(token: Token): boolean {
  if (token.kind === 'location') return true;
  return token.kind === 'string' && (token.value.startsWith('@') || token.value.toLowerCase().startsWith('snow://'));
}

function plainString(value: string): string {
  return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
}
