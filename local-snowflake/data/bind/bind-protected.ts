import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { displayIdentifier } from '../../sql/identifier.ts';
import type { AppliedPolicy, Protection } from '../ports.ts';
import { parseExpression } from '../syntax/parse.ts';
import type { BindContext } from './bind-context.ts';
import { bindExpression } from './bind-expression.ts';
import { booleanOf } from './bind-operator.ts';
import { type Bound, bound } from './bound.ts';
import { castTo } from './cast.ts';
import { type ExpressionContext, newBlock } from './expression-context.ts';
import { type FromBinding, UsedColumns } from './from-binding.ts';
import { materialisePython } from './python-block.ts';
import { Scope, type ScopeColumn } from './scope.ts';

/**
 * A relation as its policies let the session see it: rows that the row access policy does not allow are left out, and the values of
 * masked columns are what the masking policies make of them, wherever the columns are named.
 * https://docs.snowflake.com/en/user-guide/security-column-intro#masking-policies-at-query-runtime
 */
export function protectedRelation(raw: FromBinding, protection: Protection | undefined, bind: BindContext): FromBinding {
  if (protection === undefined) return raw;
  return new ProtectedRows(raw, protection, bind).binding();
}

class ProtectedRows {
  readonly #raw: FromBinding;
  readonly #protection: Protection;
  readonly #bind: BindContext;
  readonly #block = newBlock();
  readonly #used = new UsedColumns();
  readonly #columns: readonly ScopeColumn[];
  /** Name of the column that says whether a row may be seen; undefined without a row access policy. */
  readonly #allowed: string | undefined;
  readonly #condition: Bound | undefined;
  #python: { readonly from: string } | undefined;

  constructor(raw: FromBinding, protection: Protection, bind: BindContext) {
    this.#raw = raw;
    this.#protection = protection;
    this.#bind = bind;
    this.#columns = raw.relations[0]?.columns ?? [];
    const { rows } = protection;
    this.#condition = rows === undefined ? undefined : this.#applied(rows);
    this.#allowed = rows === undefined ? undefined : bind.state.name('c');
  }

  binding(): FromBinding {
    const [relation] = this.#raw.relations;
    if (relation === undefined) throw new Error('a table is a relation');
    const name = this.#bind.state.name('r');
    return {
      relations: [{ ...relation, columns: this.#columns.map((column, index) => this.#shown(column, index)) }],
      render: () => `(SELECT ${this.#used.list()}${this.#from()}) AS ${name}`,
      used: () => this.#used.used(),
    };
  }

  /**
   * The condition is worked out first, and guards every value: an expression of the query that DuckDB evaluates before the filter must
   * not tell, by failing, what is in rows that are left out.
   */
  #from(): string {
    const rows = this.#python?.from ?? ` FROM ${this.#raw.render()}`;
    if (this.#allowed === undefined || this.#condition === undefined) return rows;
    const inner = this.#bind.state.name('p');
    return ` FROM (SELECT *, coalesce(${this.#condition.sql}, false) AS ${this.#allowed}${rows}) AS ${inner} WHERE ${this.#allowed}`;
  }

  /** The column as the query names it; its policy is bound when it is used. */
  #shown({ name, bound: plain, merged, pseudo }: ScopeColumn, index: number): ScopeColumn {
    const mask = this.#protection.masks.get(index);
    let value: Bound | undefined;
    const bindValue = (): Bound => {
      const source = mask === undefined ? plain() : this.#applied(mask);
      const internal = this.#bind.state.name('c');
      this.#used.add(internal, this.#allowed === undefined ? source.sql : `CASE WHEN ${this.#allowed} THEN ${source.sql} END`);
      this.#bind.state.labels.set(internal, displayIdentifier(name));
      return bound(source.type, internal, mask !== undefined || source.nullable);
    };
    return {
      name,
      ...(merged === undefined ? {} : { merged }),
      ...(pseudo === undefined ? {} : { pseudo }),
      bound: () => {
        value ??= bindValue();
        this.#used.use(value.sql);
        return value;
      },
    };
  }

  /** A policy's body, its parameters standing for columns. It reads what it reads as it is now, with its owner's rights. */
  #applied(policy: AppliedPolicy): Bound {
    return this.#bind.state.nested(() => {
      const { at: _at, past: _past, changes: _changes, ...bind } = this.#bind;
      const inner: ExpressionContext = {
        bind: { ...bind, ports: policy.ports, commonTables: [] },
        scope: new Scope([{ alias: undefined, qualifier: [], columns: this.#parameters(policy) }]),
        block: this.#block,
      };
      const result = bindExpression(parseExpression(policy.body), inner);
      const value = policy.returns.kind === 'BOOLEAN' ? booleanOf(result, inner) : result;
      const converted = castTo(value, policy.returns, 'implicit', policy.ports.facts);
      if (this.#block.pythonCalls.length > 0)
        this.#python ??= materialisePython(this.#raw, undefined, this.#block.pythonCalls, this.#bind);
      return converted;
    });
  }

  #parameters(policy: AppliedPolicy): ScopeColumn[] {
    return policy.parameters.map(({ name, type }, index) => ({
      name,
      bound: () => {
        const column = this.#columns[policy.columns[index] ?? -1];
        if (column === undefined) throw SnowflakeError.of('invalidIdentifier', { name: displayIdentifier(name) });
        return castTo(column.bound(), type, 'implicit', policy.ports.facts);
      },
    }));
  }
}
