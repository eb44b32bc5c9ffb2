import { foldIdentifier, type ObjectName, quoteName } from '../../../sql/identifier.ts';
import { MalformedRequest } from '../../malformed-request.ts';
import { pathIdentifier } from '../rest-parameters.ts';
import type { RestRequest } from '../rest-routes.ts';

/** A function or procedure as a path names it: `f(NUMBER, VARCHAR):rename`. */
export interface NamedRoutine {
  readonly name: ObjectName;
  /** `(NUMBER, VARCHAR)`; undefined where the path has the name alone. */
  readonly signature: string | undefined;
  readonly action: string | undefined;
}

/** @throws MalformedRequest, SnowflakeError `invalidIdentifier` */
export function namedRoutine(request: RestRequest): NamedRoutine {
  const segment = request.params['name'] ?? '';
  const match = /^("(?:[^"]|"")+"|[^"(:]+)(\([\w\s,().]*\))?(?::([\w-]+))?$/u.exec(segment);
  if (match === null) throw new MalformedRequest(400, `'${segment}' names no function or procedure.`);
  const container = ['database', 'schema'].map((part) => pathIdentifier(request, part));
  return { name: [...container, foldIdentifier(match[1] ?? '')], signature: match[2], action: match[3] };
}

/** As statements name it. @throws MalformedRequest without its argument types */
export function signedName({ name, signature }: NamedRoutine): string {
  if (signature === undefined) throw new MalformedRequest(400, 'The name needs the types of the arguments: f(NUMBER).');
  return `${quoteName(name)}${signature}`;
}
