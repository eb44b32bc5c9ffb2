import type { CatalogObject } from '../catalog/catalog-object.ts';
import { SnowflakeError } from '../errors/snowflake-error.ts';
import { displayIdentifier } from '../sql/identifier.ts';
import type { ResultColumn } from '../sql/result-set.ts';
import type { TokenStream } from '../sql/token-stream.ts';
import { renderType, type SnowflakeType } from '../sql/types.ts';
import type { Draft } from './kind.ts';
import type { ObjectScope } from './object-scope.ts';
import { readType } from '../sql/read-type.ts';
import { shortType, signatureOf } from './signature.ts';

export interface RoutineParameter {
  readonly name: string;
  readonly type: SnowflakeType;
  readonly defaultText?: string;
  /** An output argument, whose last value the caller's variable takes. */
  readonly output?: true;
}

export type RoutineReturns = SnowflakeType | { readonly table: readonly ResultColumn[] };

/** What CREATE FUNCTION and CREATE PROCEDURE keep. JSON only. */
export interface Routine {
  readonly parameters: readonly RoutineParameter[];
  readonly returns: RoutineReturns;
  readonly language: 'PYTHON' | 'SQL';
  readonly body: string | null;
  readonly handler: string | null;
  readonly runtimeVersion: string | null;
  readonly packages: readonly string[];
  /** Stage locations as written. */
  readonly imports: readonly string[];
  readonly nullHandling: 'CALLED ON NULL INPUT' | 'RETURNS NULL ON NULL INPUT';
  readonly volatility: 'VOLATILE' | 'IMMUTABLE';
  readonly executeAs: 'OWNER' | 'CALLER';
  readonly secure: boolean;
  /** Works over groups of rows. */
  readonly aggregate?: true;
}

export function routineOf(object: Pick<CatalogObject, 'properties'>): Routine {
  return object.properties['ROUTINE'] as Routine;
}

/** `( a [IN | OUT] TYPE [DEFAULT e], … )` */
export function readParameters(stream: TokenStream): RoutineParameter[] {
  const parameters: RoutineParameter[] = [];
  stream.expectSymbol('(');
  while (!stream.acceptSymbol(')')) {
    const name = stream.identifier();
    const output = stream.accept('OUT') || stream.accept('OUTPUT');
    if (!output && !stream.accept('IN')) stream.accept('INPUT');
    const type = readType(stream);
    let defaultText: string | undefined;
    if (stream.accept('DEFAULT') || stream.acceptSymbol('=>')) {
      const from = stream.position;
      while (!stream.isSymbol(',') && !stream.isSymbol(')') && !stream.atEnd) stream.next();
      defaultText = stream.textSince(from);
    }
    if (output && defaultText !== undefined) throw SnowflakeError.of('outputDefault', { name: displayIdentifier(name) });
    parameters.push({ name, type, ...(defaultText === undefined ? {} : { defaultText }), ...(output ? { output } : {}) });
    if (!stream.isSymbol(')')) stream.expectSymbol(',');
  }
  return parameters;
}

export function readReturns(stream: TokenStream): RoutineReturns {
  if (!stream.accept('TABLE')) {
    const type = readType(stream);
    stream.accept('NOT NULL');
    return type;
  }
  const table: ResultColumn[] = [];
  stream.expectSymbol('(');
  while (!stream.acceptSymbol(')')) {
    table.push({ name: stream.identifier(), type: readType(stream), nullable: true });
    if (!stream.isSymbol(')')) stream.expectSymbol(',');
  }
  return { table };
}

export function isTable(returns: RoutineReturns): returns is { readonly table: readonly ResultColumn[] } {
  return 'table' in returns;
}

/**
 * Reads all that follows the name of a function or procedure, up to where `ends` says so.
 * https://docs.snowflake.com/en/sql-reference/sql/create-procedure
 */
