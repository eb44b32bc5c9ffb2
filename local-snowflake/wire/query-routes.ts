import type { FastifyInstance, FastifyRequest } from 'fastify';
import { SnowflakeError } from '../errors/snowflake-error.ts';
import type { Query } from '../session/service.ts';
import { snowflakeToken } from './authorization.ts';
import { type Envelope, failed, inProgress, stillRunning, succeeded } from './envelope.ts';
import { objectOf, optionalText, queryParameter } from './fields.ts';
import { briefWait } from './long-poll.ts';
import { monitoredQuery } from './monitored-query.ts';
import { originOf } from './origin.ts';
import { type Asker, queryAnswer } from './query-answer.ts';
import { submittedStatement } from './statement-body.ts';
import { SubmittedRequests } from './submitted-requests.ts';
import type { WireContext } from './wire-context.ts';

/** Statements: submitting, fetching results by id, watching, aborting. */
export function queryRoutes(server: FastifyInstance, context: WireContext): void {
  const { service, ids, longPoll } = context;
  const submitted = new SubmittedRequests();

  const askerOf = (request: FastifyRequest): Asker => ({
    session: service.sessionOf(snowflakeToken(request.headers.authorization)),
    origin: originOf(request),
    // The only driver that asks for Arrow unless it is told not to.
    readsArrow: request.headers['user-agent']?.startsWith('PythonConnector/') === true,
  });

  const answer = async (asker: Asker, query: Query, waitCode: string): Promise<Envelope> => {
    const ended = await longPoll.ended(query);
    return ended === undefined ? stillRunning(query.id, waitCode) : queryAnswer(context, asker, query, ended);
  };

  server.post('/queries/v1/query-request', async (request) => {
    const asker = askerOf(request);
    const { session } = asker;
    const requestId = queryParameter(request.query, 'requestId') ?? ids.uuid();
    const repeated = submitted.find(session, requestId);
    if (repeated !== undefined) return answer(asker, session.query(repeated), inProgress.synchronous);
    const { asynchronous, ...statement } = submittedStatement(request.body, requestId);
    const query = session.submit(statement);
    submitted.remember(session, requestId, query.id);
    if (!asynchronous) return answer(asker, query, inProgress.synchronous);
    await longPoll.ended(query, briefWait);
    return stillRunning(query.id, inProgress.asynchronous);
  });

  server.get<{ Params: { queryId: string } }>('/queries/:queryId/result', (request) => {
    const asker = askerOf(request);
    // The asynchronous code: all drivers poll on for it, some only for it.
    return answer(asker, asker.session.query(request.params.queryId), inProgress.asynchronous);
  });

  server.get<{ Params: { queryId: string } }>('/monitoring/queries/:queryId', async (request) => {
    const { session } = askerOf(request);
    const query = found(() => session.query(request.params.queryId));
    return succeeded({ queries: query === undefined ? [] : [await monitoredQuery(query, session.id)] });
  });

  server.post('/queries/v1/abort-request', (request) => {
    const { session } = askerOf(request);
    const requestId = optionalText(objectOf(request.body, 'The request body'), 'requestId') ?? '';
    return session.abort(requestId) ? succeeded() : notExecuting();
  });

  server.post<{ Params: { queryId: string } }>('/queries/:queryId/abort-request', (request) =>
    askerOf(request).session.query(request.params.queryId).abort() ? succeeded() : notExecuting(),
  );
}

function found<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch (error) {
    if (error instanceof SnowflakeError && error.symbol === 'statementNotFound') return undefined;
    throw error;
  }
}

function notExecuting(): Envelope {
  return failed(SnowflakeError.of('statementNotExecuting', {}));
}
