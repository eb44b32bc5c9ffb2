import { PipelineFailure } from '../failure.ts';

export type ConfigValue = string | number | boolean | null | readonly ConfigValue[] | ConfigObject;
export interface ConfigObject {
  [key: string]: ConfigValue;
}

const isObject = (value: ConfigValue | undefined): value is ConfigObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

// No prototype: a key such as __proto__ is then a key like any other.
const emptyObject = (): ConfigObject => Object.create(null) as ConfigObject;

const reviveWithoutPrototype = (value: ConfigValue): ConfigValue => {
  if (Array.isArray(value)) return value.map(reviveWithoutPrototype);
  if (!isObject(value)) return value;
  const copy = emptyObject();
  for (const [key, inner] of Object.entries(value)) copy[key] = reviveWithoutPrototype(inner);
  return copy;
};

/** A value is JSON when it reads as JSON (`0.9`, `true`, `null`, `[1,2]`, `"0.9"` for the text), else it is text as it stands. */
const parseValue = (text: string): ConfigValue => {
  let value: ConfigValue;
  try {
    value = JSON.parse(text) as ConfigValue;
  } catch {
    return text;
  }
  if (typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value)) {
    throw new PipelineFailure(`The number ${text} is too large to be passed on exactly.`, {
      wayOut: `Pass it as text: '"${text}"'.`,
    });
  }
  return reviveWithoutPrototype(value);
};

/** Splits `a.b.c` at its dots; `\.` is a dot inside a key. */
const parsePath = (text: string): readonly string[] => {
  const keys = [''];
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at);
    if (char === '.') {
      keys.push('');
      continue;
    }
    const escapedDot = char === '\\' && text.charAt(at + 1) === '.';
    if (escapedDot) at++;
    keys.push(`${keys.pop() ?? ''}${escapedDot ? '.' : char}`);
  }
  return keys;
};

const setAt = (target: ConfigObject, path: readonly string[], value: ConfigValue, argument: string): void => {
  let object = target;
  for (const key of path.slice(0, -1)) {
    const next = object[key] ?? emptyObject();
    if (!isObject(next)) {
      throw new PipelineFailure(`--config ${argument} puts a key under "${key}", which an earlier --config set to a plain value.`, {
        wayOut: 'Give each key once.',
      });
    }
    object[key] = next;
    object = next;
  }
  const last = path.at(-1) ?? '';
  const before = object[last];
  object[last] = isObject(before) && isObject(value) ? mergeConfig(before, value) : value;
};

/** Deep merge as EXECUTE TASK … USING CONFIG does it: objects key by key, anything else replaced. */
export const mergeConfig = (base: ConfigObject, over: ConfigObject): ConfigObject => {
  const merged = Object.assign(emptyObject(), base);
  for (const [key, value] of Object.entries(over)) {
    const before = merged[key];
    merged[key] = isObject(before) && isObject(value) ? mergeConfig(before, value) : value;
  }
  return merged;
};

/**
 * The run's configuration from `--config` arguments: `key=value`, `outer.inner=value`, or a whole JSON object.
 * Later arguments win over earlier ones; nested objects are merged.
 */
export const parseRunConfig = (args: readonly string[]): ConfigObject | undefined => {
  if (args.length === 0) return undefined;
  let config = emptyObject();
  for (const argument of args) {
    if (argument.trimStart().startsWith('{')) {
      const whole = parseValue(argument);
      if (!isObject(whole)) throw notUnderstood(argument);
      config = mergeConfig(config, whole);
      continue;
    }
    const equals = argument.indexOf('=');
    const path = parsePath(argument.slice(0, Math.max(0, equals)));
    if (equals < 1 || path.some((key) => key === '')) throw notUnderstood(argument);
    setAt(config, path, parseValue(argument.slice(equals + 1)), argument);
  }
  return config;
};

const notUnderstood = (argument: string): PipelineFailure =>
  new PipelineFailure(`--config ${argument} is not understood.`, {
    wayOut:
      'Write key=value, outer.inner=value (the value is JSON or plain text), or a whole JSON object: --config \'{"key": 1}\'.',
  });

/**
 * The configuration as the dollar-quoted literal that EXECUTE TASK takes. A `$$` can only stand inside a JSON string,
 * where its second dollar may be written as an escape, so the literal never ends early.
 * https://docs.snowflake.com/en/sql-reference/sql/execute-task
 */
export const configLiteral = (config: ConfigObject): string => `$$${JSON.stringify(config).replaceAll('$$', () => '$\\u0024')}$$`;
