import { request } from 'node:http';
import type { PythonFunction } from '../data/ports.ts';
import { SnowflakeError } from '../errors/snowflake-error.ts';
import { findVersion } from '../objects/model/model-version.ts';
import { definitionOf } from '../objects/service/service-definition.ts';
import { type ArgumentColumns, argumentRows } from '../sql/argument-columns.ts';
import { displayIdentifier, displayName } from '../sql/identifier.ts';
import type { ModelCall } from '../sql/model-call.ts';
import { type PackedColumn, textColumn } from '../sql/packed-column.ts';
import type { Cell } from '../sql/result-set.ts';
import type { SnowflakeType } from '../sql/types.ts';
import { methodFunction } from './model-methods.ts';
import { mayUseService } from './service-access.ts';
import { fromJson, toJson } from './service-values.ts';
import type { Services } from './services.ts';
import type { StatementScope } from './statement-scope.ts';

const prefix = 'service/';
/** Requests of one call that are on their way at once. */
const concurrency = 4;

/**
 * A model service's method as a function of the data plane; undefined when the name is no service's.
 * https://docs.snowflake.com/en/developer-guide/snowpark-container-services/working-with-services#service-functions-using-a-service-from-a-sql-query
 * @throws SnowflakeError for a service that may not be used, and for another method or number of arguments
 */
export function resolveServiceMethod(
  call: ModelCall,
  args: readonly SnowflakeType[],
  scope: StatementScope,
): PythonFunction | undefined {
  if (call.named) return undefined;
  const path = scope.qualify('schema', call.model);
  const service = scope.catalog.find('SERVICE', scope.containerOf(path)?.id ?? null, path.at(-1) ?? '');
  const program = service === undefined ? undefined : definitionOf(service)?.program;
  if (service === undefined || program?.kind !== 'model') return undefined;
  const title = `${displayName(call.model)}!${displayIdentifier(call.method)}`;
  if (!mayUseService(service, scope.roles, scope.authorizer)) throw SnowflakeError.of('unknownFunction', { name: title });
  const model = scope.catalog.byId(program.model);
  if (model === undefined) throw SnowflakeError.of('unknownFunction', { name: title });
  const fn = methodFunction(findVersion(model, program.version), call.method, args, {
    title,
    id: `${prefix}${service.id}/${call.method}`,
  });
  return { ...fn, volatility: 'VOLATILE' };
}

export interface ServedMethod {
  readonly service: string;
  readonly method: string;
}

/** The service's method that a function of the data plane stands for; undefined when it stands for something else. */
export function servedMethodOf(fn: PythonFunction): ServedMethod | undefined {
  if (!fn.id.startsWith(prefix)) return undefined;
  const [service = '', method = ''] = fn.id.slice(prefix.length).split('/');
  return { service, method };
}

/** Sends rows to the service in batches; the result has as many rows, in their order. @throws SnowflakeError `serviceFunctionFailed`, … */
export async function callServiceMethod(
  { service, method }: ServedMethod,
  fn: PythonFunction,
  args: ArgumentColumns,
  scope: StatementScope,
  services: Services,
): Promise<PackedColumn> {
  const definition = definitionOf(scope.catalog.byId(service) ?? { properties: {} });
  if (definition?.program.kind !== 'model') throw SnowflakeError.of('unknownFunction', { name: displayName(fn.name) });
  const { batchRows } = definition.program;
  const rows = argumentRows(
    args,
    fn.parameters.map((parameter) => parameter.type),
  );
  const { returns } = fn;
  if ('table' in returns) throw SnowflakeError.of('unsupported', { feature: `table function ${displayName(fn.name)}` });
  const port = definition.endpoints[0]?.port ?? 0;
  const path = `/${method.toLowerCase().replaceAll('_', '-')}`;
  const results: Cell[] = Array.from({ length: rows.length }, () => null);
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < rows.length) {
      const start = next;
      next += batchRows;
      const batch = rows.slice(start, start + batchRows);
      const body = JSON.stringify({
        data: batch.map((row, index) => [index, ...row.map((value, at) => toJson(value, typeAt(fn, at)))]),
      });
      const target = await services.running.enter(service, port, scope.signal);
      try {
        const answer = await post(target.address, target.port, path, body, scope.signal);
        if (answer.status !== 200)
          throw SnowflakeError.of('serviceFunctionFailed', {
            name: displayName(fn.name),
            status: String(answer.status),
            answer: answer.body,
          });
        const { data } = JSON.parse(answer.body) as { data: (readonly [number, unknown])[] };
        for (const [number, value] of data) results[start + number] = fromJson(unwrapped(value, returns), returns);
      } finally {
        target.leave();
      }
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  return textColumn(results);
}

/** A method that returns another type than OBJECT has one output, which the service names all the same. */
function unwrapped(value: unknown, returns: SnowflakeType): unknown {
  const packed = returns.kind === 'OBJECT' || returns.kind === 'VARIANT';
  return packed || value === null || typeof value !== 'object' ? value : Object.values(value)[0];
}

function typeAt(fn: PythonFunction, index: number): SnowflakeType {
  return (fn.parameters[index] as PythonFunction['parameters'][number]).type;
}

function post(
  host: string,
  port: number,
  path: string,
  body: string,
  signal: AbortSignal,
): Promise<{ readonly status: number; readonly body: string }> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    const sent = request({ host, port, path, method: 'POST', headers, signal }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.once('error', fail);
      response.once('end', () => {
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(parts).toString() });
      });
    });
    const fail = (error: Error): void => {
      reject(
        signal.aborted
          ? SnowflakeError.of('queryCancelled', {})
          : SnowflakeError.of('serviceFunctionFailed', { name: path.slice(1), status: '503', answer: error.message }),
      );
    };
    sent.once('error', fail);
    sent.end(body);
  });
}
