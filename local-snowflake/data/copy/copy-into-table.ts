import { SnowflakeError } from '../../errors/snowflake-error.ts';
import type { ResultSet } from '../../sql/result-set.ts';
import { types } from '../../sql/types.ts';
import { bindQuery } from '../bind/bind-query.ts';
import { bound } from '../bind/bound.ts';
import { duckString } from '../duckdb/text.ts';
import { parseStatement } from '../syntax/parse.ts';
import type { DmlResult } from '../statements/dml-result.ts';
import { checkCount } from '../statements/run-insert.ts';
import type { StatementFrame } from '../statements/statement-frame.ts';
import { insertRows } from '../changes/tracked-write.ts';
import { assigned, defaultValue, type TargetTable, targetColumns, targetTable } from '../statements/target-table.ts';
import type { StageFile, TableColumn } from '../ports.ts';
import { type FileOutcome, loadResult } from './copy-result.ts';
import type { CopyStatement } from './copy-statement.ts';
import { abortError, type LoadInput, readFaults, recordFails } from './load-faults.ts';
import { loadedFiles, loadKey, rememberFiles } from './load-history.ts';
import { type LoadRecord, recordLoad } from './load-records.ts';
import {
  type PlannedColumn,
  planByHeader,
  planByKey,
  planColumn,
  planFields,
  type PlanOptions,
  planWhole,
  sameName,
} from './load-plan.ts';
import { errorLimit, type OnError, readOnError, skipsFile } from './on-error.ts';
import { parquetRow } from './parquet-row.ts';
import { parquetScan } from './parquet-schema.ts';
import type { StageSource } from './stage-source.ts';
import {
  faultColumn,
  fieldColumn,
  fieldCountColumn,
  fileNameColumn,
  lineColumn,
  rowNumberColumn,
  stageText,
} from './staged-text.ts';
import { describeValidation, faultRows, firstRows, readValidationMode, type ValidationMode } from './validation-mode.ts';

/** A JSON record: its whole text in the first field. */
const jsonValue = bound(types.variant, `CAST(${fieldColumn(0)} AS JSON)`);

type Load = Extract<CopyStatement, { kind: 'load' }>;

/** https://docs.snowflake.com/en/sql-reference/sql/copy-into-table */
export async function copyIntoTable(statement: Load, source: StageSource, frame: StatementFrame): Promise<DmlResult> {
  const mode = readValidationMode(statement.options.get('VALIDATION_MODE'));
  const target = targetTable({ kind: 'name', parts: statement.table.map((name) => ({ name, quoted: true })) }, 'INSERT', frame);
  const columns = targetColumns(
    target,
    statement.columns.map((name) => ({ name, quoted: true })),
  );
  const stage = source.location.display.split('/')[0] ?? source.location.display;
  const files = mode?.kind === 'ERRORS' && mode.loadedToo ? source.files : await newFiles(statement, source, stage, target, frame);
  const load = new TableLoad(statement, { ...source, files }, target, columns, frame);
  if (mode !== undefined) return { result: await load.validate(mode), affectedRows: 0 };
  const outcomes = await frame.atomically(async () => {
    const done = statement.query === undefined ? await load.plain() : await load.transformed(statement.query);
    await rememberFiles(
      target.physicalName,
      stage,
      files.filter((file) => done.some((outcome) => outcome.loaded > 0 && outcome.file === load.shown(file))),
      frame.runtime.connection,
    );
    await recordLoad(await load.record(done, stage), frame.runtime.connection);
    return done;
  });
  if (statement.options.get('PURGE') === true) {
    const taken = files.filter((file) => outcomes.some((outcome) => outcome.file === load.shown(file) && outcome.errors === 0));
    await frame.afterCommit(async () => {
      for (const file of taken) await source.location.remove(file);
    });
  }
  const reported =
    statement.options.get('RETURN_FAILED_ONLY') === true ? outcomes.filter((outcome) => outcome.errors > 0) : outcomes;
  return { result: loadResult(reported), affectedRows: outcomes.reduce((sum, outcome) => sum + outcome.loaded, 0) };
}

