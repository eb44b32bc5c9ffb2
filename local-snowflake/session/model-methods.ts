import { join } from 'node:path';
import type { CatalogObject } from '../catalog/catalog-object.ts';
import type { PythonFunction } from '../data/ports.ts';
import { SnowflakeError } from '../errors/snowflake-error.ts';
import { findVersion, type ModelMethod, type ModelVersion } from '../objects/model/model-version.ts';
import { readType } from '../sql/read-type.ts';
import type { PythonFunctionDefinition } from '../runtime/function-worker.ts';
import { displayIdentifier, displayName } from '../sql/identifier.ts';
import type { ModelCall } from '../sql/model-call.ts';
import { column } from '../sql/result-set.ts';
import { TokenStream } from '../sql/token-stream.ts';
import type { SnowflakeType } from '../sql/types.ts';
import type { StatementScope } from './statement-scope.ts';

/**
 * A model's method as a function of the data plane.
 * https://docs.snowflake.com/en/developer-guide/snowflake-ml/model-registry/warehouse
 * @throws SnowflakeError for an unknown model, version or method, and for another number of arguments
 */
export function resolveModelMethod(call: ModelCall, args: readonly SnowflakeType[], scope: StatementScope): PythonFunction {
  const object = scope.find('MODEL', call.model, 'USAGE');
  const version = findVersion(object, call.version);
  const title = `${displayName(call.model)}!${displayIdentifier(call.method)}`;
  const fn = methodFunction(version, call.method, args, { title, id: [object.id, version.name, call.method].join('/') });
  resolved.set(fn, definitionOf(object, version, fn, scope));
  return fn;
}

/** How resolved methods are run: the version of a statement's beginning stays its version, whatever becomes of the model meanwhile. */
const resolved = new WeakMap<PythonFunction, PythonFunctionDefinition>();

/**
 * A method of a version as a function; `id` is what the call finds it by.
 * @throws SnowflakeError for a method that it does not have, and for another number of arguments
 */
export function methodFunction(
  version: ModelVersion,
  name: string,
  args: readonly SnowflakeType[],
  { title, id }: { readonly title: string; readonly id: string },
): PythonFunction {
  const method = version.methods.find((each) => each.name === name);
  if (method === undefined) throw SnowflakeError.of('unknownFunction', { name: title });
  const { inputs, params = [] } = method;
  if (args.length < inputs.length || args.length > inputs.length + params.length) {
    throw SnowflakeError.of('argumentCount', { name: title, expected: String(inputs.length), got: args.length });
  }
  return {
    language: 'PYTHON',
    name: [title],
    id,
    parameters: [
      ...inputs.map((input) => ({ name: input.name, type: typeOf(input.type) })),
      // The method takes its own default in the place of NULL.
      ...params.map((param) => ({ name: param.name, type: typeOf(param.type), optional: true as const })),
    ],
    returns: returnsOf(method),
    nullHandling: 'CALLED',
    volatility: method.volatility === 'IMMUTABLE' ? 'IMMUTABLE' : 'VOLATILE',
  };
}

/** How the method that a function of the data plane stands for is run; undefined when it stands for a function. */
export function modelMethodOf(fn: PythonFunction, scope: StatementScope): PythonFunctionDefinition | undefined {
  const [modelId = '', versionName] = fn.id.split('/');
  if (versionName === undefined) return undefined;
  const known = resolved.get(fn);
  if (known !== undefined) return known;
  const object = scope.catalog.byId(modelId);
  if (object === undefined) throw SnowflakeError.of('unknownFunction', { name: displayName(fn.name) });
  return definitionOf(object, findVersion(object, versionName), fn, scope);
}

function definitionOf(
  object: CatalogObject,
  version: ModelVersion,
  fn: PythonFunction,
  scope: StatementScope,
): PythonFunctionDefinition {
  const methodName = fn.id.split('/').at(-1);
  const method = version.methods.find((each) => each.name === methodName);
  if (method === undefined) throw SnowflakeError.of('unknownFunction', { name: displayName(fn.name) });
  const folder = join(scope.effects.stages.directory(object.id), 'versions', version.name);
  return {
    code: {
      name: `${scope.catalog.displayOf(object)}!${method.name}`,
      handler: method.handler,
      // `functions.predict.infer` is a module of the version's own folder; it loads the model from the folder beside it.
      imports: [...new Set([method.handler.split('.')[0] ?? '', ...version.runtime.imports])].map((name) => ({
        name,
        path: join(folder, name),
      })),
      packages: version.runtime.packages,
    },
    parameters: fn.parameters,
    returns: fn.returns,
    timezone: scope.parameter('TIMEZONE'),
  };
}

function returnsOf(method: ModelMethod): PythonFunction['returns'] {
  if (method.type === 'TABLE_FUNCTION')
    return { table: method.outputs.map((output, index) => column(output.name ?? `OUTPUT_${String(index)}`, typeOf(output.type))) };
  return typeOf(method.outputs[0]?.type ?? 'OBJECT');
}

/** A type as MANIFEST.yml writes it. */
function typeOf(written: string): SnowflakeType {
  return readType(new TokenStream(written));
}
