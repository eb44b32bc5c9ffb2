import { type ObjectName, quoteIdentifier, quoteName } from '../sql/identifier.ts';
import { type RestValue, restSetting } from './rest-setting.ts';

export type RestCreateMode = 'errorIfExists' | 'orReplace' | 'ifNotExists' | 'orAlter';

/** A database, schema or warehouse as a REST request describes it. */
export interface RestObject {
  /** `DATABASE`, … */
  readonly kind: string;
  readonly transient: boolean;
  readonly name: ObjectName;
  /** Keywords behind the name. */
  readonly clauses: readonly 'WITH MANAGED ACCESS'[];
  readonly properties: ReadonlyMap<string, RestValue>;
  /** Properties that name an object; folded. */
  readonly names: ReadonlyMap<'RESOURCE_MONITOR', string>;
}

/** The CREATE statement that does what the request asks for; `clone` is its CLONE clause. @throws SnowflakeError `invalidProperty` */
export function restObjectStatement(object: RestObject, mode: RestCreateMode, clone?: string): string {
  const { kind, name, clauses, properties, names } = object;
  return [
    'CREATE',
    ...(mode === 'orReplace' ? ['OR REPLACE'] : []),
    ...(mode === 'orAlter' ? ['OR ALTER'] : []),
    ...(object.transient ? ['TRANSIENT'] : []),
    kind,
    ...(mode === 'ifNotExists' ? ['IF NOT EXISTS'] : []),
    quoteName(name),
    ...(clone === undefined ? [] : [clone]),
    ...clauses,
    ...[...properties].map(([property, value]) => restSetting(property, value, kind)),
    ...[...names].map(([property, value]) => `${property} = ${quoteIdentifier(value)}`),
  ].join(' ');
}
