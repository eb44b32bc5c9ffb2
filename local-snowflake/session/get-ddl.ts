import type { CatalogObject } from '../catalog/catalog-object.ts';
import { SnowflakeError } from '../errors/snowflake-error.ts';
import type { Extension } from '../objects/extensions.ts';
import type { Kind } from '../objects/kind.ts';
import { readSignature } from '../objects/signature.ts';
import { displayIdentifier, displayName, parseName, quoteIdentifier, quoteName } from '../sql/identifier.ts';
import { TokenStream } from '../sql/token-stream.ts';
import { types } from '../sql/types.ts';
import { StatementScope } from './statement-scope.ts';

/** Object types → kinds that they stand for; TABLE and VIEW are interchangeable. */
const objectTypes: Readonly<Record<string, readonly string[]>> = {
  ALERT: ['ALERT'],
  DATABASE: ['DATABASE'],
  DYNAMIC_TABLE: ['DYNAMIC TABLE'],
  FILE_FORMAT: ['FILE FORMAT'],
  FUNCTION: ['FUNCTION'],
  POLICY: ['MASKING POLICY', 'ROW ACCESS POLICY'],
  PROCEDURE: ['PROCEDURE'],
  SCHEMA: ['SCHEMA'],
  SEQUENCE: ['SEQUENCE'],
  STREAM: ['STREAM'],
  TABLE: ['TABLE', 'VIEW', 'DYNAMIC TABLE'],
  TAG: ['TAG'],
  TASK: ['TASK'],
  TASK_GRAPH: ['TASK GRAPH'],
  VIEW: ['VIEW', 'TABLE', 'DYNAMIC TABLE'],
  WAREHOUSE: ['WAREHOUSE'],
};

/** Kinds within a schema in an order in which they can be made. */
const order = [
  'MASKING POLICY',
  'ROW ACCESS POLICY',
  'TAG',
  'SEQUENCE',
  'FILE FORMAT',
  'TABLE',
  'VIEW',
  'DYNAMIC TABLE',
  'FUNCTION',
  'PROCEDURE',
  'STREAM',
  'TASK',
  'TASK GRAPH',
  'ALERT',
];

/** GET_DDL. https://docs.snowflake.com/en/sql-reference/functions/get_ddl */
export const getDdl: Extension = {
  systemFunctions: [
    {
      name: 'GET_DDL',
      page: 'functions/get_ddl',
      returns: types.varchar(),
      call: ([type, name, qualified], scope) => {
        if (!(scope instanceof StatementScope)) throw new TypeError('a scope of a statement is expected');
        const written = type?.cell ?? '';
        const kinds = objectTypes[written.toUpperCase().replaceAll(' ', '_')];
        if (kinds === undefined) throw SnowflakeError.of('unsupported', { feature: `GET_DDL('${written}', …)` });
        const object = findObject(kinds, name?.cell ?? '', scope);
        return new DdlWriter(scope, /^(?:1|true)$/iu.test(qualified?.cell ?? '')).text(object);
      },
    },
  ],
};

/** @throws SnowflakeError `objectDoesNotExist`, `tableDoesNotExist` */
function findObject(kinds: readonly string[], written: string, scope: StatementScope): CatalogObject {
  const [first = ''] = kinds;
  const { registry } = scope.state.account;
  if (registry.kind(first).overloaded === true) return findRoutine(registry.kind(first), written, scope);
  const name = parseName(written);
  for (const kind of kinds) {
    const found = scope.tryFind(kind, name);
    if (found !== undefined) return found;
  }
  return scope.find(first, name);
}

/** `name( [ type [ , … ] ] )` */
function findRoutine(kind: Kind, written: string, scope: StatementScope): CatalogObject {
  const stream = new TokenStream(written);
  const path = scope.qualify('schema', stream.name());
  const signature = readSignature(stream);
  stream.expectEnd();
  const parent = scope.containerOf(path);
  const found = scope.catalog.find(kind.name, parent?.id ?? null, path.at(-1) ?? '', signature, scope.sessionId);
  if (found !== undefined && scope.visible(found)) return found;
  throw SnowflakeError.of('objectDoesNotExist', {
    kind: kind.name.charAt(0) + kind.name.slice(1).toLowerCase(),
    name: `${displayName(path)}(${signature})`,
  });
}

class DdlWriter {
  readonly #scope: StatementScope;
  readonly #qualified: boolean;

  constructor(scope: StatementScope, qualified: boolean) {
    this.#scope = scope;
    this.#qualified = qualified;
  }

  /** @throws SnowflakeError `insufficientPrivileges` when the text is for the owner alone */
  text(object: CatalogObject): string {
    if (!this.#mayRead(object)) {
      throw SnowflakeError.of('insufficientPrivileges', {
        kind: object.kind.toLowerCase(),
        name: displayIdentifier(object.name),
      });
    }
    const { ddl } = this.#scope.state.account.registry.kind(object.kind);
    if (ddl === undefined) throw SnowflakeError.of('unsupported', { feature: `GET_DDL of a ${object.kind}` });
    return [ddl(object, this.#scope, this.#nameOf(object)), ...this.#contents(object)].join('\n\n');
  }

  #contents(object: CatalogObject): string[] {
    const { catalog, authorizer, roles, sessionId } = this.#scope;
    if (object.kind !== 'DATABASE' && object.kind !== 'SCHEMA') return [];
    const rank = (each: CatalogObject): number => (each.kind === 'SCHEMA' ? 0 : order.indexOf(each.kind));
    return catalog
      .childrenOf(object.id)
      .filter((child) => rank(child) >= 0 && child.name !== 'INFORMATION_SCHEMA')
      .filter((child) => child.session === undefined || child.session === sessionId)
      .filter((child) => authorizer.lists(roles, child) && this.#mayRead(child))
      .toSorted((a, b) => rank(a) - rank(b) || (`${a.name}(${a.signature}` < `${b.name}(${b.signature}` ? -1 : 1))
      .map((child) => this.text(child));
  }

  /** Secure views, and what code runs, are for their owners. https://docs.snowflake.com/en/user-guide/views-secure */
  #mayRead(object: CatalogObject): boolean {
    const guarded = object.kind === 'PROCEDURE' || object.kind === 'FUNCTION' || object.properties['SECURE'] === true;
    return !guarded || this.#scope.authorizer.owns(this.#scope.roles, object);
  }

  #nameOf(object: CatalogObject): string {
    const path = this.#scope.catalog.pathOf(object);
    const shown = this.#qualified ? path : path.slice(-1);
    if (object.kind !== 'PROCEDURE' && object.kind !== 'FUNCTION') return displayName(shown);
    // Names of routines are always quoted.
    return this.#qualified ? quoteName(shown) : quoteIdentifier(object.name);
  }
}
