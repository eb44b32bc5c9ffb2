import type { ObjectName } from '../../sql/identifier.ts';
import type { TokenStream } from '../../sql/token-stream.ts';

/** EXECUTE TASK. https://docs.snowflake.com/en/sql-reference/sql/execute-task */
export type ExecuteTask = { readonly name: ObjectName } & (
  | { readonly kind: 'run'; readonly config: string | undefined; readonly awaitEnd: boolean }
  | { readonly kind: 'retryLast' }
  | { readonly kind: 'retryGroup'; readonly group: string }
);

/** `stream` stands behind EXECUTE TASK. @throws SnowflakeError `syntaxError` */
export function readExecuteTask(stream: TokenStream): ExecuteTask {
  const name = stream.name();
  const statement = readForm(stream, name);
  stream.expectEnd();
  return statement;
}

function readForm(stream: TokenStream, name: ObjectName): ExecuteTask {
  if (stream.accept('RETRY LAST')) return { name, kind: 'retryLast' };
  if (stream.accept('RETRY GRAPH RUN GROUP')) return { name, kind: 'retryGroup', group: stream.string() };
  let config: string | undefined;
  if (stream.accept('USING CONFIG')) {
    stream.expectSymbol('=');
    config = stream.string();
  }
  return { name, kind: 'run', config, awaitEnd: stream.accept('AWAIT') };
}