export function readRoutine(
  stream: TokenStream,
  secure: boolean,
  ends: () => boolean = () => false,
): { routine: Routine; clauses: RoutineClauses } {
  const parameters = readParameters(stream);
  const found: Mutable<Routine & RoutineClauses> = {
    parameters,
    returns: { kind: 'VARIANT' },
    language: 'SQL',
    body: null,
    handler: null,
    runtimeVersion: null,
    packages: [],
    imports: [],
    nullHandling: 'CALLED ON NULL INPUT',
    volatility: 'VOLATILE',
    executeAs: 'OWNER',
    secure,
  };
  if (stream.accept('COPY GRANTS')) found.copyGrants = true;
  stream.expect('RETURNS');
  found.returns = readReturns(stream);
  while (!ends() && readClause(stream, found));
  const { comment, copyGrants, ...routine } = found;
  if (routine.language === 'PYTHON' && routine.handler === null)
    throw SnowflakeError.of('missingProperty', { property: 'HANDLER' });
  if (routine.language === 'PYTHON' && routine.runtimeVersion === null)
    throw SnowflakeError.of('missingProperty', { property: 'RUNTIME_VERSION' });
  if (routine.language === 'SQL' && routine.body === null) throw stream.unexpected();
  // https://docs.snowflake.com/en/developer-guide/stored-procedure/stored-procedures-snowflake-scripting#limitations
  if (routine.language !== 'SQL' && parameters.some((each) => each.output === true))
    throw SnowflakeError.of('unsupported', { feature: `output arguments of LANGUAGE ${routine.language}` });
  return { routine, clauses: { comment, copyGrants } };
}

