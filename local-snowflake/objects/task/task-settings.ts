import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { parameters, taskParameters } from '../parameters.ts';
import { printCount, printTaskLiteral, type TaskLiteral } from './task-literal.ts';
import { sizeParameters, sizeRank } from './task-sizes.ts';
import { timeZone } from './time-zone.ts';

type LiteralKind = 'text' | 'number' | 'boolean' | 'name';

/** Properties of a task, besides its parameters, with the kind of literal each takes. */
const properties: Readonly<Record<string, LiteralKind>> = {
  WAREHOUSE: 'name',
  SCHEDULE: 'text',
  CONFIG: 'text',
  OVERLAP_POLICY: 'text',
  ALLOW_OVERLAPPING_EXECUTION: 'boolean',
  ERROR_INTEGRATION: 'name',
  SUCCESS_INTEGRATION: 'name',
  COMMENT: 'text',
  FINALIZE: 'name',
  TARGET_COMPLETION_INTERVAL: 'text',
};

/** Whole-number parameters of tasks and where they lie. https://docs.snowflake.com/en/sql-reference/sql/create-task */
const ranges: Readonly<Record<string, readonly [number, number]>> = {
  USER_TASK_TIMEOUT_MS: [0, 604_800_000],
  SUSPEND_TASK_AFTER_NUM_FAILURES: [0, Number.MAX_SAFE_INTEGER],
  TASK_AUTO_RETRY_ATTEMPTS: [0, 30],
  USER_TASK_MINIMUM_TRIGGER_INTERVAL_IN_SECONDS: [10, 604_800],
  WEEK_START: [0, 7],
  WEEK_OF_YEAR_POLICY: [0, 1],
  CLIENT_SESSION_KEEP_ALIVE_HEARTBEAT_FREQUENCY: [900, 3600],
  TWO_DIGIT_CENTURY_START: [1900, 2100],
};
// These two are refused with a sentence of their own.
const secondsRanges: Readonly<Record<string, readonly [number, number]>> = {
  STATEMENT_TIMEOUT_IN_SECONDS: [0, 604_800],
  STATEMENT_QUEUED_TIMEOUT_IN_SECONDS: [0, 604_800],
};

const known = new Set(taskParameters);

export function isTaskParameter(name: string): boolean {
  return known.has(name);
}

export function isTaskSetting(name: string): boolean {
  return Object.hasOwn(properties, name) || known.has(name);
}

function literalKindOf(name: string): LiteralKind {
  const property = properties[name];
  if (property !== undefined) return property;
  const type = parameters[name]?.type;
  return type === 'NUMBER' ? 'number' : type === 'BOOLEAN' ? 'boolean' : 'text';
}

/**
 * Refuses a literal of the wrong kind; holds even under IF NOT EXISTS over an existing task.
 * @throws SnowflakeError `invalidPropertyValue`
 */
export function checkLiteralKind(name: string, literal: TaskLiteral): void {
  const wanted = literalKindOf(name);
  // A bare word stands for its text wherever a text or a name is wanted; a list is kept for texts.
  const fits =
    wanted === 'name'
      ? literal.kind === 'name' || literal.kind === 'text'
      : wanted === 'text'
        ? literal.kind === 'text' || literal.kind === 'name' || literal.kind === 'list'
        : literal.kind === wanted;
  if (!fits) throw SnowflakeError.of('invalidPropertyValue', { property: name, value: printTaskLiteral(literal) });
}

/** Text of a setting that takes one. A bare word is folded, a quoted one is not. */
export function settingText(literal: TaskLiteral): string {
  if (literal.kind === 'text') return literal.value;
  if (literal.kind === 'name') return literal.name.join('.');
  return printTaskLiteral(literal);
}

// Kept as written; all other bare words are folded.
const keptAsWritten = new Set(['LOG_LEVEL', 'TRACE_LEVEL']);
const logLevels = new Set('TRACE DEBUG INFO WARN ERROR FATAL OFF'.split(' '));
const traceLevels = new Set('ALWAYS ON_EVENT PROPAGATE OFF'.split(' '));

/**
 * The stored text of a parameter's value, weighed against its range or vocabulary.
 * @throws SnowflakeError `invalidPropertyValue`, `taskParameterUnsupported`, `taskLogLevel`, `taskTraceLevel`
 */
export function parameterText(name: string, literal: TaskLiteral): string {
  if (name === 'SEARCH_PATH') throw SnowflakeError.of('taskParameterUnsupported', { parameter: name });
  if (literal.kind === 'boolean') {
    if (name === 'AUTOCOMMIT' && !literal.value) {
      throw SnowflakeError.of('taskParameterUnsupported', { parameter: 'AUTOCOMMIT = false' });
    }
    return String(literal.value);
  }
  if (literal.kind === 'number') return numberText(name, literal.value);
  const text = literal.kind === 'name' && keptAsWritten.has(name) ? literal.text : settingText(literal);
  if (name === 'LOG_LEVEL' && !logLevels.has(text.toUpperCase())) throw SnowflakeError.of('taskLogLevel', {});
  if (name === 'TRACE_LEVEL' && !traceLevels.has(text.toUpperCase())) throw SnowflakeError.of('taskTraceLevel', {});
  if (name === 'TIMEZONE') checkZone(text);
  if (!sizeParameters.has(name)) return text;
  if (sizeRank(text) === undefined) throw SnowflakeError.of('invalidPropertyValue', { property: name, value: text });
  return text.toUpperCase();
}

function numberText(name: string, value: number): string {
  const seconds = secondsRanges[name];
  if (seconds !== undefined && (value < seconds[0] || value > seconds[1])) {
    throw SnowflakeError.of('parameterOutOfRange', {
      value: printCount(value),
      low: printCount(seconds[0]),
      high: printCount(seconds[1]),
    });
  }
  const range = ranges[name];
  if (range !== undefined && (value < range[0] || value > range[1])) {
    throw SnowflakeError.of('invalidPropertyValue', { property: name, value: printCount(value) });
  }
  return String(value);
}

function checkZone(text: string): void {
  // Unlike a schedule's, a session's time zone is matched with regard to case.
  if (!/^[A-Z]/u.test(text) || timeZone(text) === undefined) {
    throw SnowflakeError.of('invalidPropertyValue', { property: 'TIMEZONE', value: text });
  }
}
