import { accountTarget } from '../../access/grants.ts';
import type { CatalogObject } from '../../catalog/catalog-object.ts';
import { SnowflakeError } from '../../errors/snowflake-error.ts';
import type { Kind } from '../../objects/kind.ts';
import { readSignature } from '../../objects/signature.ts';
import type { TokenStream } from '../../sql/token-stream.ts';
import type { Statement } from '../statement.ts';
import { findObject } from './find-object.ts';

/** What a GRANT or REVOKE is about. */
export type GrantTarget =
  | { readonly kind: 'account' }
  | { readonly kind: 'objects'; readonly of: Kind; readonly objects: readonly CatalogObject[]; readonly all: boolean }
  | { readonly kind: 'future'; readonly of: Kind; readonly within: CatalogObject };

/** Privileges of the account. https://docs.snowflake.com/en/user-guide/security-access-control-privileges#global-privileges */
export const globalPrivileges = [
  'APPLY AGGREGATION POLICY',
  'APPLY MASKING POLICY',
  'APPLY PASSWORD POLICY',
  'APPLY ROW ACCESS POLICY',
  'APPLY SESSION POLICY',
  'APPLY TAG',
  'ATTACH POLICY',
  'AUDIT',
  'BIND SERVICE ENDPOINT',
  'CREATE ACCOUNT',
  'CREATE API INTEGRATION',
  'CREATE COMPUTE POOL',
  'CREATE CREDENTIAL',
  'CREATE DATABASE',
  'CREATE EXTERNAL VOLUME',
  'CREATE INTEGRATION',
  'CREATE NETWORK POLICY',
  'CREATE NOTIFICATION INTEGRATION',
  'CREATE ROLE',
  'CREATE SHARE',
  'CREATE USER',
  'CREATE WAREHOUSE',
  'EXECUTE ALERT',
  'EXECUTE DATA METRIC FUNCTION',
  'EXECUTE MANAGED ALERT',
  'EXECUTE MANAGED TASK',
  'EXECUTE TASK',
  'IMPORT SHARE',
  'MANAGE EVENT SHARING',
  'MANAGE GRANTS',
  'MANAGE WAREHOUSES',
  'MODIFY LOG LEVEL',
  'MODIFY METRIC LEVEL',
  'MODIFY SESSION LOG LEVEL',
  'MODIFY SESSION TRACE LEVEL',
  'MODIFY TRACE LEVEL',
  'MONITOR',
  'MONITOR EXECUTION',
  'MONITOR SECURITY',
  'MONITOR USAGE',
  'OVERRIDE SHARE RESTRICTIONS',
  'PURCHASE DATA EXCHANGE LISTING',
  'READ SESSION',
  'RESOLVE ALL',
  'VIEW LINEAGE',
] as const;

/** Reads `ALL [PRIVILEGES]` or `P1, P2, …` up to ON; privileges may be several words. */
export function readPrivileges(stream: TokenStream): readonly string[] | 'ALL' {
  if (stream.accept('ALL PRIVILEGES') || (stream.is('ALL ON') && stream.accept('ALL'))) return 'ALL';
  const privileges: string[] = [];
  do {
    const words: string[] = [];
    while (stream.peek().kind === 'word' && !stream.is('ON')) words.push(stream.next().value);
    if (words.length === 0) throw stream.unexpected();
    privileges.push(words.join(' '));
  } while (stream.acceptSymbol(','));
  return privileges;
}

/** Reads what stands behind ON. @throws SnowflakeError when it does not exist */
export function readTarget(stream: TokenStream, statement: Statement): GrantTarget {
  const { scope } = statement;
  const registry = statement.state.account.registry;
  if (stream.accept('ACCOUNT')) return { kind: 'account' };
  const future = stream.accept('FUTURE');
  const all = !future && stream.accept('ALL');
  if (future || all) {
    const of = registry.takePlural(stream);
    if (of === undefined) throw stream.unexpected();
    stream.expect('IN');
    const within = stream.accept('DATABASE')
      ? scope.find('DATABASE', stream.name())
      : (stream.expect('SCHEMA'), scope.find('SCHEMA', stream.name()));
    if (future) return { kind: 'future', of, within };
    const schemas =
      within.kind === 'SCHEMA' ? [within] : scope.catalog.childrenOf(within.id).filter((child) => child.kind === 'SCHEMA');
    const objects =
      of.name === 'SCHEMA'
        ? schemas
        : schemas.flatMap((each) => scope.catalog.childrenOf(each.id)).filter((child) => child.kind === of.name);
    return { kind: 'objects', of, objects: objects.filter((object) => scope.visible(object)), all: true };
  }
  const of = registry.takeKind(stream);
  if (of === undefined) throw SnowflakeError.of('unsupported', { feature: `GRANT ON ${stream.peek().text}` });
  const name = stream.name();
  return {
    kind: 'objects',
    of,
    objects: [findObject(of, name, of.overloaded === true ? readSignature(stream) : '', statement)],
    all: false,
  };
}

/** The privileges that a statement names, checked against what the target can have. */
export function checkedPrivileges(named: readonly string[] | 'ALL', target: GrantTarget, stream: TokenStream): readonly string[] {
  const possible: readonly string[] = target.kind === 'account' ? globalPrivileges : target.of.privileges;
  if (named === 'ALL') return possible;
  for (const privilege of named) {
    if (privilege !== 'OWNERSHIP' && !possible.includes(privilege)) {
      throw SnowflakeError.of('invalidPrivilege', { privilege, kind: target.kind === 'account' ? 'ACCOUNT' : target.of.name });
    }
  }
  void stream;
  return named;
}

export function targetIds(target: GrantTarget): readonly string[] {
  if (target.kind === 'account') return [accountTarget];
  return target.kind === 'objects' ? target.objects.map((object) => object.id) : [];
}
