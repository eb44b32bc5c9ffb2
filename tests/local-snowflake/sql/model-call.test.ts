import { describe, expect, it } from 'vitest';
import { tokenize } from '../../../local-snowflake/sql/lexer.ts';
import { functionNameOf, modelCallAt, modelCallOf } from '../../../local-snowflake/sql/model-call.ts';

const callIn = (text: string, start = 0): ReturnType<typeof modelCallAt> => modelCallAt(tokenize(text), start);

// https://docs.snowflake.com/en/sql-reference/commands-model#model-methods
describe('a call of a model method', () => {
  it.each([
    ['my_model!predict(a, b)', { named: false, model: ['MY_MODEL'], version: 'DEFAULT', method: 'PREDICT' }, 3],
    ['db.s."My model"!"pr"(a)', { named: false, model: ['DB', 'S', 'My model'], version: 'DEFAULT', method: 'pr' }, 7],
    ['model(db.s.m, last)!predict()', { named: true, model: ['DB', 'S', 'M'], version: 'LAST', method: 'PREDICT' }, 12],
    ['MODEL(m)!predict(x)', { named: true, model: ['M'], version: 'DEFAULT', method: 'PREDICT' }, 6],
    ['model!predict(x)', { named: false, model: ['MODEL'], version: 'DEFAULT', method: 'PREDICT' }, 3],
  ])('%s', (text, call, length) => {
    expect(callIn(text)).toEqual({ call, length });
    expect(modelCallOf([functionNameOf(call)])).toEqual(call);
  });

  it.each(['model(a, b)', 'a != b', 'model(m, v)!predict', 'f(x)!y(z)', 'model(m, v, w)!p()', "'m'!p()"])('is not %s', (text) => {
    expect(callIn(text)).toBeUndefined();
  });

  it('begins with the name, not in the middle of it', () => {
    expect(callIn('db.m!p()', 2)).toBeUndefined();
  });

  it('is not the name of a function', () => {
    expect(modelCallOf(['MODEL'])).toBeUndefined();
    expect(modelCallOf(['DB', 'S', 'F'])).toBeUndefined();
  });
});
