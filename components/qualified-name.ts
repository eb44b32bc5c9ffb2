/**
 * `"DB"."SCHEMA"."NAME"`: how Snowflake's provider spells a name in its state, so that it finds no difference.
 * @example qualifiedName('SNOWBANK', 'PIPELINE', 'TRAIN_MODEL')
 */
export function qualifiedName(...parts: readonly string[]): string {
  return parts.map((part) => `"${part.replaceAll('"', '""')}"`).join('.');
}
