/**
 * Merges the configuration of EXECUTE TASK … USING CONFIG over the graph's own: objects member by member, all else replaced.
 * Both are texts of JSON objects. https://docs.snowflake.com/en/sql-reference/sql/execute-task (Use a dynamic CONFIG)
 */
export function mergeConfig(own: string | null, dynamic: string | undefined): string | null {
  if (dynamic === undefined) return own;
  return JSON.stringify(merge(own === null ? {} : JSON.parse(own), JSON.parse(dynamic)));
}

function merge(base: unknown, over: unknown): unknown {
  if (!isObject(base) || !isObject(over)) return over;
  const merged: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(over)) {
    // defineProperty: a member named __proto__ is a member like any other.
    Object.defineProperty(merged, key, {
      value: Object.hasOwn(base, key) ? merge(base[key], value) : value,
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return merged;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * What SYSTEM$GET_TASK_GRAPH_CONFIG answers: compact JSON of the whole, or of what the path leads to; a string's content bare.
 * Null when there is no configuration or the path leads nowhere. Path syntax: https://docs.snowflake.com/en/sql-reference/functions/get_path
 */
export function configValue(config: string | null, path: string | undefined): string | null {
  if (config === null) return null;
  let value: unknown = JSON.parse(config);
  for (const step of path === undefined ? [] : pathSteps(path)) {
    if (typeof step === 'number') value = Array.isArray(value) ? (value as unknown[])[step] : undefined;
    else value = isObject(value) && Object.hasOwn(value, step) ? value[step] : undefined;
  }
  if (value === undefined || value === null) return null;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Steps of `a.b[0]['c d']."e"`; a path that is not one leads nowhere. */
function pathSteps(path: string): (string | number)[] {
  const steps: (string | number)[] = [];
  const step = /\.?(?:([A-Za-z_][\w$]*)|"((?:[^"]|"")*)"|\[(\d+)\]|\['((?:[^'\\]|\\.)*)'\]|\["((?:[^"\\]|\\.)*)"\])/uy;
  for (let position = 0; position < path.length; position = step.lastIndex) {
    step.lastIndex = position;
    const match = step.exec(path);
    if (match === null) return [Number.NaN];
    const [, bare, quoted, index, single, double] = match;
    steps.push(index === undefined ? (bare ?? quoted?.replaceAll('""', '"') ?? single ?? double ?? '') : Number(index));
  }
  return steps;
}
