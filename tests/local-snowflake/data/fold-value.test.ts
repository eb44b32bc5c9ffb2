import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { foldedCell } from '../../../local-snowflake/data/bind/fold-value.ts';
import { parseExpression } from '../../../local-snowflake/data/syntax/parse.ts';
import { types } from '../../../local-snowflake/sql/types.ts';
import { SmallAccount } from './support/small-account.ts';

const leaf = fc.constantFrom('N', 'M', ':N', '0', '7', '12345678901234567890', "'7'", "'x'", 'T', "''", 'B', 'TRUE', 'FALSE');
const operator = fc.constantFrom('+', '-', '*', '=', '<>', '<', '<=', '>', '>=', '||', 'AND', 'OR');
const { expression } = fc.letrec<{ expression: string }>((tie) => ({
  expression: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc.tuple(tie('expression'), operator, tie('expression')).map(([left, op, right]) => `(${left} ${op} ${right})`),
    tie('expression').map((of) => `(-${of})`),
    tie('expression').map((of) => `(NOT ${of})`),
    tie('expression').map((of) => `(${of} IS NOT NULL)`),
  ),
}));

describe('a value that is worked out without DuckDB', () => {
  let account: SmallAccount;

  beforeAll(async () => {
    account = await SmallAccount.open();
    account.binds = new Map([
      ['N', { type: types.number(38, 0), cell: '42' }],
      ['M', { type: types.number(9, 0), cell: '-3' }],
      ['T', { type: types.varchar(10), cell: 'text 😀' }],
      ['B', { type: types.boolean, cell: '1' }],
    ]);
  });

  afterAll(async () => {
    await account.close();
  });

  it('is the one that DuckDB gives, of the same type', async () => {
    let folded = 0;
    await fc.assert(
      fc.asyncProperty(expression, async (text) => {
        if (foldedCell(parseExpression(text), account.ports()) === undefined) return;
        folded += 1;
        const here = await account.connection.evaluate(text, account.ports()).catch((error: unknown) => String(error));
        // A sub-query is never worked out here.
        const there = await account.rows(`SELECT (SELECT ${text})`).catch((error: unknown) => String(error));
        // Which side of an AND is looked at is DuckDB's choice, so a part too large for its type may pass unseen.
        if (typeof there === 'string') expect(there).toMatch(/out of representable range/u);
        else if (typeof here === 'string') expect(here).toMatch(/out of representable range/u);
        else expect(here.cell).toBe(there[0]?.[0]);
      }),
      { numRuns: 1000 },
    );
    expect(folded).toBeGreaterThan(100);
  });

  it('is refused where it is too large for its type', async () => {
    account.binds.set('L', { type: types.number(38, 0), cell: '9'.repeat(38) });
    await expect(account.connection.evaluate('L + 1', account.ports())).rejects.toThrow('out of representable range');
  });
});
