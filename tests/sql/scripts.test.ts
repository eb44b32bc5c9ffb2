import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SmallAccount } from '../local-snowflake/data/support/small-account.ts';
import { parseScript, type ScriptStep } from './support/script.ts';
import { shownRows } from './support/shown.ts';

const folder = import.meta.dirname;
const scripts = readdirSync(folder).filter((name) => name.endsWith('.test'));

describe.each(scripts)('%s', (name) => {
  const text = readFileSync(join(folder, name), 'utf8');
  let account: SmallAccount;

  beforeAll(async () => {
    account = await SmallAccount.open();
  });

  afterAll(async () => {
    await account.close();
  });

  test('names the page it comes from', () => {
    expect(text).toMatch(/^# https:\/\/docs\.snowflake\.com\//u);
  });

  for (const step of parseScript(text)) {
    test(`line ${String(step.line)}: ${step.sql.replace(/\s+/gu, ' ').slice(0, 90)}`, () => expectStep(account, step));
  }
});

async function expectStep(account: SmallAccount, step: ScriptStep): Promise<void> {
  if (step.kind === 'error') {
    await expect(account.run(step.sql)).rejects.toMatchObject({
      code: step.code,
      message: expect.stringContaining(step.message) as string,
    });
    return;
  }
  const result = await account.run(step.sql);
  if (step.kind === 'statement') return;
  const order = (rows: readonly string[]): readonly string[] => (step.sorted ? [...rows].sort() : rows);
  expect({ columns: result.columns.map((column) => column.name).join(' | '), rows: order(shownRows(result)) }).toEqual({
    columns: step.columns,
    rows: order(step.rows),
  });
}
