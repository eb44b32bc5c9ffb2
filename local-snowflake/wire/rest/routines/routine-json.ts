import { restList } from '../../../session/rest-list.ts';
import { displayIdentifier } from '../../../sql/identifier.ts';
import type { JsonObject } from '../../fields.ts';

/** REST's function or procedure from its row of SHOW and the rows of DESCRIBE. */
export function routineJson(kind: 'FUNCTION' | 'PROCEDURE', row: JsonObject, rows: readonly JsonObject[]): JsonObject {
  const described = new Map(rows.map(({ property, value }) => [String(property), typeof value === 'string' ? value : undefined]));
  const optional = optionalArguments(String(row['arguments']));
  const { description } = row;
  return {
    name: displayIdentifier(String(row['name'])),
    created_on: row['created_on'],
    schema_name: displayIdentifier(String(row['schema_name'])),
    database_name: displayIdentifier(String(row['catalog_name'])),
    min_num_arguments: row['min_num_arguments'],
    max_num_arguments: row['max_num_arguments'],
    is_builtin: row['is_builtin'] === 'Y',
    is_secure: row['is_secure'] === 'Y',
    comment: description === 'user-defined function' || description === 'user-defined procedure' ? undefined : description,
    arguments: namedTypes(described.get('signature') ?? '()').map((each, index) =>
      // What the default is, DESCRIBE does not tell; clients want to know that there is one.
      optional.has(index) ? { ...each, default_value: '' } : each,
    ),
    return_type: returnType(described.get('returns') ?? ''),
    language_config: languageJson(described),
    body: described.get('body'),
    ...(kind === 'FUNCTION'
      ? {
          is_aggregate: row['is_aggregate'] === 'Y',
          is_table_function: row['is_table_function'] === 'Y',
          is_memoizable: row['is_memoizable'] === 'Y',
          valid_for_clustering: row['valid_for_clustering'] === 'Y',
          is_temporary: false,
        }
      : { execute_as: described.get('execute as') }),
  };
}

/** `(A NUMBER, "b" VARCHAR)` → names and types. */
function namedTypes(text: string): { name: string; datatype: string }[] {
  const inner = text.replace(/^[^(]*\(/u, '').replace(/\)$/u, '');
  if (inner.trim() === '') return [];
  return restList(inner).map((each) => {
    const match = /^\s*("(?:[^"]|"")+"|\S+)\s+(.*)$/su.exec(each);
    return { name: match?.[1] ?? each, datatype: (match?.[2] ?? '').trim() };
  });
}

/** `(NUMBER, VARCHAR)` of a routine's row of SHOW, without the words that tell of defaults; to find an overload by. */
export function typesOfRow(row: JsonObject): string {
  return argumentList(String(row['arguments']))
    .map((each) => each.replace(/^(?:DEFAULT|OUT) /u, ''))
    .join(', ');
}

/** The same of DESCRIBE's rows. */
export function typesOfDescribed(rows: readonly JsonObject[]): string {
  const signature = rows.find(({ property }) => property === 'signature')?.['value'];
  return namedTypes(typeof signature === 'string' ? signature : '()')
    .map(({ datatype }) => datatype)
    .join(', ');
}

/** `F(NUMBER, DEFAULT VARCHAR) RETURN NUMBER` → its arguments. */
function argumentList(text: string): string[] {
  const inner = /^[^(]*\((.*)\) RETURN .*$/su.exec(text)?.[1] ?? '';
  return inner.trim() === '' ? [] : restList(inner).map((each) => each.trim());
}

function optionalArguments(text: string): Set<number> {
  return new Set(argumentList(text).flatMap((each, index) => (each.startsWith('DEFAULT ') ? [index] : [])));
}

function returnType(text: string): JsonObject {
  if (!text.startsWith('TABLE')) return { type: 'DATATYPE', datatype: text };
  return { type: 'TABLE', column_list: namedTypes(text) };
}

function languageJson(described: ReadonlyMap<string, string | undefined>): JsonObject {
  const language = described.get('language') ?? 'SQL';
  const list = (name: string): string[] =>
    (described.get(name) ?? '[]')
      .replace(/^\[|\]$/gu, '')
      .split(',')
      .map((each) => each.trim().replace(/^'|'$/gu, ''))
      .filter((each) => each !== '');
  const common = {
    language,
    called_on_null_input: described.get('null handling') !== 'RETURNS NULL ON NULL INPUT',
    is_volatile: described.get('volatility') === 'VOLATILE',
  };
  if (language === 'SQL' || language === 'JAVASCRIPT') return common;
  return {
    ...common,
    runtime_version: described.get('runtime_version') ?? '',
    packages: list('packages'),
    imports: list('imports'),
    handler: described.get('handler') ?? '',
  };
}
