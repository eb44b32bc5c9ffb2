import type { Grant } from '../../access/grants.ts';
import type { CatalogObject } from '../../catalog/catalog-object.ts';
import type { TokenStream } from '../../sql/token-stream.ts';
import { control, type Statement, type StatementResult } from '../statement.ts';
import { requireGrantable, requireRoleGrantable } from './grant.ts';
import { findRole, readGrantee, readMember } from './grantee.ts';
import { checkedPrivileges, readPrivileges, readTarget, targetIds } from './grant-target.ts';

/** REVOKE … FROM …; taking away what is not held succeeds. https://docs.snowflake.com/en/sql-reference/sql/revoke-privilege */
export async function revoke(stream: TokenStream, statement: Statement): Promise<StatementResult> {
  const { scope } = statement;
  if (stream.accept('ROLE')) return revokeRole(findRole(stream.name().at(-1) ?? '', statement), stream, statement);
  if (stream.accept('DATABASE ROLE')) return revokeRole(scope.find('DATABASE ROLE', stream.name()), stream, statement);
  const optionOnly = stream.accept('GRANT OPTION FOR');
  const named = readPrivileges(stream);
  stream.expect('ON');
  const target = readTarget(stream, statement);
  stream.expect('FROM');
  const role = readGrantee(stream, statement);
  if (!stream.accept('CASCADE')) stream.accept('RESTRICT');
  stream.expectEnd();
  const privileges = new Set(checkedPrivileges(named, target, stream));
  for (const privilege of privileges) requireGrantable(target, privilege, statement);
  await scope.catalog.change((change) => {
    if (target.kind === 'future') {
      for (const each of scope.grants.future()) {
        const fits = each.to === role.id && each.within === target.within.id && each.onKind === target.of.name;
        if (fits && privileges.has(each.privilege)) change.delete(each.id);
      }
      return;
    }
    for (const on of targetIds(target)) {
      for (const each of scope.grants.on(on)) {
        if (each.to !== role.id || !privileges.has(each.privilege)) continue;
        if (optionOnly) change.put({ ...each, grantOption: false } as Grant);
        else change.delete(each.id);
      }
    }
  });
  return control();
}

async function revokeRole(role: CatalogObject, stream: TokenStream, statement: Statement): Promise<StatementResult> {
  const { scope } = statement;
  stream.expect('FROM');
  const { member: grantee } = readMember(stream, statement);
  stream.expectEnd();
  requireRoleGrantable(role, statement);
  await scope.catalog.change((change) => {
    for (const each of scope.grants.membersOf(role.id)) if (each.to === grantee.id) change.delete(each.id);
  });
  return control();
}
