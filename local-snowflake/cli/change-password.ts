import type { SnowflakeService } from '../session/service.ts';

/** Gives a user another password, the way the user would. @throws SnowflakeError when `current` is not its password */
export async function changePassword(service: SnowflakeService, user: string, current: string, wanted: string): Promise<void> {
  const { session } = await service.login({
    accountName: service.account.account,
    loginName: user,
    authenticator: 'SNOWFLAKE',
    password: current,
    clientAppId: 'local-snowflake',
    clientAppVersion: service.account.version,
    sessionParameters: {},
    remoteAddress: '127.0.0.1',
  });
  const literal = `'${wanted.replace(/['\\]/gu, String.raw`\$&`)}'`;
  const text = `ALTER USER ${user} SET PASSWORD = ${literal}`;
  await session.submit({ requestId: 'change-password', text, describeOnly: false, bindings: {}, parameters: {} }).outcome();
  await session.close();
}
