import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { displayTaskName, parseTaskName, sqlTaskName, stringLiteral } from '../../pipeline/snowflake/task-name.ts';

// https://docs.snowflake.com/en/sql-reference/identifiers-syntax
describe('task names', () => {
  it('folds unquoted parts to upper case and keeps quoted ones', () => {
    expect(parseTaskName('snowbank.Dag_Demo."my ""root"" task"')).toEqual({
      database: 'SNOWBANK',
      schema: 'DAG_DEMO',
      name: 'my "root" task',
    });
  });

  it.each([['T'], ['S.T'], ['A.B.C.D'], ['A..C'], ['A.B.'], ['A.B.C D'], ['A.B."C'], ['A.B.1C'], ['']])('refuses %j', (text) => {
    expect(() => parseTaskName(text)).toThrow(/not the full name/);
  });

  it('quotes every part for SQL', () => {
    expect(sqlTaskName({ database: 'A', schema: 'b c', name: 'd"e' })).toBe('"A"."b c"."d""e"');
  });

  it('reads back any name it shows or sends', () => {
    const part = fc.string({ minLength: 1 });
    fc.assert(
      fc.property(part, part, part, (database, schema, name) => {
        expect(parseTaskName(sqlTaskName({ database, schema, name }))).toEqual({ database, schema, name });
        expect(parseTaskName(displayTaskName({ database, schema, name }))).toEqual({ database, schema, name });
      }),
    );
  });

  it('shows plain names without quotes', () => {
    expect(displayTaskName({ database: 'DB', schema: 'S', name: 'ROOT_1' })).toBe('DB.S.ROOT_1');
    expect(displayTaskName({ database: 'db', schema: 'S', name: '1' })).toBe('"db".S."1"');
  });

  it('escapes string literals', () => {
    expect(stringLiteral(String.raw`it's \ "here"`)).toBe(String.raw`'it''s \\ "here"'`);
  });
});
