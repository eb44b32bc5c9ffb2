import type { CatalogObject } from '../../catalog/catalog-object.ts';
import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { displayIdentifier } from '../../sql/identifier.ts';
import { readType } from '../../sql/read-type.ts';
import { column, type ResultSet } from '../../sql/result-set.ts';
import type { TokenStream } from '../../sql/token-stream.ts';
import { renderType, type SnowflakeType } from '../../sql/types.ts';
import type { Alteration, Draft } from '../kind.ts';
import { shortType } from '../signature.ts';

/** What CREATE MASKING POLICY and CREATE ROW ACCESS POLICY keep. JSON only. */
export interface Policy {
  readonly parameters: readonly { readonly name: string; readonly type: SnowflakeType }[];
  readonly returns: SnowflakeType;
  /** An SQL expression over the parameters, as written. */
  readonly body: string;
}

export function policyOf(object: Pick<CatalogObject, 'properties'>): Policy {
  return object.properties['POLICY'] as Policy;
}

/** `AS ( a TYPE, … ) RETURNS TYPE -> body [COMMENT = '…'] [EXEMPT_OTHER_POLICIES = TRUE | FALSE]` */
export function readPolicy(stream: TokenStream, clauses: readonly string[]): Draft {
  stream.expect('AS');
  const parameters = readParameters(stream);
  stream.expect('RETURNS');
  const returns = readType(stream);
  stream.expectSymbol('->');
  const body = readBody(stream, clauses);
  return { properties: { POLICY: { parameters, returns, body } satisfies Policy } };
}

function readParameters(stream: TokenStream): Policy['parameters'] {
  const parameters: { name: string; type: SnowflakeType }[] = [];
  stream.expectSymbol('(');
  do {
    const name = stream.identifier();
    if (parameters.some((each) => each.name === name))
      throw SnowflakeError.of('duplicateColumn', { name: displayIdentifier(name) });
    parameters.push({ name, type: readType(stream) });
  } while (stream.acceptSymbol(','));
  stream.expectSymbol(')');
  return parameters;
}

/** The expression up to the clauses that end the statement; an argument may be called as a clause is. */
function readBody(stream: TokenStream, clauses: readonly string[]): string {
  const from = stream.position;
  let depth = 0;
  while (!stream.atEnd && !(depth === 0 && stream.position > from && atLastClauses(stream, clauses)) && !atSemicolon(stream)) {
    const token = stream.next();
    if (token.kind !== 'symbol') continue;
    if (token.text === '(') depth += 1;
    if (token.text === ')') depth -= 1;
  }
  if (stream.position === from) throw stream.unexpected();
  return stream.textSince(from);
}

function atSemicolon(stream: TokenStream): boolean {
  return stream.isSymbol(';') && stream.peek(1).kind === 'end';
}

/** Whether nothing but `CLAUSE = value` comes, up to the end. */
function atLastClauses(stream: TokenStream, clauses: readonly string[]): boolean {
  let ahead = 0;
  while (clauses.includes(stream.peek(ahead).value) && stream.peek(ahead).kind === 'word' && stream.peek(ahead + 1).text === '=') {
    ahead += 3;
    const after = stream.peek(ahead);
    if (after.kind === 'end' || after.text === ';') return true;
  }
  return false;
}

/** `SET BODY -> expression`; undefined when something else comes. https://docs.snowflake.com/en/sql-reference/sql/alter-masking-policy */
export function readSetBody(object: CatalogObject, stream: TokenStream): Alteration | undefined {
  if (!stream.accept('SET BODY')) return undefined;
  stream.expectSymbol('->');
  const policy: Policy = { ...policyOf(object), body: readBody(stream, []) };
  return { object: { ...object, properties: { ...object.properties, POLICY: policy } } };
}

/** What CREATE OR ALTER makes of a policy: the body may differ, the signature may not. @throws SnowflakeError `unsupported` */
export function policyOrAlter(existing: CatalogObject, draft: Draft): Draft['properties'] {
  const signature = (policy: Policy): string => JSON.stringify([policy.parameters, policy.returns]);
  if (signature(policyOf(existing)) !== signature(policyOf(draft)))
    throw SnowflakeError.of('unsupported', { feature: `CREATE OR ALTER ${existing.kind} that changes the signature` });
  return draft.properties;
}

/** https://docs.snowflake.com/en/sql-reference/sql/desc-masking-policy */
export function describePolicy(object: CatalogObject): ResultSet {
  const { parameters, returns, body } = policyOf(object);
  const signature = `(${parameters.map(({ name, type }) => `${displayIdentifier(name)} ${shortType(type)}`).join(', ')})`;
  return {
    columns: ['name', 'signature', 'return_type', 'body'].map((name) => column(name)),
    rows: [[object.name, signature, renderType(returns), body]],
  };
}

/** The statement that makes the policy again, up to its body. */
export function policyDdl(object: CatalogObject, name: string): string {
  const { parameters, returns, body } = policyOf(object);
  const signature = parameters.map((each) => `${displayIdentifier(each.name)} ${renderType(each.type)}`).join(', ');
  return `create or replace ${object.kind.toLowerCase()} ${name} as (${signature}) \nreturns ${renderType(returns)} ->\n${body}`;
}
