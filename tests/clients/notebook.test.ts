import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalServer, startLocalServer } from '../support/local-server.ts';
import { runPythonClient } from '../support/python-client.ts';

// The notebook of the repository on the published mortgage data; the counts are those of the data set Hdma.
describe('The exploration notebook', () => {
  let server: LocalServer;

  beforeAll(async () => {
    server = await startLocalServer();
  });

  afterAll(() => server.close());

  it('runs top to bottom', async () => {
    const found = (await runPythonClient(server, 'notebook.py')) as Record<string, string | number>;
    expect(found).toMatchObject({
      setup: 'LENDING.DATA.MORTGAGE_APPLICATIONS: 2381 rows, 15 columns\n',
      outcome: expect.stringMatching(/False\s+2096\s+0\.88/u),
      base_rate: 'denied: 12.0%\n',
      missing: expect.stringMatching(/PUBLIC_BAD_RECORD\s+1\nSELF_EMPLOYED\s+1/u),
      profile: expect.stringContaining('DENIED_INSURANCE'),
      by_ratio: expect.stringContaining('DENIAL_RATE'),
      by_group: expect.stringContaining('APPLICANT_BLACK'),
      gap: expect.stringMatching(/^denial rates: 28\.\d% and 9\.\d%, a ratio of 3\.\d\n$/u),
      stored_outputs: 0,
    });
  });
});
