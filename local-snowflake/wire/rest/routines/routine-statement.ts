import { restExpression } from '../../../session/rest-expression.ts';
import { SnowflakeError } from '../../../errors/snowflake-error.ts';
import { foldIdentifier, quoteIdentifier } from '../../../sql/identifier.ts';
import { quoteString } from '../../../sql/literal.ts';
import { type JsonObject, objectOf, optionalText } from '../../fields.ts';
import { MalformedRequest } from '../../malformed-request.ts';
import { commentProperty, objectList, optionalFlag, refuseFields, requiredText, textList } from '../objects/clauses.ts';
import { createHead, statementOf } from '../objects/create-head.ts';
import type { Creation } from '../objects/object-resource.ts';

/** A type of SQL, which is put into a statement as it is. @throws SnowflakeError `invalidPropertyValue` */
export function dataType(object: JsonObject): string {
  return restExpression('datatype', requiredText(object, 'datatype')).trimEnd();
}

/** `CREATE … PROCEDURE` of a request. https://docs.snowflake.com/en/developer-guide/snowflake-rest-api/reference/procedure */
export function createProcedure(creation: Creation): string {
  const { body } = creation;
  const executeAs = optionalText(body, 'execute_as')?.toUpperCase();
  if (executeAs !== undefined && !/^[A-Z ]+$/u.test(executeAs))
    throw new MalformedRequest(400, "'execute_as' must be OWNER or CALLER.");
  const words = optionalFlag(body, 'is_secure') === true ? ['SECURE'] : [];
  return routine(createHead(creation, 'PROCEDURE', words), creation, executeAs === undefined ? '' : `EXECUTE AS ${executeAs}`);
}

/** `CREATE … FUNCTION` of a request. https://docs.snowflake.com/en/developer-guide/snowflake-rest-api/reference/user-defined-function */
export function createFunction(creation: Creation): string {
  const { body } = creation;
  const words = [
    ...(optionalFlag(body, 'is_temporary') === true ? ['TEMPORARY'] : []),
    ...(optionalFlag(body, 'is_secure') === true ? ['SECURE'] : []),
    ...(optionalFlag(body, 'is_aggregate') === true ? ['AGGREGATE'] : []),
  ];
  return routine(
    createHead(creation, 'FUNCTION', words),
    creation,
    optionalFlag(body, 'is_memoizable') === true ? 'MEMOIZABLE' : '',
  );
}

function routine(head: string, { body, copyGrants }: Creation, more: string): string {
  const language = objectOf(body['language_config'], "'language_config'");
  const code = optionalText(body, 'body');
  return statementOf(
    `${head}(${objectList(body, 'arguments').map(parameter).join(', ')})`,
    copyGrants ? 'COPY GRANTS' : '',
    `RETURNS ${returns(objectOf(body['return_type'], "'return_type'"))}`,
    languageClauses(language),
    more,
    commentProperty(body),
    code === undefined ? '' : `AS ${quoteString(code)}`,
  );
}

function parameter(argument: JsonObject): string {
  const preset = optionalText(argument, 'default_value');
  const name = quoteIdentifier(foldIdentifier(requiredText(argument, 'name')));
  return `${name} ${dataType(argument)}${preset === undefined ? '' : ` DEFAULT ${restExpression('default_value', preset)}`}`;
}

function returns(type: JsonObject): string {
  if (requiredText(type, 'type') === 'TABLE') {
    const columns = objectList(type, 'column_list').map(
      (column) => `${quoteIdentifier(foldIdentifier(requiredText(column, 'name')))} ${dataType(column)}`,
    );
    return `TABLE (${columns.join(', ')})`;
  }
  return `${dataType(type)}${optionalFlag(type, 'nullable') === false ? ' NOT NULL' : ''}`;
}

function languageClauses(language: JsonObject): string {
  const name = requiredText(language, 'language').toUpperCase();
  if (!/^[A-Z]+$/u.test(name)) throw new MalformedRequest(400, `'${name}' is no language.`);
  refuseFields(language, `${name} routines`, ['external_access_integrations', 'secrets', 'target_path']);
  const called = optionalFlag(language, 'called_on_null_input');
  const volatile = optionalFlag(language, 'is_volatile');
  const list = (field: string): string => {
    const values = textList(language, field);
    return values.length === 0 ? '' : `${field.toUpperCase()} = (${values.map(quoteString).join(', ')})`;
  };
  const text = (field: string): string => {
    const value = optionalText(language, field);
    return value === undefined ? '' : `${field.toUpperCase()} = ${quoteString(value)}`;
  };
  return statementOf(
    `LANGUAGE ${name}`,
    called === undefined ? '' : called ? 'CALLED ON NULL INPUT' : 'RETURNS NULL ON NULL INPUT',
    volatile === undefined ? '' : volatile ? 'VOLATILE' : 'IMMUTABLE',
    text('runtime_version'),
    list('packages'),
    list('imports'),
    text('handler'),
  );
}

/** `(A => '1'::NUMBER, …)` of a call with these arguments. @throws MalformedRequest, SnowflakeError */
export function callArguments(list: readonly JsonObject[]): string {
  const values = list.map((argument) => {
    const { value } = argument;
    const name = quoteIdentifier(foldIdentifier(requiredText(argument, 'name')));
    return `${name} => ${literal(value)}::${dataType(argument)}`;
  });
  return `(${values.join(', ')})`;
}

function literal(value: unknown): string {
  if (value === undefined || value === null) return 'NULL';
  if (typeof value === 'object') return `PARSE_JSON(${quoteString(JSON.stringify(value))})`;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return quoteString(String(value));
  throw SnowflakeError.of('invalidPropertyValue', { property: 'value', value: typeof value });
}
