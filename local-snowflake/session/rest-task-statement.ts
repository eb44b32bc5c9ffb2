import { type ObjectName, quoteIdentifier, quoteName } from '../sql/identifier.ts';
import { TokenStream } from '../sql/token-stream.ts';
import type { RestCreateMode } from './rest-object-statement.ts';
import { type RestValue, restSetting } from './rest-setting.ts';

/** A task as a REST request describes it. https://docs.snowflake.com/en/developer-guide/snowflake-rest-api/reference/task */
export interface RestTask {
  readonly name: ObjectName;
  /** SQL, as are `condition`'s words: they are the body and the WHEN of the statement. */
  readonly definition: string;
  readonly condition: string | undefined;
  /** Folded. */
  readonly warehouse: string | undefined;
  /** Values as SQL literals take them, by the property's name in CREATE TASK; texts are quoted here. */
  readonly properties: ReadonlyMap<string, RestValue>;
  /** Properties that name an account's object; folded. */
  readonly integrations: ReadonlyMap<'ERROR_INTEGRATION' | 'SUCCESS_INTEGRATION', string>;
  readonly predecessors: readonly ObjectName[];
  readonly finalize: ObjectName | undefined;
  /** Folded. */
  readonly executeAsUser: string | undefined;
}

const heads: Readonly<Record<RestCreateMode, readonly [string, string]>> = {
  errorIfExists: ['CREATE TASK', ''],
  orReplace: ['CREATE OR REPLACE TASK', ''],
  ifNotExists: ['CREATE TASK', 'IF NOT EXISTS'],
  orAlter: ['CREATE OR ALTER TASK', ''],
};

/**
 * The CREATE TASK statement that does what the request asks for.
 * @throws SnowflakeError `syntaxError`, `invalidProperty`
 * https://docs.snowflake.com/en/sql-reference/sql/create-task
 */
export function restTaskStatement(task: RestTask, mode: RestCreateMode): string {
  const [head, behind] = heads[mode];
  const lines = [`${head} ${behind} ${quoteName(task.name)}`];
  if (task.warehouse !== undefined) lines.push(`WAREHOUSE = ${quoteIdentifier(task.warehouse)}`);
  for (const [name, value] of task.properties) lines.push(restSetting(name, value, 'TASK'));
  for (const [name, value] of task.integrations) lines.push(`${name} = ${quoteIdentifier(value)}`);
  if (task.finalize !== undefined) lines.push(`FINALIZE = ${quoteName(task.finalize)}`);
  if (task.predecessors.length > 0) lines.push(`AFTER ${task.predecessors.map(quoteName).join(', ')}`);
  if (task.executeAsUser !== undefined) lines.push(`EXECUTE AS USER ${quoteIdentifier(task.executeAsUser)}`);
  if (task.condition !== undefined) lines.push('WHEN', wholeCondition(task.condition));
  lines.push('AS', task.definition);
  return lines.join('\n');
}

/** The condition; one that would end the WHEN clause and bring a body of its own is refused. */
function wholeCondition(condition: string): string {
  const stream = new TokenStream(condition);
  while (!stream.atEnd) {
    if (stream.isSymbol('(')) stream.parenthesised();
    else if (stream.is('AS') || stream.is('EXECUTE AS USER') || stream.isSymbol(';')) throw stream.unexpected();
    else stream.next();
  }
  return condition;
}
