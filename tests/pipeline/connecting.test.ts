import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ConnectionEntry } from '../../pipeline/connection/connection-entry.ts';
import type { PipelineFailure } from '../../pipeline/failure.ts';
import { connectToSnowflake } from '../../pipeline/snowflake/sdk-client.ts';
import { text } from '../../pipeline/snowflake/sql-client.ts';
import type { SqlFailure } from '../../pipeline/snowflake/sql-failure.ts';
import { type LocalServer, startLocalServer } from '../support/local-server.ts';

let server: LocalServer;
let folder: string;

beforeAll(async () => {
  server = await startLocalServer();
  folder = mkdtempSync(join(tmpdir(), 'pipeline-'));
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

const entry = (options: Readonly<Record<string, string | number>> = {}): ConnectionEntry => ({
  name: 'local',
  source: 'connections.toml',
  options: {
    account: server.account,
    user: server.user,
    password: server.password,
    host: '127.0.0.1',
    port: server.port,
    protocol: 'http',
    ...options,
  },
});

const refusal = async (options: Readonly<Record<string, string | number>>): Promise<PipelineFailure> => {
  try {
    await connectToSnowflake(entry(options));
  } catch (error) {
    return error as PipelineFailure;
  }
  throw new Error('It connected.');
};

it('connects and gives rows', async () => {
  const client = await connectToSnowflake(entry());
  const roles = await client.query('SHOW ROLES');
  expect(roles.map((row) => text(row, 'name'))).toContain('ACCOUNTADMIN');
  await client.close();
});

it('says that user or password are wrong, without saying the password', async () => {
  const failure = await refusal({ password: 'a wrong one' });
  expect(failure.message).toMatch(/refused the credentials of connection "local" \(connections\.toml\)/);
  expect(failure.wayOut).toContain('npx local-snowflake credentials');
  expect(JSON.stringify([failure.message, failure.wayOut])).not.toContain('a wrong one');
});

it('says that the private key is not the user’s', async () => {
  const file = join(folder, 'key.p8');
  writeFileSync(file, generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' }), {
    mode: 0o600,
  });
  const failure = await refusal({ private_key_file: file });
  expect(failure.message).toMatch(/refused the credentials/);
  expect(failure.wayOut).toMatch(/private key/);
});

it('says that the role is not the user’s', async () => {
  const failure = await refusal({ role: 'NOBODY' });
  expect(failure.message).toContain('NOBODY');
  expect(failure.wayOut).toMatch(/role/);
});

it('says at once that nothing listens there', async () => {
  const free = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => free.once('listening', resolve));
  const { port } = free.address() as { port: number };
  await new Promise((resolve) => free.close(resolve));
  const failure = await refusal({ port });
  expect(failure.message).toBe(`Nothing answers at 127.0.0.1:${port} (ECONNREFUSED).`);
  expect(failure.wayOut).toContain('npx local-snowflake start');
});

it('passes on what Snowflake says to a statement, with its codes', async () => {
  const client = await connectToSnowflake(entry());
  const failure = await client.query('DROP SCHEMA NO_SUCH_DB.S').then(
    () => undefined,
    (error: unknown) => error as SqlFailure,
  );
  expect(failure).toMatchObject({ code: 2003 });
  expect(failure?.sqlState).toMatch(/^(02000|42S02)$/);
  await client.close();
});
