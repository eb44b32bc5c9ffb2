import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sdkConnection } from '../../pipeline/connection/sdk-options.ts';
import { parseStackOutputs } from '../../pipeline/connection/stack-outputs.ts';
import { resolveTarget } from '../../pipeline/connection/target.ts';
import type { PipelineFailure } from '../../pipeline/failure.ts';

let folder: string;
let environment: Record<string, string>;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pipeline-'));
  environment = { HOME: join(folder, 'home') };
});
afterEach(() => rmSync(folder, { recursive: true }));

const write = (path: string, text: string): string => {
  const file = join(folder, path);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, text);
  return file;
};

const failureOf = async (promise: Promise<unknown>): Promise<PipelineFailure> => {
  try {
    await promise;
  } catch (error) {
    return error as PipelineFailure;
  }
  throw new Error('It did not fail.');
};

const root = 'DB.S.ROOT';
const entry = '[dev]\naccount = "myorg-dev"\nuser = "ME"\npassword = "file secret"\nrole = "ENGINEER"\n';

// https://docs.snowflake.com/en/developer-guide/snowflake-cli/connecting/configure-connections
describe('which connection', () => {
  it('reads ~/.snowflake/connections.toml', async () => {
    const file = write('home/.snowflake/connections.toml', entry);
    const target = await resolveTarget({ root, connection: 'dev' }, folder, environment);
    expect(target.root).toEqual({ database: 'DB', schema: 'S', name: 'ROOT' });
    expect(target.entry).toMatchObject({ name: 'dev', source: file, options: { account: 'myorg-dev', role: 'ENGINEER' } });
  });

  it('reads config.toml, where connections stand under [connections.NAME]', async () => {
    write('home/.snowflake/config.toml', '[cli]\nx = 1\n[connections.dev]\naccount = "other"\n');
    expect((await resolveTarget({ root, connection: 'dev' }, folder, environment)).entry.options['account']).toBe('other');
  });

  it('looks into SNOWFLAKE_HOME first', async () => {
    write('home/.snowflake/connections.toml', entry);
    write('elsewhere/connections.toml', '[dev]\naccount = "first"\n');
    const target = await resolveTarget({ root, connection: 'dev' }, folder, {
      ...environment,
      SNOWFLAKE_HOME: join(folder, 'elsewhere'),
    });
    expect(target.entry.options['account']).toBe('first');
  });

  it('takes SNOWFLAKE_DEFAULT_CONNECTION_NAME when no connection is named', async () => {
    write('home/.snowflake/connections.toml', entry);
    expect((await resolveTarget({ root }, folder, { ...environment, SNOWFLAKE_DEFAULT_CONNECTION_NAME: 'dev' })).entry.name).toBe(
      'dev',
    );
  });

  it('lays SNOWFLAKE_* variables over the entry, a credential over all of its own', async () => {
    write('home/.snowflake/connections.toml', entry);
    const { options } = (
      await resolveTarget({ root, connection: 'dev' }, folder, {
        ...environment,
        SNOWFLAKE_PRIVATE_KEY_FILE: '/key.p8',
        SNOWFLAKE_ROLE: 'OTHER',
        SNOWFLAKE_CONNECTIONS_DEV_WAREHOUSE: 'WH',
      })
    ).entry;
    expect(options).toEqual({ account: 'myorg-dev', user: 'ME', role: 'OTHER', private_key_file: '/key.p8', warehouse: 'WH' });
  });

  it('needs no file when the variables are enough, as in CI', async () => {
    const variables = { ...environment, SNOWFLAKE_ACCOUNT: 'myorg-ci', SNOWFLAKE_USER: 'CI', SNOWFLAKE_PASSWORD: 'p' };
    expect((await resolveTarget({ root }, folder, variables)).entry).toMatchObject({
      source: 'SNOWFLAKE_* variables',
      options: { account: 'myorg-ci' },
    });
  });

  it("leaves the local Snowflake's own entry as it is", async () => {
    write('Pulumi.yaml', 'name: x');
    write(
      '.local/snowflake/connections.toml',
      '[local]\naccount = "local"\nuser = "ADMIN"\npassword = "p"\nhost = "127.0.0.1"\nport = 8099\nprotocol = "http"\n',
    );
    const target = await resolveTarget({ root, connection: 'local' }, folder, {
      ...environment,
      SNOWFLAKE_PASSWORD: 'secret of an account',
      SNOWFLAKE_ACCOUNT: 'prod',
    });
    expect(target.entry.options).toMatchObject({ account: 'local', password: 'p' });
    expect(sdkConnection(target.entry)).toMatchObject({
      address: '127.0.0.1:8099',
      loopback: { host: '127.0.0.1', port: 8099 },
      options: { accessUrl: 'http://127.0.0.1:8099' },
    });
  });

  it('says where it looked when there is no file', async () => {
    const failure = await failureOf(resolveTarget({ root, connection: 'dev' }, folder, environment));
    expect(failure.message).toBe('There is no connections.toml.');
    expect(failure.wayOut).toContain(join(folder, 'home', '.snowflake', 'connections.toml'));
  });

  it('names the connections there are', async () => {
    write('home/.snowflake/connections.toml', `${entry}[prod]\naccount = "x"\n`);
    const failure = await failureOf(resolveTarget({ root, connection: 'test' }, folder, environment));
    expect(`${failure.message} ${failure.wayOut ?? ''}`).toMatch(/no connection "test".*dev, prod/);
  });

  it('points at a line that is no TOML without quoting it', async () => {
    const file = write('bad.toml', '[dev]\naccount = "x"\npassword = "hidden thing\n');
    const failure = await failureOf(resolveTarget({ root, connection: 'dev', connectionsFile: file }, folder, environment));
    expect(failure.message).toMatch(/not valid TOML at line 3/);
    expect(`${failure.message}${failure.wayOut ?? ''}`).not.toContain('hidden');
  });

  it.each([
    ['account', { user: 'U', password: 'p' }, /no account/],
    ['user', { account: 'a', password: 'p' }, /no user/],
    ['credential', { account: 'a', user: 'U' }, /no password or private_key_file/],
    ['key', { account: 'a', user: 'U', private_key_file: '/nowhere/key.p8' }, /private key .* cannot be read/],
    ['port', { account: 'a', user: 'U', password: 'p', host: 'h', port: 'eighty' }, /port eighty/],
  ])('names what an entry lacks: %s', (_what, options: Record<string, string>, message) => {
    expect(() => sdkConnection({ name: 'dev', source: 'a file', options })).toThrow(message);
  });
});

describe('which graph', () => {
  it('takes the stack’s outputs', () => {
    expect(parseStackOutputs('dev', '{"rootTask": "DB.S.T", "connection": "dev", "more": 1}')).toEqual({
      rootTask: 'DB.S.T',
      connection: 'dev',
    });
    expect(parseStackOutputs('dev', '{"rootTask": "DB.S.T"}').connection).toBeUndefined();
  });

  it('says that nothing is deployed when the stack has no graph', () => {
    expect(() => parseStackOutputs('dev', '{}')).toThrow(/nothing is deployed/);
  });

  it('says that it is not inside a project', async () => {
    const failure = await failureOf(resolveTarget({ stack: 'dev' }, folder, environment));
    expect(failure.message).toMatch(/no Pulumi.yaml/);
    expect(failure.wayOut).toContain('--root');
  });
});
