import type { RecordIndex, Records, StoredRecord } from '../catalog/records.ts';
import type { ObjectScope } from '../objects/object-scope.ts';
import { parameters } from '../objects/parameters.ts';
import type { Account } from './account.ts';

interface AccountParameter extends StoredRecord {
  readonly collection: 'account-parameter';
  readonly name: string;
  readonly value: string;
}

export function accountParameterRecord(name: string, value: string): AccountParameter {
  return { collection: 'account-parameter', id: `account-parameter:${name}`, name, value };
}

/** Parameters that ALTER ACCOUNT has set, kept in step with the records. */
export function indexAccountParameters(records: Records): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  const index: RecordIndex = {
    collections: new Set(['account-parameter']),
    added: (record) => {
      const parameter = record as AccountParameter;
      values.set(parameter.name, parameter.value);
    },
    removed: (record) => {
      values.delete((record as AccountParameter).name);
    },
  };
  records.attach(index);
  return values;
}

/** Parameters of the account outside of any session. */
export function accountSettings({ catalog, accountParameters }: Account): Pick<ObjectScope, 'catalog' | 'parameter'> {
  return { catalog, parameter: (name) => accountParameters.get(name) ?? parameters[name]?.default ?? '' };
}
