// @ts-check
// Loaded into the Pulumi program (Pulumi.yaml, nodeargs): mends how an error of the program is told, in two ways.
import util from 'node:util';

// The engine's SDK has errors inspected with colours, and Node.js 20 never ends, but for lack of memory, when such a stack has a
// path like node_modules/@scope/file.ts, as the SDK's own source maps make it. Node.js 24 does not have the fault.
const { inspect } = util;
/** @type {(value: unknown, options?: util.InspectOptions) => string} */
const inspectPlainly = (value, options) => inspect(value, value instanceof Error ? { ...options, colors: false } : options);
util.inspect = /** @type {typeof inspect} */ (Object.assign(inspectPlainly, inspect));

// The SDK's source-map-support looks for source maps in files and so misses the ones that tsx makes while it loads TypeScript:
// lines would be those of the compiled code. Node.js itself knows them, if nobody gets in its way.
Object.defineProperty(Error, 'prepareStackTrace', { get: () => undefined, set() {} });
