import { describe, expect, it } from 'vitest';

import { type Scoring, scoringBody } from '../../../components/graph/scoring-body.ts';
import { TokenStream } from '../../../local-snowflake/sql/token-stream.ts';

const scoring: Scoring = {
  database: 'SNOWBANK',
  schema: 'PIPELINE',
  dataSchema: 'DATA',
  model: 'LOAN_MODEL',
  function: 'predict_proba',
  output: 'output_feature_1',
  source: 'FEATURES$V1',
  log: 'LOG',
  id: 'LOAN_ID',
  features: ['INCOME', 'odd "name"'],
  scoredAt: 'SCORED_AT',
  version: 'MODEL_VERSION',
  score: 'PROBABILITY',
  class: 'PREDICTION',
  threshold: 0.5,
};

describe('scoringBody', () => {
  it('scores with the default version what that version has not scored', () => {
    const body = scoringBody(scoring);
    expect(body).toContain(
      'MODEL("SNOWBANK"."PIPELINE"."LOAN_MODEL")!predict_proba(s."INCOME", s."odd ""name"""):"output_feature_1"::FLOAT',
    );
    expect(body).toContain('FROM "SNOWBANK"."DATA"."FEATURES$V1" s');
    expect(body).toContain(`SHOW MODELS LIKE 'LOAN\\\\_MODEL' IN SCHEMA "SNOWBANK"."PIPELINE"`);
    expect(body).toContain('WHERE "MODEL_VERSION" = :default_version');
    // Quotes and brackets are balanced whatever the names.
    expect(() => new TokenStream(scoringBody({ ...scoring, model: `it's`, output: '"', log: '"; DROP' }))).not.toThrow();
  });

  it.each([
    [{ features: [] }, /no features/u],
    [{ features: ['INCOME', 'INCOME'] }, /column INCOME twice/u],
    [{ score: 'LOAN_ID' }, /column LOAN_ID twice/u],
    [{ threshold: Number.NaN }, /no number/u],
    [{ function: 'predict(1); DROP TABLE x; --' }, /cannot be the name of a model's function/u],
  ])('refuses %j', (change, message) => {
    expect(() => scoringBody({ ...scoring, ...change })).toThrow(message);
  });
});
