import { beforeEach, expect, it } from 'vitest';

import { connectProviders } from '../../components/providers.ts';
import { named, RecordedResources } from './recorded-resources.ts';

const resources = new RecordedResources();
beforeEach(() => resources.install());

const connection = {
  name: 'dev',
  organization: 'ORG',
  account: 'ACCOUNT',
  user: 'USER',
  password: 'secret',
  host: '127.0.0.1',
  port: 1,
};

it('logs both providers in as one user, and has the driver give up on a server that is not there', async () => {
  const made = await resources.of(() => connectProviders('admin', { connection, showStatements: false }));
  const { inputs } = named(made, 'admin-snowflake');
  expect(inputs).toMatchObject({ organizationName: 'ORG', accountName: 'ACCOUNT', user: 'USER', role: 'ACCOUNTADMIN' });
  // The driver's own: five minutes at a login, no end at a statement.
  expect(Number(inputs['loginTimeout'])).toBeLessThan(300);
  expect(Number(inputs['requestTimeout'])).toBeGreaterThan(0);
  expect(named(made, 'admin-snowflakeml').inputs).toMatchObject({ account: 'ORG-ACCOUNT', user: 'USER', role: 'ACCOUNTADMIN' });
});
