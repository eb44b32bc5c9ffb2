import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalServer, startLocalServer } from '../support/local-server.ts';
import { runPythonClient } from '../support/python-client.ts';

const conflict = ['ConflictError', 409, '002002', expect.stringContaining('already exists')];
const missing = ['NotFoundError', 404, '002003', expect.stringContaining('does not exist')];
const refused = (feature: string): unknown[] => ['APIError', 400, '000002', expect.stringContaining(feature)];

// Snowflake's Python API, kind by kind, in processes of their own, against a server in this one.
describe('kinds of objects with snowflake.core', () => {
  let server: LocalServer;

  beforeAll(async () => {
    server = await startLocalServer();
  });

  afterAll(() => server.close());

  it('creates, reads, alters, renames and drops what is a list of properties', async () => {
    const names = ['REST_USER', 'RESTER', 'The Rester', 'Re', 'S', 'Ter'];
    const defaults = ['KINDS_WH', 'KINDS.S', 'PUBLIC', 'ALL'];
    expect(await runPythonClient(server, 'snowflake_core_kinds.py')).toEqual({
      roles: {
        listed: [
          ['REST_ANALYST', "it's an analyst", 'ACCOUNTADMIN', false, 0],
          ['"rest role"', null, 'ACCOUNTADMIN', false, 0],
        ],
        filtered: [['REST_ANALYST'], ['REST_ANALYST'], ['"rest role"']],
        conflict,
        dropped: missing,
      },
      users: {
        fetched: [...names, 'rest@example.com', ...defaults, "it's me", false, false, true, null],
        // The comment went; the password, which answers never hold, did not.
        altered: [...names, 'other@example.com', ...defaults, null, false, false, true, null],
        listed: [
          ['OTHER_USER', true],
          ['REST_USER', false],
        ],
        conflict,
        dropped: missing,
      },
      tags: {
        tag: ['LAYER', ['gold', "it's"], 'of data', 'KINDS', 'S', 'ACCOUNTADMIN'],
        altered: [['gold'], null],
        moved: [[], ['TIER']],
        refused: refused("'propagate' of tags"),
        sequence: ['IDS', 10, 5, false, 'ids', 'S'],
        clone: ['IDS_TOO', 10, 5, 'OTHER'],
        sequences: ['NUMBERS'],
        dropped: missing,
      },
      secrets: {
        secret: ['GenericStringSecret', 'TOKEN', 'of the webhook', 'KINDS', 'S'],
        login: ['PasswordSecret', 'LOGIN', 'me', ''],
        secrets: ['TOKEN'],
        webhook: [
          ['TO_SLACK', true, "it's slack"],
          [
            'https://hooks.slack.com/services/SNOWFLAKE_WEBHOOK_SECRET',
            '{"text": "SNOWFLAKE_WEBHOOK_MESSAGE"}',
            { 'Content-Type': 'application/json' },
          ],
          ['TOKEN', 'KINDS', 'S'],
        ],
        email: [false, 'hi'],
        integrations: ['BY_MAIL', 'TO_SLACK'],
        dropped: missing,
      },
      altered: {
        database: [null, 1],
        schema: [null, false, 'INFO'],
        warehouse: ['Small', 600, 'smaller', 'SUSPENDED'],
        tags: ['gold'],
        rows: 1,
        grants: ['OWNERSHIP', 'USAGE'],
        transient: refused('CREATE OR ALTER DATABASE that changes TRANSIENT'),
        created: 'ALTERED_NEW',
      },
    });
  });

  it('grants and revokes privileges and roles', async () => {
    const grant = (privilege: string, kind: string, name: readonly string[], option = false): unknown[] => [
      [privilege],
      kind,
      name,
      option,
    ];
    const usage = grant('USAGE', 'DATABASE', ['ACCESS']);
    const table = ['ACCESS', 'S', 'T'];
    const routine = [['USAGE'], 'FUNCTION', 'ACCESS.S."F(NUMBER, VARCHAR):NUMBER(38,0)"', false];
    expect(await runPythonClient(server, 'snowflake_core_access.py')).toEqual({
      roles: {
        to: [
          grant('EXECUTE TASK', 'ACCOUNT', []),
          grant('INSERT', 'TABLE', table, true),
          grant('SELECT', 'TABLE', table, true),
          grant('SELECT', 'VIEW', ['ACCESS', 'S', 'V']),
          usage,
        ],
        future: [grant('SELECT', 'TABLE', ['ACCESS', 'S']), grant('USAGE', 'SCHEMA', ['ACCESS'])],
        of: [['READER', 'ROLE', 'OUTER_ROLE']],
        on: [['OWNERSHIP', 'ROLE', 'READER']],
        limited: 1,
        user: [['ROLE', 'OUTER_ROLE']],
        left: [[grant('SELECT', 'TABLE', table), usage], [grant('USAGE', 'SCHEMA', ['ACCESS'])]],
        members: [[], []],
        no_privilege: ['APIError', 400, '390400', "'SELECT; drop' is no privilege."],
      },
      database_roles: {
        listed: [
          ['LOCAL_READER', "it's local", 1, 0],
          ['OUTER_READER', null, 0, 1],
        ],
        to: [grant('SELECT', 'TABLE', table)],
        future: [grant('SELECT', 'VIEW', ['ACCESS', 'S'])],
        nested: [grant('USAGE', 'DATABASE ROLE', ['ACCESS', 'LOCAL_READER'])],
        conflict,
        left: [[], []],
        dropped: missing,
      },
      grants: {
        role: [
          [['CREATE DATABASE'], 'ACCOUNT', expect.any(String), false],
          [['DELETE'], 'TABLE', 'ACCESS.S.T', false],
          [['INSERT'], 'TABLE', 'ACCESS.S.T', true],
          [['SELECT'], 'TABLE', 'ACCESS.S.T', true],
          routine,
        ],
        user: [[['USAGE'], 'ROLE', 'WRITER', false]],
        left: [[[['INSERT'], 'TABLE', 'ACCESS.S.T', false], routine], []],
        share: refused('GRANT TO SHARE'),
      },
      forbidden: [
        ['NotFoundError', 404, '002003', expect.stringContaining("'ACCESS_WH' does not exist or not authorized")],
        ['ForbiddenError', 403, '003001', expect.stringContaining("Insufficient privileges to operate on database 'ACCESS'")],
      ],
    });
  });

  it('creates, alters, copies and swaps tables; views, streams, dynamic tables and files over them', async () => {
    const id = ['ID', 'NUMBER(38,0)', false, null, true, null];
    const query = 'select label, count(*) as n from tables.s.source group by label';
    expect(await runPythonClient(server, 'snowflake_core_tables.py')).toEqual({
      tables: {
        fetched: ['EVENTS', 'PERMANENT', ['category', 'round(id, -1)'], true, 0, 'store events/logs in here', 2],
        columns: [
          id,
          ['CATEGORY', 'VARCHAR(10)', true, "'it''s'", null, "it's one"],
          ['"The key"', 'NUMBER(10,2)', true, null, null, null],
        ],
        constraints: [
          ['PrimaryKey', ['ID']],
          ['UniqueKey', ['"The key"']],
        ],
        conflict,
        deep: [['EVENTS', 3]],
        // Change tracking is not unset when it is left out, as the comment and the key are.
        altered: [
          [id, ['CATEGORY', 'VARCHAR(20)', true, "'other'", null, "it's one"], ['ADDED', 'FLOAT', true, '1.5', null, null]],
          null,
          true,
          [],
        ],
        rows: [
          [0, 'a', 1.5],
          [10, 'other', 2],
          [5, 'b', 1.5],
        ],
        fresh: 'TRANSIENT',
        reordered: refused('CREATE OR ALTER TABLE that changes the order of columns: ID'),
        unknown: ['APIError', 400, '001008', expect.stringContaining("for parameter 'datatype'")],
        made: [
          ['CHILD', 0],
          ['CHOSEN', 1],
          ['EVENTS', 3],
          ['FRESH', 0],
          ['LIKE_IT', 0],
        ],
        swapped: [0, 1],
        template: expect.arrayContaining(['APIError', 400]),
        recluster: refused("':suspend-recluster' of tables"),
        dropped: missing,
      },
      views: {
        view: ['PICKED', true, 'select n, label from tables.s.source', 'picked'],
        columns: [
          ['NUMBER', 'NUMBER(1,0)', "it's n"],
          ['LABEL', 'VARCHAR(1)', null],
        ],
        views: [['PICKED', 2]],
        broken: ['APIError', 400, '000008', expect.stringContaining('Actual statement count 2')],
        stream: ['CHANGES', "it's new", 'APPEND_ONLY', false, 'SOURCE', 'DELTA', 'StreamSourceTable', 'SOURCE', 'TABLES', 'S'],
        streams: [
          ['CHANGES', 'StreamSourceTable', 'SOURCE'],
          ['CHANGES_TOO', 'StreamSourceTable', 'SOURCE'],
          ['OVER_FILES', 'StreamSourceStage', 'LISTED'],
          ['OVER_VIEW', 'StreamSourceView', 'PICKED'],
        ],
        initial: 1,
        late: ['APIError', 400, '002082', expect.stringContaining('Change tracking is not enabled')],
        dropped: [missing, missing],
      },
      dynamic: {
        fetched: ['TOTALS', 'TABLES_WH', query, "it's counted", 'FULL', 'RUNNING', 1],
        lag: 120,
        columns: ['LABEL', 'N'],
        refreshed: 2,
        suspended: 'SUSPENDED',
        clone: ['DownstreamLag', 'SUSPENDED'],
        listed: ['TOTALS'],
        undropped: 'TOTALS',
        swap: refused("':swap-with' of dynamic tables"),
        dropped: missing,
      },
      stages: {
        fetched: ['FILES', "it's files", 'SNOWFLAKE_SSE', true],
        files: [
          [
            ['files/in/here/a.csv', '4'],
            ['files/in/here/b.txt', '4'],
          ],
          ['files/in/here/a.csv'],
          'text',
        ],
        external: refused('external stages (URL)'),
        listed: ['FILES'],
        dropped: [missing, missing],
      },
    });
  });

  it('creates, clones, executes and drops alerts; tags what can have tags', async () => {
    const tagged = (domain: string): unknown[] => [[['LAYER', 'gold', domain]], 0];
    const condition = 'select n, n + 1 from alerts.s.numbers where n > 1';
    const action = "insert into alerts.s.found select max(n), 'it''s' from alerts.s.numbers";
    expect(await runPythonClient(server, 'snowflake_core_alerts.py')).toEqual({
      alerts: {
        fetched: ['WATCH', 'ALERTS_WH', condition, action, "it's watched", 'suspended', 'ACCOUNTADMIN', 'ALERTS', 'S'],
        schedule: [5, '0 8 * * MON-FRI', 'Europe/Zurich'],
        listed: ['COPY', 'DAILY', 'WATCH'].map((name) => [name, 'suspended']),
        filtered: ['DAILY'],
        executed: [['TRIGGERED'], [[2, "it's"]]],
        conflict,
        injected: ['APIError', 400, '001008', expect.stringContaining("for parameter 'condition'")],
        dropped: [missing, missing],
      },
      tags: {
        alert: tagged('ALERT'),
        table: tagged('TABLE'),
        view: tagged('TABLE'),
        dynamic_table: tagged('TABLE'),
        stream: tagged('STREAM'),
        role: tagged('ROLE'),
        user: tagged('USER'),
        integration: tagged('INTEGRATION'),
      },
    });
  });

  it('creates, reads, calls and drops procedures and functions, overloads and all', async () => {
    expect(await runPythonClient(server, 'snowflake_core_routines.py')).toEqual({
      procedures: {
        fetched: ['SHOUT', "it's loud", 'CALLER', expect.stringContaining('def run'), 1, 2, 'S'],
        arguments: [
          ['WORD', 'VARCHAR', null],
          ['TIMES', 'NUMBER', ''],
        ],
        language: ['PythonFunction', '3.11', 'run'],
        packages: ['snowflake-snowpark-python'],
        returns: 'VARCHAR',
        table: [
          ['ID', 'NUMBER'],
          ['PRICE', 'NUMBER'],
        ],
        called: [[{ SHOUT: "it's!it's!" }], "he's!", true],
        rows: [{ ID: 1, PRICE: 10.5 }],
        listed: [
          ['DEAR', 1],
          ['SHOUT', 2],
          ['YES', 0],
        ],
        conflict,
        dropped: missing,
      },
      functions: {
        fetched: ['ADDED', "it's a sum", 'def added(a, b):\n    return a + b', false, false],
        executed: [3, { half: 1.5 }],
        listed: [
          ['ADDED', 1],
          ['ADDED', 2],
        ],
        renamed: 'SUMMED',
        dropped: missing,
        service: ['APIError', 405, '391405', expect.stringContaining('/functions is not among')],
        tags: refused("':get-tags' of procedures"),
      },
    });
  });

  it('executes jobs, and creates or alters services', async () => {
    expect(await runPythonClient(server, 'snowflake_core_jobs.py')).toEqual({
      jobs: {
        fetched: ['GREETING', 'DONE', true, false, "it's a job", 'JOBS_WH', 'JOBS_POOL'],
        log: 'hello',
        conflict,
        failed: ['APIError', 400, '395017', expect.stringContaining('exit code 3')],
        status: 'FAILED',
        async: true,
        listed: ['FAILING', 'GREETING', 'LATER'],
      },
      services: {
        altered: [null, 1, 1],
        changed: refused('PUT of a service that changes its specification'),
        roles: ['ALL_ENDPOINTS_USAGE'],
      },
    });
  });
});
