import { SnowflakeError } from '../../errors/snowflake-error.ts';

/** What `SYSTEM$DGQL` is asked: the edges at one node. */
export interface LineageQuery {
  /** `TABLE`, `DATASET`, `MODULE`, … */
  readonly domain: string;
  /** Its values by key: `name` and `parentName`, or `id` and `parentId`. */
  readonly node: Readonly<Record<string, string>>;
  /** For each name under which edges are wanted, the end of them that the node is. */
  readonly edges: readonly { readonly as: string; readonly direction: 'IN' | 'OUT' }[];
}

const token = /\s*("(?:[^"\\]|\\.)*"|[A-Za-z_][A-Za-z0-9_]*|[{}()[\]:,])/uy;

/**
 * Reads the query language in which clients ask for lineage:
 * `{V(domain: DATASET, name:"v1", parentName:"DB.S.D") {downstream: E(edgeType:[DATA_LINEAGE],direction:OUT){S {id}, T {id}}}}`.
 * Undocumented; this is what snowflake-snowpark-python writes (`lineage.py`).
 * @throws SnowflakeError `unsupported` for any other form
 */
export function parseLineageQuery(text: string): LineageQuery {
  const words = tokens(text);
  const expect = (...expected: readonly string[]): void => {
    for (const word of expected) if (words.shift() !== word) throw unreadable(text);
  };
  expect('{', 'V');
  const node = parameters(words, text);
  expect('{');
  const edges: LineageQuery['edges'][number][] = [];
  while (words[0] !== '}') {
    const as = words.shift() ?? '';
    expect(':', 'E');
    const { direction } = parameters(words, text);
    if (direction !== 'IN' && direction !== 'OUT') throw unreadable(text);
    skipSelection(words, text);
    edges.push({ as, direction });
  }
  expect('}', '}');
  const { domain = '', ...values } = node;
  if (words.length > 0 || domain === '') throw unreadable(text);
  return { domain, node: values, edges };
}

function tokens(text: string): string[] {
  const found: string[] = [];
  const reader = new RegExp(token);
  const end = text.trimEnd().length;
  while (reader.lastIndex < end) {
    const [, word] = reader.exec(text) ?? [];
    if (word === undefined) throw unreadable(text);
    found.push(word);
  }
  return found;
}

/** `(key: VALUE, key:"text", key:[A, B])`; lists are of no interest: all kinds of edges are wanted. */
function parameters(words: string[], text: string): Record<string, string> {
  const values: Record<string, string> = {};
  if (words.shift() !== '(') throw unreadable(text);
  for (;;) {
    const key = words.shift() ?? '';
    if (words.shift() !== ':') throw unreadable(text);
    const value = words.shift() ?? '';
    if (value === '[') while (words.shift() !== ']') if (words.length === 0) throw unreadable(text);
    if (value !== '[') values[key] = value.startsWith('"') ? value.slice(1, -1).replaceAll(/\\(.)/gu, '$1') : value;
    const next = words.shift();
    if (next === ')') return values;
    if (next !== ',') throw unreadable(text);
  }
}

/** Which properties are wanted: all of them are given. */
function skipSelection(words: string[], text: string): void {
  let depth = 0;
  do {
    const word = words.shift();
    if (word === undefined) throw unreadable(text);
    depth += word === '{' ? 1 : word === '}' ? -1 : 0;
  } while (depth > 0);
}

function unreadable(text: string): SnowflakeError {
  return SnowflakeError.of('unsupported', { feature: `SYSTEM$DGQL of ${text}` });
}
