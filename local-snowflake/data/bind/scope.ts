import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { displayIdentifier } from '../../sql/identifier.ts';
import type { Identifier } from '../syntax/tree.ts';
import type { Bound } from './bound.ts';

/** A column in reach of an expression. */
export interface ScopeColumn {
  readonly name: string;
  /** Asked for when the column is used: a relation renders only those of its columns that were. */
  readonly bound: () => Bound;
  /** Columns of a stage file: `$1:key` without going through the whole row. */
  readonly path?: (key: string) => Bound | undefined;
  /** Not part of `*`, nor found by its bare name: the right side's column of USING. */
  readonly merged?: true;
  /** Found by name, but not part of `*` (METADATA$FILENAME). */
  readonly pseudo?: true;
}

export interface ScopeRelation {
  /** The alias, or the table's own name. */
  readonly alias: string | undefined;
  /** Database and schema, where the relation was named without an alias. */
  readonly qualifier: readonly string[];
  readonly columns: readonly ScopeColumn[];
  /** `$n`, where columns have no other names (staged files). */
  readonly ordinal?: (index: number) => ScopeColumn;
}

/** What names mean at one place: the FROM of a block, then the blocks around it. */
export class Scope {
  readonly relations: readonly ScopeRelation[];
  readonly parent: Scope | undefined;
  /** Output aliases of the block (lateral aliases); FROM columns win over them, except in ORDER BY. */
  readonly aliases: ((name: string) => Bound | undefined) | undefined;
  readonly aliasesFirst: boolean;

  constructor(
    relations: readonly ScopeRelation[],
    parent?: Scope,
    aliases?: (name: string) => Bound | undefined,
    aliasesFirst = false,
  ) {
    this.relations = relations;
    this.parent = parent;
    this.aliases = aliases;
    this.aliasesFirst = aliasesFirst;
  }

  /** @throws SnowflakeError `invalidIdentifier`, `ambiguousColumn` */
  column(parts: readonly Identifier[]): ScopeColumn {
    const found = this.find(parts);
    if (found !== undefined) return found;
    // A position in quotes is one too, where no column has that name: Snowpark writes "$4".
    const [, position] = /^\$(\d+)$/u.exec(parts.at(-1)?.name ?? '') ?? [];
    if (position !== undefined && parts.length <= 2)
      return this.ordinal(parts.length === 2 ? parts[0] : undefined, Number(position));
    throw unknownColumn(parts);
  }

  find(parts: readonly Identifier[]): ScopeColumn | undefined {
    const name = parts.at(-1)?.name ?? '';
    const alias = parts.length === 1 ? this.aliases : undefined;
    if (alias !== undefined && this.aliasesFirst) {
      const bound = alias(name);
      if (bound !== undefined) return { name, bound: () => bound };
    }
    const matches = this.relations
      .filter((relation) => parts.length === 1 || matchesQualifier(relation, parts.slice(0, -1)))
      .flatMap((relation) =>
        relation.columns.filter((column) => column.name === name && (parts.length > 1 || column.merged !== true)),
      );
    if (matches.length > 1)
      throw SnowflakeError.of('ambiguousColumn', { name: parts.map((part) => displayIdentifier(part.name)).join('.') });
    if (matches[0] !== undefined) return matches[0];
    if (alias !== undefined && !this.aliasesFirst) {
      const bound = alias(name);
      if (bound !== undefined) return { name, bound: () => bound };
    }
    return this.parent?.find(parts);
  }

  /** `$n` or `alias.$n`: the n-th column of the FROM. */
  ordinal(relation: Identifier | undefined, index: number): ScopeColumn {
    const relations = relation === undefined ? this.relations : this.relations.filter((item) => item.alias === relation.name);
    const byOrdinal = relations.length === 1 ? relations[0]?.ordinal : undefined;
    const column =
      byOrdinal?.(index) ??
      relations.flatMap((item) => item.columns.filter((one) => one.pseudo !== true && one.merged !== true))[index - 1];
    if (column !== undefined) return column;
    if (this.parent !== undefined) return this.parent.ordinal(relation, index);
    throw unknownColumn([{ name: `$${String(index)}`, quoted: false }]);
  }

  /** The relation that `alias.*` means. */
  relation(parts: readonly Identifier[]): ScopeRelation {
    const found = this.relations.find((relation) => matchesQualifier(relation, parts));
    if (found !== undefined) return found;
    if (this.parent !== undefined) return this.parent.relation(parts);
    throw unknownColumn(parts);
  }
}

function matchesQualifier(relation: ScopeRelation, parts: readonly Identifier[]): boolean {
  if (relation.alias === undefined) return false;
  const names = [...relation.qualifier, relation.alias];
  return parts.length <= names.length && parts.every((part, index) => names[names.length - parts.length + index] === part.name);
}

export function unknownColumn(parts: readonly Identifier[]): SnowflakeError {
  const at = parts[0]?.at;
  return SnowflakeError.of('invalidIdentifier', {
    name: parts.map((part) => displayIdentifier(part.name)).join('.'),
    ...(at === undefined ? {} : { line: at.line, position: at.column - 1 }),
  });
}
