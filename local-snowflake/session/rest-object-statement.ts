import { type ObjectName, quoteName } from '../sql/identifier.ts';
import { type RestValue, restPropertyName, restSetting } from './rest-setting.ts';

export type RestCreateMode = 'errorIfExists' | 'orReplace' | 'ifNotExists' | 'orAlter';

/** An object as a REST request describes it. */
export interface RestObject {
  /** `DATABASE`, … */
  readonly kind: string;
  readonly transient: boolean;
  readonly name: ObjectName;
  /** Keywords behind the name. */
  readonly clauses: readonly 'WITH MANAGED ACCESS'[];
  readonly properties: ReadonlyMap<string, RestValue>;
  /** Properties that name an object; folded. */
  readonly names: ReadonlyMap<string, ObjectName>;
}

/** The CREATE statement that does what the request asks for; `source` is what stands behind the name, its CLONE clause for example. @throws SnowflakeError `invalidProperty` */
export function restObjectStatement(object: RestObject, mode: RestCreateMode, source?: string): string {
  const { kind, name, clauses } = object;
  return [
    'CREATE',
    ...(mode === 'orReplace' ? ['OR REPLACE'] : []),
    ...(mode === 'orAlter' ? ['OR ALTER'] : []),
    ...(object.transient ? ['TRANSIENT'] : []),
    kind,
    ...(mode === 'ifNotExists' ? ['IF NOT EXISTS'] : []),
    quoteName(name),
    ...(source === undefined ? [] : [source]),
    ...clauses,
    ...settings(object),
  ].join(' ');
}

/** ALTER … SET of all that the request says. @throws SnowflakeError `invalidProperty` */
export function restSetStatement(object: RestObject): string {
  return `ALTER ${object.kind} ${quoteName(object.name)} SET ${settings(object).join(' ')}`;
}

function settings({ kind, properties, names }: RestObject): string[] {
  return [
    ...[...properties].map(([property, value]) => restSetting(property, value, kind)),
    ...[...names].map(([property, value]) => `${restPropertyName(property, kind)} = ${quoteName(value)}`),
  ];
}
