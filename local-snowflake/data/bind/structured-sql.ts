/** DuckDB SQL over structured values: lists, structs whose fields are `f0`, `f1` …, and maps as lists of `k`, `v` in the order of keys. */

/** A name for a lambda's parameter that `sql` does not speak of. */
function parameterFor(...sql: readonly string[]): string {
  const taken = sql.flatMap((text) => [...text.matchAll(/\bsf_v(\d+)\b/gu)].map((match) => Number(match[1])));
  return `sf_v${String(Math.max(-1, ...taken) + 1)}`;
}

/** A list with each element made another; `body` gets the element's SQL. */
export function each(list: string, body: (element: string) => string): string {
  const parameter = parameterFor(list);
  return `list_transform(${list}, lambda ${parameter}: ${body(parameter)})`;
}

/** The elements for which `test` is true; `beside` is SQL of outer values that the test speaks of. */
export function those(list: string, test: (element: string) => string, ...beside: readonly string[]): string {
  const parameter = parameterFor(list, ...beside);
  return `list_filter(${list}, lambda ${parameter}: ${test(parameter)})`;
}

/** SQL that speaks of a value more than once, which is worked out once. */
export function letIn(value: string, body: (value: string) => string): string {
  return `(${each(`[${value}]`, body)})[1]`;
}

/** The field at a place of a struct. */
export function fieldAt(struct: string, index: number): string {
  return `(${struct}).f${String(index)}`;
}

/** A struct of values by their places; DuckDB has none without fields. */
export function packed(values: readonly string[]): string {
  if (values.length === 0) return 'struct_pack(e := CAST(NULL AS BOOLEAN))';
  return `struct_pack(${values.map((value, index) => `f${String(index)} := ${value}`).join(', ')})`;
}

/** Entries of a map in the order of its keys. */
export function inOrder(entries: string): string {
  return `list_sort(${entries})`;
}
