import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalServer, startLocalServer } from '../support/local-server.ts';
import { runPythonClient } from '../support/python-client.ts';
import { knownDifferences } from './known-differences.ts';

/** An answer that is not the one in the docstring. */
interface Difference {
  readonly source: string;
  readonly want: string;
  readonly got: string;
}

interface Examples {
  /** Docstrings with examples. */
  readonly run: number;
  /** By the docstring's name. */
  readonly differ: Readonly<Record<string, Difference>>;
}

const modules = Object.keys(knownDifferences);

// The docstrings of Snowpark have some 750 groups of examples with the answers that Snowflake gave. All are run here as they
// stand; those that differ are known one by one, with the reason, and one that no longer differs must leave the list.
// https://docs.snowflake.com/en/developer-guide/snowpark/reference/python/latest/snowpark/index
describe('Examples in the docstrings of Snowpark', () => {
  let server: LocalServer;
  let found: Readonly<Record<string, Examples>>;

  beforeAll(async () => {
    server = await startLocalServer();
    const environment = { MODULES: modules.map((name) => `snowflake.${name}`).join(' ') };
    found = (await runPythonClient(server, 'package_examples.py', environment)) as typeof found;
  }, 900_000);

  afterAll(() => server.close());

  it.each(modules)('%s', (module) => {
    const { run = 0, differ = {} } = found[module] ?? {};
    const known = knownDifferences[module] ?? {};
    const differing = new Map(Object.entries(differ).map(([name, difference]) => [nameWithin(module, name), difference]));

    expect(run).toBeGreaterThan(0);
    expect(Object.fromEntries([...differing].filter(([name]) => !(name in known)))).toEqual({});
    expect(Object.keys(known).filter((name) => !differing.has(name))).toEqual([]);
    for (const [name, { got }] of differing) {
      if (known[name] === 'refused') expect(got).toMatch(/Unsupported feature|Unknown function/u);
    }
  });
});

function nameWithin(module: string, name: string): string {
  return name === module ? 'module' : name.replace(`${module}.`, '');
}
