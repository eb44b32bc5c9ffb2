import { executeIfExists, cellText, type Session } from './session.ts';
import { literal } from './sql-text.ts';

export interface IntegrationDescription {
  /** EMAIL, WEBHOOK, … */
  readonly type: string;
  readonly enabled: boolean;
  readonly comment: string;
  /** The value of a property of its type, '' for none. */
  property(name: string): string;
}

/**
 * A notification integration as Snowflake describes it; undefined when there is none.
 * https://docs.snowflake.com/en/sql-reference/sql/desc-notification-integration
 */
export async function describeIntegration(session: Session, name: string): Promise<IntegrationDescription | undefined> {
  const shown = await session.execute(`SHOW NOTIFICATION INTEGRATIONS LIKE ${literal(name.replaceAll('_', '\\_'))}`);
  const row = shown.find((candidate) => cellText(candidate, 'name') === name);
  if (row === undefined) return undefined;
  const rows = await executeIfExists(session, `DESCRIBE NOTIFICATION INTEGRATION ${name}`);
  const values = new Map(rows.map((each) => [cellText(each, 'property'), cellText(each, 'property_value')]));
  return {
    type: cellText(row, 'type'),
    enabled: values.get('ENABLED') === 'true',
    comment: cellText(row, 'comment'),
    property: (property) => values.get(property) ?? '',
  };
}

/** Addresses as DESCRIBE shows a list: comma-separated, with or without brackets and quotes. */
export function listedAddresses(value: string): readonly string[] {
  return value
    .replace(/^[[(]|[\])]$/gu, '')
    .split(',')
    .map((address) => address.trim().replace(/^["']|["']$/gu, ''))
    .filter((address) => address !== '');
}

/** Headers as DESCRIBE shows them: JSON, or `{name=value, …}`. Undefined when it is neither. */
export function listedHeaders(value: string): Readonly<Record<string, string>> | undefined {
  if (value === '') return {};
  try {
    const parsed: unknown = JSON.parse(value);
    if (parsed !== null && typeof parsed === 'object' && !Array.isArray(parsed)) {
      return Object.fromEntries(Object.entries(parsed).map(([header, text]) => [header, String(text)]));
    }
  } catch {
    // Not JSON: the other form.
  }
  const pairs = value.replace(/^[{(]|[})]$/gu, '').split(/,\s*/u);
  const headers = pairs.map((pair) => /^\s*'?([^'=]+)'?\s*=\s*'?([^']*)'?\s*$/u.exec(pair));
  if (headers.some((match) => match === null)) return undefined;
  return Object.fromEntries(headers.map((match) => [match?.[1] ?? '', match?.[2] ?? '']));
}
