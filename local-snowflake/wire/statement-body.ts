import { SnowflakeError } from '../errors/snowflake-error.ts';
import type { Binding, StatementRequest } from '../session/service.ts';
import { flag, objectOf, optionalObject, optionalText } from './fields.ts';
import { MalformedRequest } from './malformed-request.ts';

/** A statement as drivers submit it. */
export interface SubmittedStatement extends StatementRequest {
  readonly asynchronous: boolean;
}

/**
 * @throws MalformedRequest when the body has not the form that drivers send
 * @throws SnowflakeError `unsupported` for binds that were uploaded to a stage
 */
export function submittedStatement(requestBody: unknown, requestId: string): SubmittedStatement {
  const body = objectOf(requestBody, 'The request body');
  const text = body['sqlText'];
  if (typeof text !== 'string') throw new MalformedRequest(400, "'sqlText' must be a text.");
  if (optionalText(body, 'bindStage') !== undefined) {
    // Drivers do this above CLIENT_STAGE_ARRAY_BINDING_THRESHOLD, which sessions answer as 0 (never).
    throw SnowflakeError.of('unsupported', { feature: 'binds uploaded to a stage' });
  }
  return {
    requestId,
    text,
    asynchronous: flag(body, 'asyncExec'),
    describeOnly: flag(body, 'describeOnly'),
    bindings: bindings(body['bindings']),
    parameters: optionalObject(body, 'parameters'),
  };
}

function bindings(value: unknown): Record<string, Binding> {
  if (value === undefined || value === null) return {};
  return Object.fromEntries(
    Object.entries(objectOf(value, "'bindings'")).map(([name, entry]) => {
      const binding = objectOf(entry, `Binding ${name}`);
      const format = optionalText(binding, 'fmt');
      return [
        name,
        {
          type: (optionalText(binding, 'type') ?? 'TEXT').toUpperCase(),
          value: Array.isArray(binding['value'])
            ? binding['value'].map((item) => bindingText(item, name))
            : bindingText(binding['value'], name),
          ...(format !== undefined && { format }),
        },
      ];
    }),
  );
}

function bindingText(value: unknown, name: string): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new MalformedRequest(400, `The value of binding ${name} must be a text, null, or a list of these.`);
}
