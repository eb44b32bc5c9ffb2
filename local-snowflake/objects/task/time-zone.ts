import { IANAZone } from 'luxon';

// Node's ICU also takes these abbreviations, which are no names of the time zone database and which Snowflake refuses.
const abbreviations = new Set(
  'ACT AET AGT ART AST BET BST CAT CNT CST CTT EAT ECT IET IST JST MIT NET NST PLT PNT PRT PST SST VST'.split(' '),
);

/** The time zone of that name, or undefined when it is no name of the time zone database. */
export function timeZone(name: string): IANAZone | undefined {
  // Offsets (`+01:00`) are no names, though newer versions of ICU take them.
  if (!/^[A-Za-z]/u.test(name) || abbreviations.has(name.toUpperCase())) return undefined;
  return IANAZone.isValidZone(name) ? IANAZone.create(name) : undefined;
}
