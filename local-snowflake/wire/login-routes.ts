import type { FastifyInstance } from 'fastify';
import { SnowflakeError } from '../errors/snowflake-error.ts';
import type { LoginRequest, OpenedSession } from '../session/service.ts';
import { snowflakeToken } from './authorization.ts';
import { failed, succeeded } from './envelope.ts';
import { type JsonObject, objectOf, optionalObject, optionalText, queryParameter } from './fields.ts';
import type { WireContext } from './wire-context.ts';

/** Opening a session, and exchanging its master token for a new session token. */
export function loginRoutes(server: FastifyInstance, { service }: WireContext): void {
  server.post('/session/v1/login-request', async (request) => {
    const data = optionalObject(objectOf(request.body, 'The request body'), 'data');
    const opened = await service.login(loginRequest(data, request.query, request.ip));
    return succeeded(sessionData(opened, service.account.version));
  });

  server.post('/session/token-request', (request) => {
    const requestType = optionalText(objectOf(request.body, 'The request body'), 'requestType') ?? 'RENEW';
    if (requestType !== 'RENEW') {
      throw SnowflakeError.of('unsupported', { feature: `token request of type ${requestType}` });
    }
    const renewed = service.renew(snowflakeToken(request.headers.authorization));
    return succeeded({
      sessionToken: renewed.token,
      validityInSecondsST: renewed.validitySeconds,
      masterToken: renewed.masterToken,
      validityInSecondsMT: renewed.masterValiditySeconds,
      masterValidityInSeconds: renewed.masterValiditySeconds,
      sessionId: renewed.sessionId,
    });
  });

  // Asked by drivers for sign-on in a browser or through an identity provider.
  server.post('/session/authenticator-request', (request) => {
    const data = optionalObject(objectOf(request.body, 'The request body'), 'data');
    const authenticator = optionalText(data, 'AUTHENTICATOR') ?? 'EXTERNALBROWSER';
    return failed(SnowflakeError.of('unsupported', { feature: `authenticator ${authenticator}` }));
  });
}

function loginRequest(data: JsonObject, query: unknown, remoteAddress: string): LoginRequest {
  const password = optionalText(data, 'PASSWORD');
  // Clients that read the token from a file send its last line feed too.
  const token = optionalText(data, 'TOKEN')?.trim();
  const database = queryParameter(query, 'databaseName');
  const schema = queryParameter(query, 'schemaName');
  const warehouse = queryParameter(query, 'warehouse');
  const role = queryParameter(query, 'roleName');
  return {
    accountName: optionalText(data, 'ACCOUNT_NAME') ?? '',
    loginName: optionalText(data, 'LOGIN_NAME') ?? '',
    authenticator: (optionalText(data, 'AUTHENTICATOR') ?? 'SNOWFLAKE').toUpperCase(),
    ...(password !== undefined && { password }),
    ...(token !== undefined && { token }),
    ...(database !== undefined && { database }),
    ...(schema !== undefined && { schema }),
    ...(warehouse !== undefined && { warehouse }),
    ...(role !== undefined && { role }),
    clientAppId: optionalText(data, 'CLIENT_APP_ID') ?? '',
    clientAppVersion: optionalText(data, 'CLIENT_APP_VERSION') ?? '',
    sessionParameters: optionalObject(data, 'SESSION_PARAMETERS'),
    remoteAddress,
  };
}

function sessionData({ session, ...tokens }: OpenedSession, serverVersion: string): object {
  const context = session.context();
  return {
    token: tokens.token,
    validityInSeconds: tokens.validitySeconds,
    masterToken: tokens.masterToken,
    masterValidityInSeconds: tokens.masterValiditySeconds,
    displayUserName: session.user,
    serverVersion,
    firstLogin: false,
    remMeToken: null,
    remMeValidityInSeconds: 0,
    healthCheckInterval: 45,
    newClientForUpgrade: null,
    sessionId: session.id,
    parameters: session.parameters(),
    sessionInfo: {
      databaseName: context.database,
      schemaName: context.schema,
      warehouseName: context.warehouse,
      roleName: context.role,
    },
    idToken: null,
    idTokenValidityInSeconds: 0,
    mfaToken: null,
    mfaTokenValidityInSeconds: 0,
    responseData: null,
  };
}
