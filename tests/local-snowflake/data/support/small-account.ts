import type { DataConnection, DataOutcome } from '../../../../local-snowflake/data/data-connection.ts';
import { DataEngine } from '../../../../local-snowflake/data/data-engine.ts';
import type {
  FileFormatOptions,
  PythonFunction,
  Relation,
  StageLocation,
  StatementFacts,
  StatementPorts,
  SystemFunction,
  TableColumn,
  TableFunction,
  TypedCell,
  UserFunction,
} from '../../../../local-snowflake/data/ports.ts';
import { SnowflakeError } from '../../../../local-snowflake/errors/snowflake-error.ts';
import { type ArgumentColumns, argumentRows } from '../../../../local-snowflake/sql/argument-columns.ts';
import { displayName, type ObjectName } from '../../../../local-snowflake/sql/identifier.ts';
import { type PackedColumn, textColumn } from '../../../../local-snowflake/sql/packed-column.ts';
import type { Cell, ResultColumn, ResultSet } from '../../../../local-snowflake/sql/result-set.ts';
import { statusResult } from '../../../../local-snowflake/sql/result-set.ts';
import { readType } from '../../../../local-snowflake/sql/read-type.ts';
import { TokenStream } from '../../../../local-snowflake/sql/token-stream.ts';
import { typeOf } from '../../../../local-snowflake/sql/types.ts';

/**
 * The least that the data plane needs around it: one schema with tables, views, stages as folders and functions, without
 * privileges. Its DDL is only what the scripts under tests/sql use; the real catalog has its own tests.
 */
export class SmallAccount {
  readonly engine: DataEngine;
  readonly connection: DataConnection;
  readonly relations = new Map<string, Relation>();
  readonly functions = new Map<string, UserFunction>();
  readonly systemFunctions = new Map<string, SystemFunction>();
  readonly tableFunctions = new Map<string, TableFunction>();
  readonly sequences = new Map<string, string>();
  readonly fileFormats = new Map<string, FileFormatOptions>();
  readonly parameters = new Map<string, string>();
  readonly variables = new Map<string, TypedCell>();
  stages: (location: string) => Promise<StageLocation> = (location) =>
    Promise.reject(SnowflakeError.of('objectDoesNotExist', { kind: 'Stage', name: location }));
  python: (fn: PythonFunction, rows: readonly (readonly Cell[])[]) => Promise<readonly Cell[]> = () =>
    Promise.reject(new Error('no Python here'));
  /** By the ids of functions; they go before `python`. */
  readonly packedPython = new Map<string, (args: ArgumentColumns) => Promise<PackedColumn>>();
  pythonTable: StatementPorts['callPythonTable'] = () => Promise.reject(new Error('no Python here'));
  binds = new Map<string, TypedCell>();
  batch: readonly ReadonlyMap<string, TypedCell>[] = [];
  #tables = 0;

  private constructor(engine: DataEngine, connection: DataConnection) {
    this.engine = engine;
    this.connection = connection;
  }

  static async open(path = ':memory:'): Promise<SmallAccount> {
    return SmallAccount.over(await DataEngine.open(path));
  }

  static async over(engine: DataEngine): Promise<SmallAccount> {
    return new SmallAccount(engine, await engine.connect());
  }

  async close(): Promise<void> {
    await this.connection.close();
    this.engine.close();
  }

  facts(): StatementFacts {
    return {
      now: Date.parse('2026-03-01T12:00:00.123Z'),
      user: 'TESTER',
      role: 'SYSADMIN',
      warehouse: 'WH',
      database: 'DB',
      schema: 'PUBLIC',
      account: 'LOCAL',
      accountName: 'LOCAL',
      organization: 'ORG',
      region: 'LOCAL',
      version: '9.0.0',
      sessionId: 1,
      queryId: '00000000-0000-0000-0000-000000000001',
      timezone: this.parameters.get('TIMEZONE') ?? 'America/Los_Angeles',
      lastQueryId: (index) => (index === -1 ? 'last' : undefined),
      parameter: (name) => this.parameters.get(name),
    };
  }

