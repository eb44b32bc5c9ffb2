import type { CatalogObject } from '../catalog/catalog-object.ts';
import { SnowflakeError } from '../errors/snowflake-error.ts';
import { displayIdentifier, type ObjectName } from '../sql/identifier.ts';
import type { TokenStream } from '../sql/token-stream.ts';
import type { Kind } from './kind.ts';
import type { ObjectScope } from './object-scope.ts';
import {
  comment,
  createdOn,
  databaseName,
  number,
  objectName,
  owner,
  ownerRoleType,
  schemaName,
  text,
  textOf,
} from './show-columns.ts';

const reachedBy = ['USERS', 'EMAIL_DISTRIBUTION_LIST', 'URL'] as const;

// https://docs.snowflake.com/en/sql-reference/sql/create-contact
export const contact: Kind = {
  name: 'CONTACT',
  plural: 'CONTACTS',
  scope: 'schema',
  page: 'create-contact',
  createPrivilege: 'CREATE CONTACT',
  restorable: 'within',
  cloning: { alone: false },
  privileges: ['APPLY', 'MODIFY'],
  alterPrivilege: 'MODIFY',
  properties: {
    USERS: { type: 'texts' },
    EMAIL_DISTRIBUTION_LIST: { type: 'text' },
    URL: { type: 'text' },
  },
  creating: (draft) => {
    const given = reachedBy.filter((name) => draft.properties[name] !== undefined);
    const [first, second] = given;
    if (first !== undefined && second !== undefined) throw SnowflakeError.of('conflictingOptions', { first, second });
    return draft;
  },
  createdMessage: (object) => `Contact ${displayIdentifier(object.name)} successfully created.`,
  show: [
    createdOn,
    objectName,
    databaseName,
    schemaName,
    owner,
    comment,
    ownerRoleType,
    text('email_distribution_list', (object) => textOf(object.properties['EMAIL_DISTRIBUTION_LIST'])),
    text('url', (object) => textOf(object.properties['URL'])),
    number('entries_in_users', (object) => usersOf(object)?.length),
    text('users', (object) => textOf(usersOf(object))),
  ],
};

function usersOf(object: CatalogObject): readonly string[] | undefined {
  return object.properties['USERS'] as readonly string[] | undefined;
}

/** What a contact can be for. https://docs.snowflake.com/en/user-guide/contacts-using#associate-a-contact-with-an-object */
export const contactPurposes = ['ACCESS_APPROVAL', 'SECURITY_COMPLIANCE', 'STEWARD', 'SUPPORT'] as const;
export type ContactPurpose = (typeof contactPurposes)[number];

/** `purpose = contact [, …]`. @throws SnowflakeError `invalidPropertyValue` for an unknown purpose, `duplicateProperty` */
export function readContacts(stream: TokenStream): ReadonlyMap<ContactPurpose, ObjectName> {
  const contacts = new Map<ContactPurpose, ObjectName>();
  do {
    const purpose = readPurpose(stream);
    if (contacts.has(purpose)) throw SnowflakeError.of('duplicateProperty', { property: purpose });
    stream.expectSymbol('=');
    contacts.set(purpose, stream.name());
  } while (stream.acceptSymbol(','));
  return contacts;
}

export function readPurpose(stream: TokenStream): ContactPurpose {
  const written = stream.identifier();
  const purpose = contactPurposes.find((each) => each === written);
  if (purpose === undefined) throw SnowflakeError.of('invalidPropertyValue', { property: 'CONTACT', value: written });
  return purpose;
}

/** Ids of the contacts that may be set: with APPLY on them. @throws SnowflakeError `objectDoesNotExist`, `insufficientPrivileges` */
export function resolveContacts(
  named: ReadonlyMap<ContactPurpose, ObjectName>,
  scope: ObjectScope,
): Readonly<Partial<Record<ContactPurpose, string>>> {
  return Object.fromEntries([...named].map(([purpose, name]) => [purpose, scope.find('CONTACT', name, 'APPLY').id]));
}
