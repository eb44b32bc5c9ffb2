import { parseBlock, parseStatement } from './parse-block.ts';
import { startsBlock } from './parse-sql.ts';
import { ScriptReader } from './script-reader.ts';
import type { Block } from './tree.ts';

/** A parsed script; offsets in the tree are offsets in `text`. */
export interface Script {
  readonly text: string;
  readonly block: Block;
}

const controlWords = ['IF', 'CASE', 'FOR', 'WHILE', 'LOOP', 'REPEAT'];

/** Whether a text is one control-flow statement, which EXECUTE IMMEDIATE takes as it takes a block. */
export function isControlFlow(text: string): boolean {
  return new RegExp(`^\\s*(?:${controlWords.join('|')})\\b`, 'iu').test(text);
}

/**
 * Parses a block, or one control-flow statement as a block of its own.
 * @throws SnowflakeError `syntaxError`, `unsupported`
 */
export function parseScript(text: string): Script {
  const reader = new ScriptReader(text);
  const block = startsBlock(reader) || !reader.isAny(controlWords) ? parseBlock(reader) : wrapped(reader);
  while (reader.acceptSymbol(';'));
  if (!reader.atEnd) throw reader.unexpected();
  return { text, block };
}

function wrapped(reader: ScriptReader): Block {
  const { start: at } = reader.peek();
  return { kind: 'block', at, declarations: [], body: [parseStatement(reader)], handlers: [], label: undefined };
}