/** What a statement says beside the routine itself. */
export interface RoutineClauses {
  readonly comment?: string | undefined;
  readonly copyGrants?: boolean | undefined;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

function readClause(stream: TokenStream, found: Mutable<Routine & RoutineClauses>): boolean {
  if (stream.accept('LANGUAGE')) {
    const language = stream.identifier();
    if (language !== 'PYTHON' && language !== 'SQL') throw SnowflakeError.of('unsupported', { feature: `LANGUAGE ${language}` });
    found.language = language;
  } else if (stream.accept('EXECUTE AS')) {
    if (stream.accept('RESTRICTED CALLER')) throw SnowflakeError.of('unsupported', { feature: 'EXECUTE AS RESTRICTED CALLER' });
    found.executeAs = stream.accept('CALLER') ? 'CALLER' : (stream.expect('OWNER'), 'OWNER');
  } else if (stream.accept('CALLED ON NULL INPUT')) found.nullHandling = 'CALLED ON NULL INPUT';
  else if (stream.accept('RETURNS NULL ON NULL INPUT') || stream.accept('STRICT'))
    found.nullHandling = 'RETURNS NULL ON NULL INPUT';
  else if (stream.accept('IMMUTABLE')) found.volatility = 'IMMUTABLE';
  else if (stream.accept('VOLATILE')) found.volatility = 'VOLATILE';
  else if (stream.accept('MEMOIZABLE')) found.volatility = 'IMMUTABLE';
  else if (stream.accept('COPY GRANTS')) found.copyGrants = true;
  else if (stream.accept('NOT NULL')) return true;
  else if (stream.accept('AS')) found.body = stream.peek().kind === 'string' ? stream.string() : stream.restText();
  else return readNamedClause(stream, found);
  return true;
}

function readNamedClause(stream: TokenStream, found: Mutable<Routine & RoutineClauses>): boolean {
  const token = stream.peek();
  if (token.kind !== 'word' || stream.peek(1).text !== '=') return false;
  stream.next();
  stream.next();
  if (token.value === 'RUNTIME_VERSION')
    found.runtimeVersion = stream.peek().kind === 'number' ? stream.next().text : stream.string();
  else if (token.value === 'HANDLER') found.handler = stream.string();
  else if (token.value === 'PACKAGES') found.packages = readTexts(stream);
  else if (token.value === 'IMPORTS') found.imports = readTexts(stream);
  else if (token.value === 'COMMENT') found.comment = stream.string();
  else if (token.value === 'ARTIFACT_REPOSITORY') stream.name();
  else if (token.value === 'EXTERNAL_ACCESS_INTEGRATIONS' || token.value === 'SECRETS') {
    if (stream.parenthesised() !== '') throw SnowflakeError.of('unsupported', { feature: token.value });
  } else throw SnowflakeError.of('invalidProperty', { property: token.text, kind: 'PROCEDURE' });
  return true;
}

function readTexts(stream: TokenStream): string[] {
  const texts: string[] = [];
  stream.expectSymbol('(');
  while (!stream.acceptSymbol(')')) {
    texts.push(stream.peek().kind === 'location' ? stream.next().text : stream.string());
    if (!stream.isSymbol(')')) stream.expectSymbol(',');
  }
  return texts;
}

/** Checks what can be checked before the code ever runs: the packages, the files, the handler's module. */
export async function checkRoutine(routine: Routine, scope: ObjectScope): Promise<void> {
  if (routine.language === 'SQL') return;
  if (!/^3\.[0-9]+$/u.test(routine.runtimeVersion ?? '')) {
    throw SnowflakeError.of('invalidPropertyValue', { property: 'RUNTIME_VERSION', value: routine.runtimeVersion ?? '' });
  }
  await scope.effects.python.checkPackages(routine.packages, routine.runtimeVersion ?? '');
}

export function draftOf(routine: Routine, { comment, copyGrants }: RoutineClauses): Draft {
  return {
    properties: { ROUTINE: routine, RETURNS_TEXT: isTable(routine.returns) ? 'TABLE' : renderType(routine.returns) },
    signature: signatureOf(routine.parameters.map((each) => each.type)),
    complete: true,
    ...(comment === undefined ? {} : { comment }),
    ...(copyGrants === true ? { copyGrants } : {}),
  };
}

/** `(ARG NUMBER, OTHER VARCHAR)` */
export function namedSignature(routine: Routine): string {
  return `(${routine.parameters.map((each) => `${each.name} ${shortType(each.type)}`).join(', ')})`;
}

export function returnsText(routine: Routine): string {
  if (!isTable(routine.returns)) return shortType(routine.returns);
  return `TABLE (${routine.returns.table.map((each) => `${each.name} ${shortType(each.type)}`).join(', ')})`;
}

/** `NAME(NUMBER, VARCHAR) RETURN VARCHAR`, the `arguments` column of SHOW. */
export function argumentsText(object: CatalogObject): string {
  const routine = routineOf(object);
  const required = routine.parameters
    .filter((each) => each.defaultText === undefined)
    .map((each) => `${each.output === true ? 'OUT ' : ''}${shortType(each.type)}`);
  const optional = routine.parameters
    .filter((each) => each.defaultText !== undefined)
    .map((each) => `DEFAULT ${shortType(each.type)}`);
  return `${object.name}(${[...required, ...optional].join(', ')}) RETURN ${returnsText(routine)}`;
}

/** Rows of DESCRIBE FUNCTION and DESCRIBE PROCEDURE; the body is for those who own the routine. */
export function describeRoutine(object: CatalogObject, scope: ObjectScope, withExecuteAs: boolean): (string | null)[][] {
  const routine = routineOf(object);
  const quoted = (items: readonly string[]): string => `[${items.map((item) => `'${item}'`).join(',')}]`;
  const rows: (string | null)[][] = [
    ['signature', namedSignature(routine)],
    ['returns', returnsText(routine)],
    ['language', routine.language],
    ['null handling', routine.nullHandling],
    ['volatility', routine.volatility],
  ];
  if (withExecuteAs) rows.push(['execute as', routine.executeAs]);
  rows.push(['body', scope.authorizer.owns(scope.roles, object) ? routine.body : null]);
  if (routine.language !== 'PYTHON') return rows;
  return [
    ...rows,
    ['imports', `[${routine.imports.join(', ')}]`],
    ['handler', routine.handler],
    ['runtime_version', routine.runtimeVersion],
    ['packages', quoted(routine.packages)],
    ['installed_packages', quoted(routine.packages)],
    ['external_access_integrations', null],
    ['secrets', null],
    ['artifact_repository', 'SNOWFLAKE.SNOWPARK.ANACONDA_SHARED_REPOSITORY'],
  ];
}
