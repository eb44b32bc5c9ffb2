import { SnowflakeError } from '../../errors/snowflake-error.ts';
import type { ObjectName } from '../../sql/identifier.ts';
import type { TokenStream } from '../../sql/token-stream.ts';
import { type ContactPurpose, readContacts, readPurpose } from '../contact.ts';
import { readDefinition, readTaskReferences, SettingsReader, type TaskReference, type TaskSettings } from './task-clauses.ts';
import { isTaskSetting } from './task-settings.ts';

/** One ALTER TASK. https://docs.snowflake.com/en/sql-reference/sql/alter-task */
export type TaskAlteration =
  | { readonly kind: 'unsetFinalize' | 'removeWhen' }
  | { readonly kind: 'addAfter' | 'removeAfter'; readonly tasks: readonly TaskReference[] }
  | { readonly kind: 'set'; readonly settings: TaskSettings; readonly executeAsUser: ObjectName | undefined }
  | { readonly kind: 'unset'; readonly names: readonly string[]; readonly executeAsUser: boolean }
  | { readonly kind: 'setContacts'; readonly contacts: ReadonlyMap<ContactPurpose, ObjectName> }
  | { readonly kind: 'unsetContacts'; readonly purposes: readonly ContactPurpose[] }
  | { readonly kind: 'modifyAs'; readonly definition: string }
  | { readonly kind: 'modifyWhen'; readonly condition: string };

/**
 * Reads what stands behind the name in ALTER TASK; undefined for forms that all kinds share (SET TAG, UNSET TAG). RESUME and SUSPEND are
 * actions of the kind and never come here.
 * @throws SnowflakeError `syntaxError`, `invalidProperty`, `invalidPropertyValue`, `duplicateProperty`, `unsupported`
 */
export function readTaskAlteration(stream: TokenStream): TaskAlteration | undefined {
  if (stream.is('SET TAG') || stream.is('UNSET TAG')) return undefined;
  if (stream.accept('ADD AFTER')) return ended(stream, { kind: 'addAfter', tasks: readTaskReferences(stream) });
  if (stream.accept('REMOVE AFTER')) return ended(stream, { kind: 'removeAfter', tasks: readTaskReferences(stream) });
  if (stream.accept('REMOVE WHEN')) return ended(stream, { kind: 'removeWhen' });
  if (stream.accept('MODIFY WHEN')) return { kind: 'modifyWhen', condition: readRest(stream) };
  if (stream.accept('MODIFY')) {
    if (!stream.is('AS')) throw stream.unexpected();
    return { kind: 'modifyAs', definition: readDefinition(stream, stream.next().end) };
  }
  if (stream.accept('SET')) return ended(stream, readSet(stream));
  if (stream.accept('UNSET')) return ended(stream, readUnset(stream));
  throw stream.unexpected();
}

function ended<T>(stream: TokenStream, alteration: T): T {
  stream.expectEnd();
  return alteration;
}

function readRest(stream: TokenStream): string {
  if (stream.atEnd) throw stream.unexpected();
  return stream.restText();
}

function readSet(stream: TokenStream): TaskAlteration {
  // CONTACT stands alone.
  if (stream.accept('CONTACT')) return { kind: 'setContacts', contacts: readContacts(stream) };
  const reader = new SettingsReader(stream);
  let executeAsUser: ObjectName | undefined;
  do {
    stream.acceptSymbol(',');
    if (stream.is('CONTACT')) throw stream.unexpected();
    if (stream.accept('EXECUTE AS USER')) executeAsUser = stream.name();
    else reader.readOne();
  } while (!stream.atEnd && !stream.isSymbol(';'));
  return { kind: 'set', settings: reader.settings, executeAsUser };
}

function readUnset(stream: TokenStream): TaskAlteration {
  if (stream.accept('FINALIZE')) return { kind: 'unsetFinalize' };
  if (stream.accept('CONTACT')) {
    const purposes = [readPurpose(stream)];
    while (stream.acceptSymbol(',')) purposes.push(readPurpose(stream));
    return { kind: 'unsetContacts', purposes };
  }
  if (stream.is('DCM PROJECT')) {
    throw SnowflakeError.of('unsupported', { feature: `ALTER TASK … UNSET ${stream.peek().value}` });
  }
  const names: string[] = [];
  const written = new Set<string>();
  let executeAsUser = false;
  do {
    if (stream.accept('EXECUTE AS USER')) {
      executeAsUser = true;
      continue;
    }
    const token = stream.peek();
    if (token.kind !== 'word') throw stream.unexpected();
    if (!isTaskSetting(token.value)) throw SnowflakeError.of('invalidProperty', { property: token.value, kind: 'TASK' });
    stream.next();
    if (written.has(token.text)) throw SnowflakeError.of('duplicateProperty', { property: token.text });
    written.add(token.text);
    names.push(token.value);
  } while (stream.acceptSymbol(','));
  return { kind: 'unset', names, executeAsUser };
}
