import { SnowflakeError } from '../../../errors/snowflake-error.ts';
import { restExpression } from '../../../session/rest-expression.ts';
import { foldIdentifier, parseName, quoteIdentifier, quoteName } from '../../../sql/identifier.ts';
import { quoteString } from '../../../sql/literal.ts';
import { type JsonObject, optionalText } from '../../fields.ts';
import { MalformedRequest } from '../../malformed-request.ts';
import { objectList, optionalFlag, optionalNumber, requiredText, textList } from '../objects/clauses.ts';

/** `("ID" NUMBER NOT NULL …, PRIMARY KEY ("ID"))` of a request; empty without columns. @throws MalformedRequest, SnowflakeError */
export function columnList(body: JsonObject): string {
  const columns = objectList(body, 'columns').map(columnDefinition);
  if (columns.length === 0) return '';
  return `(${[...columns, ...objectList(body, 'constraints').map((each) => constraintDefinition(each, true))].join(',\n')})`;
}

function columnDefinition(column: JsonObject): string {
  const text = (name: string, words: string): string => {
    const value = optionalText(column, name);
    return value === undefined ? '' : `${words} ${quoteString(value)}`;
  };
  const preset = optionalText(column, 'default');
  return [
    quoteIdentifier(foldIdentifier(requiredText(column, 'name'))),
    restExpression('datatype', requiredText(column, 'datatype')).trimEnd(),
    optionalFlag(column, 'nullable') === false ? 'NOT NULL' : '',
    text('collate', 'COLLATE'),
    preset === undefined ? '' : `DEFAULT ${restExpression('default', preset)}`,
    identity(column),
    ...objectList(column, 'constraints').map((each) => constraintDefinition(each, false)),
    text('comment', 'COMMENT'),
  ]
    .filter((clause) => clause !== '')
    .join(' ');
}

function identity(column: JsonObject): string {
  if (optionalFlag(column, 'autoincrement') !== true) return '';
  const [start, step] = ['autoincrement_start', 'autoincrement_increment'].map((name) => optionalNumber(column, name) ?? 1);
  return `AUTOINCREMENT START ${String(start)} INCREMENT ${String(step)}`;
}

/** `listed`: it names its columns, as those of a table do; those of a column are about it alone. */
function constraintDefinition(constraint: JsonObject, listed: boolean): string {
  const name = optionalText(constraint, 'name');
  const columns = listed ? `(${identifiers(constraint, 'column_names')})` : '';
  const type = requiredText(constraint, 'constraint_type');
  const head = name === undefined ? '' : `CONSTRAINT ${quoteIdentifier(foldIdentifier(name))} `;
  switch (type) {
    case 'PRIMARY KEY':
    case 'UNIQUE':
      return `${head}${type} ${columns}`.trimEnd();
    case 'FOREIGN KEY': {
      const table = quoteName(parseName(requiredText(constraint, 'referenced_table_name')));
      const key = listed ? `FOREIGN KEY ${columns} ` : '';
      return `${head}${key}REFERENCES ${table} (${identifiers(constraint, 'referenced_column_names')})`;
    }
    case 'CHECK':
      throw SnowflakeError.of('unsupported', { feature: 'CHECK constraints of tables over REST' });
    default:
      throw new MalformedRequest(400, `'${type}' is no type of constraint.`);
  }
}

function identifiers(constraint: JsonObject, name: string): string {
  return textList(constraint, name)
    .map((each) => quoteIdentifier(foldIdentifier(each)))
    .join(', ');
}