/** Files that the table has not taken yet, as far as SIZE_LIMIT reaches. */
async function newFiles(
  statement: Load,
  source: StageSource,
  stage: string,
  target: TargetTable,
  frame: StatementFrame,
): Promise<readonly StageFile[]> {
  const known =
    statement.options.get('FORCE') === true
      ? new Map<string, string>()
      : await loadedFiles(target.physicalName, frame.runtime.connection);
  const fresh = source.files.filter((file) => known.get(loadKey(stage, file)) !== file.md5);
  const limit = Number(statement.options.get('SIZE_LIMIT') ?? 0);
  if (limit === 0) return fresh;
  let size = 0;
  return fresh.filter((file) => {
    const fits = size < limit;
    size += file.size;
    return fits;
  });
}

class TableLoad {
  readonly #statement: Load;
  readonly #source: StageSource;
  readonly #target: TargetTable;
  readonly #columns: readonly TableColumn[];
  readonly #frame: StatementFrame;
  readonly #onError: OnError;
  /** The records of the files, when they went into the columns without a query. */
  #loaded: LoadInput | undefined;

  constructor(statement: Load, source: StageSource, target: TargetTable, columns: readonly TableColumn[], frame: StatementFrame) {
    this.#statement = statement;
    this.#source = source;
    this.#target = target;
    this.#columns = columns;
    this.#frame = frame;
    this.#onError = readOnError(statement.options.get('ON_ERROR'));
  }

