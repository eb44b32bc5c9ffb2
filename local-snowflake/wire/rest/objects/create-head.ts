import { quoteName } from '../../../sql/identifier.ts';
import type { Creation } from './object-resource.ts';

/** `CREATE … <kind> … <name>` as the request's mode has it. */
export function createHead({ mode, name }: Creation, kind: string, modifiers: readonly string[] = []): string {
  return [
    'CREATE',
    ...(mode === 'orReplace' ? ['OR REPLACE'] : []),
    ...(mode === 'orAlter' ? ['OR ALTER'] : []),
    ...modifiers,
    kind,
    ...(mode === 'ifNotExists' ? ['IF NOT EXISTS'] : []),
    quoteName(name),
  ].join(' ');
}

/** The clauses that are there, one a line. */
export function statementOf(...clauses: readonly (string | undefined)[]): string {
  return clauses.filter((clause) => clause !== undefined && clause !== '').join('\n');
}
