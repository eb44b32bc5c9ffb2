import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quoteIdentifier } from '../../../../local-snowflake/sql/identifier.ts';
import { actionOf } from '../../../../local-snowflake/wire/rest/rest-parameters.ts';

describe('the action behind a name', () => {
  it('is found behind any quoted name, and not within it', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (text) => {
        const name = quoteIdentifier(text);
        expect(actionOf(name)).toEqual({ name, action: undefined });
        expect(actionOf(`${name}:execute`)).toEqual({ name, action: 'execute' });
      }),
    );
  });

  it('is found behind a plain name', () => {
    expect(actionOf('demo$task:resume')).toEqual({ name: 'demo$task', action: 'resume' });
    expect(actionOf('demo$task')).toEqual({ name: 'demo$task', action: undefined });
  });
});
