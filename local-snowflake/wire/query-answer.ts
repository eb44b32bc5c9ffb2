import type {
  ClientSession,
  DownloadOutcome,
  MultiOutcome,
  Query,
  ResultOutcome,
  StatementOutcome,
  UploadOutcome,
} from '../session/service.ts';
import type { ResultSet } from '../sql/result-set.ts';
import { arrowStream } from './arrow/arrow-stream.ts';
import { encodeRows } from './cell-text.ts';
import { dmlStatistics } from './dml-statistics.ts';
import { type Envelope, statementFailed, succeeded } from './envelope.ts';
import type { Ended } from './long-poll.ts';
import { type Page, paginate } from './result-pages.ts';
import { rowType } from './row-type.ts';
import { downloadData, uploadData } from './transfer-data.ts';
import type { WireContext } from './wire-context.ts';

/** Who asked, and at which address the asker reaches this server. */
export interface Asker {
  readonly session: ClientSession;
  readonly origin: string;
  /** Whether the client reads results of queries as Arrow, too. */
  readonly readsArrow: boolean;
}

/** The answer to a statement that has ended. */
export function queryAnswer(context: WireContext, asker: Asker, query: Query, ended: Ended): Envelope {
  if (ended.kind === 'failed') return statementFailed(ended.error, query.id);
  const outcome = ended.outcome;
  return succeeded({ ...facts(context, query, outcome), ...body(context, asker, query, outcome) });
}

/** What every answer carries, whatever the statement was. */
function facts(context: WireContext, query: Query, outcome: StatementOutcome): object {
  return {
    parameters: outcome.parameters,
    queryId: query.id,
    databaseProvider: null,
    finalDatabaseName: outcome.context.database,
    finalSchemaName: outcome.context.schema,
    finalWarehouseName: outcome.context.warehouse,
    finalRoleName: outcome.context.role,
    numberOfBinds: outcome.numberOfBinds,
    arrayBindSupported: false,
    statementTypeId: outcome.statementTypeId,
    // Times with time zone carry their offset in the text since this version.
    version: 1,
    sendResultTime: context.clock.now(),
  };
}

function body(context: WireContext, asker: Asker, query: Query, outcome: StatementOutcome): object {
  switch (outcome.kind) {
    case 'result':
      return resultData(context, asker, query, outcome);
    case 'upload':
      return transfer(uploadData, asker, outcome);
    case 'download':
      return transfer(downloadData, asker, outcome);
    case 'multi':
      return multiData(outcome);
  }
}

function resultData(context: WireContext, asker: Asker, query: Query, outcome: ResultOutcome): object {
  const { session, origin } = asker;
  const { columns, rows } = outcome.result;
  const { inline, chunks } = paginate(rows);
  // Vectors go as JSON, which drivers read as well.
  const arrow = asker.readsArrow && outcome.arrow && !columns.some((column) => column.type.kind === 'VECTOR');
  const data = {
    rowtype: rowType(columns),
    ...(arrow ? arrowRows(outcome.result, inline) : jsonRows(outcome.result, inline)),
    total: rows.length,
    returned: rows.length,
    ...dmlStatistics(outcome),
  };
  if (chunks.length === 0) return data;
  const token = context.chunks.add({ session, queryId: query.id, chunks, arrow });
  return {
    ...data,
    chunks: chunks.map((page, index) => ({
      url: `${origin}/result-chunks/${token}/${String(index)}`,
      rowCount: page.to - page.from,
      uncompressedSize: page.characters,
      // Chunks are compressed when they are fetched; until then this is what is known of their size.
      compressedSize: page.characters,
    })),
    // Present, so that drivers do not fall back to the customer-key headers of Amazon's storage.
    chunkHeaders: {},
  };
}

function jsonRows({ columns, rows }: ResultSet, { from, to }: Page): object {
  return { rowset: encodeRows(columns, to - from === rows.length ? rows : rows.slice(from, to)), queryResultFormat: 'json' };
}

/** No rows are an empty text: drivers then take the columns from the row type. */
function arrowRows(result: ResultSet, { from, to }: Page): object {
  return { rowsetBase64: from === to ? '' : arrowStream(result, from, to).toString('base64'), queryResultFormat: 'arrow' };
}

function transfer<O extends UploadOutcome | DownloadOutcome>(
  data: (outcome: O, origin: string) => object,
  { origin }: Asker,
  outcome: O,
): object {
  return { rowtype: [], rowset: [], total: 0, returned: 0, queryResultFormat: 'json', ...data(outcome, origin) };
}

function multiData(outcome: MultiOutcome): object {
  return {
    rowtype: rowType([{ name: 'multiple statement execution', type: { kind: 'VARCHAR', length: 16_777_216 }, nullable: false }]),
    rowset: [['Multiple statements executed successfully.']],
    total: 1,
    returned: 1,
    queryResultFormat: 'json',
    resultIds: outcome.queries.map((query) => query.id).join(','),
    resultTypes: outcome.queries.map((query) => String(query.statementTypeId)).join(','),
  };
}
