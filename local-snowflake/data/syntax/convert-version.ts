import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { nameParts } from './convert-call.ts';
import type { ConvertContext } from './convert-context.ts';
import { convertExpression } from './convert-expression.ts';
import { field, identifier, list, optional, type Raw, unsupported } from './raw-tree.ts';
import type { ChangesClause, TimeTravel } from './tree.ts';

/** AT or BEFORE behind a table, or CHANGES with them. */
export function convertVersion(
  node: Raw,
  context: ConvertContext,
): { readonly past?: TimeTravel | undefined; readonly changes?: ChangesClause } {
  if (node === undefined) return {};
  const changes = field(node, 'Changes');
  if (changes === undefined) return { past: timeTravel(readPoint(field(node, 'Function'), context), node) };
  const information = readPoint(field(changes, 'changes'), context);
  const kind = information.value.kind === 'column' ? information.value.parts[0]?.name : undefined;
  if (information.by !== 'INFORMATION' || (kind !== 'DEFAULT' && kind !== 'APPEND_ONLY')) throw unsupported(node);
  const at = readPoint(field(changes, 'at'), context);
  const end = optional(field(changes, 'end'), (present) => readPoint(present, context));
  const stream = at.word === 'AT' && at.by === 'STREAM' && at.value.kind === 'literal' ? at.value.text : undefined;
  return {
    changes: {
      appendOnly: kind === 'APPEND_ONLY',
      at: stream ?? timeTravel(at, node),
      end: end === undefined ? undefined : timeTravel({ ...end, word: 'AT' }, node),
    },
  };
}

interface Point {
  readonly word: string | undefined;
  readonly by: string | undefined;
  readonly value: TimeTravel['value'];
}

/** A word with one named argument: `AT (OFFSET => -60)`. */
function readPoint(node: Raw, context: ConvertContext): Point {
  const call = field(node, 'Function');
  const named = list(field(field(field(call, 'args'), 'List'), 'args')).map((each) => field(each, 'Named'));
  const [argument] = named;
  const value = field(field(argument, 'arg'), 'Expr');
  if (named.length !== 1 || value === undefined) throw unsupported(node);
  return {
    word: nameParts(field(call, 'name')).at(-1)?.name,
    by: optional(field(argument, 'name'), identifier)?.name,
    value: convertExpression(value, context),
  };
}

function timeTravel({ word, by, value }: Point, node: Raw): TimeTravel {
  if (word !== 'AT' && word !== 'BEFORE') throw unsupported(node);
  if (by === 'STREAM') throw SnowflakeError.of('unsupported', { feature: `${word} (STREAM => …) in a query` });
  if (by !== 'TIMESTAMP' && by !== 'OFFSET' && by !== 'STATEMENT') throw unsupported(node);
  return { kind: 'timeTravel', inclusive: word === 'AT', by, value };
}
