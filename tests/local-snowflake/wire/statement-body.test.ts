import { describe, expect, it } from 'vitest';
import { submittedStatement } from '../../../local-snowflake/wire/statement-body.ts';

describe('submittedStatement', () => {
  it('reads what the Python connector sends', () => {
    // Recorded from snowflake-connector-python 4.8.1, cursor.execute with qmark binds.
    const body = {
      sqlText: 'select ?',
      asyncExec: false,
      sequenceId: 1,
      querySubmissionTime: 1_700_000_000_000,
      isInternal: false,
      describeOnly: false,
      parameters: { MULTI_STATEMENT_COUNT: 1 },
      bindings: { '1': { type: 'TEXT', value: 'a' }, '2': { type: 'FIXED', value: ['1', null] } },
      queryContextDTO: { entries: [] },
    };
    expect(submittedStatement(body, 'r')).toEqual({
      requestId: 'r',
      text: 'select ?',
      asynchronous: false,
      describeOnly: false,
      parameters: { MULTI_STATEMENT_COUNT: 1 },
      bindings: { '1': { type: 'TEXT', value: 'a' }, '2': { type: 'FIXED', value: ['1', null] } },
    });
  });

  it.each([
    [undefined, 'must be a JSON object'],
    [[], 'must be a JSON object'],
    [{}, "'sqlText' must be a text"],
    [{ sqlText: 1 }, "'sqlText' must be a text"],
    [{ sqlText: 'select ?', bindings: [] }, "'bindings' must be a JSON object"],
    [{ sqlText: 'select ?', bindings: { 1: 'x' } }, 'Binding 1 must be a JSON object'],
    [{ sqlText: 'select ?', bindings: { 1: { type: 'TEXT', value: {} } } }, 'The value of binding 1'],
    [{ sqlText: 'select ?', parameters: 'x' }, "'parameters' must be a JSON object"],
  ])('refuses %j', (body, message) => {
    expect(() => submittedStatement(body, 'r')).toThrow(message);
  });

  it('names what it does not support', () => {
    expect(() => submittedStatement({ sqlText: 'insert into t values (?)', bindStage: '@SYSTEM$BIND/x' }, 'r')).toThrow(
      'binds uploaded to a stage',
    );
  });
});
