import { quoteName } from '../../../sql/identifier.ts';
import { quoteString } from '../../../sql/literal.ts';
import { optionalObject, queryParameter } from '../../fields.ts';
import { MalformedRequest } from '../../malformed-request.ts';
import { actionOf, pathIdentifier } from '../rest-parameters.ts';
import type { RestAnswer, RestRequest, RestRoute } from '../rest-routes.ts';
import { restRows } from '../rest-rows.ts';
import { optionalNumber } from './clauses.ts';
import { stageResource } from './stage-resource.ts';

const files = `${stageResource.path}/:name/files`;

/** What lies on a stage. https://docs.snowflake.com/en/developer-guide/snowflake-rest-api/reference/stage */
export const stageFileRoutes: readonly RestRoute[] = [
  { method: 'GET', path: files, handle: listFiles },
  { method: 'POST', path: `${files}/:file`, actions: ['presigned-url'], handle: presignedUrl },
];

function stageOf(request: RestRequest): string {
  return `@${quoteName(['database', 'schema', 'name'].map((part) => pathIdentifier(request, part)))}`;
}

async function listFiles(request: RestRequest): Promise<RestAnswer> {
  const pattern = queryParameter(request.query, 'pattern');
  const rows = await restRows(
    request.session,
    `LIST ${stageOf(request)}${pattern === undefined ? '' : ` PATTERN = ${quoteString(pattern)}`}`,
  );
  return { status: 200, body: rows.map((row) => ({ ...row, size: String(row['size']) })) };
}

/** https://docs.snowflake.com/en/sql-reference/functions/get_presigned_url */
async function presignedUrl(request: RestRequest): Promise<RestAnswer> {
  const { name, action } = actionOf(request.params['file'] ?? '');
  if (action !== 'presigned-url') throw new MalformedRequest(400, 'Files of stages have the action :presigned-url only.');
  const seconds = optionalNumber(optionalObject({ body: request.body }, 'body'), 'expiration_time') ?? 3600;
  const [row = {}] = await restRows(request.session, `SELECT GET_PRESIGNED_URL(${stageOf(request)}, ?, ${String(seconds)})`, [
    name,
  ]);
  return { status: 200, body: { presigned_url: Object.values(row)[0] } };
}
