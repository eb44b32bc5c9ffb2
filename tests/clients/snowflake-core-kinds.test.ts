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
        database_role: refused('GRANT DATABASE ROLE'),
        no_privilege: ['APIError', 400, '390400', "'SELECT; drop' is no privilege."],
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
});
