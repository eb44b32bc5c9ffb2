import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkInputs } from '../../provider/check-inputs.ts';
import { diffInputs } from '../../provider/diff-inputs.ts';
import { modelService } from '../../provider/kinds/model-service.ts';
import type { Properties } from '../../provider/resource-kind.ts';
import { type Row, type Session, StatementFailed } from '../../provider/snowflake/session.ts';
import { type LocalServer, startLocalServer } from '../support/local-server.ts';
import { runPythonClient } from '../support/python-client.ts';

const containing = (text: string): unknown => expect.stringContaining(text);
const raised = (text: string): unknown => [expect.any(String), containing(text)];

// ModelVersion.create_service of snowflake-ml-python and plain HTTP, in a process of its own, against a server in this one.
// https://docs.snowflake.com/en/developer-guide/snowflake-ml/inference/real-time-inference-rest-api
describe('A model service', () => {
  let dataDir: string;
  let server: LocalServer;

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'model-service-'));
    server = await startLocalServer({ dataDir });
  });

  afterAll(async () => {
    await server.close();
    await rm(dataDir, { recursive: true, force: true });
  });

  it('serves, is called, managed, protected and dropped', async () => {
    const unusable = 'the role may not use service ML.SERVING.APPROVAL_SERVICE: grant it the service role ALL_ENDPOINTS_USAGE';
    expect(await runPythonClient(server, 'model_service.py')).toEqual({
      created: 'Service ML.SERVING.APPROVAL_SERVICE successfully created.',
      listed: [['ML.SERVING.APPROVAL_SERVICE', 'RUNNING', false]],
      http: {
        status: 200,
        rows: [0, 40],
        forms: [true, true, true],
        probabilities: true,
        bearer: 200,
        no_token: [401, { responseType: 'ERROR', detail: containing('Authorization: Snowflake Token') }],
        wrong_token: 401,
        unknown_endpoint: 404,
        unknown_method: [404, { error: 'The model has no method score; it has predict, predict-proba.' }],
        missing_column: [400, { error: 'The request has no column B; predict takes A, B' }],
        wrong_type: 400,
        wrong_width: [400, { error: 'A row has 1 values; predict takes 2: A, B' }],
        no_form: [400, { error: containing('one of dataframe_split, dataframe_records, data') }],
        unknown_parameter: [400, { error: 'predict has no parameter heat' }],
        empty: [200, { data: [] }],
      },
      sql: {
        pandas: true,
        snowpark: true,
        batches: 5000,
        unknown_method: raised('Unknown function APPROVAL_SERVICE!SCORE'),
        too_few: raised('not enough arguments for function [APPROVAL_SERVICE!PREDICT], expected 2, got 1'),
      },
      roles: {
        before: [403, { responseType: 'ERROR', detail: unusable }],
        sql: [raised('Unknown function ML.SERVING.APPROVAL_SERVICE!PREDICT'), 1],
        after: 200,
        revoked: 403,
      },
      refused: {
        exists: raised("Object 'ML.SERVING.APPROVAL_SERVICE' already exists."),
        pool_too_small: raised('The service needs 9 nodes, compute pool SERVICE_POOL has 3 at most.'),
        no_pool: raised("Compute pool 'NO_SUCH_POOL' does not exist or not authorized."),
        node_too_small: raised('memory 100Gi is more than a node of compute pool SERVICE_POOL has (CPU_X64_S: 13 GiB)'),
        capture: raised("Unsupported feature 'autocapture of model services'"),
        left: ['APPROVAL_SERVICE'],
      },
      moods: {
        twice: [200, { data: [[0, { twice: 42 }]] }],
        parameter: [63, [84], [42], [105]],
        raises: [500, { error: 'ValueError: this model takes no negative numbers' }],
        raises_in_sql: raised('ValueError: this model takes no negative numbers'),
        logs: [true, true],
        status: 'READY',
        model_in_use: raised('Cannot drop model ML.SERVING.MOODY: it is used by service ML.SERVING.MOODY.'),
        gone: 404,
      },
      lifecycle: {
        suspended: [0, 503],
        resumed: [200, 'RUNNING'],
        two: [2, 2, 'two'],
        pool: [1, 0, 2, 'ACTIVE'],
        instances: [
          ['0', 'READY'],
          ['1', 'READY'],
        ],
        too_many: raised('The service needs 9 nodes, compute pool SERVICE_POOL has 3 at most.'),
        crossed: raised("invalid value [3] for parameter 'MIN_INSTANCES'"),
        pool_in_use: raised('Cannot drop compute pool SERVICE_POOL: it has services.'),
      },
      deleted: [0, 404],
      nodes: [0, 0],
    });
  });

  it('is a resource of the stack: made, changed in place, imported and dropped', async () => {
    const connection = await server.connect();
    const statements: string[] = [];
    const session: Session = {
      execute: async (statement): Promise<readonly Row[]> => {
        statements.push(statement);
        return connection.rows(statement).catch((error: { code?: number; message: string }) => {
          throw new StatementFailed(error.message, Number(error.code));
        });
      },
      pause: () => Promise.resolve(),
    };
    await connection.run('create role if not exists TELLER');
    const checked = (change: Properties = {}): Properties =>
      checkInputs(modelService, {
        database: 'ML',
        schema: 'SERVING',
        name: 'STACKED',
        model: 'ML.SERVING.APPROVAL',
        version: 'V1',
        computePool: 'SERVICE_POOL',
        warehouse: 'SERVING_WH',
        callers: ['TELLER'],
        comment: "it's served",
        ...change,
      }).inputs;
    const made = await modelService.create(session, checked(), () => undefined);
    expect(made).toEqual({ ...checked(), endpoint: containing('.snowflakecomputing.app') });
    expect(diffInputs(modelService, made, checked())).toEqual([]);
    expect(await modelService.read(session, 'ML.SERVING.STACKED', made)).toEqual(made);
    const { warehouse, ...told } = made;
    expect([warehouse, await modelService.read(session, 'ML.SERVING.STACKED', {})]).toEqual(['SERVING_WH', told]);
    const change = { minInstances: 1, maxInstances: 2, callers: ['PUBLIC'], comment: undefined as never };
    statements.length = 0;
    const changed = await modelService.update(session, made, checked(change), () => undefined);
    expect(statements.filter((each) => /^(?:ALTER|GRANT|REVOKE)/u.test(each))).toEqual([
      'ALTER SERVICE "ML"."SERVING"."STACKED" SET MIN_INSTANCES = 1 MAX_INSTANCES = 2',
      'ALTER SERVICE "ML"."SERVING"."STACKED" UNSET COMMENT',
      'REVOKE SERVICE ROLE "ML"."SERVING"."STACKED"!ALL_ENDPOINTS_USAGE FROM ROLE "TELLER"',
      'GRANT SERVICE ROLE "ML"."SERVING"."STACKED"!ALL_ENDPOINTS_USAGE TO ROLE "PUBLIC"',
    ]);
    expect(diffInputs(modelService, changed, checked(change))).toEqual([]);
    await expect(modelService.create(session, checked({ version: 'V9', name: 'OTHER' }), () => undefined)).rejects.toThrow(/V9/u);
    await modelService.delete(session, 'ML.SERVING.STACKED', made, () => undefined);
    await modelService.delete(session, 'ML.SERVING.STACKED', made, () => undefined);
    expect(await modelService.read(session, 'ML.SERVING.STACKED', made)).toBeUndefined();
  });

  it('is started again with the server and with its process, and takes a key-pair token', async () => {
    await server.close();
    server = await startLocalServer({ dataDir });
    expect(await runPythonClient(server, 'model_service_kept.py')).toEqual({
      answer: [[0, { twice: 8 }]],
      refused: [401, 401],
      exchanged: [200, 403],
      granted: 200,
      other_endpoint: 401,
      ended: 502,
      again: [3, 200],
      stopped: [0, 404],
    });
  });
});
