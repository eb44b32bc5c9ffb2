import { column } from '../sql/result-set.ts';
import { types } from '../sql/types.ts';
import type { Extension } from './extensions.ts';

const id = types.number(38, 0);

/** https://docs.snowflake.com/en/sql-reference/account-usage/contact_references */
export const contactReferences: Extension = {
  systemViews: [
    {
      schema: 'ACCOUNT_USAGE',
      name: 'CONTACT_REFERENCES',
      page: 'account-usage/contact_references',
      columns: [
        column('CONTACT_DATABASE'),
        column('CONTACT_SCHEMA'),
        column('CONTACT_ID', id),
        column('CONTACT_NAME'),
        column('CONTACT_PURPOSE'),
        column('OBJECT_DATABASE'),
        column('OBJECT_SCHEMA'),
        column('OBJECT_ID', id),
        column('OBJECT_NAME'),
        column('OBJECT_DELETED', types.timestampLtz(6)),
        column('OBJECT_DOMAIN'),
      ],
      // Tasks and task graphs alone have contacts here. A contact that was dropped is left out with its references.
      rows: ({ catalog }) =>
        [...catalog.ofKind('TASK'), ...catalog.ofKind('TASK GRAPH')].flatMap((task) => {
          const contacts = (task.properties['contacts'] ?? {}) as Readonly<Record<string, string>>;
          return Object.entries(contacts).flatMap(([purpose, contactId]) => {
            const contact = catalog.byId(contactId);
            if (contact === undefined) return [];
            const [database = '', schema = ''] = catalog.pathOf(contact);
            const [taskDatabase = '', taskSchema = ''] = catalog.pathOf(task);
            return [[database, schema, null, contact.name, purpose, taskDatabase, taskSchema, null, task.name, null, task.kind]];
          });
        }),
    },
  ],
};
