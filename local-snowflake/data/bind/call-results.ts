import type { DuckDBConnection } from '@duckdb/node-api';
import type { PackedColumn, PackedRecords } from '../../sql/packed-column.ts';
import type { SnowflakeType } from '../../sql/types.ts';
import { appendPacked, appendVectors, fieldColumn, fieldJson, recordJson, type VectorColumn } from '../duckdb/packed-writer.ts';
import { physicalType } from '../duckdb/physical-type.ts';
import type { PreparationRuntime } from '../duckdb/preparation-runtime.ts';
import { execute } from '../duckdb/run.ts';
import { duckString } from '../duckdb/text.ts';
import { jsonPathKey } from './bind-path.ts';
import type { PythonCall } from './python-call.ts';

interface RecordField {
  readonly key: string;
  readonly type: VectorColumn['type'];
  readonly name: string;
}

export interface ResultExpression {
  readonly name: string;
  readonly sql: string;
}

/**
 * Results of a call in the order of its rows, in a temporary table. Objects that all have the same plain fields are kept as
 * columns; only what a statement uses of them becomes JSON.
 */
export class CallResults {
  readonly #call: PythonCall;
  readonly #type: SnowflakeType;
  readonly #runtime: PreparationRuntime;
  #table: string | undefined;
  /** The columns of the table while all results are alike; undefined when it has the one column `r`. */
  #fields: readonly RecordField[] | undefined;

  constructor(call: PythonCall, type: SnowflakeType, runtime: PreparationRuntime) {
    this.#call = call;
    this.#type = type;
    this.#runtime = runtime;
  }

  /** The table, to be joined by position. */
  async table(): Promise<string> {
    this.#table ??= await this.#create(undefined);
    return this.#table;
  }

  async append(column: PackedColumn, rows: number): Promise<void> {
    const { connection } = this.#runtime;
    if (column.form === 'record' && (this.#table === undefined || this.#fits(column))) {
      this.#table ??= await this.#create(column);
      await appendVectors(
        connection,
        this.#table,
        column.fields.map(({ values }) => fieldColumn(values)),
        rows,
      );
      return;
    }
    if (this.#fields !== undefined) await this.#flatten(connection);
    await appendPacked(connection, await this.table(), [], [{ type: this.#type, column }], rows);
  }

  /** The columns of the call, as SQL over the table under the name `alias`. */
  columns(alias: string): ResultExpression[] {
    const { internal, fields } = this.#call;
    const own = this.#fields?.map((field) => ({ ...field, sql: `${alias}.${field.name}` }));
    const whole = own === undefined ? `${alias}.r` : recordJson(own);
    return [
      { name: internal, sql: whole },
      ...[...fields].flatMap(([key, wanted]) => {
        const field = own?.find((each) => each.key === key);
        const variant =
          own === undefined
            ? `json_extract(${whole}, ${duckString(`$.${jsonPathKey(key)}`)})`
            : field === undefined
              ? 'CAST(NULL AS JSON)'
              : `CAST(${fieldJson(field.type, field.sql)} AS JSON)`;
        const float =
          own === undefined
            ? `CAST(sf.variant_digits(${variant}) AS DOUBLE)`
            : field === undefined
              ? 'CAST(NULL AS DOUBLE)'
              : `CAST(${field.sql} AS DOUBLE)`;
        const value = { name: wanted.internal, sql: variant };
        return wanted.floatWanted ? [value, { name: wanted.float, sql: float }] : [value];
      }),
    ];
  }

  #fits({ fields }: PackedRecords): boolean {
    return (
      this.#fields?.length === fields.length &&
      fields.every(({ key, values }, index) => {
        const known = this.#fields?.[index];
        return known?.key === key && known.type === fieldColumn(values).type;
      })
    );
  }

  async #create(records: PackedRecords | undefined): Promise<string> {
    const table = this.#runtime.temporary();
    this.#fields = records?.fields.map(({ key, values }, index) => ({
      key,
      type: fieldColumn(values).type,
      name: `f${String(index)}`,
    }));
    const columns = this.#fields?.map(({ name, type }) => `${name} ${type.toString()}`) ?? [`r ${physicalType(this.#type)}`];
    await execute(this.#runtime.connection, `CREATE TEMP TABLE ${table} (${columns.join(', ')})`);
    return table;
  }

  /** Results that are not alike follow: those that are there become JSON as well. */
  async #flatten(connection: DuckDBConnection): Promise<void> {
    const alike = await this.table();
    const objects = recordJson((this.#fields ?? []).map((field) => ({ ...field, sql: field.name })));
    this.#table = await this.#create(undefined);
    await execute(connection, `INSERT INTO ${this.#table} SELECT ${objects} FROM ${alike}`);
  }
}
