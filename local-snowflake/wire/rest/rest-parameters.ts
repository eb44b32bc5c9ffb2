import { foldIdentifier } from '../../sql/identifier.ts';
import { queryParameter } from '../fields.ts';
import { MalformedRequest } from '../malformed-request.ts';
import type { RestRequest } from './rest-routes.ts';

/** An identifier in the path, folded as SQL folds it: `my_db` and `"my db"`. @throws SnowflakeError `invalidIdentifier` */
export function pathIdentifier(request: RestRequest, name: string): string {
  return foldIdentifier(request.params[name] ?? '');
}

/** `name:action` at the end of a path. A quoted name may hold colons itself. */
export function actionOf(segment: string): { readonly name: string; readonly action: string | undefined } {
  const match = /^("(?:[^"]|"")*"|[^":]*):(.*)$/su.exec(segment);
  return match === null ? { name: segment, action: undefined } : { name: match[1] ?? '', action: match[2] };
}

/** `true`/`false` of the query string in any case, as Python prints them. @throws MalformedRequest */
export function queryFlag(request: RestRequest, name: string): boolean {
  const value = queryParameter(request.query, name)?.toLowerCase();
  if (value === undefined || value === 'false') return false;
  if (value === 'true') return true;
  throw new MalformedRequest(400, `The query parameter '${name}' must be true or false.`);
}

/** A whole number of the query string. @throws MalformedRequest */
export function queryCount(request: RestRequest, name: string): number | undefined {
  const value = queryParameter(request.query, name);
  if (value === undefined) return undefined;
  if (/^\d{1,9}$/u.test(value)) return Number(value);
  throw new MalformedRequest(400, `The query parameter '${name}' must be a whole number.`);
}

const createModes = ['errorIfExists', 'orReplace', 'ifNotExists'] as const;
type CreateMode = (typeof createModes)[number];

/** @throws MalformedRequest */
export function createMode(request: RestRequest): CreateMode {
  const value = queryParameter(request.query, 'createMode') ?? 'errorIfExists';
  const mode = createModes.find((each) => each === value);
  if (mode === undefined) throw new MalformedRequest(400, `'createMode' must be one of ${createModes.join(', ')}.`);
  return mode;
}

/** The clauses of SHOW that a listing's query parameters stand for, with their binds. */
export function showClauses(
  request: RestRequest,
  container: string,
  filter = '',
): { readonly text: string; readonly binds: readonly string[] } {
  const like = queryParameter(request.query, 'like');
  const startsWith = queryParameter(request.query, 'startsWith');
  const limit = queryCount(request, 'showLimit');
  const from = queryParameter(request.query, 'fromName');
  if (from !== undefined && limit === undefined) {
    throw new MalformedRequest(400, "The query parameter 'fromName' needs 'showLimit', as FROM needs LIMIT in SHOW.");
  }
  const words = [
    like === undefined ? '' : 'LIKE ?',
    container,
    startsWith === undefined ? '' : 'STARTS WITH ?',
    filter,
    limit === undefined ? '' : `LIMIT ${String(limit)}`,
    from === undefined ? '' : 'FROM ?',
  ];
  return {
    text: words.filter((word) => word !== '').join(' '),
    binds: [like, startsWith, from].filter((bind) => bind !== undefined),
  };
}