  /** The file as COPY names it: `stage/path`. */
  shown(file: StageFile): string {
    const [root = ''] = this.#source.location.display.split('/');
    const stage = /(?:^@|\.)"?([^."@]+)"?$/u.exec(root)?.[1];
    return stage === undefined || stage === '~' || stage.startsWith('%') ? file.name : `${stage.toLowerCase()}/${file.name}`;
  }

  /** Without a query: fields, keys or whole values straight into the columns. */
  async plain(): Promise<FileOutcome[]> {
    if (this.#source.files.length === 0) return this.#nothing();
    this.#loaded = await this.#input();
    return this.#insert(this.#loaded);
  }

  /** What COPY_HISTORY and VALIDATE will say of the load. */
  async record(outcomes: readonly FileOutcome[], stage: string): Promise<LoadRecord> {
    const { facts } = this.#frame.ports;
    const sizes = new Map(this.#source.files.map((file) => [this.shown(file), file.size]));
    const names = new Map(this.#source.files.map((file) => [file.name, this.shown(file)]));
    const faulty = outcomes.some((outcome) => outcome.errors > 0);
    const loaded = this.#loaded;
    return {
      queryId: facts.queryId,
      session: String(facts.sessionId),
      physicalName: this.#target.physicalName,
      at: facts.now,
      transformed: this.#statement.query !== undefined,
      stage,
      files: outcomes.map((outcome) => ({ ...outcome, size: sizes.get(outcome.file) ?? 0 })),
      faults: loaded === undefined || !faulty ? [] : await readFaults(loaded, this.#place, 'all', this.#frame),
      shown: (file) => names.get(file) ?? file,
    };
  }

  /** VALIDATION_MODE: what is wrong with the files, or their first rows. */
  async validate(mode: ValidationMode): Promise<ResultSet> {
    if (this.#statement.query !== undefined) throw SnowflakeError.of('validationOfTransform', {});
    if (this.#matching() !== undefined) {
      throw SnowflakeError.of('unsupported', { feature: 'VALIDATION_MODE with MATCH_BY_COLUMN_NAME' });
    }
    const { files } = this.#source;
    if (files.length === 0) return { columns: describeValidation(mode, this.#columns), rows: [] };
    const input = await this.#input();
    if (mode.kind === 'ROWS') return firstRows(input, mode.count, files, this.#place, this.#frame);
    const names = new Map(files.map((file) => [file.name, this.shown(file)]));
    return faultRows(await readFaults(input, this.#place, 'all', this.#frame), (file) => names.get(file) ?? file);
  }

  get #place(): { readonly table: string; readonly columns: readonly TableColumn[] } {
    return { table: this.#target.name.at(-1) ?? '', columns: this.#columns };
  }

  #nothing(): FileOutcome[] {
    if (this.#source.format.type !== 'CSV' && this.#matching() === undefined)
      planWhole(this.#columns, jsonValue, this.#planOptions());
    return [];
  }

  /** The records of the files, and what becomes of them. */
  async #input(): Promise<LoadInput> {
    const { files, format } = this.#source;
    if (format.type === 'PARQUET') return this.#parquet();
    const table = this.#frame.runtime.temporary();
    const width = format.type === 'CSV' ? Math.max(this.#columns.length, format.parseHeader ? 1000 : 0) : 1;
    const staged = await stageText(files, format, width, table, this.#frame.runtime.connection);
    return { plan: await this.#plan(table, staged.headers), from: `temp.main.${table}`, countFails: this.#countFails() };
  }

  /** With a query: its columns are the table's; faults of its expressions end the statement. */
  async transformed(query: string): Promise<FileOutcome[]> {
    const statement = parseStatement(query);
    if (statement.kind !== 'query') throw SnowflakeError.of('unsupported', { feature: 'COPY from something else than a SELECT' });
    const rows = bindQuery(statement.query, this.#frame.bind);
    checkCount(this.#columns.length, rows.columns.length);
    const values = rows.columns.map(
      (column, index) => assigned(bound(column.type, column.internal, column.nullable), at(this.#columns, index), this.#frame).sql,
    );
    const defaults = this.#defaults(this.#columns);
    const names = [...this.#columns, ...defaults.map((item) => item.column)].map((column) => column.physical);
    const { files } = this.#source;
    if (files.length === 0) return [];
    const list = [...values, ...defaults.map((item) => item.sql)].join(', ');
    const count = await insertRows(this.#target, names, `SELECT ${list} FROM (${rows.sql}) AS source`, this.#frame);
    // One statement loads all files, so their rows are not told apart unless there is but one.
    const [first, ...rest] = files;
    const outcome = (file: StageFile, loaded: number): FileOutcome => ({
      file: this.shown(file),
      parsed: loaded,
      loaded,
      errorLimit: 1,
      errors: 0,
      first: undefined,
    });
    if (first === undefined) return [];
    if (rest.length === 0) return [outcome(first, count)];
    const counts = await this.#rowsByFile();
    return files.map((file) => outcome(file, counts.get(file.name) ?? 0));
  }

  async #rowsByFile(): Promise<Map<string, number>> {
    const { files, format } = this.#source;
    const counts = new Map<string, number>();
    for (const file of files) {
      const table = this.#frame.runtime.temporary();
      if (format.type === 'PARQUET') {
        const [[rows] = []] = await this.#frame.read(`SELECT CAST(count(*) AS VARCHAR) FROM ${parquetScan([file], false)}`);
        counts.set(file.name, Number(rows ?? 0));
        continue;
      }
      await stageText([file], format, 1, table, this.#frame.runtime.connection);
      const [[rows] = []] = await this.#frame.read(`SELECT CAST(count(*) AS VARCHAR) FROM temp.main.${table}`);
      counts.set(file.name, Number(rows ?? 0));
    }
    return counts;
  }

  #planOptions(): PlanOptions {
    const truncate =
      this.#statement.options.get('TRUNCATECOLUMNS') === true || this.#statement.options.get('ENFORCE_LENGTH') === false;
    return { format: this.#source.format, truncate, ports: this.#frame.ports };
  }

  /** MATCH_BY_COLUMN_NAME; undefined for NONE. */
  #matching(): 'sensitive' | 'insensitive' | undefined {
    const written = this.#statement.options.get('MATCH_BY_COLUMN_NAME');
    const value = typeof written === 'string' ? written.toUpperCase() : 'NONE';
    if (value === 'NONE') return undefined;
    if (value === 'CASE_SENSITIVE') return 'sensitive';
    if (value === 'CASE_INSENSITIVE') return 'insensitive';
    throw SnowflakeError.of('invalidPropertyValue', { property: 'MATCH_BY_COLUMN_NAME', value });
  }

  async #plan(table: string, headers: ReadonlyMap<string, readonly string[]>): Promise<PlannedColumn[]> {
    const matching = this.#matching();
    const options = this.#planOptions();
    const { format } = this.#source;
    if (format.type === 'CSV') {
      if (matching === undefined) return planFields(this.#columns, options);
      const [header = [], ...others] = [...headers.values()];
      if (!format.parseHeader)
        throw SnowflakeError.of('unsupported', { feature: 'MATCH_BY_COLUMN_NAME of CSV without PARSE_HEADER = TRUE' });
      if (others.some((other) => other.join('\0') !== header.join('\0')))
        throw SnowflakeError.of('unsupported', { feature: 'MATCH_BY_COLUMN_NAME of CSV files with unlike headers' });
      return planByHeader(this.#columns, header, matching === 'sensitive', options);
    }
    if (matching === undefined) return planWhole(this.#columns, jsonValue, options);
    const keys = await this.#frame.read(
      `SELECT DISTINCT unnest(json_keys(${fieldColumn(0)})) FROM temp.main.${table} WHERE json_type(${fieldColumn(0)}) = 'OBJECT'`,
    );
    return planByKey(
      this.#columns,
      keys.map(([key]) => key ?? ''),
      matching === 'sensitive',
      options,
    );
  }

  #parquet(): LoadInput {
    const matching = this.#matching();
    const options = this.#planOptions();
    const plan =
      matching === undefined
        ? planWhole(this.#columns, parquetRow(this.#source.parquet), options)
        : this.#columns.flatMap((column) => {
            const found = this.#source.parquet.find((item) => sameName(item.name, column.name, matching === 'sensitive'));
            return found === undefined ? [] : [planColumn(column, bound(found.type, found.sql), options)];
          });
    const names = this.#source.files.map((file) => `WHEN ${duckString(file.path)} THEN ${duckString(file.name)}`).join(' ');
    const scan = `(SELECT *, CASE sf_filename ${names} END AS ${fileNameColumn}, CAST(file_row_number + 1 AS VARCHAR) AS ${rowNumberColumn}, CAST(file_row_number + 1 AS VARCHAR) AS ${lineColumn}, NULL::VARCHAR AS ${fieldCountColumn}, NULL::VARCHAR AS ${faultColumn} FROM ${parquetScan(this.#source.files)})`;
    return { plan, from: scan, countFails: 'false' };
  }

  #countFails(): string {
    const { format } = this.#source;
    if (format.type !== 'CSV' || !format.countMismatchFails || this.#matching() !== undefined) return 'false';
    return `(${faultColumn} IS NULL AND ${fieldCountColumn} <> '${String(this.#columns.length)}')`;
  }

  #defaults(named: readonly TableColumn[]): { readonly column: TableColumn; readonly sql: string }[] {
    return this.#target.columns
      .filter((column) => !named.includes(column) && (column.defaultText !== undefined || column.identity !== undefined))
      .map((column) => ({ column, sql: defaultValue(column, this.#target, this.#frame).sql }));
  }

  async #insert(input: LoadInput): Promise<FileOutcome[]> {
    const { plan, from } = input;
    const fails = recordFails(input);
    const totals = await this.#frame.read(
      `SELECT ${fileNameColumn}, CAST(count(*) AS VARCHAR), CAST(count(*) FILTER (WHERE ${fails}) AS VARCHAR) FROM ${from} AS s GROUP BY ${fileNameColumn}`,
    );
    const counts = new Map(totals.map(([file, rows, errors]) => [file ?? '', { rows: Number(rows), errors: Number(errors) }]));
    const first = totals.some(([, , errors]) => errors !== '0') ? await readFaults(input, this.#place, 'first', this.#frame) : [];
    const faults = new Map(first.map((fault) => [fault.file, fault]));
    const { files } = this.#source;
    const failed = files.flatMap((file) => faults.get(file.name) ?? [])[0];
    if (failed !== undefined && this.#onError.kind === 'ABORT') throw abortError(failed, true);
    const skipped = new Set(
      files
        .filter((file) => skipsFile(this.#onError, counts.get(file.name)?.errors ?? 0, counts.get(file.name)?.rows ?? 0))
        .map((file) => file.name),
    );
    const defaults = this.#defaults(plan.map((item) => item.column));
    const names = [...plan.map((item) => item.column), ...defaults.map((item) => item.column)].map((column) => column.physical);
    const kept = [
      `NOT coalesce(${fails}, false)`,
      ...(skipped.size > 0 ? [`${fileNameColumn} NOT IN (${[...skipped].map(duckString).join(', ')})`] : []),
    ];
    const list = [...plan.map((item) => item.value), ...defaults.map((item) => item.sql)].join(', ');
    await insertRows(this.#target, names, `SELECT ${list} FROM ${from} AS s WHERE ${kept.join(' AND ')}`, this.#frame);
    return files.map((file) => {
      const { rows, errors } = counts.get(file.name) ?? { rows: 0, errors: 0 };
      const loaded = skipped.has(file.name) ? 0 : rows - errors;
      return {
        file: this.shown(file),
        parsed: rows,
        loaded,
        errorLimit: errorLimit(this.#onError, rows),
        errors,
        first: faults.get(file.name),
      };
    });
  }
}

function at<T>(items: readonly T[], index: number): T {
  const item = items[index];
  if (item === undefined) throw new RangeError(`no item ${String(index)}`);
  return item;
}
