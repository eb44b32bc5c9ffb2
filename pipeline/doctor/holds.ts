import type { Grant } from './account-facts.ts';

/** Whether one of the grants is one of the privileges, on the object named or, without a name, on any of its kind. */
export const holds = (grants: readonly Grant[], on: string, name: string | undefined, ...privileges: readonly string[]): boolean =>
  grants.some(
    (grant) => grant.on === on && privileges.includes(grant.privilege) && (name === undefined || lastPart(grant.name) === name),
  );

// Names of grants come qualified and quoted as needed.
const lastPart = (name: string): string =>
  /"((?:[^"]|"")*)"$/.exec(name)?.[1]?.replaceAll('""', '"') ?? name.split('.').at(-1) ?? name;