  ports(): StatementPorts {
    const name = (parts: ObjectName): string => parts.at(-1) ?? '';
    return {
      facts: this.facts(),
      bind: (key) => this.binds.get(key) ?? this.batch[0]?.get(key),
      ...(this.batch.length > 0 ? { bindRows: this.batch.length } : {}),
      bindAt: (key, row) => this.batch[row]?.get(key) ?? { type: typeOf('VARCHAR'), cell: null },
      variable: (key) => this.variables.get(key),
      relation: (parts) => {
        const found = this.relations.get(name(parts));
        if (found === undefined) throw SnowflakeError.of('tableDoesNotExist', { name: displayName(parts) });
        return found.kind === 'view' ? { ...found, ports: this.ports() } : found;
      },
      sequence: (parts) => {
        const found = this.sequences.get(name(parts));
        if (found === undefined) throw SnowflakeError.of('objectDoesNotExist', { kind: 'Sequence', name: displayName(parts) });
        return { physicalName: found };
      },
      function: (parts) => this.functions.get(name(parts)),
      systemFunction: (parts) => this.systemFunctions.get(parts.join('.')),
      tableFunction: (parts) => this.tableFunctions.get(name(parts)),
      stageFiles: (location) => this.stages(location),
      fileFormat: (parts) => {
        const found = this.fileFormats.get(name(parts));
        if (found === undefined) throw SnowflakeError.of('objectDoesNotExist', { kind: 'File format', name: displayName(parts) });
        return found;
      },
      callPython: async (fn, args) =>
        this.packedPython.get(fn.id)?.(args) ??
        textColumn(
          await this.python(
            fn,
            argumentRows(
              args,
              fn.parameters.map((parameter) => parameter.type),
            ),
          ),
        ),
      callPythonTable: (...args) => this.pythonTable(...args),
      signal: new AbortController().signal,
    };
  }

  /** Runs DDL of this account, or hands the statement to the data plane. */
  async run(text: string): Promise<ResultSet> {
    const stream = new TokenStream(text);
    if (stream.accept('CREATE') || stream.accept('DROP')) return this.#define(text);
    return (await this.connection.run(text, this.ports())).result;
  }

  async outcome(text: string): Promise<DataOutcome> {
    return this.connection.run(text, this.ports());
  }

  async rows(text: string): Promise<ResultSet['rows']> {
    return (await this.run(text)).rows;
  }

  async describe(text: string): Promise<ResultColumn[]> {
    return this.connection.describe(text, this.ports());
  }

  async #define(text: string): Promise<ResultSet> {
    const stream = new TokenStream(text);
    if (stream.accept('DROP')) {
      stream.next();
      stream.accept('IF EXISTS');
      this.relations.delete(stream.name().at(-1) ?? '');
      return statusResult('dropped');
    }
    stream.expect('CREATE');
    stream.accept('OR REPLACE');
    if (!stream.accept('TEMPORARY')) stream.accept('TEMP');
    const kind = stream.next().value;
    const name = stream.name().at(-1) ?? '';
    if (kind === 'VIEW') return this.#createView(name, stream);
    if (kind === 'SEQUENCE') return this.#createSequence(name, stream);
    const physicalName = `t${String((this.#tables += 1))}`;
    if (stream.accept('AS')) {
      const columns = await this.connection.createTableAs(physicalName, stream.restText(), this.ports());
      this.relations.set(name, { kind: 'table', physicalName, columns });
      return statusResult('created');
    }
    const columns = readColumns(stream);
    await this.engine.tables.createTable(physicalName, columns);
    this.relations.set(name, { kind: 'table', physicalName, columns });
    return statusResult('created');
  }

  async #createView(name: string, stream: TokenStream): Promise<ResultSet> {
    stream.expect('AS');
    const text = stream.restText();
    this.relations.set(name, { kind: 'view', columns: await this.describe(text), text, ports: this.ports() });
    return statusResult('created');
  }

  async #createSequence(name: string, stream: TokenStream): Promise<ResultSet> {
    const start = stream.accept('START') ? stream.integer() : 1;
    const step = stream.accept('INCREMENT') ? stream.integer() : 1;
    await this.engine.tables.createSequence(name, start, step);
    this.sequences.set(name, name);
    return statusResult('created');
  }
}

function readColumns(stream: TokenStream): TableColumn[] {
  const columns: TableColumn[] = [];
  stream.expectSymbol('(');
  do {
    const name = stream.identifier();
    const type = readType(stream);
    const column: { -readonly [K in keyof TableColumn]: TableColumn[K] } = {
      name,
      type,
      nullable: true,
      physical: `c${String(columns.length + 1)}`,
    };
    for (;;) {
      if (stream.accept('NOT NULL')) column.nullable = false;
      else if (stream.accept('DEFAULT')) column.defaultText = readDefault(stream);
      else if (stream.accept('AUTOINCREMENT')) {
        const start = stream.accept('START') ? stream.integer() : 1;
        const step = stream.accept('INCREMENT') ? stream.integer() : 1;
        column.identity = { start, step };
      } else break;
    }
    columns.push(column);
  } while (stream.acceptSymbol(','));
  stream.expectSymbol(')');
  return columns;
}

function readDefault(stream: TokenStream): string {
  const from = stream.position;
  stream.next();
  if (stream.isSymbol('(')) stream.parenthesised();
  return stream.textSince(from);
}
