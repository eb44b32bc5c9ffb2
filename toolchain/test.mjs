// @ts-check
// `make test`: every check and every test, after setting up what is missing. The last line is "N passed, N failed".
// `make lint` (--checks) leaves out what runs the project.
import { actionlint } from './setup/actionlint.mjs';
import { exampleEnvironments } from './setup/example-environments.mjs';
import { hasGo } from './setup/go-program.mjs';
import { allChains, setUp } from './setup/set-up.mjs';
import { runMain } from './setup/setup-error.mjs';
import { snowflakeCli } from './setup/snowflake-cli.mjs';
import { checks } from './test-run/checks.mjs';
import { total } from './test-run/outcome.mjs';
import { pytestSuite } from './test-run/pytest-suite.mjs';
import { runCheck } from './test-run/run-check.mjs';
import { vitestSuite } from './test-run/vitest-suite.mjs';

const checksOnly = process.argv.includes('--checks');

const suites = checksOnly
  ? []
  : [
      { name: 'tests in Python', run: pytestSuite },
      { name: 'tests in TypeScript', run: vitestSuite },
    ];

await runMain(async () => {
  const chains = [
    ...allChains,
    ...((await hasGo()) ? [[actionlint]] : []),
    ...(checksOnly ? [] : [[...exampleEnvironments, snowflakeCli]]),
  ];
  const setup = { name: 'set-up', run: () => setUp(chains).then(() => ({ passed: 1, failed: 0 })) };
  const outcomes = [];
  for (const check of [setup, ...checks, ...suites]) outcomes.push(await runCheck(check));
  const { passed, failed, skipped } = total(outcomes);
  if (skipped > 0) process.stdout.write(`${skipped} skipped\n`);
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
  return failed === 0 ? 0 : 1;
});
