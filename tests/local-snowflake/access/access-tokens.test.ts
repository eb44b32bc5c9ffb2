import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FakeClock } from '../../../local-snowflake/platform/clock.ts';
import { type LocalServer, startLocalServer } from '../../support/local-server.ts';
import type { SdkConnection } from '../../support/sdk-connection.ts';

// https://docs.snowflake.com/en/user-guide/programmatic-access-tokens
let server: LocalServer;
let admin: SdkConnection;
const clock = new FakeClock('2026-03-02T12:00:00Z');

beforeAll(async () => {
  server = await startLocalServer({ clock });
  admin = await server.connect();
  for (const statement of [
    'create role example_role',
    "create user example_user password = 'Example-1' default_role = example_role",
    'grant role example_role to user example_user',
    'create role other_role',
    'grant role other_role to user example_user',
  ]) {
    await admin.run(statement);
  }
});

afterAll(() => server.close());

async function add(name: string, rest = ''): Promise<string> {
  const [row] = await admin.rows(`ALTER USER IF EXISTS example_user ADD PROGRAMMATIC ACCESS TOKEN ${name} ${rest}`);
  return String(row?.['token_secret']);
}

function refusal(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'accepted',
    (error: unknown) => (error as Error).message,
  );
}

/** As the drivers log in: the token in its own field, or where the password stands. */
async function roleOf(token: string, how: 'token' | 'password' = 'token', user = 'example_user'): Promise<string> {
  const { session } = await server.service.login({
    accountName: server.account,
    loginName: user,
    authenticator: how === 'token' ? 'PROGRAMMATIC_ACCESS_TOKEN' : 'SNOWFLAKE',
    ...(how === 'token' ? { token } : { password: token }),
    clientAppId: 'test',
    clientAppVersion: '1',
    sessionParameters: {},
    remoteAddress: '127.0.0.1',
  });
  const { role } = session.context();
  await session.close();
  return role ?? '';
}

describe('programmatic access tokens', () => {
  it('log in, in their own field and as a password, and are listed without the secret', async () => {
    const secret = await add('example_token', "COMMENT = 'a reference example'");
    expect(await Promise.all([roleOf(secret), roleOf(secret, 'password')])).toEqual(['EXAMPLE_ROLE', 'EXAMPLE_ROLE']);
    const listed = await admin.rows('SHOW USER PROGRAMMATIC ACCESS TOKENS FOR USER example_user');
    expect(listed).toMatchObject([
      {
        name: 'EXAMPLE_TOKEN',
        user_name: 'EXAMPLE_USER',
        role_restriction: null,
        status: 'ACTIVE',
        comment: 'a reference example',
        created_by: 'LOCAL_ADMIN',
      },
    ]);
    expect(JSON.stringify([listed, await admin.rows('show users'), server.service.history(100)])).not.toContain(secret);
    expect((await admin.rows("show users like 'example_user'"))[0]).toMatchObject({ has_pat: 'true' });
  });

  it('can be good for one role only', async () => {
    const secret = await add('restricted', "ROLE_RESTRICTION = 'other_role' DAYS_TO_EXPIRY = 15");
    expect(await roleOf(secret)).toBe('OTHER_ROLE');
    await admin.run('revoke role other_role from user example_user');
    expect(await refusal(roleOf(secret))).toContain('OTHER_ROLE');
    await admin.run('grant role other_role to user example_user');
  });

  it('are refused when they are another user’s, removed, expired or made up', async () => {
    const secret = await add('short', 'DAYS_TO_EXPIRY = 1');
    expect(await refusal(roleOf(secret, 'token', 'local_admin'))).toBe('Programmatic access token is invalid.');
    expect(await refusal(roleOf('made up'))).toBe('Programmatic access token is invalid.');
    const removed = await add('removed');
    await admin.run('ALTER USER example_user REMOVE PAT removed');
    expect(await refusal(roleOf(removed))).toBe('Programmatic access token is invalid.');
    await clock.advanceBy(25 * 3600 * 1000);
    expect(await refusal(roleOf(secret))).toBe('Programmatic access token is invalid.');
    // The session has expired as well.
    admin = await server.connect();
  });

  it('of one’s own user need not name it', async () => {
    const [row] = await admin.rows('ALTER USER ADD PAT mine');
    expect(await roleOf(String(row?.['token_secret']), 'token', 'local_admin')).toBe('ACCOUNTADMIN');
    expect(await admin.rows('SHOW USER PATS')).toMatchObject([{ name: 'MINE' }]);
    await admin.run('ALTER USER REMOVE PROGRAMMATIC ACCESS TOKEN mine');
    expect(await admin.rows('SHOW USER PATS')).toEqual([]);
  });

  it.each([
    ['ALTER USER example_user ADD PAT example_token', 'already exists'],
    ["ALTER USER example_user ADD PAT x ROLE_RESTRICTION = 'accountadmin'", 'accountadmin'],
    ['ALTER USER example_user ADD PAT x DAYS_TO_EXPIRY = 0', 'DAYS_TO_EXPIRY'],
    ['ALTER USER example_user REMOVE PAT nothing', 'does not exist'],
    ['ALTER USER example_user ROTATE PROGRAMMATIC ACCESS TOKEN example_token', 'ROTATE'],
  ])('%s is refused', async (sql, named) => {
    expect(await refusal(admin.run(sql))).toContain(named);
  });

  it('of another user are for who may manage them', async () => {
    const other = await server.connect({ username: 'example_user', password: 'Example-1' });
    expect(await refusal(other.run('ALTER USER local_admin ADD PAT x'))).not.toBe('accepted');
    expect(await refusal(other.run('SHOW USER PATS FOR USER local_admin'))).not.toBe('accepted');
  });
});
