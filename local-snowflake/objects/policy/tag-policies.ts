import type { CatalogObject } from '../../catalog/catalog-object.ts';
import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { displayIdentifier } from '../../sql/identifier.ts';
import type { TokenStream } from '../../sql/token-stream.ts';
import type { Alteration } from '../kind.ts';
import type { ObjectScope } from '../object-scope.ts';
import { tagPoliciesOf } from './attachments.ts';
import { applicablePolicy } from './column-protection.ts';
import { policyOf } from './policy.ts';

/**
 * `SET MASKING POLICY p [, MASKING POLICY q …] [FORCE]`, `UNSET MASKING POLICY p [, …]`; undefined when neither comes.
 * A tag has one policy for each type of data. https://docs.snowflake.com/en/sql-reference/sql/alter-tag
 */
export function alterTagPolicies(tag: CatalogObject, stream: TokenStream, scope: ObjectScope): Alteration | undefined {
  if (stream.accept('UNSET MASKING POLICY')) {
    const gone = new Set(readPolicies(stream, scope).map(({ id }) => id));
    return { object: withPolicies(tag, new Set(tagPoliciesOf(tag).filter((id) => !gone.has(id)))) };
  }
  if (!stream.accept('SET MASKING POLICY')) return undefined;
  const added = readPolicies(stream, scope);
  const force = stream.accept('FORCE');
  const typed = (id: string): string | undefined => typeOf(scope.catalog.byId(id));
  const kept = tagPoliciesOf(tag).filter((id) => !added.some((each) => each.id === id));
  const replaced = kept.filter((id) => added.some((each) => typeOf(each) === typed(id)));
  const [first] = replaced;
  if (first !== undefined && !force)
    throw SnowflakeError.of('tagMaskingType', { tag: displayIdentifier(tag.name), type: typed(first) ?? '' });
  if (new Set(added.map(typeOf)).size < new Set(added).size)
    throw SnowflakeError.of('tagMaskingType', { tag: displayIdentifier(tag.name), type: typeOf(added[0]) ?? '' });
  const ids = [...kept.filter((id) => !replaced.includes(id)), ...added.map(({ id }) => id)];
  return { object: withPolicies(tag, new Set(ids)) };
}

function readPolicies(stream: TokenStream, scope: ObjectScope): CatalogObject[] {
  const policies: CatalogObject[] = [];
  do {
    if (policies.length > 0) stream.expect('MASKING POLICY');
    policies.push(applicablePolicy('MASKING POLICY', stream.name(), scope));
  } while (stream.acceptSymbol(','));
  return policies;
}

function typeOf(policy: CatalogObject | undefined): string | undefined {
  return policy === undefined ? undefined : policyOf(policy).parameters[0]?.type.kind;
}

function withPolicies(tag: CatalogObject, policies: ReadonlySet<string>): CatalogObject {
  const { MASKING: _before, ...properties } = tag.properties;
  return { ...tag, properties: policies.size === 0 ? properties : { ...properties, MASKING: [...policies] } };
}

/**
 * A tag by which columns are masked is set, and taken away, by who may apply it: OWNERSHIP of the tagged object is not enough.
 * https://docs.snowflake.com/en/user-guide/tag-based-masking-policies#privilege
 * @throws SnowflakeError `insufficientPrivileges`
 */
export function requireTaggable(tag: CatalogObject, scope: Pick<ObjectScope, 'authorizer' | 'roles'>): void {
  if (tagPoliciesOf(tag).length === 0 || scope.authorizer.holdsGlobal(scope.roles, 'APPLY TAG')) return;
  scope.authorizer.require(scope.roles, tag, 'APPLY');
}
