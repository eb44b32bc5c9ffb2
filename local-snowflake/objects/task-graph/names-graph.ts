import type { TokenStream } from '../../sql/token-stream.ts';

/** Words that follow the name of a task: GRAPH in front of them is a task of that name. */
const behindTasks = new Set(
  'AS AFTER WHEN WITH TAG CLONE EXECUTE RESUME SUSPEND SET UNSET ADD REMOVE MODIFY USING RETRY AWAIT LIKE IN STARTS LIMIT TO FROM IS'.split(
    ' ',
  ),
);

/** Whether a name comes `ahead`, behind GRAPH, rather than what follows something that is called GRAPH. */
export function namesGraph(stream: TokenStream, ahead: number): boolean {
  const next = stream.peek(ahead);
  if (next.kind === 'quoted' || next.kind === 'bind') return true;
  return next.kind === 'word' && !behindTasks.has(next.value) && stream.peek(ahead + 1).text !== '=';
}
