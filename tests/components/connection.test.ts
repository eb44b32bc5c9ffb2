import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { ConnectionError, findConnection } from '../../components/connection.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'connections-'));
});
afterEach(() => rmSync(home, { recursive: true }));

const write = (file: string, text: string): void => writeFileSync(join(home, file), text);
const find = (name: string, environment: Record<string, string> = {}) => findConnection(name, { home, environment });

describe('findConnection', () => {
  it('reads connections.toml', () => {
    write(
      'connections.toml',
      '[local]\naccount = "LOCALORG-LOCAL"\nuser = "ADMIN"\npassword = "pw"\nhost = "127.0.0.1"\nport = 8080\nprotocol = "http"\n',
    );
    expect(find('local')).toEqual({
      name: 'local',
      organization: 'LOCALORG',
      account: 'LOCAL',
      user: 'ADMIN',
      password: 'pw',
      host: '127.0.0.1',
      port: 8080,
      protocol: 'http',
    });
  });

  it('reads [connections.<name>] of config.toml, and the key from the file it names', () => {
    write(
      'config.toml',
      '[connections.dev]\naccount = "MYORG-DEV-1"\nuser = "CI"\nprivate_key_file = "ci.p8"\nrole = "DEPLOYER"\n',
    );
    write('ci.p8', '-----BEGIN PRIVATE KEY-----');
    expect(find('dev')).toMatchObject({
      organization: 'MYORG',
      account: 'DEV-1',
      privateKey: '-----BEGIN PRIVATE KEY-----',
      role: 'DEPLOYER',
    });
  });

  // https://docs.snowflake.com/en/developer-guide/snowflake-cli/connecting/configure-connections
  it('takes variables before the file, and does without one', () => {
    const environment = {
      SNOWFLAKE_CONNECTIONS_PROD_ACCOUNT: 'MYORG-PROD',
      SNOWFLAKE_CONNECTIONS_PROD_USER: 'CI',
      SNOWFLAKE_CONNECTIONS_PROD_PRIVATE_KEY_RAW: '-----BEGIN PRIVATE KEY-----\\nabc\\n-----END PRIVATE KEY-----',
    };
    expect(find('prod', environment)).toEqual({
      name: 'prod',
      organization: 'MYORG',
      account: 'PROD',
      user: 'CI',
      privateKey: '-----BEGIN PRIVATE KEY-----\nabc\n-----END PRIVATE KEY-----',
    });
    write('connections.toml', '[prod]\naccount = "OTHER-ONE"\nuser = "ME"\npassword = "pw"\n');
    expect(find('prod', { SNOWFLAKE_CONNECTIONS_PROD_ACCOUNT: 'MYORG-PROD' })).toMatchObject({ organization: 'MYORG', user: 'ME' });
  });

  it.each([
    ['', 'There is no connection "dev"'],
    ['[dev]\nuser = "ME"\npassword = "pw"\n', 'account'],
    ['[dev]\naccount = "xy12345"\nuser = "ME"\npassword = "pw"\n', 'must be ORGANIZATION-ACCOUNT, for example MYORG-MYACCOUNT'],
    ['[dev]\naccount = "A-B"\nuser = "ME"\n', 'has no credentials'],
    ['[dev]\naccount = "A-B"\nuser = "ME"\nprivate_key_file = "missing.p8"\n', 'missing.p8, which cannot be read'],
    ['[dev]\naccount = "A-B"\nuser = "ME"\npassword = "pw"\nport = 70000\n', 'port'],
  ])('refuses %j', (toml, problem) => {
    write('connections.toml', toml);
    expect(() => find('dev')).toThrow(ConnectionError);
    expect(() => find('dev')).toThrow(problem);
  });

  it('does not show what stands around a mistake in the file', () => {
    write('connections.toml', '[dev]\npassword = "hunter2\n');
    expect(() => find('dev')).toThrow(/is not a TOML file \(line 2\)/u);
    expect(() => find('dev')).not.toThrow(/hunter2/u);
  });
});
