import type { TokenStream } from '../../sql/token-stream.ts';
import type { ObjectScope } from '../object-scope.ts';
import { readPointInTime } from '../point-in-time.ts';
import type { StreamStart } from './stream-effects.ts';

/**
 * `AT ( … )` or `BEFORE ( … )`: where a stream begins. A point in time is evaluated when the stream is made.
 * @returns undefined when no such clause comes
 */
export function readStreamStart(stream: TokenStream, scope: ObjectScope): Promise<StreamStart | undefined> {
  return readPointInTime<StreamStart>(stream, scope, (id) => ({ kind: 'stream', id }));
}
