import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type RestTask, restTaskStatement } from '../../../local-snowflake/session/rest-task-statement.ts';
import { splitStatements } from '../../../local-snowflake/sql/split-statements.ts';
import { TokenStream } from '../../../local-snowflake/sql/token-stream.ts';

const task: RestTask = {
  name: ['DB', 'S', 'T'],
  definition: 'select 1',
  condition: undefined,
  warehouse: undefined,
  properties: new Map(),
  integrations: new Map(),
  predecessors: [],
  finalize: undefined,
  executeAsUser: undefined,
};

// https://docs.snowflake.com/en/sql-reference/sql/create-task
describe('CREATE TASK of a REST request', () => {
  it('names what belongs together in full', () => {
    const child = {
      ...task,
      warehouse: 'my wh',
      predecessors: [
        ['DB', 'S', 'A'],
        ['DB', 'S', 'b"c'],
      ],
      condition: "system$get_predecessor_return_value('A') = 'x'",
    };
    expect(restTaskStatement(child, 'orReplace').split(/\s+/u).join(' ')).toBe(
      'CREATE OR REPLACE TASK "DB"."S"."T" WAREHOUSE = "my wh" AFTER "DB"."S"."A", "DB"."S"."b""c" ' +
        "WHEN system$get_predecessor_return_value('A') = 'x' AS select 1",
    );
  });

  it('keeps any text within its literal and any name within its quotes', () => {
    fc.assert(
      fc.property(fc.string(), fc.string({ minLength: 1 }), (comment, name) => {
        const text = restTaskStatement({ ...task, name: [name], properties: new Map([['COMMENT', comment]]) }, 'errorIfExists');
        expect(splitStatements(text)).toHaveLength(1);
        const stream = new TokenStream(text);
        stream.expect('CREATE TASK');
        expect(stream.name()).toEqual([name]);
        stream.expect('COMMENT');
        stream.expectSymbol('=');
        expect(stream.string()).toBe(comment);
        stream.expect('AS SELECT');
      }),
    );
  });

  it.each(['true as select 2', 'true; drop table t', 'true execute as user other', '(true', "'open"])(
    'refuses the condition %s',
    (condition) => {
      expect(() => restTaskStatement({ ...task, condition }, 'errorIfExists')).toThrow('syntax error');
    },
  );

  it('refuses a session parameter that is no name', () => {
    const properties = new Map([['X = 1 AS SELECT 2 --', 1]]);
    expect(() => restTaskStatement({ ...task, properties }, 'errorIfExists')).toThrow('invalid property');
  });
});
