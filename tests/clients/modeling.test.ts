import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalServer, startLocalServer } from '../support/local-server.ts';
import { runPythonClient } from '../support/python-client.ts';

const text = (pattern: RegExp): unknown => expect.stringMatching(pattern);

// snowflake.ml.modeling: transformers and metrics that are SQL, estimators that fit in procedures and predict in functions.
describe("Snowpark ML's modeling classes", () => {
  let server: LocalServer;

  beforeAll(async () => {
    server = await startLocalServer();
  });

  afterAll(() => server.close());

  it('transform, fit, predict and measure in Snowflake as scikit-learn does', async () => {
    expect(await runPythonClient(server, 'modeling.py')).toEqual({
      transformers: {
        standard: true,
        min_max: true,
        one_hot: true,
        ordinal: true,
        bins: [0, 1, 2],
        imputed: true,
      },
      metrics: {
        accuracy_score: true,
        f1_score: true,
        precision_score: true,
        recall_score: true,
        mean_squared_error: true,
        mean_absolute_error: true,
        explained_variance_score: true,
        roc_auc_score: true,
        confusion_matrix: true,
        correlation: true,
      },
      regression: {
        unfitted: ['RuntimeError', text(/not fitted/u)],
        text: ['SnowparkSQLException', text(/100357.*ValueError: could not convert string to float/su)],
        same: true,
        score: true,
        local: true,
      },
      pipeline: { close: true, registered: true },
      search: { C: 10 },
    });
  });
});
