import { SnowflakeError } from '../../errors/snowflake-error.ts';
import type { TokenStream } from '../../sql/token-stream.ts';
import {
  readTaskReference,
  type SettingNames,
  SettingsReader,
  type TaskReference,
  type TaskSettings,
} from '../task/task-clauses.ts';
import { isTaskParameter } from '../task/task-settings.ts';

/** Parameters of the graph itself. */
export const taskGraphParameters = ['SUSPEND_TASK_AFTER_NUM_FAILURES', 'TASK_AUTO_RETRY_ATTEMPTS'] as const;

// https://docs.snowflake.com/en/sql-reference/sql/create-task-graph; ROOTS and FINALIZER, which name tasks, stand apart.
const graphSettings = new Set<string>([
  ...taskGraphParameters,
  'SCHEDULE',
  'OVERLAP_POLICY',
  'ERROR_INTEGRATION',
  'SUCCESS_INTEGRATION',
  'CONFIG',
  'COMMENT',
]);

/** Properties of a graph that can be set and unset, by upper-case name. */
export function isGraphProperty(name: string): boolean {
  return graphSettings.has(name) || name === 'ROOTS' || name === 'FINALIZER';
}

/**
 * What TASK_DEFAULTS may hold. The page names no properties; taken are those that each task of a graph can have for itself and that
 * are no settings of the graph.
 */
export function isTaskDefault(name: string): boolean {
  if (name === 'WAREHOUSE' || name === 'TARGET_COMPLETION_INTERVAL') return true;
  return isTaskParameter(name) && !graphSettings.has(name);
}

const defaultNames: SettingNames = { kind: 'TASK_DEFAULTS', has: isTaskDefault };

/** `( NAME = value [, …] )` */
export function readTaskDefaults(stream: TokenStream): TaskSettings {
  stream.expectSymbol('(');
  const reader = new SettingsReader(stream, defaultNames);
  do reader.readOne();
  while (stream.acceptSymbol(','));
  stream.expectSymbol(')');
  return reader.settings;
}

/** `( NAME [, …] )` */
export function readDefaultNames(stream: TokenStream): string[] {
  stream.expectSymbol('(');
  const names = [readName(stream, defaultNames)];
  while (stream.acceptSymbol(',')) names.push(readName(stream, defaultNames));
  stream.expectSymbol(')');
  return names;
}

/** A property's name in UNSET. @throws SnowflakeError `invalidProperty` */
export function readPropertyName(stream: TokenStream): string {
  return readName(stream, { kind: 'TASK GRAPH', has: isGraphProperty });
}

function readName(stream: TokenStream, names: SettingNames): string {
  const token = stream.peek();
  if (token.kind !== 'word') throw stream.unexpected();
  if (!names.has(token.value)) throw SnowflakeError.of('invalidProperty', { property: token.value, kind: names.kind });
  return stream.next().value;
}

/** Reads `NAME = value` properties of a graph, among them the tasks that it names. */
export class GraphSettingsReader {
  root: TaskReference | undefined;
  finalizer: TaskReference | undefined;
  readonly #stream: TokenStream;
  readonly #reader: SettingsReader;

  constructor(stream: TokenStream) {
    this.#stream = stream;
    this.#reader = new SettingsReader(stream, { kind: 'TASK GRAPH', has: isGraphProperty });
  }

  get settings(): TaskSettings {
    return this.#reader.settings;
  }

  readOne(): void {
    const names = this.#stream.peek(1).text === '=';
    if (names && this.#stream.is('ROOTS')) this.root = this.#once('ROOTS', this.root, () => this.#readRoots());
    else if (names && this.#stream.is('FINALIZER')) {
      this.finalizer = this.#once('FINALIZER', this.finalizer, () => readTaskReference(this.#stream));
    } else this.#reader.readOne();
  }

  #once(property: string, before: TaskReference | undefined, read: () => TaskReference): TaskReference {
    if (before !== undefined) throw SnowflakeError.of('duplicateProperty', { property });
    this.#stream.next();
    this.#stream.expectSymbol('=');
    return read();
  }

  /** `( name )`: the grammar of the page has one root. */
  #readRoots(): TaskReference {
    this.#stream.expectSymbol('(');
    const root = readTaskReference(this.#stream);
    if (this.#stream.isSymbol(',')) throw SnowflakeError.of('unsupported', { feature: 'several ROOTS of a TASK GRAPH' });
    this.#stream.expectSymbol(')');
    return root;
  }
}
