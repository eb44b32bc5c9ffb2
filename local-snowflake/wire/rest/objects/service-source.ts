import { SnowflakeError } from '../../../errors/snowflake-error.ts';
import { foldIdentifier, type ObjectName, parseName, quoteIdentifier, quoteName } from '../../../sql/identifier.ts';
import { quoteString } from '../../../sql/literal.ts';
import { type JsonObject, objectOf, optionalText } from '../../fields.ts';
import { MalformedRequest } from '../../malformed-request.ts';

/**
 * `IN COMPUTE POOL … FROM …` of CREATE SERVICE, as a request says it of a service in `schema`.
 * https://docs.snowflake.com/en/sql-reference/sql/create-service
 * @throws MalformedRequest, SnowflakeError `invalidIdentifier`, `unsupported`
 */
export function serviceSource(body: JsonObject, schema: ObjectName): string {
  const { external_access_integrations: integrations } = body;
  if (Array.isArray(integrations) ? integrations.length > 0 : integrations !== undefined && integrations !== null)
    throw SnowflakeError.of('unsupported', { feature: 'EXTERNAL_ACCESS_INTEGRATIONS of CREATE SERVICE' });
  const pool = quoteIdentifier(foldIdentifier(needed(body, 'compute_pool')));
  return `IN COMPUTE POOL ${pool} FROM ${specification(objectOf(body['spec'], "'spec'"), schema)}`;
}

function specification(spec: JsonObject, schema: ObjectName): string {
  const type = optionalText(spec, 'spec_type');
  switch (type) {
    case 'from_inline':
      return `SPECIFICATION ${quoteString(needed(spec, 'spec_text'))}`;
    case 'from_file': {
      const stage = parseName(needed(spec, 'stage').replace(/^@/u, ''));
      const place = quoteName([...schema.slice(0, Math.max(0, 3 - stage.length)), ...stage]);
      return `@${place} SPECIFICATION_FILE = ${quoteString(needed(spec, 'spec_file'))}`;
    }
    default:
      throw new MalformedRequest(400, "'spec_type' must be from_inline or from_file.");
  }
}

function needed(body: JsonObject, name: string): string {
  const text = optionalText(body, name);
  if (text === undefined) throw new MalformedRequest(400, `The text '${name}' is missing.`);
  return text;
}
