import { SnowflakeError } from '../errors/snowflake-error.ts';
import { splitPipe } from '../sql/pipe.ts';
import type { TokenStream } from '../sql/token-stream.ts';
import { type Statement, type StatementHandler, type StatementResult, rows, statementTypes, streamOf } from './statement.ts';
import { alterAccount } from './statements/alter-account.ts';
import { alterObject } from './statements/alter-object.ts';
import { call } from './statements/call.ts';
import { commentOn } from './statements/comment-on.ts';
import { createObject } from './statements/create-object.ts';
import { copyFiles } from './statements/copy-files.ts';
import { dataStatement } from './statements/data-statement.ts';
import { describeObject } from './statements/describe-object.ts';
import { dropStatement } from './statements/drop-object.ts';
import { anonymousBlock, executeImmediate } from './statements/execute-immediate.ts';
import { grant } from './statements/grant.ts';
import { runPipe } from './statements/pipe.ts';
import { revoke } from './statements/revoke.ts';
import { alterSession, setVariable, showVariables, unsetVariable } from './statements/session-settings.ts';
import { showFutureGrants, showGrants } from './statements/show-grants.ts';
import { showObjects } from './statements/show-objects.ts';
import { showParameters } from './statements/show-parameters.ts';
import { getFiles, listFiles, putFiles, removeFiles } from './statements/stage-files.ts';
import { beginTransaction, commit, commitOpen, rollback } from './statements/transaction.ts';
import { undrop } from './statements/undrop.ts';
import { use } from './statements/use.ts';

/** First words → handler. Longer ones stand before the shorter ones that they begin with. */
const handlers: readonly (readonly [string, StatementHandler])[] = [
  ['SHOW PARAMETERS', showParameters],
  ['SHOW FUTURE GRANTS', showFutureGrants],
  ['SHOW GRANTS', showGrants],
  ['SHOW VARIABLES', showVariables],
  ['SHOW', showObjects],
  ['DESCRIBE', describeObject],
  ['DESC', describeObject],
  ['CREATE', createObject],
  ['ALTER SESSION', alterSession],
  ['ALTER ACCOUNT', alterAccount],
  ['ALTER', alterObject],
  ['DROP', dropStatement],
  ['UNDROP', undrop],
  ['GRANT', grant],
  ['REVOKE', revoke],
  ['COMMENT', commentOn],
  ['USE', use],
  ['SET', setVariable],
  ['UNSET', unsetVariable],
  ['CALL', call],
  ['EXECUTE IMMEDIATE', executeImmediate],
  ['DECLARE', anonymousBlock],
  ['PUT', putFiles],
  ['GET', getFiles],
  ['LIST', listFiles],
  ['LS', listFiles],
  ['REMOVE', removeFiles],
  ['RM', removeFiles],
  ['COPY FILES', copyFiles],
  ['START TRANSACTION', beginTransaction],
  ['COMMIT', commit],
  ['ROLLBACK', rollback],
];

const dataWords = new Set(['SELECT', 'WITH', 'VALUES', 'INSERT', 'UPDATE', 'DELETE', 'MERGE', 'TRUNCATE', 'COPY', '(']);

/** Statements that end an open transaction first, as DDL does. https://docs.snowflake.com/en/sql-reference/transactions#ddl */
const committing = new Set(['CREATE', 'ALTER', 'DROP', 'UNDROP', 'GRANT', 'REVOKE']);

/** Runs one statement. @throws SnowflakeError whatever goes wrong */
export async function runStatement(statement: Statement): Promise<StatementResult> {
  const chain = splitPipe(statement.text);
  if (chain.length > 1) return runPipe(chain, statement);
  const stream = streamOf(statement);
  const first = stream.peek();
  if (first.kind === 'end') throw SnowflakeError.of('emptyStatement', {});
  if (first.value === 'BEGIN') return begins(stream, statement);
  if (first.value === 'ALTER' && stream.peek(1).value === 'SESSION') return runHandler(stream, statement);
  if (committing.has(first.value) && !statement.describeOnly) await commitOpen(statement);
  const special = statement.state.account.registry.takeStatement(stream);
  if (special !== undefined) {
    const { words } = special;
    const type = words.startsWith('SHOW') ? statementTypes.show : words.startsWith('DESC') ? statementTypes.describe : undefined;
    if (statement.describeOnly && type === undefined) return describedStatus(words);
    return rows(type ?? statementTypes.ddl, await special.run(stream, statement.scope));
  }
  return runHandler(stream, statement);
}

async function runHandler(stream: TokenStream, statement: Statement): Promise<StatementResult> {
  for (const [words, handler] of handlers) {
    if (stream.is(words) && !(words === 'GET' && stream.peek(1).text === '(')) {
      // Describing must not change anything; what changes the account answers with one status column.
      if (statement.describeOnly && !/^(?:SHOW|DESC|LIST|LS)/u.test(words)) return describedStatus(words);
      stream.accept(words);
      return handler(stream, statement);
    }
  }
  const first = stream.peek();
  if (dataWords.has(first.value)) return dataStatement(stream, statement);
  if (first.kind === 'word')
    throw SnowflakeError.of('unsupportedStatement', { statement: first.text, syntax: stream.unexpected().message });
  throw stream.unexpected();
}

function describedStatus(words: string): StatementResult {
  return rows(words === 'CALL' ? statementTypes.call : statementTypes.ddl, {
    columns: [{ name: 'status', type: { kind: 'VARCHAR', length: 16_777_216 }, nullable: true }],
    rows: [],
  });
}

/** `BEGIN` opens a transaction or a scripting block. */
function begins(stream: TokenStream, statement: Statement): Promise<StatementResult> | StatementResult {
  const next = stream.peek(1);
  const transaction = next.kind === 'end' || next.text === ';' || ['WORK', 'TRANSACTION', 'NAME'].includes(next.value);
  if (statement.describeOnly) return describedStatus('BEGIN');
  if (!transaction) return anonymousBlock(stream, statement);
  stream.accept('BEGIN');
  return beginTransaction(stream, statement);
}
